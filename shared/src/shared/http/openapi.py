"""The description of an interface, as generated clients and people need it.

FastAPI does not know of our problem documents and of tokens that are checked by a dependency, takes a function's name
for a summary, and leaves schemas that routes bring along inside the operations. Put right for all services at once.
"""

import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from shared.http.limited import HEALTH
from shared.identity import Identity, Line, Policy

Examples = Callable[[], Awaitable[Mapping[str, Any]]]
PROBLEM = "#/components/schemas/Problem"
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "Zugriffstoken des Anmeldedienstes (OpenID Connect). Access token of the identity provider.",
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Was nicht ging, und was zu tun ist (RFC 9457), in der Sprache von Accept-Language.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Kennung der Art des Fehlers."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "problems": {
            "type": "array",
            "description": "Ein Eintrag je Angabe, die nicht stimmt.",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "Pfad der Angabe: pupil.birth_date."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
    "example": {
        "type": "urn:schulticket:problem:invalid",
        "title": "Die Angaben sind nicht vollständig oder nicht gültig.",
        "status": 422,
        "detail": "Bitte berichtigen Sie die genannten Angaben.",
        "problems": [{"field": "grade", "detail": "Diese Angabe fehlt. Bitte ergänzen Sie sie."}],
    },
}
PROBLEM_CONTENT = {"application/problem+json": {"schema": {"$ref": PROBLEM}}}
KEPT_SECONDS = 60.0
"""The largest takes 60 ms of the event loop, whoever asks; its examples of this moment are good for longer."""
UNCHANGED = "Unverändert seit der Antwort mit dem ETag, der in If-None-Match steht."
REFUSED = "Der Zugang hat keine der Rollen, die das dürfen:"
NOT_THERE = "Das gibt es nicht, es gehört jemand anderem, oder es ist keine Kennung: Die Antwort ist dieselbe."
NO_POLICY: Policy = {}
NOBODY = "Nicht angemeldet."
OFTEN = "Zu viele Anfragen; siehe Retry-After."


def openapi_router(
    app: FastAPI, public_url: str, examples: Examples | None = None, policy: Policy = NO_POLICY
) -> APIRouter:
    """`/openapi.json`, and the same from `app.openapi()`, whoever asks first.

    Args:
        examples: bodies that work at this moment, by operation (`post /v1/applications`), and what is answered (`post
            /v1/applications 201`).
        policy: who may, so that it says who is refused.
    """
    router = APIRouter(include_in_schema=False)
    kept: list[tuple[float, bytes]] = []
    describe = app.openapi

    @cache
    def improved() -> dict[str, Any]:
        description = describe()
        _improve(description, app, public_url, policy)
        return description

    app.openapi = improved  # type: ignore[method-assign]  # as FastAPI has it extended

    @router.get("/openapi.json")
    async def document() -> Response:
        if not kept or time.monotonic() - kept[0][0] > KEPT_SECONDS:
            shown = _showing(improved(), await examples() if examples else {})
            kept[:] = [(time.monotonic(), json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode())]
        return Response(kept[0][1], media_type="application/json")

    return router


def _showing(document: dict[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """The document with these examples in place of those that were written beforehand."""
    shown = deepcopy(document)
    for operation, value in examples.items():
        method, path, *status = operation.split(" ")
        told = shown["paths"][path][method]
        held = told["responses"][status[0]] if status else told["requestBody"]
        content = held["content"]["application/json"]
        content["examples"] = {"here": {"summary": "Funktioniert hier / works here", "value": value}}
    return shown


def _improve(document: dict[str, Any], app: FastAPI, public_url: str, policy: Policy) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    document["servers"] = [{"url": public_url}]
    for path, method, dependant in _operations(app):
        operation = document["paths"].get(path, {}).get(method)
        if operation is None:
            continue
        operation["summary"] = _summary(operation.get("description", "")) or operation["summary"]
        if _checks_a_token(dependant):
            operation["security"] = [{"bearer": []}]
            components.setdefault("securitySchemes", {})["bearer"] = BEARER
            operation["responses"].setdefault("401", {"description": NOBODY, "content": {}})
        if path not in HEALTH:
            operation["responses"].setdefault("429", {"description": OFTEN, "content": {}})
        if (line := policy.get(f"{method.upper()} {path}")) is not None:
            _say_who_is_refused(operation, line, path)
        if method == "get" and "application/json" in operation["responses"].get("200", {}).get("content", {}):
            operation["responses"].setdefault("304", {"description": UNCHANGED})
        for status, answer in operation["responses"].items():
            if status[0] in "45" and status != "503":
                answer["content"] = PROBLEM_CONTENT
        _take_out(operation, schemas)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM_SCHEMA


def _say_who_is_refused(operation: dict[str, Any], line: Line, path: str) -> None:
    if line.roles:
        text = f"{REFUSED} {', '.join(sorted(line.roles))}."
        operation["responses"].setdefault("403", {"description": text, "content": {}})
    if "{" in path:
        operation["responses"].setdefault("404", {"description": NOT_THERE, "content": {}})


def _operations(app: FastAPI) -> Iterator[tuple[str, str, Dependant]]:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute):
            for method in sorted(route.methods or ()):
                yield route.path_format or "", method.lower(), route.dependant


def _summary(description: str) -> str:
    """The first sentence of what the route's own words say."""
    first = " ".join(description.split("\n\n", maxsplit=1)[0].split())
    end = first.find(". ")
    return (first[:end] if end > 0 else first).removesuffix(".")


def _checks_a_token(dependant: Dependant) -> bool:
    called = getattr(dependant.call, "__func__", None)
    return called is Identity.caller or any(_checks_a_token(each) for each in dependant.dependencies)


def _take_out(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A schema that a route brought along becomes a component, and so do its parts."""
    content = operation.get("requestBody", {}).get("content", {})
    for each in content.values():
        schema = each.get("schema", {})
        if "$ref" in schema or "title" not in schema or schema.get("type") != "object":
            continue
        name = "".join(part[:1].upper() + part[1:] for part in schema["title"].split())
        parts = schema.pop("$defs", {})
        schema.pop("$schema", None)
        for key, value in {name: schema, **parts}.items():
            schemas[key] = _pointing(value)
        each["schema"] = {"$ref": f"#/components/schemas/{name}"}


def _pointing(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_pointing(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _pointing(value)
        for key, value in schema.items()
    }

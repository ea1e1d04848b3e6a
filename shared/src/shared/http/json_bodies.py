"""JSON bodies as people's tools write them: a byte order mark is taken off, and what is said twice is asked about.

Of two values under one name each reader would take another one (RFC 8259, 4): nobody guesses which was meant.
"""

import json
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import FieldProblem, Invalid, Text
from shared.http.problems import answer

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
LONGEST_NAME = 60
TWICE = Text(
    "Diese Angabe steht zweimal da. Bitte senden Sie jede nur einmal.",
    "This is given twice. Please send each field only once.",
)
CORRECT = Text("Bitte berichtigen Sie die genannten Angaben.", "Please correct the fields named here.")


class _Twice(Exception):
    def __init__(self, name: str) -> None:
        super().__init__("a name twice")
        self.name = name


class JsonBodies:
    """ASGI middleware. Forms and files pass by as they come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in WITH_BODY or not _may_be_json(scope):
            await self._app(scope, receive, send)
            return
        pieces = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            pieces.append(message.get("body", b""))
            if not message.get("more_body", False):
                break
        body = b"".join(pieces).removeprefix(BYTE_ORDER_MARK)
        if (name := said_twice(body)) is not None:
            problem = Invalid(CORRECT, problems=[FieldProblem(name, TWICE)])
            await answer(problem, Headers(scope=scope).get("accept-language"))(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, again, send)


def _may_be_json(scope: Scope) -> bool:
    """Everything but forms with files: `curl --data` calls JSON a form."""
    kind: bytes = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return not kind.lower().startswith(b"multipart/")


def said_twice(body: bytes) -> str | None:
    """The first name that an object of this JSON has twice; None also for what is no JSON: its reader says so."""
    if body.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        json.loads(body, object_pairs_hook=_once)
    except _Twice as twice:
        return twice.name[:LONGEST_NAME]
    except (ValueError, RecursionError):
        pass
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found

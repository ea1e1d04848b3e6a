"""Errors at the HTTP edge: RFC 9457 problem documents, in the reader's language."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import Counter
from starlette.exceptions import HTTPException

from shared.errors import Forbidden, Language, NotFound, Problem, Text, Unavailable
from shared.http.limits import Limit, TooMany
from shared.http.validation import bilingual, from_validation
from shared.identity import ExpiredToken, Unauthenticated, missing_of

__all__ = ["answer", "bilingual", "document", "from_validation", "install", "language_of", "plain_document"]

log = structlog.get_logger("http")
strangers = Counter("strangers_refused_total", "Requests of who is nobody here, or may not", ["status", "route"])

TYPE_PREFIX = "urn:schulticket:problem:"

NO_JSON = Text(
    "Der Inhalt ist kein gültiges JSON. Erwartet wird ein Objekt in geschweiften Klammern, in UTF-8.",
    "The body is not valid JSON. An object in curly brackets is expected, in UTF-8.",
)

TITLES: dict[int, tuple[str, Text, Text]] = {
    400: (
        "malformed",
        Text("Die Anfrage ist nicht lesbar.", "The request cannot be read."),
        Text("Bitte prüfen Sie den Aufbau der Anfrage.", "Please check how the request is built."),
    ),
    401: (
        "unauthenticated",
        Text("Bitte melden Sie sich an.", "Please sign in."),
        Text(
            "Die Anmeldung fehlt, ist abgelaufen oder gilt hier nicht. Melden Sie sich neu an.",
            "The sign-in is missing, has expired or does not count here. Sign in again.",
        ),
    ),
    404: (
        "not-found",
        Text("Das gibt es hier nicht.", "There is nothing here."),
        Text("Bitte prüfen Sie die Adresse.", "Please check the address."),
    ),
    405: (
        "method-not-allowed",
        Text("Das geht hier nicht.", "This cannot be done here."),
        Text("Diese Adresse kennt diese Methode nicht.", "This address does not know this method."),
    ),
    413: (
        "too-large",
        Text("Die Anfrage ist zu groß.", "The request is too large."),
        Text("Bitte senden Sie weniger Daten auf einmal.", "Please send less data at once."),
    ),
    429: (
        "too-many-requests",
        Text("Das waren zu viele Anfragen.", "These were too many requests."),
        Text("Bitte warten Sie einen Moment.", "Please wait a moment."),
    ),
}


def language_of(accept_language: str | None) -> Language:
    """German, unless the reader prefers English. RFC 9110 quality values; anything unreadable counts as German."""
    best: tuple[float, Language] = (0.0, "de")
    for part in (accept_language or "")[:200].split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if primary in ("de", "en") and quality > best[0]:
            best = (quality, "de" if primary == "de" else "en")
    return best[1]


def document(problem: Problem, language: Language) -> dict[str, Any]:
    """The problem document. `problems` has one entry for each field."""
    result: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.kind,
        "title": problem.title.in_language(language),
        "status": problem.status,
        "detail": problem.text.in_language(language),
        **problem.more,
    }
    if problem.problems:
        result["problems"] = [
            {
                "field": entry.field,
                "detail": entry.text.in_language(language),
                **({"candidates": [dict(each) for each in entry.candidates]} if entry.candidates else {}),
            }
            for entry in problem.problems
        ]
    return result


def _answer(body: dict[str, Any], language: Language, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        body,
        status_code=body["status"],
        headers={"Content-Language": language, "Cache-Control": "no-store", **(headers or {})},
        media_type="application/problem+json",
    )


def answer(problem: Problem, accept_language: str | None) -> JSONResponse:
    """The problem as RFC 9457 JSON, in the language that is asked for."""
    language = language_of(accept_language)
    return _answer(document(problem, language), language, when_again(problem))


def when_again(problem: Problem) -> dict[str, str]:
    """Retry-After, where it helps to come again."""
    if isinstance(problem, TooMany):
        return {"Retry-After": str(problem.retry_after)}
    return {"Retry-After": "60"} if isinstance(problem, Unavailable) else {}


def plain_document(status: int, language: Language, detail: Text | None = None) -> dict[str, Any]:
    """A problem document of a status that no Problem raised, such as the router's 404."""
    kind, title, default = TITLES.get(status, TITLES[400])
    return {
        "type": TYPE_PREFIX + kind,
        "title": title.in_language(language),
        "status": status,
        "detail": (detail or default).in_language(language),
    }


def _stranger(request: Request, status: int) -> None:
    """Counted and logged, and in no audit trail: whoever may write there without a right could fill it. Neither who it
    was nor which id was asked for: both are a stranger's words."""
    route = getattr(request.scope.get("route"), "path", "none")
    strangers.labels(status, route).inc()
    log.warning("stranger_refused", status=status, route=route)


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for it alone
    body = plain_document(error.status_code, _language(request))
    return _answer(body, _language(request), dict(error.headers or {}))


def install(app: FastAPI, wrong_sign_ins: Limit | None = None) -> None:
    """Have every error of `app` answered as a problem document.

    Args:
        wrong_sign_ins: how many tokens that do not count one client may try.
    """

    async def on_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)  # noqa: S101  # registered for it alone
        if isinstance(error, Forbidden):
            _stranger(request, error.status)
        return _answer(document(error, _language(request)), _language(request), when_again(error))

    async def on_validation(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        errors = error.errors()
        if any(entry["loc"][:1] == ("path",) for entry in errors):  # what is no id is not there either
            return _answer(document(NotFound(missing_of(request.scope)), _language(request)), _language(request))
        if any(entry["type"] == "json_invalid" for entry in errors):
            return _answer(plain_document(400, _language(request), NO_JSON), _language(request))
        return _answer(document(from_validation(errors), _language(request)), _language(request))

    async def on_unauthenticated(request: Request, error: Exception) -> JSONResponse:
        guessed = not isinstance(error, ExpiredToken)  # an office behind one address lets many tokens run out
        if guessed and "authorization" in request.headers:
            _stranger(request, 401)
        if wrong_sign_ins is not None and guessed and "authorization" in request.headers:
            try:
                await wrong_sign_ins.check(request)
            except TooMany as too_many:
                return await on_problem(request, too_many)
        return _answer(plain_document(401, _language(request)), _language(request), {"WWW-Authenticate": "Bearer"})

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(Unauthenticated, on_unauthenticated)
    app.add_exception_handler(HTTPException, _on_http)

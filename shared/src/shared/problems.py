"""Errors at the HTTP edge: RFC 9457 problem documents, in the reader's language."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException

from shared.errors import FieldProblem, Invalid, Language, Problem, Text, Unavailable
from shared.identity import Unauthenticated

TYPE_PREFIX = "urn:schulticket:problem:"

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
}

VALIDATION: dict[str, Text] = {
    "missing": Text("Diese Angabe fehlt. Bitte ergänzen Sie sie.", "This is missing. Please add it."),
    "extra_forbidden": Text(
        "Diese Angabe ist hier nicht vorgesehen. Bitte lassen Sie sie weg.",
        "This is not expected here. Please leave it out.",
    ),
    "string_type": Text("Hier wird ein Text erwartet.", "A text is expected here."),
    "string_too_short": Text(
        "Das ist zu kurz. Es braucht mindestens {min_length} Zeichen.",
        "This is too short. It needs at least {min_length} characters.",
    ),
    "string_too_long": Text(
        "Das ist zu lang. Höchstens {max_length} Zeichen sind möglich.",
        "This is too long. At most {max_length} characters are possible.",
    ),
    "string_pattern_mismatch": Text("Das hat nicht die erwartete Form.", "This does not have the expected form."),
    "too_long": Text(
        "Das sind zu viele Einträge, höchstens {max_length}.", "These are too many entries, at most {max_length}."
    ),
    "too_short": Text(
        "Das sind zu wenige Einträge, mindestens {min_length}.", "These are too few entries, at least {min_length}."
    ),
    "bool_type": Text(
        "Hier wird ja oder nein erwartet (true oder false).", "Yes or no is expected here (true or false)."
    ),
    "bool_parsing": Text(
        "Hier wird ja oder nein erwartet (true oder false).", "Yes or no is expected here (true or false)."
    ),
    "int_type": Text("Hier wird eine ganze Zahl erwartet.", "A whole number is expected here."),
    "int_parsing": Text("Hier wird eine ganze Zahl erwartet.", "A whole number is expected here."),
    "float_type": Text("Hier wird eine Zahl erwartet.", "A number is expected here."),
    "float_parsing": Text("Hier wird eine Zahl erwartet.", "A number is expected here."),
    "finite_number": Text("Hier wird eine endliche Zahl erwartet.", "A finite number is expected here."),
    "greater_than": Text("Der Wert muss größer als {gt} sein.", "The value must be greater than {gt}."),
    "greater_than_equal": Text("Der Wert muss mindestens {ge} sein.", "The value must be at least {ge}."),
    "less_than": Text("Der Wert muss kleiner als {lt} sein.", "The value must be less than {lt}."),
    "less_than_equal": Text("Der Wert darf höchstens {le} sein.", "The value must be at most {le}."),
    "literal_error": Text("Möglich ist hier: {expected}.", "Possible here: {expected}."),
    "enum": Text("Möglich ist hier: {expected}.", "Possible here: {expected}."),
    "uuid_parsing": Text("Das ist keine gültige Kennung (UUID).", "This is not a valid id (UUID)."),
}
DATE = Text("Hier wird ein Datum erwartet, in der Form 2026-08-31.", "A date is expected here, in the form 2026-08-31.")
OBJECT = Text("Hier wird eine Gruppe von Angaben erwartet.", "A group of fields is expected here.")
OTHER = Text("Diese Angabe ist nicht gültig.", "This is not valid.")


def bilingual(text: Text) -> PydanticCustomError:
    """An error for a pydantic validator: `raise bilingual(Text("…", "…"))`."""
    return PydanticCustomError("bilingual", "{en}", {"de": text.de, "en": text.en})


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


def from_validation(errors: Sequence[Any]) -> Invalid:
    """pydantic's errors as one problem that names every field. Repeats no value: it may be personal."""
    problems = [FieldProblem(_field(error["loc"]), _text(error)) for error in errors[:50]]
    return Invalid(
        Text("Bitte berichtigen Sie die genannten Angaben.", "Please correct the fields named here."), problems=problems
    )


def _field(location: Sequence[str | int]) -> str:
    parts = [str(part)[:60] for part in location]
    if len(parts) > 1 and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    return ".".join(parts)


def _text(error: Any) -> Text:
    kind: str = error["type"]
    context = error.get("ctx") or {}
    if kind == "bilingual":
        return Text(context["de"], context["en"])
    if kind.startswith(("date_", "datetime_")):
        return DATE
    if kind in ("model_type", "model_attributes_type", "dict_type", "list_type", "tuple_type"):
        return OBJECT
    text = VALIDATION.get(kind, OTHER)
    if "expected" in context:  # pydantic joins with an English "or"
        context = {**context, "expected": str(context["expected"]).replace(" or ", ", ")}
    try:
        return Text(text.de.format(**context), text.en.format(**context))
    except (KeyError, IndexError):
        return OTHER


def document(problem: Problem, language: Language) -> dict[str, Any]:
    """The problem document. `problems` has one entry for each field."""
    result: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.kind,
        "title": problem.title.in_language(language),
        "status": problem.status,
        "detail": problem.text.in_language(language),
    }
    if problem.problems:
        result["problems"] = [
            {"field": entry.field, "detail": entry.text.in_language(language)} for entry in problem.problems
        ]
    return result


def _answer(body: dict[str, Any], language: Language, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        body,
        status_code=body["status"],
        headers={"Content-Language": language, "Cache-Control": "no-store", **(headers or {})},
        media_type="application/problem+json",
    )


def plain_document(status: int, language: Language, detail: Text | None = None) -> dict[str, Any]:
    kind, title, default = TITLES.get(status, TITLES[400])
    return {
        "type": TYPE_PREFIX + kind,
        "title": title.in_language(language),
        "status": status,
        "detail": (detail or default).in_language(language),
    }


def install(app: FastAPI) -> None:
    """Have every error of `app` answered as a problem document."""

    def language(request: Request) -> Language:
        return language_of(request.headers.get("accept-language"))

    async def on_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)  # noqa: S101  # registered for it alone
        headers = {"Retry-After": "60"} if isinstance(error, Unavailable) else None
        return _answer(document(error, language(request)), language(request), headers)

    async def on_validation(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        errors = error.errors()
        if any(entry["type"] == "json_invalid" for entry in errors):
            detail = Text("Der Inhalt ist kein gültiges JSON.", "The body is not valid JSON.")
            return _answer(plain_document(400, language(request), detail), language(request))
        return _answer(document(from_validation(errors), language(request)), language(request))

    async def on_unauthenticated(request: Request, _error: Exception) -> JSONResponse:
        return _answer(plain_document(401, language(request)), language(request), {"WWW-Authenticate": "Bearer"})

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101
        body = plain_document(error.status_code, language(request))
        return _answer(body, language(request), dict(error.headers or {}))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(Unauthenticated, on_unauthenticated)
    app.add_exception_handler(HTTPException, on_http)

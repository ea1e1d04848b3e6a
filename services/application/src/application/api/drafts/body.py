"""What comes with a request about a draft: parts of the form, which version was seen, and who asks."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from shared.errors import Invalid, NotFound, Text
from shared.http.problems import from_validation
from shared.identity import Identity

from application.api.applications.body import form_schema
from application.api.requests import NOBODYS
from application.domain.draft import Visitor
from application.domain.ids import DocumentId, DraftId, Owner
from application.form import EXAMPLE, DraftChange
from application.workflow.drafts.access import NO_DRAFT

OBJECT = TypeAdapter(dict[str, Any])
TAG = re.compile(r'(?:W/)?"(\d{1,9})-[0-9a-f]{16}"', re.ASCII)
LONGEST_CONDITION = 200
FAMILY = "guardian"
BY_LINK = (
    "Das letzte Stück des Links. Öffnet den Entwurf ohne Konto; wer ihn mit seinem Konto begonnen hat, braucht es "
    "nicht."
)
SEEN = (
    "ETag der letzten Antwort. Wurde ein Teil seitdem anders gespeichert, wird er nicht überschrieben: 409. Ohne ihn "
    "gilt das zuletzt Gesendete."
)
NO_TAG = Text(
    "Der Kopf If-Match muss den ETag einer Antwort zu diesem Entwurf haben.",
    "The header If-Match must have the ETag of an answer about this draft.",
)
SHOWN = {name: EXAMPLE[name] for name in ("pupil", "home", "school_number")}
"""A part of a form."""


class Visitors:
    """Who asks: by an account, by a link's token, by both, or by neither, for whom no draft is there."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def visitor(
        self,
        authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
        draft_token: Annotated[str | None, Header(description=BY_LINK)] = None,
    ) -> Visitor:
        """FastAPI dependency.

        Raises:
            Unauthenticated: for an access token that does not count.
        """
        if authorization is None:
            return Visitor(None, draft_token)
        caller = await self._identity.caller(authorization)
        return Visitor(Owner(caller.subject) if FAMILY in caller.counting else None, draft_token)


def read_parts(body: bytes) -> DraftChange:
    """Raises Invalid with every field that cannot be read, or 400 for what is no JSON."""
    try:
        parts = OBJECT.validate_json(body, strict=True)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        if any(each["type"] == "json_invalid" for each in errors):
            raise RequestValidationError(errors) from None
        raise from_validation(errors) from None
    return DraftChange.of(parts)


def seen_version(if_match: str | None) -> int | None:
    """The version that the caller saw; None where it does not say, or whatever it is (`*`).

    Raises:
        Invalid.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    found = [TAG.fullmatch(each.strip()) for each in if_match[:LONGEST_CONDITION].split(",")]
    versions = [int(each[1]) for each in found if each is not None]
    if not versions:
        raise Invalid(NO_TAG, field="If-Match")
    return max(versions)


def draft_id_of(text: str) -> DraftId:
    """What is no id is not there either."""
    try:
        return DraftId(UUID(text))
    except ValueError:
        raise NotFound(NO_DRAFT) from None


def document_id_in_draft(text: str) -> DocumentId:
    """What is no id names a document that nobody has: whether the draft is there is told first."""
    try:
        return DocumentId(UUID(text))
    except ValueError:
        return DocumentId(NOBODYS)


def documentation(*, required: bool) -> dict[str, Any]:
    """For OpenAPI: a form of which any part may be missing."""
    schema = form_schema()
    parts = {name: {"anyOf": [each, {"type": "null"}]} for name, each in schema["properties"].items()}
    some = schema | {"title": "DraftParts", "properties": parts, "description": PARTS}
    some.pop("required")
    content = {"schema": some, "examples": {"three_parts": {"value": SHOWN}}}
    return {"requestBody": {"required": required, "content": {"application/json": content}}}


PARTS = (
    "Teile eines Antrags, jeder ganz oder so weit, wie er schon ausgefüllt ist. Was nicht genannt ist, bleibt; null "
    "nimmt einen Teil heraus."
)

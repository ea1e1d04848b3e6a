"""HTTP in: codes are read for those who ask."""

import asyncio
import binascii
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator
from shared.errors import Invalid, Text
from shared.http.json_bodies import BYTE_ORDER_MARK, fault_of
from shared.http.limits import Limit
from shared.http.problems import bilingual, from_validation
from shared.identity import Caller, ExpiredToken, Identity, Unauthenticated

from issuance.api.answers import VerificationAnswer
from issuance.workflow.inspection.inspect import TicketInspection
from issuance.workflow.inspection.scan_log import ScanLog

MOST_IMAGE_CHARACTERS = 8_000_000
"""Base64 of 6 MB: a phone's photograph."""
MOST_CODE_CHARACTERS = 4096

PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"description": "A token was sent that is not good, or not any more."},
    422: {"description": "The body is no JSON, or does not have exactly one of vdv, qr and image."},
}
Code = Annotated[str, StringConstraints(max_length=MOST_CODE_CHARACTERS)]


NOT_BASE64 = Text("Das ist kein gültiges Base64.", "This is not valid base64.")
ONE_OF = Text("Bitte geben Sie genau eines an: vdv, qr oder image.", "Give one of vdv, qr, image.")
PATH = re.compile(r"/v1/verifications")
"""Its bodies are read here: a photograph in JSON is 500 times as long as anything else, and looked through once."""
LONGEST_PARSED = 65_536
"""Bytes of a body that is parsed at once; a longer one is a picture, or nothing."""
_PIECE = 65_536
_PICTURE = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"image"[ \t\r\n]*:[ \t\r\n]*"')
_END = re.compile(rb'"[ \t\r\n]*\}[ \t\r\n]*')


class VerificationRequest(BaseModel):
    """Exactly one of: `vdv` (base64 of the Aztec code's bytes), `qr` (the text), `image` (base64 of PNG or JPEG)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"qr": "S1:"}})

    vdv: Code | None = None
    qr: Code | None = None
    image: Annotated[str, StringConstraints(max_length=MOST_IMAGE_CHARACTERS)] | None = None

    @model_validator(mode="after")
    def _one(self) -> "VerificationRequest":
        given = [value for value in (self.vdv, self.qr, self.image) if value is not None]
        if len(given) != 1:
            raise bilingual(ONE_OF)
        return self

    def content(self) -> tuple[str, bytes]:
        """The kind and the bytes.

        Raises:
            Invalid.
        """
        if self.qr is not None:
            return "qr", self.qr.encode("utf-8", "replace")
        kind, value = ("vdv", self.vdv) if self.vdv is not None else ("image", self.image or "")
        return kind, decode_base64(value.encode("utf-8", "replace"), kind)


async def read(raw: bytes) -> tuple[str, bytes]:
    """What is to be looked at, and of which kind.

    Raises:
        Invalid.
        RequestValidationError: for what is no JSON.
    """
    raw = raw.removeprefix(BYTE_ORDER_MARK)
    if len(raw) > LONGEST_PARSED:
        return "image", await asyncio.to_thread(_picture, raw)
    if problem := fault_of(raw):
        raise problem
    try:
        return VerificationRequest.model_validate_json(raw).content()
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in errors):
        raise RequestValidationError(errors)
    raise from_validation(errors)


def _picture(raw: bytes) -> bytes:
    """Of a body that is too long to be anything else: the text between its quotes.

    Raises:
        Invalid.
    """
    begin = _PICTURE.match(raw)
    last = raw.rfind(b'"')
    if begin is None or last < begin.end() or not _END.fullmatch(raw, last):
        raise Invalid(ONE_OF, field="body")
    if last - begin.end() > MOST_IMAGE_CHARACTERS:
        raise Invalid(Text("Das Bild ist zu groß.", "The picture is too large."), field="image")
    return decode_base64(raw[begin.end() : last].replace(b"\\/", b"/"), "image")  # some writers escape each slash


def decode_base64(text: bytes, field: str) -> bytes:
    """Base64 in pieces, so that other threads get their turn.

    Raises:
        Invalid.
    """
    try:
        pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
        return b"".join(binascii.a2b_base64(piece, strict_mode=True) for piece in pieces)
    except ValueError:
        raise Invalid(NOT_BASE64, field=field) from None


def documentation() -> dict[str, Any]:
    """For OpenAPI: the schema of the body, which becomes a component."""
    content = {"schema": VerificationRequest.model_json_schema()}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def router(
    inspecting: TicketInspection,
    identity: Identity,
    limit: Limit | None = None,
    recording: ScanLog | None = None,
) -> APIRouter:
    """`limit`: how often one address may have codes read; an inspector's account has its own (`rates_by_role`)."""
    api = APIRouter(prefix="/v1", tags=["issuance"])
    _verifications(api, inspecting, recording, _who_may_ask(identity, limit))
    return api


Asking = Callable[[Request, str | None], Awaitable[Caller | None]]


def _who_may_ask(identity: Identity, limit: Limit | None) -> Asking:
    """A dependency: who asks, if an inspector does. An operator's back office is many inspectors behind one address."""

    async def inspector(
        request: Request, authorization: Annotated[str | None, Header(include_in_schema=False)] = None
    ) -> Caller | None:
        try:
            who = await identity.caller(authorization) if authorization else None
        except ExpiredToken:
            raise  # an office behind one address lets many tokens run out
        except Unauthenticated:
            if limit is not None:
                await limit.check(request)
            raise
        if who is not None and "inspector" in who.counting:
            return who
        if limit is not None:
            await limit.check(request)
        return None

    return inspector


def _verifications(api: APIRouter, inspecting: TicketInspection, recording: ScanLog | None, asking: Asking) -> None:
    @api.post(
        "/verifications",
        response_model_exclude_unset=True,
        responses=PROBLEMS,
        openapi_extra=documentation(),
    )
    async def verify(request: Request, who: Annotated[Caller | None, Depends(asking)]) -> VerificationAnswer:
        """Is this ticket good, now? Any bytes get a verdict; see `issuance verify`.

        Needs no sign-in. With an inspector's token the inspection counts as one of a scanner's, and `attention` says
        whether the ticket was shown elsewhere too, as if it were copied.
        """
        finding = await inspecting.verify(*await read(await request.body()))
        more = {"attention": await recording.note(who, finding)} if who is not None and recording is not None else {}
        return VerificationAnswer.of(finding, more)

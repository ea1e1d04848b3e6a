"""HTTP in: codes are read for those who ask."""

import base64
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from shared.errors import Text
from shared.http.limits import Limit
from shared.http.problems import bilingual
from shared.identity import Caller, Expired, Identity, Unauthenticated

from issuance.workflow.inspection.inspect import Inspecting
from issuance.workflow.inspection.scan_log import Recording

MOST_IMAGE_CHARACTERS = 8_000_000
"""Base64 of 6 MB: a phone's photograph."""
MOST_CODE_CHARACTERS = 4096

Code = Annotated[str, StringConstraints(max_length=MOST_CODE_CHARACTERS)]


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
            raise bilingual(Text("Bitte geben Sie genau eines an: vdv, qr oder image.", "Give one of vdv, qr, image."))
        for value in (self.vdv, self.image):
            if value is not None and _decoded(value) is None:
                raise bilingual(Text("Das ist kein gültiges Base64.", "This is not valid base64."))
        return self

    def content(self) -> tuple[str, bytes]:
        """The kind and the bytes."""
        if self.qr is not None:
            return "qr", self.qr.encode("utf-8", "replace")
        kind, value = ("vdv", self.vdv) if self.vdv is not None else ("image", self.image or "")
        return kind, _decoded(value) or b""


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return None


def router(
    inspecting: Inspecting,
    identity: Identity,
    limit: Limit | None = None,
    recording: Recording | None = None,
    inspectors: Limit | None = None,
) -> APIRouter:
    """`limit`: how often one client may have codes read; `inspectors`: how often an inspector's account."""
    api = APIRouter(prefix="/v1", tags=["issuance"])
    _verifications(api, inspecting, recording, _who_may_ask(identity, limit, inspectors))
    return api


Asking = Callable[[Request, str | None], Awaitable[Caller | None]]


def _who_may_ask(identity: Identity, limit: Limit | None, inspectors: Limit | None) -> Asking:
    """A dependency: who asks, if an inspector does. An operator's back office is many inspectors behind one address."""

    async def inspector(
        request: Request, authorization: Annotated[str | None, Header(include_in_schema=False)] = None
    ) -> Caller | None:
        try:
            who = await identity.caller(authorization) if authorization else None
        except Expired:
            raise  # an office behind one address lets many tokens run out
        except Unauthenticated:
            if limit is not None:
                await limit.check(request)
            raise
        if who is not None and "inspector" in who.roles:
            if inspectors is not None:
                inspectors.spend(who.subject, request)
            return who
        if limit is not None:
            await limit.check(request)
        return None

    return inspector


def _verifications(api: APIRouter, inspecting: Inspecting, recording: Recording | None, asking: Asking) -> None:
    @api.post("/verifications")
    async def verify(body: VerificationRequest, who: Annotated[Caller | None, Depends(asking)]) -> dict[str, Any]:
        """Is this ticket good, now? Any bytes get a verdict; see `issuance verify`.

        Needs no sign-in. With an inspector's token the inspection counts as one of a scanner's, and `attention` says
        whether the ticket was shown elsewhere too, as if it were copied.
        """
        finding = await inspecting.verify(*body.content())
        if who is None or recording is None:
            return finding.as_json()
        return finding.as_json() | {"attention": await recording.note(who, finding)}

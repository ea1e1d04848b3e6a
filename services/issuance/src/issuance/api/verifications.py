"""HTTP in: request -> workflow -> response. The lists are public: a scanner needs no account to be right."""

import base64
import hashlib
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Response, params
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from shared.calendar import in_berlin
from shared.errors import NotFound, Text
from shared.http.limits import Limit
from shared.http.problems import bilingual
from shared.identity import Caller, Identity

from issuance.workflow.inspection.inspect import Inspecting, KnownTicket
from issuance.workflow.inspection.scan_log import Recording

MOST_IMAGE_CHARACTERS = 8_000_000
"""Base64 of 6 MB: a phone's photograph."""
MOST_CODE_CHARACTERS = 4096
FRESH_SECONDS = 60
"""How long a scanner may keep a list without asking whether there is a newer one."""
NO_LIST = Text("Diese Liste gibt es nicht (oder noch nicht).", "There is no such list (or not yet).")

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


class RevocationBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$")
    ]
    """One of withdrawn, notice, fraud, lost, by_authority, or a text of your own (no personal data)."""
    organisation_id: int | None = Field(default=None, ge=0, lt=1 << 16)


def router(
    inspecting: Inspecting, identity: Identity, limit: Limit | None = None, recording: Recording | None = None
) -> APIRouter:
    """`limit`: how often one client may have codes read. Lists have none: small, kept, and must get through."""
    api = APIRouter(prefix="/v1", tags=["issuance"])
    _verifications(api, inspecting, identity, recording, [Depends(limit.check)] if limit else [])
    _for_everybody(api, inspecting)
    _for_staff(api, inspecting, identity)
    return api


def _verifications(
    api: APIRouter,
    inspecting: Inspecting,
    identity: Identity,
    recording: Recording | None,
    limits: Sequence[params.Depends],
) -> None:
    @api.post("/verifications", dependencies=limits)
    async def verify(
        body: VerificationRequest, authorization: Annotated[str | None, Header(include_in_schema=False)] = None
    ) -> dict[str, Any]:
        """Is this ticket good, now? Any bytes get a verdict; see `issuance verify`.

        Needs no sign-in. With an inspector's token the inspection counts as one of a scanner's, and `attention` says
        whether the ticket was shown elsewhere too, as if it were copied.
        """
        who = await identity.caller(authorization) if authorization and recording else None
        finding = await inspecting.verify(*body.content())
        if who is None or recording is None or "inspector" not in who.roles:
            return finding.as_json()
        return finding.as_json() | {"attention": await recording.note(who, finding)}


def _for_everybody(api: APIRouter, inspecting: Inspecting) -> None:
    @api.get("/trust-list", response_class=Response)
    async def trust_list(if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """The signed trust list (COSE_Sign1)."""
        return _bytes((await inspecting.lists()).trust_list, "application/cose", if_none_match)

    @api.get("/certificates")
    async def certificates() -> dict[str, dict[str, str]]:
        """CV certificates (7F21) of root and sub-CAs, by name (CAR in hex), in base64."""
        found = (await inspecting.lists()).certificates
        return {"certificates": {name: base64.b64encode(data).decode() for name, data in found.items()}}

    @api.get("/status-lists")
    async def status_lists() -> dict[str, Any]:
        """The names of all shards, and which version each has: a scanner asks for deltas only where one is newer."""
        lists = await inspecting.lists()
        return {"shards": list(lists.statuses), "versions": lists.versions}

    @api.get("/status-lists/{shard}", response_class=Response)
    async def status_list(
        shard: Annotated[str, Path(max_length=12)], if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        """The signed status list of a shard (Token Status List, CWT)."""
        return _bytes((await inspecting.lists()).statuses.get(shard), "application/statuslist+cwt", if_none_match)

    @api.get("/status-lists/{shard}/snapshot", response_class=Response)
    async def snapshot(
        shard: Annotated[str, Path(max_length=12)], if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        """The same state in the fewest bytes (FORMAT.md); where a scanner begins, or begins again."""
        return _bytes(await inspecting.snapshot(shard), "application/cose", if_none_match)

    @api.get("/status-lists/{shard}/deltas", response_class=Response)
    async def deltas(
        shard: Annotated[str, Path(max_length=12)],
        since: Annotated[int, Query(ge=0, lt=1 << 53, description="The version that the scanner has.")],
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The signed deltas from `since` to now, one after the other (CBOR sequence); none: nothing is newer.

        404 where the chain does not reach back so far: take the snapshot.
        """
        found = await inspecting.deltas(shard, since)
        return _bytes(None if found is None else b"".join(found), "application/cbor-seq", if_none_match)

    @api.get("/issued-lists")
    async def issued_lists() -> dict[str, list[str]]:
        """The names of all parts of the lists of issued tickets: `<shard>-<form>-<part>`."""
        return {"parts": sorted((await inspecting.lists()).issued)}

    @api.get("/issued-lists/{part}", response_class=Response)
    async def issued_list(
        part: Annotated[str, Path(max_length=24)], if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        """One part of the signed list of issued tickets: it tells honest from forged under a stolen key."""
        return _bytes((await inspecting.lists()).issued.get(part), "application/cose", if_none_match)


def _for_staff(api: APIRouter, inspecting: Inspecting, identity: Identity) -> None:
    caller = Depends(identity.caller)

    @api.get("/tickets")
    async def tickets(
        application_id: Annotated[UUID, Query()], who: Annotated[Caller, caller]
    ) -> dict[str, list[dict[str, Any]]]:
        """The tickets of an application: number, state, validity. No names."""
        return {"tickets": [_ticket(one) for one in await inspecting.tickets_of(who, application_id)]}

    @api.post("/tickets/{number}/revocations", status_code=202)
    async def revoke(
        number: Annotated[int, Path(ge=0, lt=1 << 32)], body: RevocationBody, who: Annotated[Caller, caller]
    ) -> dict[str, Any]:
        """Ask the signer to revoke a ticket. Scanners with a network know it within a minute."""
        request = await inspecting.request_revocation(who, number, body.organisation_id, body.reason)
        return {"request_id": str(request.request_id), "ticket": _ticket(request.ticket)}

    def step(path: str, change: str, summary: str) -> None:
        async def ask(
            number: Annotated[int, Path(ge=0, lt=1 << 32)], body: RevocationBody, who: Annotated[Caller, caller]
        ) -> dict[str, Any]:
            request = await inspecting.request_change(who, number, body.organisation_id, change, body.reason)
            return {"request_id": str(request.request_id), "ticket": _ticket(request.ticket)}

        api.post(f"/tickets/{{number}}/{path}", status_code=202, name=change, description=summary)(ask)

    step("replacements", "replace", "The ticket is lost: it dies now, and a new one with another number is issued.")
    step("renewals", "renew", "Product or area has changed: a new ticket is issued, and this one dies with it.")
    step("suspensions", "suspend", "Not good until it is restored; scanners show it as revoked.")
    step("restorations", "restore", "Good again after a suspension.")


def _bytes(data: bytes | None, media_type: str, if_none_match: str | None) -> Response:
    if data is None:
        raise NotFound(NO_LIST)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={FRESH_SECONDS}"}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)


def _ticket(ticket: KnownTicket) -> dict[str, Any]:
    start, until = ticket.valid_from, ticket.valid_until
    return {
        "ticket_id": str(ticket.ticket_id),
        "number": ticket.number,
        "organisation_id": ticket.organisation_id,
        "state": ticket.state,
        "product": ticket.product,
        "valid_from": in_berlin(start).isoformat() if start else None,
        "valid_until": in_berlin(until).isoformat() if until else None,
        "reason": ticket.reason,
    }

"""HTTP in: what scanners need offline. The lists are public: a scanner needs no account to be right.

They have no limit: small, kept, and must get through. Status lists of one bit are under /v1, of two bits under /v2.
"""

import base64
import hashlib
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import AwareDatetime
from shared.errors import NotFound, Text

from issuance.api.answers import CertificateList, IssuedListParts, SignedStatement, StatementPage, StatusListVersions
from issuance.workflow.inspection.inspect import TicketInspection

FRESH_SECONDS = 60
"""How long a scanner may keep a list without asking whether there is a newer one."""
MOST_STATEMENTS = 100
"""Of signed heads in one answer: a megabyte where a service has all authorities of a state."""
NO_LIST = Text("Diese Liste gibt es nicht (oder noch nicht).", "There is no such list (or not yet).")


def router(inspecting: TicketInspection) -> APIRouter:
    """Both versions of the interface."""
    api = APIRouter()
    first, second = APIRouter(prefix="/v1", tags=["lists"]), APIRouter(prefix="/v2", tags=["lists"])
    _keys(first, inspecting)
    _heads(first, inspecting)
    _status(first, inspecting, 1)
    _status(second, inspecting, 2)
    api.include_router(first)
    api.include_router(second)
    return api


def _keys(api: APIRouter, inspecting: TicketInspection) -> None:
    @api.get("/trust-list", response_class=Response)
    async def trust_list(if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """The signed trust list (COSE_Sign1)."""
        return _bytes((await inspecting.lists()).trust_list, "application/cose", if_none_match)

    @api.get("/certificates")
    async def certificates() -> CertificateList:
        """CV certificates (7F21) of root and sub-CAs, by name (CAR in hex), in base64."""
        found = (await inspecting.lists()).certificates
        return CertificateList(certificates={name: base64.b64encode(data).decode() for name, data in found.items()})

    @api.get("/issued-lists")
    async def issued_lists() -> IssuedListParts:
        """The names of all parts of the lists of issued tickets: `<shard>-<form>-<part>`."""
        return IssuedListParts(parts=sorted((await inspecting.lists()).issued))

    @api.get("/issued-lists/{part}", response_class=Response)
    async def issued_list(
        part: Annotated[str, Path(max_length=24)], if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        """One part of the signed list of issued tickets: it tells honest from forged under a stolen key."""
        return _bytes((await inspecting.lists()).issued.get(part), "application/cose", if_none_match)


def _heads(api: APIRouter, inspecting: TicketInspection) -> None:
    @api.get("/audit-heads")
    async def audit_heads(
        service: Annotated[str | None, Query(pattern=r"^[a-z-]{1,20}$")] = None,
        before: Annotated[AwareDatetime | None, Query()] = None,
    ) -> StatementPage:
        """How long the chains of acts of each service are, signed (COSE_Sign1 in base64): whoever keeps them can tell
        later that nothing was left out. No act, and nobody's name. With `service` all of it that are kept, the newest
        first: of two days each, of a year the last of a day; `next` says where the rest is."""
        if service is None:
            every = [SignedStatement.of(each) for each in await inspecting.heads()]
            return StatementPage(statements=every, next=None)
        found = await inspecting.heads_before(service, before, MOST_STATEMENTS)
        rest = None
        if len(found) == MOST_STATEMENTS:
            query = urlencode({"service": service, "before": found[-1].signed_at.isoformat()})
            rest = f"/v1/audit-heads?{query}"
        return StatementPage(statements=[SignedStatement.of(each) for each in found], next=rest)


def _status(api: APIRouter, inspecting: TicketInspection, bits: int) -> None:
    """`bits` of a place: 1 (who is suspended counts as revoked), or 2."""

    @api.get("/status-lists")
    async def status_lists() -> StatusListVersions:
        """The names of all shards, and which version each has: a scanner asks for deltas only where one is newer."""
        lists = await inspecting.lists()
        versions = lists.versions if bits == 1 else lists.versions_v2
        return StatusListVersions(shards=list(versions), versions=dict(versions))

    @api.get("/status-lists/{shard}", response_class=Response)
    async def status_list(
        shard: Annotated[str, Path(max_length=12)], if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        """The signed status list of a shard (Token Status List, CWT)."""
        lists = await inspecting.lists()
        found = (lists.statuses if bits == 1 else lists.statuses_v2).get(shard)
        return _bytes(found, "application/statuslist+cwt", if_none_match)

    @api.get("/status-lists/{shard}/snapshot", response_class=Response)
    async def snapshot(
        shard: Annotated[str, Path(max_length=12)], if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        """The same state in the fewest bytes (FORMAT.md); where a scanner begins, or begins again."""
        return _bytes(await inspecting.snapshot(shard, bits), "application/cose", if_none_match)

    @api.get("/status-lists/{shard}/deltas", response_class=Response)
    async def deltas(
        shard: Annotated[str, Path(max_length=12)],
        since: Annotated[int, Query(ge=0, lt=1 << 53, description="The version that the scanner has.")],
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The signed deltas from `since` to now, one after the other (CBOR sequence); none: nothing is newer.

        404 where the chain does not reach back so far: take the snapshot.
        """
        found = await inspecting.deltas(shard, since, bits)
        return _bytes(None if found is None else b"".join(found), "application/cbor-seq", if_none_match)


def _bytes(data: bytes | None, media_type: str, if_none_match: str | None) -> Response:
    if data is None:
        raise NotFound(NO_LIST)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={FRESH_SECONDS}"}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)

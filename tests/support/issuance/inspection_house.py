"""The public process of issuance without a bus: real tables and real HTTP; who asks is said by the test."""

import asyncio
import base64
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from uuid import uuid4

from fastapi import FastAPI, Header
from fastapi.testclient import TestClient
from issuance.api import lists, tickets, verifications, who_may
from issuance.barcode import picture
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.two_persons import TwoPersons
from issuance.inspection.scanner import LiveScanner
from issuance.lists.status_list import StatusList, bits_of, shard_of
from issuance.signer.ceremony import Pki
from issuance.store.inspection import InspectionStore
from issuance.workflow import inspection
from issuance.workflow.inspection.copies import CopyRules
from shared.bus import outbox
from shared.database import Database
from shared.events import (
    EVERY_AUTHORITY,
    Event,
    RevocationRequested,
    StatusListPublished,
    TicketStateChanged,
    TrustListPublished,
)
from shared.http import problems
from shared.http.limited import RateLimiter
from shared.http.limits import Limit, Limits, count
from shared.identity import Caller, Unauthenticated
from shared.row_security.asking import asks
from support.databases import make_tables
from support.identity import PlainTokens
from support.standing_app import StandingApp, behind_gate

BY_TWO = TwoPersons(frozenset({"303030"}))
"""An authority at which two people revoke a ticket."""
CALLERS = {
    "operator": Caller("op", None, frozenset({"operator"}), organisation_id=32838),
    "neighbour": Caller("on", None, frozenset({"operator"}), organisation_id=32839),
    "nobody": Caller("no", None, frozenset({"operator"})),
    "worker": Caller("cw", "101023", frozenset({"case_worker"})),
    "stranger": Caller("cx", "999999", frozenset({"case_worker"})),
    "guardian": Caller("g", None, frozenset({"guardian"})),
}


class Desk(PlainTokens):
    """Stands for the identity provider: the token names the caller; else the house says who asks."""

    def __init__(self, house: "House") -> None:
        super().__init__()
        self._house = house

    async def caller(self, authorization: Annotated[str | None, Header(include_in_schema=False)] = None) -> Caller:
        if authorization is not None and authorization.startswith("Bearer inspector-"):
            name = authorization.removeprefix("Bearer ")
            inspector = Caller(name, None, frozenset({"inspector"}), organisation_id=32838)
            count(inspector)
            asks(inspector)
            return inspector
        caller = self._house.caller()
        asks(caller)
        return caller


def _standing(limit: Limit | None, own: Limit | None) -> "StandingApp[House]":
    def build(house: "House") -> FastAPI:
        app, desk = FastAPI(openapi_url=None), Desk(house)
        problems.install(app)
        app.include_router(lists.router(house.inspecting))
        app.include_router(verifications.router(house.inspecting, desk, limit, house.recording))
        app.include_router(tickets.router(house.requesting, desk))
        behind_gate(app, who_may.INTERFACE, desk)
        if own is not None:
            wide = Limit(0, 1)
            app.add_middleware(RateLimiter, limits=Limits(wide, wide, wide, wide, {"inspector": own}))
        return app

    return StandingApp(build)


Heard = TypeVar("Heard", bound=Event)
Step = Callable[[InspectionStore], object]
APP = _standing(None, None)


def make_tables_at(url: str) -> None:
    make_tables(url, "issuance", "migrations/inspection")


class House:
    """`url`: of its database, with the tables."""

    def __init__(self, url: str, now: datetime, limit: Limit | None = None, own: Limit | None = None) -> None:
        self.now = now
        self.database = Database(url, InspectionStore)
        scanner, rules = LiveScanner(self.database, time.monotonic), CopyRules(scanners=2)
        workflow = inspection.workflow_on(
            self.database, scanner, lambda: self.now, random.randbytes, rules=rules, two_persons=BY_TWO
        )
        self.inspecting, self.recording = workflow.inspecting, workflow.recording
        self.requesting, self.erasure = workflow.requesting, workflow.erasure
        self.who: str | None = None
        self.http = TestClient((_standing(limit, own) if limit else APP).serving(self))

    def caller(self) -> Caller:
        if self.who is None:
            raise Unauthenticated
        return CALLERS[self.who]

    def hear(self, handler: Callable[[Heard], Awaitable[Step]], event: Heard) -> None:
        async def both() -> None:
            step = await handler(event)
            await self.database.write(step)

        asyncio.run(both())

    def told(self) -> list[RevocationRequested]:
        waiting = self.database.read_now(lambda store: outbox.waiting_events(store.session, 100))
        return [RevocationRequested.model_validate_json(row.payload) for row in waiting]


def told_of_trust(house: House, pki: Pki, version: int = 1) -> None:
    event = TrustListPublished(
        occurred_at=house.now,
        authority_id=EVERY_AUTHORITY,
        version=version,
        trust_list=pki.trust_list,
        certificates=pki.certificates,
    )
    house.hear(house.inspecting.trust_published, event)


def told_of_status(house: House, pki: Pki, ticket: Ticket, version: int, revoked: tuple[int, ...]) -> None:
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    listed = StatusList(shard, version, house.now, datetime(2027, 1, 1, tzinfo=UTC), bits_of(revoked))
    event = StatusListPublished(
        occurred_at=house.now,
        authority_id=EVERY_AUTHORITY,
        shard=str(shard),
        version=version,
        published_at=house.now,
        status_list=pki.signer.sign_status_list(listed),
    )
    house.hear(house.inspecting.status_published, event)


def ticket_stands(ticket: Ticket, state: str = "issued", step: int = 1, **more: object) -> TicketStateChanged:
    """All that the API hears of a ticket."""
    fields = {
        "occurred_at": datetime(2026, 11, 23, tzinfo=UTC),
        "authority_id": "101023",
        "application_id": ticket.ticket_id,
        "case_id": None,
        "decision_id": uuid4(),
        "ticket_id": ticket.ticket_id,
        "number": ticket.number,
        "organisation_id": ticket.terms.organisation_id,
        "product": 9995,
        "valid_from": ticket.valid_from,
        "valid_until": ticket.valid_until,
        "step": step,
        "state": state,
        "happened": state,
    }
    return TicketStateChanged.model_validate({**fields, **more})


def codes(signed: SignedTicket) -> list[dict[str, str]]:
    return [
        {"vdv": base64.b64encode(signed.vdv).decode()},
        {"qr": signed.qr},
        {"image": base64.b64encode(picture.aztec_png(signed.vdv)).decode()},
        {"image": base64.b64encode(picture.qr_png(signed.qr)).decode()},
    ]

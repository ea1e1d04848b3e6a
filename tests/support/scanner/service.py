"""The public process of issuance on a real port, in a thread, without a broker: a test hands it the signer's lists."""

import asyncio
import random
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Header
from issuance.api import lists, pages, scan_logs, verifications
from issuance.domain.terms import Area as TicketArea
from issuance.domain.terms import Terms
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Verdict
from issuance.inspection.scanner import LiveScanner
from issuance.lists.delta import Delta, Head, Snapshot
from issuance.lists.status_list import Shard, StatusList, bits_of, place_of, shard_of
from issuance.signer import ceremony
from issuance.store.inspection import InspectionStore
from issuance.workflow import inspection
from issuance.workflow.inspection.scan_log import ScanEntry, mark
from shared.calendar import in_berlin
from shared.database import Database
from shared.events import EVERY_AUTHORITY, Event, StatusListPublished, TrustListPublished
from shared.http import problems
from shared.identity import Caller, Identity
from starlette.types import ASGIApp
from support.databases import make_tables
from support.making import changed
from support.scanner.providers import Provider, ScannerProvider

ORGANISATION = 70 + 0x8000


class Desk(Identity):
    """Implements Identity: the provider of the test says who bears a token."""

    def __init__(self, provider: ScannerProvider) -> None:
        super().__init__(provider.issuer, "schulticket")
        self._provider = provider

    async def caller(self, authorization: Annotated[str | None, Header(include_in_schema=False)] = None) -> Caller:
        return await self._provider.caller(authorization)


@cache
def _pki(today: date) -> ceremony.Pki:
    """One for all tests of a process: its keys are most of a service's start."""
    return ceremony.make(ceremony.Period.around(today), datetime.now(UTC), lists_url="https://lists.example")


Heard = TypeVar("Heard", bound=Event)


@dataclass
class Service:
    """The issuance API with its own database, as it runs, without a broker: the test hands it the signer's lists."""

    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    provider: ScannerProvider = field(default_factory=Provider)

    def __post_init__(self) -> None:
        url = f"sqlite:///{self.folder / 'inspection.sqlite'}"
        make_tables(url, "issuance", "migrations/inspection")
        self.pki = _pki(self.now.date())
        self.database = Database(url, InspectionStore)
        self.states: dict[str, tuple[int, bytes]] = {}
        scanner = LiveScanner(self.database, time.monotonic)
        workflow = inspection.workflow_on(self.database, scanner, lambda: datetime.now(UTC), random.randbytes)
        self.inspecting, self.recording = workflow.inspecting, workflow.recording
        app = FastAPI()
        problems.install(app)
        self.provider.start()
        desk = Desk(self.provider)
        app.include_router(lists.router(self.inspecting))
        app.include_router(verifications.router(self.inspecting, desk))
        app.include_router(scan_logs.router(self.recording, desk))
        app.include_router(pages.router(self.provider.issuer))
        self.app: ASGIApp = app
        self.loop = asyncio.new_event_loop()
        self.server: uvicorn.Server | None = None
        self.port = self.provider.page_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", self.port))
        self.port = sock.getsockname()[1]
        self.provider.origin = self.url
        self.server = uvicorn.Server(uvicorn.Config(self.app, log_level="warning", lifespan="off"))
        self.thread = threading.Thread(
            target=self.loop.run_until_complete, args=[self.server.serve([sock])], daemon=True
        )
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        if self.server is not None:
            self.server.should_exit = True
            self.server.force_exit = True
            self.thread.join(10)
            self.server = None

    def hear(self, handler: Callable[[Heard], Awaitable[Callable[[InspectionStore], None]]], event: Heard) -> None:
        """As the consumer does when the signer's news arrive."""

        async def both() -> None:
            await self.database.write(await handler(event))

        asyncio.run_coroutine_threadsafe(both(), self.loop).result(10)

    def publish_trust(self, version: int = 1) -> None:
        head: dict[str, object] = {
            "occurred_at": datetime.now(UTC),
            "authority_id": EVERY_AUTHORITY,
            "version": version,
        }
        lists = {"trust_list": self.pki.trust_list, "certificates": self.pki.certificates}
        self.hear(self.inspecting.trust_published, TrustListPublished(**head, **lists))

    def publish_status(self, ticket: Ticket, *, revoked: bool = False, age: timedelta = timedelta(minutes=5)) -> None:
        """The status of the ticket's shard in its three forms, as the signer published it `age` ago."""
        shard = shard_of(ticket.terms.organisation_id, ticket.number)
        version, before = self.states.get(str(shard), (0, bits_of([])))
        self.publish_state(shard, version + 1, before, bits_of([place_of(ticket.number)] if revoked else []), age)

    def publish_state(self, shard: Shard, version: int, before: bytes, bits: bytes, age: timedelta) -> None:
        self.states[str(shard)] = version, bits
        at = datetime.now(UTC) - age
        head: dict[str, object] = {"occurred_at": at, "authority_id": EVERY_AUTHORITY, "shard": str(shard)}
        forms = self.forms(shard, version, bits, age, before)
        event = StatusListPublished(**head, version=version, published_at=at, **forms)
        self.hear(self.inspecting.status_published, event)

    def forms(self, shard: Shard, version: int, bits: bytes, age: timedelta, before: bytes = b"") -> dict[str, bytes]:
        """The standard list, the snapshot, and the delta that led to it."""
        at = (datetime.now(UTC) - age).replace(microsecond=0)
        head = Head(shard, version, at, at + timedelta(days=7))
        signer = self.pki.signer
        delta = signer.sign_list(Delta.between(head, before, bits)) if version > 1 and before else b""
        listed = signer.sign_status_list(StatusList(shard, version, at, head.expires_at, bits))
        return {"status_list": listed, "snapshot": signer.sign_list(Snapshot(head, bits)), "delta": delta}

    def sent(self) -> list[tuple[int, str]]:
        """How many inspections of each colour have come in."""
        today = datetime.now(UTC).date() - timedelta(days=1)
        found = asyncio.run_coroutine_threadsafe(
            self.database.read(lambda store: store.counts(ORGANISATION, today)), self.loop
        )
        return [(one.count, one.colour) for one in found.result(10)]

    def meet(self, ticket: Ticket, inspector: str, cell: str) -> None:
        """Another scanner shows the ticket, a minute ago."""
        at = datetime.now(UTC) - timedelta(minutes=1)
        day, organisation = in_berlin(at).date(), ticket.terms.organisation_id
        place = "qr", organisation, mark(day, organisation, ticket.number), cell
        shown = ScanEntry(uuid4(), at, Verdict.VALID, "green", *place)
        caller = Caller(inspector, None, frozenset({"inspector"}), organisation_id=ORGANISATION)
        asyncio.run_coroutine_threadsafe(self.recording.record(caller, [shown]), self.loop).result(10)

    def ticket(self, **changes: object) -> Ticket:
        today = self.now.date()
        plain = Ticket(
            ticket_id=uuid4(),
            number=(416 << 20) + random.randrange(1 << 20),
            terms=Terms(ORGANISATION, area=TicketArea(5000, 11)),
            valid_from=start_of(today - timedelta(days=30)),
            valid_until=end_of(today + timedelta(days=200)),
            first_name="Jörg-Þór",
            last_name="Müßter-Łukaszewicz",
            birth_date=date(2012, 2, 29),
            gender=None,
            token_id=random.randbytes(8),
            sequence=7,
            sold_at=self.now,
        )
        return changed(plain, **changes)

    def sign(self, ticket: Ticket) -> SignedTicket:
        return self.pki.signer.sign_ticket(ticket)

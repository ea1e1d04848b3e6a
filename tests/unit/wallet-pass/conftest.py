"""A whole wallet-pass service without a bus: real certificates, real tables, real HTTP; time stands still."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from shared.database import Database
from shared.database.migration import upgrade
from shared.events import Event, Holder, PassReady, TicketIssued, TicketRevoked
from shared.http import problems
from shared.runtime.backlog import Backlog
from wallet_pass import api, certificates, main
from wallet_pass.apple.package import AppleWallet
from wallet_pass.consumer import handlers
from wallet_pass.domain.passes import AuthenticationToken, Pass, PassToken
from wallet_pass.domain.tickets import Ticket
from wallet_pass.google.wallet import GoogleWallet, ServiceAccount
from wallet_pass.store import PassStore
from wallet_pass.workflow import GOOGLE, PACKAGES, Tokens, Workflow

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
VDV = b"\x9e\x81\x80" + bytes(range(256)) + b"\x00\r\n\xff" * 24 + b"VDV\x11\x10"
"""Every byte there is, NUL and line ends among them."""
QR = "S1:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" * 5


@pytest.fixture(scope="session")
def google_public_key(ceremony: Path) -> bytes:
    return (ceremony / certificates.GOOGLE_PUBLIC).read_bytes()


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def ceremony(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    certificates.hold_ceremony(folder, NOW - timedelta(days=1))
    return folder


@pytest.fixture(scope="session")
def apple(ceremony: Path) -> AppleWallet:
    return AppleWallet(main.load_signer(ceremony), "https://pass.example")


@pytest.fixture(scope="session")
def google(ceremony: Path) -> GoogleWallet:
    account = ServiceAccount.load(ceremony / certificates.GOOGLE_ACCOUNT)
    return GoogleWallet("3388000000012345678", account, "https://pass.example")


def _ticket(**changes: Any) -> Ticket:
    values: dict[str, Any] = {
        "ticket_id": UUID(int=7),
        "application_id": UUID(int=1),
        "authority_id": "120000",
        "number": 2099643,
        "organisation_id": 32838,
        "product": 9995,
        "first_name": "Zoë",
        "last_name": "Müller-Şahin",
        "birth_date": date(2012, 2, 29),
        "valid_from": datetime(2026, 7, 31, 22, 0, tzinfo=UTC),
        "valid_until": datetime(2027, 7, 31, 21, 59, 58, tzinfo=UTC),
        "vdv": VDV,
        "qr": QR,
    }
    return Ticket(**(values | changes))


@pytest.fixture(scope="session")
def make_pass() -> Callable[..., Pass]:
    def make(revoked_at: datetime | None = None, **changes: Any) -> Pass:
        return Pass(
            PassToken("abcdefghijklmnopqrstuv"),
            AuthenticationToken("secret-of-22-characters"),
            _ticket(**changes),
            NOW,
            revoked_at,
        )

    return make


@dataclass
class Running:
    """The service, and what a test does with it."""

    workflow: Workflow
    database: Database[PassStore]
    client: TestClient
    time: list[datetime]
    said: list[PassReady] = field(default_factory=list)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run(work)

    def hear(self, *events: Event) -> None:
        """One batch as the bus brings it: every handler first, then every step, in one transaction."""

        async def batch() -> None:
            table = handlers(self.workflow)
            steps = [await table[type(event)](event) for event in events]

            def apply(store: PassStore) -> None:
                for step in steps:
                    with store.session.begin_nested():
                        step(store)
                        store.session.flush()

            await self.database.write(apply)

        self.do(batch())

    def told(self) -> list[PassReady]:
        """The events in the outbox."""
        import sqlalchemy as sa
        from shared.bus.tables import outbox

        rows = self.database.read_now(lambda store: list(store.session.execute(sa.select(outbox.c.payload)).scalars()))
        return [PassReady.model_validate_json(row) for row in rows]

    def token(self) -> str:
        return self.told()[0].pass_url.rsplit("/", 1)[1]


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database; of PostgreSQL's where a test asks for it by this fixture's parameter."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return str(request.getfixturevalue("postgresql")())
    return f"sqlite:///{tmp_path / 'wallet-pass.db'}"


@pytest.fixture
def running(url: str, apple: AppleWallet, google: GoogleWallet) -> Iterator[Running]:
    upgrade(url, "wallet_pass")
    database = Database(url, PassStore)
    time = [NOW]
    tokens = (f"token-number-{place:09d}" for place in range(1, 1000))
    workflow = Workflow(
        transactions=database,
        apple=apple,
        google=google,
        google_account=None,
        printer=main.Printer(),
        tokens=Tokens(lambda: PassToken(next(tokens)), lambda: AuthenticationToken("secret-of-22-characters")),
        public_url="https://pass.example",
        clock=lambda: time[0],
        package_backlog=Backlog(PACKAGES, database, lambda: time[0]),
        google_backlog=Backlog(GOOGLE, database, lambda: time[0]),
    )
    app = FastAPI()
    problems.install(app)
    app.include_router(api.router(workflow, clock=lambda: time[0], draw_logo=main._logo, is_test=True))
    with TestClient(app) as client:
        yield Running(workflow, database, client, time)
    database.close()


@pytest.fixture(scope="session")
def issued() -> Callable[..., TicketIssued]:
    def make(**changes: Any) -> TicketIssued:
        holder = {name: changes.pop(name) for name in ("first_name", "last_name", "birth_date") if name in changes}
        ticket = _ticket(**holder)
        values: dict[str, Any] = {
            "occurred_at": NOW,
            "decision_id": UUID(int=2),
            "holder": Holder(first_name=ticket.first_name, last_name=ticket.last_name, birth_date=ticket.birth_date),
        }
        names = (
            "ticket_id",
            "application_id",
            "authority_id",
            "number",
            "organisation_id",
            "product",
            "valid_from",
            "valid_until",
            "vdv",
            "qr",
        )
        values |= {name: getattr(ticket, name) for name in names}
        return TicketIssued(**(values | changes))

    return make


@pytest.fixture(scope="session")
def revoked() -> Callable[..., TicketRevoked]:
    def make(**changes: Any) -> TicketRevoked:
        values: dict[str, Any] = {
            "occurred_at": NOW,
            "authority_id": "120000",
            "application_id": UUID(int=1),
            "ticket_id": UUID(int=7),
            "number": 2099643,
            "organisation_id": 32838,
            "reason": "notice",
        }
        return TicketRevoked(**(values | changes))

    return make

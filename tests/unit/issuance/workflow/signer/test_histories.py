"""Histories drawn by a seed, every message delivered once to three times and out of order: numbers, places in the status
list and audit records are unique and never used again, and nothing is signed that no approved row says."""

import asyncio
import inspect
import random
import typing
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa
from issuance.barcode.qr import ticket as qr_codec
from issuance.domain.numbering import KEY_BYTES, NumberScheme
from issuance.domain.terms import Area, Terms
from issuance.domain.ticket import Refuse, SignedTicket, Ticket, TicketState
from issuance.lists.status_list import PLACES, Shard
from issuance.signer.ceremony import Pki
from issuance.signer.keys import Signer, signatures
from issuance.signer.live_signer import LiveSigner
from issuance.store.signer import SignerStore, convert
from issuance.store.signer.tables import AuditRow, TicketRow
from issuance.verification.trust import Trust
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.issue import SIGNING, TicketIssuer
from issuance.workflow.signer.life import HOURLY, TicketLifecycle, TicketRenewal
from issuance.workflow.signer.revoke import TicketRevocation
from shared.bus.tables import outbox
from shared.database import Database
from shared.events import (
    ApplicationHolderGiven,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Event,
    RevocationRequested,
    TicketChangeRequested,
    TicketIssued,
)
from shared.runtime.backlog import Backlog
from sqlmodel import select
from structlog.testing import capture_logs
from support.databases import make_tables

AUTHORITY = "101023"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SEEDS = 12
LIVING = {TicketState.ISSUED, TicketState.SUSPENDED}
AFTER = {
    "issued": "issued", "restored": "issued", "suspended": "suspended", "revoked": "revoked", "expired": "expired",
    "dropped": "dropped", "held": "held",
}  # fmt: skip


@dataclass
class Notary:
    """Stands before the signer: is what it shall sign exactly what a row says that waits for it?"""

    signer: Signer
    url: str
    asked: Counter[UUID] = field(default_factory=Counter)

    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        database = Database(self.url, SignerStore)
        row = database.read_now(lambda store: store.session.get(TicketRow, ticket.ticket_id))
        database.close()
        assert row is not None and convert.order(row).ticket == ticket
        assert row.state == TicketState.APPROVED or (row.state in LIVING and row.vdv is not None)
        self.asked[ticket.ticket_id] += 1
        return self.signer.sign_ticket(ticket, shown_from)


Handler = Callable[..., Awaitable[Callable[[SignerStore], object]]]


@dataclass
class Past:
    """What all histories have left."""

    rows: list[TicketRow]
    audit: list[AuditRow]
    told: Sequence[tuple[str, bytes]]
    lines: Sequence[MutableMapping[str, object]]
    counted: dict[str, float]
    notary: Notary
    closed: set[UUID]
    database: Database[SignerStore]


class History:
    """One family after another, and everything that may happen to them."""

    def __init__(self, seed: int, database: Database[SignerStore], notary: Notary, trust: Trust) -> None:
        self.draw, self.database, self.now = random.Random(seed), database, NOW
        numbering = NumberScheme(self.draw.randbytes(KEY_BYTES))
        self.issuing = TicketIssuer(
            database, notary, Verifier(trust), self.clock, numbering, Backlog(SIGNING, database, self.clock)
        )
        self.living, self.revoking = TicketLifecycle(self.clock, numbering), TicketRevocation(self.clock)
        self.renewing = TicketRenewal(
            database, notary, Verifier(trust), self.clock, Backlog(HOURLY, database, self.clock)
        )
        self.closed: set[UUID] = set()

    def clock(self) -> datetime:
        return self.now

    def uuid(self) -> UUID:
        return UUID(int=self.draw.getrandbits(128), version=4)

    def family(self) -> list[tuple[Handler, Event]]:
        """The messages of one application, in the order in which they were said."""
        base = {"occurred_at": self.now, "authority_id": AUTHORITY, "application_id": self.uuid()}
        names = {"first_name": "Jörg", "last_name": "Müßter", "birth_date": date(2012, 2, 29)}
        end = self.draw.choice([date(2026, 12, 31), date(2027, 7, 31)])
        days = {"valid_from": date(2026, 8, 1), "valid_until": end}
        facts = {"own_share_cents": 0, "distance_m": None, "limit_m": None, "reasons": (), "rules_version": "nrw"}
        first, second = self.uuid(), self.uuid()
        grants = [EligibilityGranted(**base, **days, **facts, decision_id=one) for one in (first, second)]
        said: list[tuple[Handler, Event]] = [
            (self.issuing.keep_holder, ApplicationHolderGiven(**base, **names)),
            (self.issuing.keep_grant, grants[0]),
        ]
        match self.draw.randrange(6):
            case 0:
                gone = EligibilityWithdrawn(**base, decision_id=first, reason="decided_anew")
                said += [(self.revoking.withdrawn, gone), (self.issuing.keep_grant, grants[1])]
            case 1:
                said += [(self.revoking.application_withdrawn, ApplicationWithdrawn(**base, withdrawal_id=self.uuid()))]
                self.closed.add(base["application_id"])  # type: ignore[arg-type]
            case 2:
                refusal = {"limit_m": None, "distance_m": None, "reasons": (), "rules_version": "nrw"}
                said[1] = (self.revoking.refused, EligibilityRefused(**base, **refusal, decision_id=first))
        return said

    def request(self) -> list[tuple[Handler, Event]]:
        """Somebody asks for a change of a ticket, of any that was ever written down."""
        numbers = self.database.read_now(
            lambda store: store.session.exec(select(TicketRow.organisation_id, TicketRow.number)).all()
        )
        if not numbers:
            return []
        organisation_id, number = self.draw.choice(sorted(numbers))
        base = {
            "occurred_at": self.now, "authority_id": AUTHORITY, "request_id": self.uuid(), "number": number,
            "organisation_id": organisation_id, "reason": "lost", "requested_by": "operator",
        }  # fmt: skip
        if self.draw.random() < 0.15:
            return [(self.revoking.requested, RevocationRequested(**base))]
        change = self.draw.choice(["suspend", "restore", "replace", "renew"])
        return [(self.living.requested, TicketChangeRequested(**base, change=change))]

    def run(self) -> None:
        waiting = [message for _ in range(5) for message in self.family()]
        for _ in range(12):
            waiting += self.request()
            self.deliver(waiting)
            self.now += timedelta(days=self.draw.choice([0, 0, 1, 9]))
        while waiting:
            self.deliver(waiting)
        self.work()

    def deliver(self, waiting: list[tuple[Handler, Event]]) -> None:
        """Some of them, in any order; one in three comes again later."""
        for _ in range(self.draw.randrange(6)):
            if waiting:
                handler, event = waiting.pop(self.draw.randrange(len(waiting)))
                asyncio.run(self._hear(handler, event))
                if self.draw.random() < 1 / 3:
                    waiting.append((handler, event))
        if self.draw.random() < 0.7:
            self.work()

    async def _hear(self, handler: Handler, event: Event) -> None:
        await self.database.write(await handler(event))

    def work(self) -> None:
        async def all_of_it() -> None:
            while await self.issuing.issue_due():
                pass
            await self.renewing.expire()

        asyncio.run(all_of_it())


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory, pki: Pki, trust: Trust) -> Iterator[Past]:
    """All histories in one database, with what was logged and counted."""
    url = f"sqlite:///{tmp_path_factory.mktemp('histories') / 'signer.db'}"
    make_tables(url, "issuance", "migrations/signer")
    database: Database[SignerStore] = Database(url, SignerStore)
    database.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838, area=Area(5000, 11))))
    notary = Notary(pki.signer, url)
    before = {kind: signatures.labels(kind)._value.get() for kind in ("vdv", "qr")}
    closed: set[UUID] = set()
    with capture_logs() as lines:
        for seed in range(SEEDS):
            one = History(seed, database, notary, trust)
            one.run()
            closed |= one.closed
    counted = {kind: signatures.labels(kind)._value.get() - before[kind] for kind in ("vdv", "qr")}
    rows = database.read_now(lambda store: list(store.session.exec(select(TicketRow)).all()))
    audit = database.read_now(lambda store: list(store.session.exec(select(AuditRow).order_by(sa.text("id"))).all()))
    query = sa.select(outbox.c.subject, outbox.c.payload).order_by(outbox.c.position)
    told = [
        (subject, payload) for subject, payload in database.read_now(lambda store: store.session.execute(query).all())
    ]
    yield Past(rows, audit, told, lines, counted, notary, closed, database)
    database.close()


def test_the_histories_have_seen_every_state_and_step(past: Past) -> None:
    assert {row.state for row in past.rows} >= {"issued", "suspended", "revoked", "expired"}
    assert {one.step for one in past.audit} >= {
        "issued",
        "suspend",
        "restore",
        "replace",
        "renew",
        "revoked",
        "expired",
    }


def test_numbers_places_tokens_and_counts_of_the_module_are_used_once(past: Past) -> None:
    rows = past.rows
    assert len(rows) > 40
    for of in (
        lambda row: (row.organisation_id, row.number),
        lambda row: (Shard(row.organisation_id, row.number // PLACES), row.number % PLACES),
        lambda row: row.token_id,
        lambda row: row.sequence,
        lambda row: (row.decision_id, row.generation),
    ):
        assert len({of(row) for row in rows}) == len(rows)
    issued = [TicketIssued.model_validate_json(one) for subject, one in past.told if subject == TicketIssued.subject]
    assert len({one.number for one in issued}) == len({one.ticket_id for one in issued}) == len(issued)
    tokens = {qr_codec.parse_claims(qr_codec.unwrap(one.qr).payload).token_id for one in issued}
    assert len(tokens) == len(issued)


def test_one_grant_has_one_living_ticket_at_most_and_a_withdrawn_application_has_none(past: Past) -> None:
    living = Counter(row.decision_id for row in past.rows if row.state in LIVING)
    assert living and max(living.values()) == 1
    assert past.closed
    assert not [row for row in past.rows if row.application_id in past.closed and row.state in LIVING]


def test_the_audit_record_replays_to_the_state_of_every_ticket(past: Past) -> None:
    steps: dict[UUID, list[str]] = {}
    for one in past.audit:
        steps.setdefault(one.ticket_id, []).append(one.step)
    assert len({one.id for one in past.audit}) == len(past.audit)
    asked = [one.request_id for one in past.audit if one.request_id is not None]
    assert len(set(asked)) == len(asked)
    for row in past.rows:
        states = [AFTER[step] for step in steps.get(row.ticket_id, []) if step in AFTER]
        assert states and states[-1] == row.state
        ends = [state for state in states if state in ("revoked", "expired", "dropped")]
        assert len(ends) <= 1 and (not ends or states[-1] == ends[0])


def _dead_places(shard: Shard, store: SignerStore) -> Iterable[int]:
    return store.dead_places(shard)


def test_the_status_list_has_the_dead_and_suspended_alone(past: Past) -> None:
    dead: set[tuple[int, int]] = set()
    for shard in {Shard(row.organisation_id, row.number // PLACES) for row in past.rows}:
        places = past.database.read_now(partial(_dead_places, shard))
        dead |= {(shard.organisation_id, shard.number * PLACES + place) for place in places}
    assert dead == {
        (row.organisation_id, row.number) for row in past.rows if row.state in ("revoked", "dropped", "suspended")
    }


def test_every_signature_is_of_a_row_is_logged_and_counted(past: Past) -> None:
    asked, rows = past.notary.asked, {row.ticket_id: row for row in past.rows}
    logged = Counter(UUID(str(line["ticket_id"])) for line in past.lines if line["event"] == "ticket_signed")
    assert logged == asked and set(asked) <= set(rows)
    assert past.counted == {"vdv": asked.total(), "qr": asked.total()}
    out = {row.ticket_id for row in past.rows if row.vdv is not None}
    assert out <= set(asked) and max(asked.values()) == 1


def test_no_method_of_the_signer_takes_bytes_or_text() -> None:
    allowed = {"Ticket", "datetime", "None", "Snapshot", "Delta", "SnapshotV2", "DeltaV2", "IssuedPart", "StatusList"}
    allowed |= {"AuditHeads"}  # how long chains are, as the row that is told says
    for kind in (Signer, LiveSigner):
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("sign_"):
                continue
            hints = typing.get_type_hints(method)
            hints.pop("return")
            for hint in hints.values():
                parts = typing.get_args(hint) or (hint,)
                assert {part.__name__.replace("NoneType", "None") for part in parts} <= allowed, name


def test_a_ticket_that_no_row_knows_is_never_signed(past: Past, ticket: Ticket) -> None:
    with pytest.raises(AssertionError):
        past.notary.sign_ticket(ticket)
    assert issubclass(Refuse, ValueError)

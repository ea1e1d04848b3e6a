"""The signer's work on a real database: one grant, one ticket, whatever comes twice or in the wrong order."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import cbor2
import cwt
import pytest
from shared.errors import Text, Unavailable
import sqlalchemy as sa
from issuance.domain.authority_file import parse
from issuance.domain.terms import Terms
from issuance.domain.ticket import Refuse, SignedTicket, Ticket, TicketState
from issuance.domain.verdict import Verdict
from issuance.lists import status_list
from issuance.signer.ceremony import Pki
from issuance.store.signer import SignerStore
from issuance.verification.trust import Trust, assemble
from issuance.verification.verifier import Verifier
from issuance.workflow.signer.issue import SIGNING, Issuing
from issuance.workflow.signer.publish import PUBLISHING, Publishing
from issuance.workflow.signer.revoke import Revoking
from pydantic import ValidationError
from shared.bus.tables import outbox
from shared.database import Database
from shared.database.migration import upgrade
from shared.events import (
    ApplicationHolderGiven,
    ApplicationWithdrawn,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Event,
    RevocationRequested,
    StatusListPublished,
    TicketIssued,
    TicketRevoked,
    TrustListPublished,
)
from shared.runtime.backlog import Backlog

AUTHORITY = "101023"


@dataclass
class Clock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class House:
    """The signer without bus: events go in as the consumer would bring them."""

    database: Database[SignerStore]
    pki: Pki
    trust: Trust
    clock: Clock
    signer: Any = None
    draw: Callable[[int], int] = secrets.randbelow
    application_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        signer = self.signer or self.pki.signer
        self.issuing = Issuing(
            self.database,
            signer,
            Verifier(self.trust),
            self.clock,
            self._draw,
            Backlog(SIGNING, self.database, self.clock),
        )
        self.revoking = Revoking(self.clock)
        self.publishing = Publishing(
            self.database, self.pki.signer, self.clock, Backlog(PUBLISHING, self.database, self.clock)
        )

    def _draw(self, below: int) -> int:
        return self.draw(below)

    def hear(self, handler: Callable[[Any], Awaitable[Any]], event: Event) -> None:
        async def both() -> None:
            step = await handler(event)
            await self.database.write(step)

        asyncio.run(both())

    def holder(self, **changes: Any) -> None:
        names = {"first_name": "Jörg", "last_name": "Müßter", "birth_date": date(2012, 2, 29)}
        self.hear(self.issuing.keep_holder, self.event(ApplicationHolderGiven, **{**names, **changes}))

    def grant(self, decision_id: UUID, **changes: Any) -> None:
        facts = {"valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31), "own_share_cents": 1400}
        rest = {"distance_m": 3600.0, "limit_m": 3500, "reasons": (), "rules_version": "nrw"}
        event = self.event(EligibilityGranted, decision_id=decision_id, **{**facts, **rest, **changes})
        self.hear(self.issuing.keep_grant, event)

    def event(self, kind: type[Event], **fields: Any) -> Event:
        base = {"occurred_at": self.clock(), "authority_id": AUTHORITY}
        if "application_id" in kind.model_fields:
            base["application_id"] = self.application_id
        return kind(**{**base, **fields})

    def issue(self) -> None:
        async def all_of_it() -> None:
            while await self.issuing.issue_due():
                pass

        asyncio.run(all_of_it())

    def publish(self) -> int:
        return asyncio.run(self.publishing.publish_due())

    def told(self, kind: type[Event]) -> list[Any]:
        query = sa.select(outbox.c.payload).where(outbox.c.subject == kind.subject).order_by(outbox.c.position)
        rows = self.database.read_now(lambda store: store.session.execute(query).scalars().all())
        return [kind.model_validate_json(row) for row in rows]

    def count(self, table: str) -> int:
        query = sa.text(f"SELECT count(*) FROM {table}")
        return int(self.database.read_now(lambda store: store.session.execute(query).scalar_one()))

    def states(self) -> list[tuple[str, str | None]]:
        query = sa.text("SELECT state, reason FROM ticket ORDER BY sequence")
        return [tuple(row) for row in self.database.read_now(lambda store: store.session.execute(query).all())]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("signer") / "empty.db"
    upgrade(f"sqlite:///{path}", "issuance", "migrations/signer")
    return path


@pytest.fixture
def database(empty: Path, tmp_path: Path) -> Iterator[Database[SignerStore]]:
    path = tmp_path / "signer.db"
    path.write_bytes(empty.read_bytes())
    database = Database(f"sqlite:///{path}", SignerStore)
    database.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838)))
    yield database
    database.close()


@pytest.fixture
def house(database: Database[SignerStore], pki: Pki, trust: Trust, now: datetime) -> House:
    return House(database, pki, trust, Clock(now))


@pytest.mark.parametrize("order", ["holder first", "grant first"])
def test_holder_and_grant_make_one_ticket_whichever_comes_first(house: House, order: str) -> None:
    decision = uuid4()
    steps = [house.holder, lambda: house.grant(decision)]
    for step in steps if order == "holder first" else reversed(steps):
        house.issue()
        assert house.told(TicketIssued) == []
        step()
    house.issue()
    (event,) = house.told(TicketIssued)
    assert event.decision_id == decision and event.application_id == house.application_id
    assert (event.organisation_id, event.product) == (32838, 9995)
    assert event.holder.last_name == "Müßter"
    assert event.valid_from == datetime(2026, 7, 31, 22, tzinfo=UTC)
    assert event.valid_until == datetime(2027, 7, 31, 21, 59, 58, tzinfo=UTC)
    assert house.count("waiting_holder") == house.count("waiting_grant") == 0
    for finding in (
        Verifier(house.trust).verify_vdv(event.vdv, house.clock()),
        Verifier(house.trust).verify_qr(event.qr, house.clock()),
    ):
        assert finding.verdict is Verdict.VALID and finding.ticket is not None
        assert finding.ticket.number == event.number


def test_everything_delivered_three_times_makes_one_ticket(house: House) -> None:
    decision = uuid4()
    for _ in range(3):
        house.holder()
        house.grant(decision)
        house.issue()
        house.grant(decision)
    assert len(house.told(TicketIssued)) == 1
    assert house.states() == [("issued", None)]


def test_the_same_batch_signed_by_two_workers_at_once_is_told_once(house: House) -> None:
    house.holder()
    house.grant(uuid4())

    async def twice() -> None:
        await asyncio.gather(house.issuing.issue_due(), house.issuing.issue_due())

    asyncio.run(twice())
    assert len(house.told(TicketIssued)) == 1


def test_a_refusal_or_withdrawal_erases_the_waiting_holder(house: House) -> None:
    house.holder()
    refused = house.event(
        EligibilityRefused, decision_id=uuid4(), distance_m=1.0, limit_m=3500, reasons=(), rules_version="nrw"
    )
    house.hear(house.revoking.refused, refused)
    assert house.count("waiting_holder") == 0
    house.holder()
    house.hear(house.revoking.application_withdrawn, house.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    assert house.count("waiting_holder") == 0


@pytest.mark.parametrize("transport", ["special", "car", "taxi"])
def test_a_grant_that_is_ridden_without_a_ticket_makes_none_and_erases_the_waiting_holder(
    house: House, transport: str
) -> None:
    house.holder()
    house.grant(uuid4(), transport=transport)
    house.issue()
    assert house.told(TicketIssued) == []
    assert house.count("waiting_holder") == house.count("waiting_grant") == 0


def test_after_a_withdrawal_late_events_make_no_ticket(house: House) -> None:
    house.hear(house.revoking.application_withdrawn, house.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    house.holder()
    house.grant(uuid4())
    house.issue()
    assert house.told(TicketIssued) == [] and house.count("waiting_holder") == house.count("waiting_grant") == 0


def test_a_grant_that_was_withdrawn_before_it_came_makes_no_ticket_but_the_next_one_does(house: House) -> None:
    first, second = uuid4(), uuid4()
    house.holder()
    house.hear(house.revoking.withdrawn, house.event(EligibilityWithdrawn, decision_id=first, reason="decided_anew"))
    house.grant(first)
    house.grant(second)
    house.issue()
    (event,) = house.told(TicketIssued)
    assert event.decision_id == second


def test_names_are_erased_after_180_days_of_waiting(house: House) -> None:
    house.holder()
    house.clock.at += timedelta(days=180)
    asyncio.run(house.publishing.forget_old())
    assert house.count("waiting_holder") == 1
    house.clock.at += timedelta(seconds=1)
    asyncio.run(house.publishing.forget_old())
    assert house.count("waiting_holder") == 0


def test_a_grant_decided_anew_gets_a_ticket_with_the_same_holder(house: House) -> None:
    first, second = uuid4(), uuid4()
    house.holder()
    house.grant(first)
    house.issue()
    house.hear(house.revoking.withdrawn, house.event(EligibilityWithdrawn, decision_id=first, reason="facts_changed"))
    house.grant(second)
    house.issue()
    old, new = house.told(TicketIssued)
    (revoked,) = house.told(TicketRevoked)
    assert revoked.ticket_id == old.ticket_id and revoked.reason == "notice"
    assert new.holder == old.holder and new.number != old.number


def test_a_withdrawal_before_writing_down_makes_no_ticket(house: House) -> None:
    house.holder()
    house.grant(uuid4())
    house.hear(house.revoking.application_withdrawn, house.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    house.issue()
    assert house.states() == [] and house.told(TicketIssued) == house.told(TicketRevoked) == []


def test_a_withdrawal_between_writing_down_and_signing_lets_nothing_out(house: House) -> None:
    house.holder()
    house.grant(uuid4())
    asyncio.run(house.issuing.write_down())
    house.hear(house.revoking.application_withdrawn, house.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    house.issue()
    assert house.told(TicketIssued) == house.told(TicketRevoked) == []
    assert house.states() == [("dropped", "withdrawn")]


def test_a_withdrawal_while_it_is_signed_lets_nothing_out(house: House) -> None:
    real = house.pki.signer

    class Slow:
        def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
            event = house.event(ApplicationWithdrawn, withdrawal_id=uuid4())
            step = asyncio.run(house.revoking.application_withdrawn(event))
            house.database.write_now(step)
            return real.sign_ticket(ticket)

    slow = House(house.database, house.pki, house.trust, house.clock, Slow(), application_id=house.application_id)
    slow.holder()
    slow.grant(uuid4())
    slow.issue()
    assert slow.told(TicketIssued) == [] and slow.states() == [("dropped", "withdrawn")]


def test_a_ticket_that_reads_differently_is_held_and_signed_after_the_next_start(house: House) -> None:
    real = house.pki.signer

    class Careless:
        def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
            signed = real.sign_ticket(ticket)
            return SignedTicket(signed.vdv[:-1] + b"\x00", signed.qr)

    careless = House(house.database, house.pki, house.trust, house.clock, Careless())
    careless.holder()
    careless.grant(uuid4())
    careless.issue()
    assert careless.told(TicketIssued) == []
    ((state, reason),) = careless.states()
    assert state == "held" and reason is not None and reason.startswith("reads_differently")
    asyncio.run(house.issuing.release_held())
    house.issue()
    assert len(house.told(TicketIssued)) == 1


def test_a_ticket_that_outlives_the_certificates_is_held(house: House) -> None:
    house.holder()
    house.grant(uuid4(), valid_until=date(2099, 7, 31))
    house.issue()
    assert house.states() == [("held", "outlives_certificates")]


def test_a_signer_that_fails_leaves_the_row_to_be_signed_later(house: House) -> None:
    class Broken:
        def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
            raise Unavailable(Text("Weg.", "Away."))

    broken = House(house.database, house.pki, house.trust, house.clock, Broken(), application_id=house.application_id)
    broken.holder()
    broken.grant(uuid4())
    with pytest.raises(Unavailable, match="away"):
        broken.issue()
    house.issue()
    assert len(house.told(TicketIssued)) == 1


def test_a_grant_of_an_authority_without_terms_waits_until_they_are_set(house: House) -> None:
    house.database.write_now(lambda store: store.session.execute(sa.text("DELETE FROM authority")))
    house.holder()
    house.grant(uuid4())
    house.issue()
    assert house.states() == []
    house.database.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838)))
    house.issue()
    assert len(house.told(TicketIssued)) == 1


def test_numbers_are_drawn_anew_where_they_are_taken(house: House) -> None:
    draws = iter([5, 1 << 40, 5, 6, 2 << 40])
    house.draw = lambda _below: next(draws)
    for _ in range(2):
        house.application_id = uuid4()
        house.holder()
        house.grant(uuid4())
    house.issue()
    assert [event.number for event in house.told(TicketIssued)] == [(416 << 20) + 5, (416 << 20) + 6]


def test_a_full_shard_is_followed_by_the_next_of_the_school_year(house: House) -> None:
    fill = sa.text("UPDATE shard SET taken = 1000000")
    numbers = []
    for _ in range(2):
        house.application_id = uuid4()
        house.holder()
        house.grant(uuid4())
        house.issue()
        house.database.write_now(lambda store: store.session.execute(fill))
    numbers = [event.number >> 20 for event in house.told(TicketIssued)]
    assert numbers == [416, 417]


# revocation and lists


def issued(house: House) -> TicketIssued:
    house.holder()
    house.grant(uuid4())
    house.issue()
    event: TicketIssued = house.told(TicketIssued)[0]
    return event


def test_a_request_revokes_the_ticket_once_and_its_list_says_so(house: House) -> None:
    ticket = issued(house)
    assert house.publish() == 1 and house.publish() == 0
    for _ in range(2):
        request = house.event(
            RevocationRequested,
            request_id=uuid4(),
            number=ticket.number,
            organisation_id=ticket.organisation_id,
            reason="seen on a forum",
            requested_by="operator",
        )
        house.hear(house.revoking.requested, request)
    (revoked,) = house.told(TicketRevoked)
    assert revoked.reason == "by_authority" and revoked.ticket_id == ticket.ticket_id
    assert house.publish() == 1
    before, after = house.told(StatusListPublished)
    assert (before.version, after.version) == (1, 2)
    for event, verdict in ((before, Verdict.VALID), (after, Verdict.REVOKED)):
        lists = assemble(house.pki.certificates.values(), house.pki.trust_list, [event.status_list])
        assert Verifier(lists).verify_vdv(ticket.vdv, house.clock()).verdict is verdict
        assert Verifier(lists).verify_qr(ticket.qr, house.clock()).verdict is verdict


def test_a_request_for_an_unknown_number_changes_nothing(house: House) -> None:
    request = house.event(
        RevocationRequested, request_id=uuid4(), number=1, organisation_id=2, reason="lost", requested_by="operator"
    )
    house.hear(house.revoking.requested, request)
    assert house.told(TicketRevoked) == []


def test_lists_are_published_again_after_four_hours_with_a_higher_version(house: House) -> None:
    issued(house)
    house.publish()
    house.clock.at += timedelta(hours=4)
    assert house.publish() == 0
    house.clock.at += timedelta(seconds=1)
    assert house.publish() == 1
    assert [event.version for event in house.told(StatusListPublished)] == [1, 2]


def test_a_revocation_while_a_list_is_signed_is_in_the_next_one(house: House) -> None:
    ticket = issued(house)

    class Slow:
        def sign_status_list(self, one: status_list.StatusList) -> bytes:
            number = ticket.organisation_id, ticket.number
            house.database.write_now(lambda store: store.revoke(house.clock(), "lost", number=number))
            return house.pki.signer.sign_status_list(one)

        def sign_list(self, one: Any) -> bytes:
            return house.pki.signer.sign_list(one)

    asyncio.run(
        Publishing(house.database, Slow(), house.clock, Backlog(PUBLISHING, house.database, house.clock)).publish_due()
    )
    assert house.publish() == 1
    last = house.told(StatusListPublished)[-1]
    assert status_list.parse(status_list.unwrap(last.status_list).payload).is_revoked(ticket.number & 0xFFFFF)


def test_a_status_list_is_a_token_status_list_to_the_cwt_library(house: House) -> None:
    import zlib

    issued(house)
    house.publish()
    (event,) = house.told(StatusListPublished)
    point, key_id = house.pki.signer.status_key.point, house.pki.signer.status_key.key_id
    key = cwt.COSEKey.new({1: 2, 2: key_id, 3: -7, -1: 1, -2: point[:32], -3: point[32:]})
    protected, _, payload = cwt.COSE.new().decode_with_headers(event.status_list, key)
    claims = cbor2.loads(payload)
    assert protected[16] == "application/statuslist+cwt"
    assert claims[2] == f"https://lists.example/v1/status-lists/{event.shard}"
    assert claims[65533]["bits"] == 1 and len(zlib.decompress(claims[65533]["lst"])) == 131072
    assert claims[6] == int(house.clock().timestamp()) < claims[4]


def test_the_trust_list_is_announced_once_and_again_after_a_day(house: House) -> None:
    def announce() -> None:
        asyncio.run(house.publishing.announce_trust(1, house.pki))

    announce()
    announce()
    assert len(house.told(TrustListPublished)) == 1
    house.clock.at += timedelta(days=1, seconds=1)
    announce()
    assert len(house.told(TrustListPublished)) == 2


def test_the_present_state_can_be_told_again_out_of_the_tables(house: House) -> None:
    from issuance.workflow.signer.announce import announce

    ticket = issued(house)
    house.publish()
    house.application_id = uuid4()
    house.holder()
    house.grant(uuid4())
    house.issue()
    number = ticket.organisation_id, ticket.number
    house.database.write_now(lambda store: store.revoke(house.clock(), "lost", number=number))
    told = house.database.write_now(lambda store: list(announce(store, house.clock())))
    assert [(event.subject, event.ticket_id == ticket.ticket_id) for event in told] == [
        ("ticket.issued.v1", False),
        ("ticket.revoked.v1", True),
    ]
    assert told[0].vdv == house.told(TicketIssued)[1].vdv and told[1].reason == "lost"
    house.database.write_now(
        lambda store: store.change_state(told[0].ticket_id, TicketState.SUSPENDED, "in words", None)
    )
    told = house.database.write_now(lambda store: list(announce(store, house.clock())))
    assert [event.subject for event in told] == ["ticket.issued.v1", "ticket.suspended.v1", "ticket.revoked.v1"]
    assert told[1].ticket_id == told[0].ticket_id and told[1].reason == "by_authority"
    assert house.publish() == 1


def test_a_thousand_draws_never_give_a_number_twice(house: House) -> None:
    draws = iter(int(secrets.randbelow(1500)) for _ in range(100_000))

    def step(store: SignerStore) -> set[int]:
        numbers = set()
        for _ in range(300):
            number = store.take_number(32838, 416, lambda _below: next(draws))
            assert number not in numbers
            numbers.add(number)
            store.session.execute(
                sa.text(
                    "INSERT INTO ticket (ticket_id, decision_id, application_id, authority_id, organisation_id, number,"
                    " product, product_owner_id, passenger_type, area_organisation_id, area_number, valid_from,"
                    " valid_until, first_name, last_name, birth_date, token_id, sequence, approved_at, state) VALUES"
                    f" ('{uuid4().hex}', '{uuid4().hex}', '{uuid4().hex}', 'a', 32838, {number}, 1, 1, 1, 1, 1,"
                    f" '2026-08-01', '2026-08-01', '', '', '2012-01-01', x'{secrets.token_hex(8)}', {number},"
                    " '2026-08-01', 'dropped')"
                )
            )
        return numbers

    assert len(house.database.write_now(step)) == 300


def test_terms_of_authorities_are_read_from_their_file() -> None:
    (entry,) = parse({"id": "101023", "name": "Stadt", "area": {"number": 11}})
    assert entry[0] == "101023"
    assert (entry[1].organisation_id, entry[1].product, entry[1].area.number) == (32838, 9995, 11)
    with pytest.raises(ValidationError):
        parse({"authority_id": "101023", "organisation": 1})


def test_a_refusal_is_a_value_error_with_a_code() -> None:
    assert Refuse("outlives_certificates").reason == "outlives_certificates"

"""The signer's work on a real database: one grant, one ticket, whatever comes twice or in the wrong order."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from issuance.domain.authority_file import parse
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.domain.verdict import Verdict
from issuance.store.signer import SignerStore
from issuance.verification.verifier import Verifier
from pydantic import ValidationError
from shared.birth_dates import PartlyKnownDate
from shared.calendar import day_in_berlin
from shared.events import (
    ApplicationWithdrawn,
    EligibilityRefused,
    EligibilityWithdrawn,
    TicketIssued,
    TicketRevoked,
)
from support.issuance.signer_world import SignerWorld


@pytest.mark.parametrize("order", ["holder first", "grant first"])
def test_holder_and_grant_make_one_ticket_whichever_comes_first(world: SignerWorld, order: str) -> None:
    decision = uuid4()
    steps: list[Callable[[], None]] = [world.holder, lambda: world.grant(decision)]
    for step in steps if order == "holder first" else reversed(steps):
        world.issue()
        assert world.told(TicketIssued) == []
        step()
    world.issue()
    (event,) = world.told(TicketIssued)
    assert event.decision_id == decision and event.application_id == world.application_id
    assert (event.organisation_id, event.product) == (32838, 9995)
    assert event.holder.last_name == "Müßter"
    assert event.valid_from == datetime(2026, 7, 31, 22, tzinfo=UTC)
    assert event.valid_until == datetime(2027, 7, 31, 21, 59, 58, tzinfo=UTC)
    assert world.count("waiting_holder") == world.count("waiting_grant") == 0
    for finding in (
        Verifier(world.trust, status_optional=True).verify_vdv(event.vdv, world.clock()),
        Verifier(world.trust, status_optional=True).verify_qr(event.qr, world.clock()),
    ):
        assert finding.verdict is Verdict.VALID and finding.ticket is not None
        assert finding.ticket.number == event.number


def test_everything_delivered_three_times_makes_one_ticket(world: SignerWorld) -> None:
    decision = uuid4()
    for _ in range(3):
        world.holder()
        world.grant(decision)
        world.issue()
        world.grant(decision)
    assert len(world.told(TicketIssued)) == 1
    assert world.states() == [("issued", None)]


def test_the_same_batch_signed_by_two_workers_at_once_is_told_once(world: SignerWorld) -> None:
    world.holder()
    world.grant(uuid4())

    async def twice() -> None:
        await asyncio.gather(world.issuing.issue_due(), world.issuing.issue_due())

    asyncio.run(twice())
    assert len(world.told(TicketIssued)) == 1


def test_a_refusal_or_withdrawal_erases_the_waiting_holder(world: SignerWorld) -> None:
    world.holder()
    refused = world.event(
        EligibilityRefused, decision_id=uuid4(), distance_m=1.0, limit_m=3500, reasons=(), rules_version="nrw"
    )
    world.hear(world.revoking.refused, refused)
    assert world.count("waiting_holder") == 0
    world.holder()
    world.hear(world.revoking.application_withdrawn, world.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    assert world.count("waiting_holder") == 0


@pytest.mark.parametrize("transport", ["special", "car", "taxi"])
def test_a_grant_that_is_ridden_without_a_ticket_makes_none_and_erases_the_waiting_holder(
    world: SignerWorld, transport: str
) -> None:
    world.holder()
    world.grant(uuid4(), transport=transport)
    world.issue()
    assert world.told(TicketIssued) == []
    assert world.count("waiting_holder") == world.count("waiting_grant") == 0


def test_a_ticket_begins_when_the_grant_was_let_out_and_one_whose_time_is_over_is_not_made(world: SignerWorld) -> None:
    world.holder()
    world.grant(uuid4(), ticket_from=date(2026, 11, 28), own_share_from=date(2026, 12, 1))
    world.issue()
    (issued,) = world.told(TicketIssued)
    assert day_in_berlin(issued.valid_from) == date(2026, 11, 28)
    world.application_id = uuid4()
    world.holder()
    world.grant(uuid4(), valid_until=date(2027, 1, 31), ticket_from=date(2027, 2, 10))
    world.issue()
    assert len(world.told(TicketIssued)) == 1
    assert world.count("waiting_holder") == world.count("waiting_grant") == 0


def test_after_a_withdrawal_late_events_make_no_ticket(world: SignerWorld) -> None:
    world.hear(world.revoking.application_withdrawn, world.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    world.holder()
    world.grant(uuid4())
    world.issue()
    assert world.told(TicketIssued) == [] and world.count("waiting_holder") == world.count("waiting_grant") == 0


def test_a_grant_that_was_withdrawn_before_it_came_makes_no_ticket_but_the_next_one_does(world: SignerWorld) -> None:
    first, second = uuid4(), uuid4()
    world.holder()
    world.hear(world.revoking.withdrawn, world.event(EligibilityWithdrawn, decision_id=first, reason="decided_anew"))
    world.grant(first)
    world.grant(second)
    world.issue()
    (event,) = world.told(TicketIssued)
    assert event.decision_id == second


def test_names_are_erased_after_180_days_of_waiting(world: SignerWorld) -> None:
    world.holder()
    world.now += timedelta(days=180)
    asyncio.run(world.publishing.forget_old())
    assert world.count("waiting_holder") == 1
    world.now += timedelta(seconds=1)
    asyncio.run(world.publishing.forget_old())
    assert world.count("waiting_holder") == 0


def test_a_grant_decided_anew_gets_a_ticket_with_the_same_holder(world: SignerWorld) -> None:
    first, second = uuid4(), uuid4()
    world.holder()
    world.grant(first)
    world.issue()
    world.hear(world.revoking.withdrawn, world.event(EligibilityWithdrawn, decision_id=first, reason="facts_changed"))
    world.grant(second)
    world.issue()
    old, new = world.told(TicketIssued)
    (revoked,) = world.told(TicketRevoked)
    assert revoked.ticket_id == old.ticket_id and revoked.reason == "notice"
    assert new.holder == old.holder and new.number != old.number


def test_a_withdrawal_before_writing_down_makes_no_ticket(world: SignerWorld) -> None:
    world.holder()
    world.grant(uuid4())
    world.hear(world.revoking.application_withdrawn, world.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    world.issue()
    assert world.states() == [] and world.told(TicketIssued) == [] and world.told(TicketRevoked) == []


def test_a_withdrawal_between_writing_down_and_signing_lets_nothing_out(world: SignerWorld) -> None:
    world.holder()
    world.grant(uuid4())
    asyncio.run(world.issuing.approve())
    world.hear(world.revoking.application_withdrawn, world.event(ApplicationWithdrawn, withdrawal_id=uuid4()))
    world.issue()
    assert world.told(TicketIssued) == [] and world.told(TicketRevoked) == []
    assert world.states() == [("dropped", "withdrawn")]


def test_a_withdrawal_while_it_is_signed_lets_nothing_out(world: SignerWorld) -> None:
    real = world.pki.signer

    class Slow:
        def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
            event = world.event(ApplicationWithdrawn, withdrawal_id=uuid4())
            step = asyncio.run(world.revoking.application_withdrawn(event))
            world.database.write_now(step)
            return real.sign_ticket(ticket)

    slow = world.with_signer(Slow())
    slow.holder()
    slow.grant(uuid4())
    slow.issue()
    assert slow.told(TicketIssued) == [] and slow.states() == [("dropped", "withdrawn")]


def test_numbers_are_drawn_anew_where_they_are_taken(world: SignerWorld) -> None:
    world.numbering.choose([5, 5, 6])
    for _ in range(2):
        world.application_id = uuid4()
        world.holder()
        world.grant(uuid4())
    world.issue()
    assert [event.number for event in world.told(TicketIssued)] == [(416 << 20) + 5, (416 << 20) + 6]


def test_a_full_shard_is_followed_by_the_next_of_the_school_year(world: SignerWorld) -> None:
    fill = sa.text("UPDATE shard SET taken = 1000000")
    numbers = []
    for _ in range(2):
        world.application_id = uuid4()
        world.holder()
        world.grant(uuid4())
        world.issue()
        world.database.write_now(lambda store: store.session.execute(fill))
    numbers = [event.number >> 20 for event in world.told(TicketIssued)]
    assert numbers == [416, 417]


def test_a_thousand_draws_never_give_a_number_twice(world: SignerWorld) -> None:
    draws = iter(int(secrets.randbelow(1500)) for _ in range(100_000))

    def step(store: SignerStore) -> set[int]:
        numbers = set()
        for _ in range(300):
            number = store.take_number(32838, 416, lambda _draw: next(draws)).number
            assert number not in numbers
            numbers.add(number)
            assert store.take_sequences(1)
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

    assert len(world.database.write_now(step)) == 300


def test_terms_of_authorities_are_read_from_their_file() -> None:
    (entry,) = parse({"id": "101023", "name": "Stadt", "area": {"number": 11}})
    assert entry[0] == "101023"
    assert (entry[1].organisation_id, entry[1].product, entry[1].area.number) == (32838, 9995, 11)
    with pytest.raises(ValidationError):
        parse({"authority_id": "101023", "organisation": 1})


def test_a_refusal_is_a_value_error_with_a_code() -> None:
    assert Refuse("outlives_certificates").reason == "outlives_certificates"


@pytest.mark.parametrize("born", [PartlyKnownDate(2015), PartlyKnownDate(2015, 6)])
def test_a_child_of_whom_only_the_year_or_month_of_birth_is_known_gets_a_ticket_that_says_so(
    world: SignerWorld, born: PartlyKnownDate
) -> None:
    world.apply(birth_date=born)
    world.issue()
    (event,) = world.told(TicketIssued)
    assert event.holder.birth_date == born
    assert TicketIssued.model_validate_json(event.model_dump_json()) == event
    verifier = Verifier(world.trust, status_optional=True)
    for found in (verifier.verify_vdv(event.vdv, event.valid_from), verifier.verify_qr(event.qr, event.valid_from)):
        assert found.ticket is not None and found.ticket.birth_date == born

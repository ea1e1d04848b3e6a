"""A grant that ends on a day to come keeps its ticket until then; a corrected name reaches the ticket that asks for it."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Verdict
from issuance.workflow.signer.announce import announce
from shared.calendar import day_in_berlin
from shared.events import (
    EligibilityRefused,
    EligibilityWithdrawn,
    TicketEndChanged,
    TicketIssued,
    TicketRevoked,
    TicketStateChanged,
)
from support.issuance.signer_world import SignerWorld
from support.outbox import told_again

OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
LAST = date(2026, 11, 30)
REFUSAL: dict[str, object] = {"distance_m": 1500.0, "limit_m": 2000, "reasons": (), "rules_version": "nrw"}


def ends(world: SignerWorld, decision_id: UUID, last: date | None, reason: str = "facts_changed") -> None:
    event = world.event(EligibilityWithdrawn, decision_id=decision_id, reason=reason, ends_on=last)
    world.hear(world.revoking.withdrawn, event)


def refuses(world: SignerWorld) -> None:
    world.hear(world.revoking.refused, world.event(EligibilityRefused, decision_id=uuid4(), **REFUSAL))


def works(world: SignerWorld) -> None:
    """The workers, at this moment."""
    world.issue()
    while asyncio.run(world.ending.end_due()):
        pass


def on(world: SignerWorld, day: date) -> None:
    world.now = start_of(day).astimezone(UTC) + timedelta(hours=9)
    works(world)


def test_the_ticket_is_good_until_the_last_day_and_revoked_on_the_next(world: SignerWorld) -> None:
    world.now = OCTOBER
    ticket = world.new_ticket()
    ends(world, ticket.decision_id, LAST)
    refuses(world)
    for day in (date(2026, 10, 13), LAST):
        on(world, day)
        assert world.told(TicketRevoked) == []
    assert world.verdict(ticket, end_of(LAST)) is Verdict.VALID
    on(world, LAST + timedelta(days=1))
    works(world)
    assert [each.ticket_id for each in world.told(TicketRevoked)] == [ticket.ticket_id]
    assert world.verdict(ticket) is Verdict.REVOKED


def test_whoever_shows_a_ticket_hears_of_the_day_on_which_its_grant_ends_and_that_it_no_longer_does(
    world: SignerWorld,
) -> None:
    world.now = OCTOBER
    ticket = world.new_ticket()
    ends(world, ticket.decision_id, LAST)
    ends(world, ticket.decision_id, LAST)
    assert [each.last_day for each in world.told(TicketEndChanged)] == [LAST], "told once"
    assert shown_end(world, ticket.ticket_id) == LAST
    told = world.database.write_now(lambda store: told_again(announce(store, world.clock())))
    assert [each.last_day for each in told if isinstance(each, TicketEndChanged | TicketStateChanged)] == [LAST, LAST]
    world.ask(ticket, "replace")
    works(world)
    (_, second) = world.told(TicketIssued)
    assert shown_end(world, second.ticket_id) == LAST
    world.grant(uuid4(), instead_of=ticket.decision_id)
    works(world)
    assert shown_end(world, second.ticket_id) == day_in_berlin(second.valid_until)
    assert world.told(TicketEndChanged)[-1].last_day is None


def test_a_signer_that_was_stopped_over_the_day_revokes_when_it_starts(world: SignerWorld) -> None:
    world.now = OCTOBER
    ticket = world.new_ticket()
    ends(world, ticket.decision_id, LAST)
    again = SignerWorld(world.database, world.pki, world.trust)
    again.now = OCTOBER + timedelta(days=200)
    works(again)
    assert [each.ticket_id for each in again.told(TicketRevoked)] == [ticket.ticket_id]


def test_the_day_told_last_counts_and_what_is_over_does_not_come_back(world: SignerWorld) -> None:
    world.now = OCTOBER
    ticket = world.new_ticket()
    ends(world, ticket.decision_id, LAST)
    ends(world, ticket.decision_id, date(2026, 10, 31))
    on(world, date(2026, 11, 1))
    assert len(world.told(TicketRevoked)) == 1
    ends(world, ticket.decision_id, LAST)
    world.grant(ticket.decision_id)
    works(world)
    assert len(world.told(TicketIssued)) == 1


def test_a_grant_whose_end_was_heard_before_it_or_before_its_ticket_holds_until_then(world: SignerWorld) -> None:
    world.now = OCTOBER
    for told_first in (True, False):
        world.application_id, decision = uuid4(), uuid4()
        if told_first:
            ends(world, decision, LAST)
        world.grant(decision)
        if not told_first:
            ends(world, decision, LAST)
        refuses(world)
        world.holder()
        world.issue()
        assert world.told(TicketIssued)[-1].valid_until == end_of(LAST)


def test_a_lost_ticket_of_a_grant_that_ends_later_is_replaced_and_its_successor_ends_too(world: SignerWorld) -> None:
    world.now = OCTOBER
    ticket = world.new_ticket()
    ends(world, ticket.decision_id, LAST)
    world.ask(ticket, "replace")
    on(world, LAST + timedelta(days=1))
    assert {each.ticket_id for each in world.told(TicketRevoked)} == {
        each.ticket_id for each in world.told(TicketIssued)
    }


def test_a_new_grant_from_a_later_day_leaves_no_day_without_a_ticket_and_none_with_two(world: SignerWorld) -> None:
    world.now = OCTOBER
    ticket = world.new_ticket()
    ends(world, ticket.decision_id, LAST)
    world.grant(uuid4(), valid_from=LAST + timedelta(days=1))
    for day in (LAST, LAST + timedelta(days=1)):
        on(world, day)
        assert len(usable(world)) == 1


@pytest.mark.parametrize("order", permutations(("correction", "grant", "ended")))
def test_a_corrected_name_waits_for_the_grant_that_asks_for_it(world: SignerWorld, order: tuple[str, ...]) -> None:
    world.now = OCTOBER
    ticket = world.new_ticket()
    for step in order:
        if step == "correction":
            world.holder(last_name="Müster", change_number=3)
            works(world)
            assert world.told(TicketIssued)[-1].holder.last_name in ("Müßter", "Müster")
        elif step == "grant":
            world.grant(uuid4(), holder_change=3)
        else:
            ends(world, ticket.decision_id, None)
    works(world)
    first, second = world.told(TicketIssued)
    assert (first.holder.last_name, second.holder.last_name) == ("Müßter", "Müster")
    assert usable(world) == [second.ticket_id]
    assert world.count("waiting_holder") == 0


def test_a_correction_that_nobody_has_looked_at_names_no_ticket(world: SignerWorld) -> None:
    """Neither one that takes a lost ticket's place, nor one of a grant that does not ask for it."""
    world.now = OCTOBER
    ticket = world.new_ticket()
    world.holder(last_name="Anders", change_number=1)
    world.ask(ticket, "replace")
    works(world)
    successor = world.told(TicketIssued)[-1]
    ends(world, ticket.decision_id, None)
    world.grant(uuid4())
    works(world)
    assert {each.holder.last_name for each in world.told(TicketIssued)} == {"Müßter"}
    assert successor.ticket_id not in usable(world)
    ends(world, world.told(TicketIssued)[-1].decision_id, None)
    world.grant(uuid4(), holder_change=1)
    works(world)
    assert world.told(TicketIssued)[-1].holder.last_name == "Anders"


def usable(world: SignerWorld) -> list[UUID]:
    """Tickets that are good today."""
    dead = {each.ticket_id for each in world.told(TicketRevoked)}
    living = [each for each in world.told(TicketIssued) if each.ticket_id not in dead]
    return [each.ticket_id for each in living if each.valid_from <= world.now <= each.valid_until]


def shown_end(world: SignerWorld, ticket_id: UUID) -> date:
    """The last day, as passes and desk show it of a ticket: what was told last, else what is signed."""
    signed = next(each for each in world.told(TicketIssued) if each.ticket_id == ticket_id)
    told = [each for each in world.told(TicketEndChanged) if each.ticket_id == ticket_id]
    stands = max((each for each in world.told(TicketStateChanged) if each.ticket_id == ticket_id), key=_step)
    early = max(told, key=_step).last_day if told else None
    assert stands.last_day == early, "passes and desk are told the same"
    return early or day_in_berlin(signed.valid_until)


def _step(event: TicketEndChanged | TicketStateChanged) -> int:
    return event.step


def running(granted: dict[date, UUID], today: date) -> dict[UUID, date]:
    """Decisions that still hold, today or later, and until when."""
    return {
        each: max(day for day, one in granted.items() if one == each) for day, each in granted.items() if day >= today
    }


@pytest.mark.parametrize("seed", range(12))
def test_whatever_eligibility_decides_there_is_a_ticket_on_just_the_days_that_are_granted(
    world: SignerWorld, seed: int
) -> None:
    """A random history of one application, as eligibility tells it: each day's ticket against the days granted."""
    drawn = random.Random(seed)
    world.now, number = OCTOBER, 0
    world.apply()
    decision = UUID(str(world.rows("SELECT decision_id FROM waiting_grant")[0][0]))
    granted = {date(2026, 8, 1) + timedelta(days=each): decision for each in range(365)}
    for _ in range(6):
        on(world, day_in_berlin(world.now) + timedelta(days=drawn.randrange(1, 20)))
        today = day_in_berlin(world.now)
        assert len(usable(world)) == (today in granted)
        act = drawn.choice(["refused later", "granted later", "granted now", "corrected"])
        first = today + timedelta(days=drawn.randrange(1, 40)) if act in ("refused later", "granted later") else today
        if act == "refused later":
            for each, last in running(granted, today).items():
                ends(world, each, min(first - timedelta(days=1), last))
            refuses(world)
            granted = {day: each for day, each in granted.items() if day < first}
            continue
        if act == "corrected":
            number += 1
            world.holder(last_name=f"Müßter-{chr(64 + number)}", change_number=number)
        for each, last in running(granted, today).items():
            ends(world, each, min(first - timedelta(days=1), last) if first > today else None)
        new = uuid4()
        world.grant(new, valid_from=first, holder_change=number or None)
        granted = {day: each for day, each in granted.items() if day < first}
        granted |= {
            day: new for day in (first + timedelta(days=each) for each in range(365)) if day <= date(2027, 7, 31)
        }
    works(world)
    for ticket_id in usable(world):
        newest = max((each for each in world.told(TicketStateChanged) if each.ticket_id == ticket_id), key=_step)
        assert shown_end(world, ticket_id) == max(day for day, one in granted.items() if one == newest.decision_id)

"""A new grant after another of its case: its ticket comes to the pass that the family has."""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from shared.events import EligibilityWithdrawn, TicketIssued, TicketReplaced, TicketRevoked
from support.issuance.signer_world import SignerWorld

CASE = uuid4()


def granted(world: SignerWorld, *, until: date = date(2027, 7, 31), instead_of: UUID | None = None) -> TicketIssued:
    world.holder()
    decision = uuid4()
    world.grant(decision, case_id=CASE, valid_until=until, instead_of=instead_of)
    world.issue()
    ticket = world.told(TicketIssued)[-1]
    assert ticket.decision_id == decision
    return ticket


def ended(world: SignerWorld, ticket: TicketIssued) -> None:
    told = {"decision_id": ticket.decision_id, "reason": "decided_anew"}
    world.hear(world.revoking.withdrawn, world.event(EligibilityWithdrawn, **told))


@pytest.mark.parametrize("names_it", [True, False])
def test_another_period_takes_the_place_of_the_ticket_before(world: SignerWorld, *, names_it: bool) -> None:
    first = granted(world)
    if not names_it:
        ended(world, first)
    second = granted(world, until=date(2027, 6, 30), instead_of=first.decision_id if names_it else None)
    assert (second.replaces, second.replaces_because) == (first.ticket_id, "changed")
    (told,) = world.told(TicketReplaced)
    assert told.replaced_ticket_id == first.ticket_id
    assert [each.ticket_id for each in world.told(TicketRevoked)] == [first.ticket_id]


def test_whoever_lost_the_earlier_one_after_that_has_lost_the_later(world: SignerWorld) -> None:
    first = granted(world)
    second = granted(world, until=date(2027, 6, 30), instead_of=first.decision_id)
    world.ask(first, "revoke", reason="lost")
    assert world.told(TicketRevoked)[-1].ticket_id == second.ticket_id


@pytest.mark.parametrize("reason", ["lost", "fraud"])
def test_a_ticket_that_was_lost_or_revoked_by_somebody_is_no_place(world: SignerWorld, reason: str) -> None:
    first = granted(world)
    world.ask(first, "revoke", reason=reason, party="authority")
    ended(world, first)
    assert granted(world, until=date(2027, 6, 30)).replaces is None


def test_each_place_is_taken_once(world: SignerWorld) -> None:
    tickets = [granted(world)]
    for at in range(3):
        ended(world, tickets[-1])
        tickets.append(granted(world, until=date(2027, 6, 30) - timedelta(days=at)))
    assert [each.replaces for each in tickets[1:]] == [each.ticket_id for each in tickets[:-1]]


def test_a_loss_that_is_told_after_the_grant_has_ended_is_kept_for_the_next_ticket(world: SignerWorld) -> None:
    first = granted(world)
    ended(world, first)
    world.ask(first, "replace", reason="lost")
    assert granted(world, until=date(2027, 6, 30)).replaces is None


@pytest.mark.parametrize("change", ["revoke", "suspend"])
def test_what_is_asked_of_a_ticket_that_has_expired_stands_against_next_years(world: SignerWorld, change: str) -> None:
    first = granted(world)
    world.now = first.valid_until + timedelta(days=2)
    asyncio.run(world.renewing.expire())
    world.ask(first, change, reason="fraud", party="authority")
    world.grant(uuid4(), case_id=uuid4(), valid_from=date(2027, 8, 1), valid_until=date(2028, 7, 31))
    world.holder()
    world.issue()
    assert [state for state, _ in world.states()] == ["expired", "suspended"]


def test_of_two_that_were_good_one_after_the_other_the_later_ones_pass_goes_on(world: SignerWorld) -> None:
    first = granted(world)
    told = {"decision_id": first.decision_id, "reason": "decided_anew", "ends_on": date(2027, 1, 2)}
    world.hear(world.revoking.withdrawn, world.event(EligibilityWithdrawn, **told))
    later = granted(world, until=date(2027, 7, 24), instead_of=first.decision_id)
    world.ask(first, "renew", reason="by_authority")  # so that the earlier one's is the newer ticket
    world.issue()
    ended(world, later)
    assert granted(world, until=date(2027, 6, 30)).replaces == later.ticket_id


def test_whoever_lost_one_that_is_over_by_its_own_days_has_lost_what_took_its_place(world: SignerWorld) -> None:
    first = granted(world, until=world.now.date())
    ended(world, first)
    second = granted(world)
    assert second.replaces == first.ticket_id
    world.now += timedelta(days=2)
    world.ask(first, "replace", reason="lost")
    assert world.told(TicketRevoked)[-1].ticket_id == second.ticket_id

"""A new grant after another of its case: its ticket comes to the pass that the family has."""

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

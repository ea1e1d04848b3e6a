"""A grant whose ticket waits for the school makes none, in whatever order and however often it is told; told again
without that it makes one."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from shared.events import EligibilityWithdrawn, TicketIssued
from support.issuance.signer_world import SignerWorld


@pytest.mark.parametrize("order", [*permutations(["holder", "waits", "waits", "goes"])][::3])
def test_one_ticket_comes_of_it_and_only_once_it_no_longer_waits(world: SignerWorld, order: tuple[str, ...]) -> None:
    decision, told = uuid4(), set[str]()
    for each in order:
        if each == "holder":
            world.holder()
        else:
            world.grant(decision, awaits_school=each == "waits")
        told.add(each)
        world.issue()
        assert len(world.told(TicketIssued)) == (1 if {"holder", "goes"} <= told else 0)


def test_a_grant_that_ended_while_it_waited_never_makes_a_ticket(world: SignerWorld) -> None:
    decision = uuid4()
    world.holder()
    world.grant(decision, awaits_school=True)
    ended = world.event(EligibilityWithdrawn, decision_id=decision, reason="application_withdrawn")
    world.hear(world.revoking.withdrawn, ended)
    world.grant(decision)
    world.issue()
    assert world.told(TicketIssued) == []


def test_the_grant_that_follows_one_that_waited_makes_the_ticket(world: SignerWorld) -> None:
    first, second = uuid4(), uuid4()
    world.holder()
    world.grant(first, awaits_school=True)
    ended = world.event(EligibilityWithdrawn, decision_id=first, reason="facts_changed", followed_by=second)
    world.hear(world.revoking.withdrawn, ended)
    world.grant(second, instead_of=first)
    world.issue()
    (event,) = world.told(TicketIssued)
    assert event.decision_id == second


def test_a_child_that_holds_a_ticket_keeps_it_while_the_next_one_waits(world: SignerWorld) -> None:
    issued = world.new_ticket()
    world.grant(uuid4(), awaits_school=True, valid_from=issued.valid_until.date() + timedelta(days=1),
                valid_until=issued.valid_until.date() + timedelta(days=365))  # fmt: skip
    world.issue()
    assert world.states() == [("issued", None)]

"""What the desk and families ask of a ticket is done for their party, once, and only for their own application."""

from uuid import UUID, uuid4

import pytest
from issuance.domain.verdict import Verdict
from shared.events import (
    ApplicationLossReported,
    EligibilityTicketChangeRequested,
    TicketIssued,
    TicketReplaced,
    TicketRequestAnswered,
    TicketStateChanged,
)
from support.issuance.signer_world import SignerWorld


def desk_asks(
    world: SignerWorld, ticket: TicketIssued, change: str, reason: str = "fees", request_id: UUID | None = None
) -> TicketRequestAnswered:
    place = {"number": ticket.number, "organisation_id": ticket.organisation_id, "requested_by": "anna"}
    asked = {"request_id": request_id or uuid4(), "change": change, "reason": reason, **place}
    world.hear(world.asked_elsewhere.at_the_desk, world.event(EligibilityTicketChangeRequested, **asked))
    return world.told(TicketRequestAnswered)[-1]


def family_reports(world: SignerWorld, ticket: TicketIssued) -> TicketRequestAnswered:
    asked = {"request_id": uuid4(), "ticket_id": ticket.ticket_id}
    world.hear(world.asked_elsewhere.by_the_family, world.event(ApplicationLossReported, **asked))
    return world.told(TicketRequestAnswered)[-1]


def test_the_desk_suspends_and_restores_for_the_authority_and_lifts_no_operator_s(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    assert desk_asks(world, ticket, "suspend").outcome == "done"
    assert world.verdict(ticket) is Verdict.REVOKED  # by the list of one bit
    world.ask(ticket, "suspend", party="operator:32838", reason="fraud")
    assert desk_asks(world, ticket, "restore").outcome == "done"
    assert world.verdict(ticket) is Verdict.REVOKED  # by the list of one bit
    refused = desk_asks(world, ticket, "restore")
    assert (refused.outcome, refused.reason) == ("refused", "not_yours")


def test_the_desk_revokes_and_a_request_heard_twice_is_answered_once(world: SignerWorld) -> None:
    ticket, request_id = world.new_ticket(), uuid4()
    for _ in range(2):
        answer = desk_asks(world, ticket, "revoke", "fraud", request_id)
    assert (answer.kind, answer.outcome, answer.because) == ("revoke", "done", "fraud")
    assert len(world.told(TicketRequestAnswered)) == 1 and world.verdict(ticket) is Verdict.REVOKED


def test_a_family_that_lost_its_ticket_gets_another_and_the_finder_nothing(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    answer = family_reports(world, ticket)
    assert (answer.kind, answer.outcome) == ("replace", "done")
    world.issue()
    assert world.verdict(ticket) is Verdict.REVOKED
    assert world.verdict(world.told(TicketIssued)[-1]) is Verdict.VALID
    assert world.told(TicketReplaced)[-1].reason == "lost"
    again = family_reports(world, ticket)
    assert (again.outcome, again.reason) == ("refused", "revoked")


def test_a_suspended_ticket_that_is_reported_lost_stays_suspended(world: SignerWorld) -> None:
    ticket = world.new_ticket()
    desk_asks(world, ticket, "suspend", "fraud")
    assert family_reports(world, ticket).outcome == "done"
    world.issue()
    assert world.told(TicketStateChanged)[-1].state == "suspended"


@pytest.mark.parametrize("change", ["suspend", "revoke", "replace"])
def test_a_ticket_of_another_application_is_not_touched(world: SignerWorld, change: str) -> None:
    ticket = world.new_ticket()
    world.application_id = uuid4()
    answer = desk_asks(world, ticket, change)
    assert (answer.outcome, answer.reason) == ("refused", "unknown_ticket")
    assert family_reports(world, ticket).reason == "unknown_ticket"
    assert world.verdict(ticket) is Verdict.VALID


@pytest.mark.parametrize("words", ["lost", "changed", "notice", "withdrawn", "Ranzen gestohlen"])
def test_the_desk_s_revocation_bars_the_child_whatever_words_were_told(world: SignerWorld, words: str) -> None:
    ticket = world.new_ticket()
    assert desk_asks(world, ticket, "revoke", words).because == "by_authority"
    changed = world.told(TicketStateChanged)[-1]
    assert (changed.state, changed.reason) == ("revoked", "by_authority")
    refused = desk_asks(world, ticket, "revoke", words)
    assert (refused.outcome, refused.reason) == ("refused", "revoked")  # it stands, and no loss is heard


@pytest.mark.parametrize("words", ["fraud", "by_authority", "fees"])
def test_what_the_desk_restores_is_all_that_the_authority_may_lift(world: SignerWorld, words: str) -> None:
    ticket = world.new_ticket()
    for reason in ("fees", "fraud", "fraud"):
        last = desk_asks(world, ticket, "suspend", reason)
    assert (last.outcome, last.reason) == ("refused", "already_suspended")
    world.ask(ticket, "suspend", party="authority", reason="fees")
    assert desk_asks(world, ticket, "restore", words).outcome == "done"
    assert world.verdict(ticket) is Verdict.VALID

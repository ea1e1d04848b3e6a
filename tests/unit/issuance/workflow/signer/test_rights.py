"""What is asked of one ticket is asked of the right to ride: before and after it, pending, held, and granted anew."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from issuance.domain.right import LIFTED_BY, may_lift
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.domain.verdict import Verdict
from issuance.signer.ceremony import Pki
from issuance.verification.trust import Trust
from shared.events import (
    ApplicationWithdrawn,
    EligibilityWithdrawn,
    StatusListPublished,
    TicketIssued,
    TicketReplaced,
    TicketRequestAnswered,
    TicketRestored,
    TicketRevoked,
    TicketStateChanged,
)
from support.issuance.signer_world import SignerWorld, open_database

CHILD, OTHER_CHILD = "7a" * 32, "7b" * 32
ONE, OTHER = "operator:32838", "operator:32840"


class StolenModule:
    """Signs nothing: what it shall sign is held."""

    def sign_ticket(self, ticket: Ticket, shown_from: object = None) -> SignedTicket:
        raise Refuse("module_stolen")


def applies(world: SignerWorld, child: str | None = CHILD) -> TicketIssued:
    world.application_id = uuid4()
    world.holder()
    world.grant(uuid4(), child=child)
    world.issue()
    return world.told(TicketIssued)[-1]


def withdraws(world: SignerWorld) -> None:
    event = world.event(ApplicationWithdrawn, withdrawal_id=uuid4())
    world.hear(world.revoking.application_withdrawn, event)


def decided_anew(world: SignerWorld, before: UUID, *, first: bool = True, **changes: object) -> UUID:
    """Another grant in the place of one, as eligibility tells it. `first`: the end is heard before the grant."""
    after = uuid4()
    end = world.event(EligibilityWithdrawn, decision_id=before, reason="decided_anew", followed_by=after)
    if first:
        world.hear(world.revoking.withdrawn, end)
    world.grant(after, instead_of=before, **changes)
    if not first:
        world.hear(world.revoking.withdrawn, end)
    return after


def usable(world: SignerWorld) -> list[int]:
    """Numbers of the tickets that a scanner takes for good."""
    if not world.told(TicketIssued):
        return []
    return [each.number for each in world.told(TicketIssued) if world.verdict(each) is Verdict.VALID]


def answers(world: SignerWorld) -> list[tuple[str, str, str]]:
    return [(each.kind, each.outcome, each.reason) for each in world.told(TicketRequestAnswered)]


@pytest.mark.parametrize("first", ["renew", "replace"])
@pytest.mark.parametrize("held", [False, True])
def test_a_revocation_reaches_a_successor_that_is_on_its_way(world: SignerWorld, first: str, held: bool) -> None:
    ticket = applies(world)
    world.ask(ticket, first)
    if held:
        world.with_signer(StolenModule()).issue()
    world.ask(ticket, "revoke", reason="fraud")
    asyncio.run(world.issuing.release_held())
    world.issue()
    assert usable(world) == [] and len(world.told(TicketIssued)) == 1
    assert ("fraud",) in world.rows("SELECT reason FROM audit WHERE step = 'revoke'")
    assert world.rows("SELECT state, reason FROM ticket ORDER BY generation")[1] == ("dropped", "fraud")
    assert answers(world) == [(first, "done", ""), ("revoke", "done", "")]


def test_a_revocation_of_a_ticket_that_was_replaced_meanwhile_reaches_the_one_that_lives(world: SignerWorld) -> None:
    old = applies(world)
    world.ask(old, "renew")
    world.issue()
    world.ask(old, "revoke", reason="fraud")
    assert usable(world) == []
    assert [each.reason for each in world.told(TicketRevoked)] == ["changed", "fraud"]


def test_what_was_signed_before_a_revocation_is_not_let_out_after_it(world: SignerWorld) -> None:
    ticket = applies(world)
    world.ask(ticket, "renew")

    class Slow:
        def sign_ticket(self, one: Ticket, shown_from: object = None) -> SignedTicket:
            world.ask(ticket, "revoke", reason="fraud")
            return world.pki.signer.sign_ticket(one, shown_from)  # type: ignore[arg-type]

    world.with_signer(Slow()).issue()
    assert usable(world) == [] and len(world.told(TicketIssued)) == 1


def test_a_successor_of_a_ticket_that_was_revoked_is_never_let_out_however_it_was_revoked(world: SignerWorld) -> None:
    ticket = applies(world)
    world.ask(ticket, "renew")
    number = ticket.organisation_id, ticket.number
    world.database.write_now(lambda store: store.revoke(world.now, "fraud", number=number))
    world.issue()
    assert len(world.told(TicketIssued)) == 1 and usable(world) == []


def test_a_lost_ticket_dies_at_once_though_a_renewal_waits_and_the_finder_gets_nothing(world: SignerWorld) -> None:
    ticket = applies(world)
    world.ask(ticket, "renew")
    world.with_signer(StolenModule()).issue()
    world.ask(ticket, "replace")
    assert world.verdict(ticket) is Verdict.REVOKED
    asyncio.run(world.issuing.release_held())
    world.issue()
    new = world.told(TicketIssued)[-1]
    assert (new.replaces, new.replaces_because) == (ticket.ticket_id, "lost")
    assert [each.reason for each in world.told(TicketReplaced)] == ["lost"] and usable(world) == [new.number]


def test_who_finds_a_phone_with_a_ticket_that_was_changed_in_place_gets_nothing(world: SignerWorld) -> None:
    old = applies(world)
    world.ask(old, "renew")
    world.issue()
    changed = world.told(TicketIssued)[-1]
    world.ask(old, "replace")  # asked before the change was known
    world.issue()
    new = world.told(TicketIssued)[-1]
    assert new.replaces == changed.ticket_id and new.replaces_because == "lost"
    assert usable(world) == [new.number]
    world.ask(old, "replace")  # told twice
    world.issue()
    assert usable(world) == [new.number] and answers(world)[-1] == ("replace", "refused", "revoked")


@pytest.mark.parametrize("change", ["renew", "replace"])
@pytest.mark.parametrize("suspended_first", [True, False])
def test_a_successor_of_a_suspended_right_is_born_suspended(
    world: SignerWorld, change: str, suspended_first: bool
) -> None:
    ticket = applies(world)
    steps = ["suspend", change] if suspended_first else [change, "suspend"]
    for each in steps:
        world.ask(ticket, each, party="authority", reason="fraud")
    world.issue()
    assert usable(world) == []
    newest = world.told(TicketIssued)[-1]
    world.ask(newest, "restore", party="authority")
    assert usable(world) == [newest.number]


def test_who_withdraws_and_applies_again_stays_suspended(world: SignerWorld) -> None:
    first = applies(world)
    world.ask(first, "suspend", party="authority", reason="fraud")
    withdraws(world)
    other = applies(world, OTHER_CHILD)
    again = applies(world)
    assert usable(world) == [other.number]
    world.ask(again, "restore", party="authority")
    assert usable(world) == [other.number, again.number]
    assert [each.application_id for each in world.told(TicketRestored)] == [again.application_id]


def test_a_suspension_that_is_heard_after_the_withdrawal_counts_for_the_next_application(world: SignerWorld) -> None:
    first = applies(world)
    withdraws(world)
    world.ask(first, "suspend", party="authority", reason="fraud")
    applies(world)
    assert usable(world) == []


def test_after_a_revocation_a_ticket_is_good_only_where_a_person_knew_or_the_authority_restores(
    world: SignerWorld,
) -> None:
    first = applies(world)
    world.ask(first, "revoke", reason="fraud")
    again = applies(world)
    assert usable(world) == []
    world.ask(again, "restore", party=ONE)
    assert usable(world) == [] and answers(world)[-1] == ("restore", "refused", "not_yours")
    world.ask(again, "restore", party="authority")
    assert usable(world) == [again.number]
    world.ask(again, "revoke", reason="fraud")
    world.application_id = uuid4()
    world.holder()
    world.grant(uuid4(), child=CHILD, knows_revocation=True)
    world.issue()
    assert usable(world) == [world.told(TicketIssued)[-1].number]


@pytest.mark.parametrize("state", ["good", "suspended", "renewed", "held", "not signed"])
@pytest.mark.parametrize("end_first", [True, False])
def test_another_own_share_touches_no_ticket(world: SignerWorld, state: str, end_first: bool) -> None:
    world.application_id, decision = uuid4(), uuid4()
    world.holder()
    world.grant(decision, child=CHILD)
    if state != "not signed":
        world.issue()
    if state == "suspended":
        world.ask(world.told(TicketIssued)[-1], "suspend", party="authority", reason="fraud")
    if state in ("renewed", "held"):
        world.ask(world.told(TicketIssued)[-1], "renew")
        world.with_signer(StolenModule()).issue() if state == "held" else None
    before = world.rows("SELECT ticket_id, number FROM ticket ORDER BY generation")
    revoked = len(world.told(TicketRevoked))
    after = decided_anew(world, decision, first=end_first, ticket_from=world.now.date(), child=CHILD)
    assert len(world.told(TicketRevoked)) == revoked
    asyncio.run(world.issuing.release_held())
    world.issue()
    if before:
        assert world.rows("SELECT ticket_id, number FROM ticket ORDER BY generation") == before
    assert len(usable(world)) == (state != "suspended")
    newest = world.told(TicketStateChanged)[-1]
    assert newest.decision_id == after and newest.state == ("suspended" if state == "suspended" else "issued")
    withdrawn = world.event(EligibilityWithdrawn, decision_id=after, reason="decided_anew")
    world.hear(world.revoking.withdrawn, withdrawn)
    assert usable(world) == []


def test_another_own_share_brings_no_revoked_ticket_back(world: SignerWorld) -> None:
    ticket = applies(world)
    world.ask(ticket, "revoke", reason="fraud")
    decided_anew(world, ticket.decision_id, own_share_cents=700)
    world.issue()
    assert usable(world) == [] and len(world.told(TicketIssued)) == 1


@pytest.mark.parametrize("end_first", [True, False])
@pytest.mark.parametrize("what", ["period", "holder"])
def test_another_period_or_holder_brings_another_ticket_that_is_suspended_as_the_right_is(
    world: SignerWorld, what: str, end_first: bool
) -> None:
    ticket = applies(world)
    world.ask(ticket, "suspend", party=ONE, reason="fraud")
    changes = {"valid_until": date(2027, 3, 31)} if what == "period" else {"holder_change": 1}
    world.holder(last_name="Anders", change_number=1)
    decided_anew(world, ticket.decision_id, first=end_first, **changes)
    world.issue()
    assert len(world.told(TicketIssued)) == 2 and usable(world) == []
    world.ask(world.told(TicketIssued)[-1], "restore", party=ONE)
    assert usable(world) == [world.told(TicketIssued)[-1].number]


def test_a_grant_whose_follower_ends_before_it_is_heard_ends_too(world: SignerWorld) -> None:
    ticket, after = applies(world), uuid4()
    end = world.event(
        EligibilityWithdrawn, decision_id=ticket.decision_id, reason="decided_anew", followed_by=after
    )  # fmt: skip
    world.hear(world.revoking.withdrawn, end)
    assert usable(world) == [ticket.number]
    world.hear(world.revoking.withdrawn, world.event(EligibilityWithdrawn, decision_id=after, reason="facts_changed"))
    world.grant(after, instead_of=ticket.decision_id)
    world.issue()
    assert usable(world) == []


def test_suspensions_are_counted_by_party_and_reason_and_good_when_none_is_left(world: SignerWorld) -> None:
    ticket = applies(world)
    for party, reason in (("authority", "fees"), ("authority", "notice"), (ONE, "fraud"), (OTHER, "fraud")):
        world.ask(ticket, "suspend", party=party, reason=reason)
    world.ask(ticket, "suspend", party=ONE, reason="fraud")
    assert answers(world)[-1] == ("suspend", "refused", "already_suspended")
    world.ask(ticket, "restore", party="operator:1")
    assert answers(world)[-1] == ("restore", "refused", "not_yours")
    for party, reason in ((ONE, "cleared up"), ("authority", "fees"), (OTHER, "cleared up")):
        world.ask(ticket, "restore", party=party, reason=reason)
        assert usable(world) == []
    world.ask(ticket, "restore", party="authority", reason="cleared up")
    assert usable(world) == [ticket.number] and len(world.told(TicketRestored)) == 1


def test_who_lifts_whose_suspension_is_a_table() -> None:
    assert set(LIFTED_BY) == {"authority", "operator", "revocation", "unknown"}
    assert may_lift("authority", "authority") and may_lift(ONE, ONE) and may_lift("operator", "unknown")
    assert not any(
        may_lift(*each) for each in (("authority", ONE), (ONE, OTHER), (ONE, "authority"), ("operator", ONE))
    )
    assert may_lift("authority", "revocation") and not may_lift(ONE, "revocation")


def test_every_request_is_noted_and_answered_whatever_comes_of_it(world: SignerWorld) -> None:
    ticket = applies(world)
    world.ask(ticket, "revoke", reason="fraud")
    for each in ("suspend", "restore", "renew", "replace", "revoke"):
        world.ask(ticket, each, reason="fraud")
    assert answers(world)[1:] == [
        (each, "refused", "revoked") for each in ("suspend", "restore", "renew", "replace", "revoke")
    ]
    noted = [step for (step,) in world.rows("SELECT step FROM audit WHERE request_id IS NOT NULL ORDER BY id")]
    assert noted == ["revoke", "no suspend", "no restore", "no renew", "no replace", "no revoke"]


def test_a_ticket_born_suspended_is_on_the_list_that_comes_with_it(world: SignerWorld) -> None:
    ticket = applies(world)
    world.publish()
    world.ask(ticket, "renew")
    world.ask(ticket, "suspend", party=ONE, reason="fraud")
    world.publish()
    world.issue()
    assert world.publish() == 1 and len(world.told(StatusListPublished)) == 3
    assert usable(world) == []
    order = [
        each.happened for each in world.told(TicketStateChanged) if each.number == world.told(TicketIssued)[-1].number
    ]
    assert order == ["issued"]


def test_the_next_school_year_s_ticket_is_of_the_same_right(world: SignerWorld) -> None:
    ticket = applies(world)
    world.ask(ticket, "suspend", party="authority", reason="fraud")
    world.grant(uuid4(), valid_from=date(2027, 8, 1), valid_until=date(2028, 7, 31), carries_on=ticket.decision_id)
    world.issue()
    world.now += timedelta(days=300)
    newest = world.told(TicketIssued)[-1]
    assert newest.number != ticket.number and world.verdict(newest) is Verdict.REVOKED
    world.ask(newest, "restore", party="authority")
    assert world.verdict(newest) is Verdict.VALID


def test_all_of_it_holds_on_postgresql_too(postgresql: Callable[[], str], pki: Pki, trust: Trust) -> None:
    database = open_database(postgresql())
    world = SignerWorld(database, pki, trust)
    # 1. suspended by two, changed, lost, withdrawn and applied for again
    first = applies(world)
    world.ask(first, "suspend", party=ONE, reason="fraud")
    world.ask(first, "suspend", party="authority", reason="fees")
    world.ask(first, "replace")
    world.issue()
    decided_anew(world, first.decision_id, ticket_from=world.now.date(), child=CHILD)
    withdraws(world)
    again = applies(world)
    world.ask(again, "restore", party="authority")
    assert usable(world) == []
    world.ask(again, "restore", party=ONE)
    assert usable(world) == [again.number]
    # 2. revoked while a successor is on its way, and granted anew
    world.ask(again, "renew")
    world.ask(again, "revoke", reason="fraud")
    decided_anew(world, again.decision_id, first=False, ticket_from=world.now.date(), child=CHILD)
    world.issue()
    assert usable(world) == []
    database.close()

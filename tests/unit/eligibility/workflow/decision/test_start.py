"""Nothing is paid for a month without a ticket, whoever lets a grant out and however late."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from eligibility.notice.content import notice_content
from eligibility.rules import parse
from eligibility.workflow import MeasuredRoutes, PersonsDecision, Proof
from eligibility.workflow.decision.recompute import compare_decision
from shared.events import (
    ApplicationSelfPayerChosen,
    ApplicationSubmitted,
    Circumstances,
    EligibilityGranted,
    EligibilityShareChanged,
)
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.deciding import OFFER, SCHOOL_TICKET
from support.eligibility.siblings import sibling
from support.eligibility.world import World, settled

ANNA = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))
BERT = Caller("bert", "12345", frozenset({"case_worker", "releaser"}))
AUGUST = date(2026, 8, 3)
NOVEMBER = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)


def the_grant(world: World, event: ApplicationSubmitted) -> EligibilityGranted:
    return world.told_of(event, EligibilityGranted)[-1]


def same(world: World, event: ApplicationSubmitted) -> bool:
    decision = world.decision_of(event.application_id)
    assert decision is not None
    content = world.database.read_now(lambda store: store.archived(decision.rules_version))
    assert content is not None
    return compare_decision(decision, parse(json.loads(content), None)).differences == []


async def test_a_ticket_wanted_in_the_past_begins_when_it_is_let_out_and_the_share_with_the_next_month(
    world: World,
) -> None:
    world.clock[0] = NOVEMBER
    event = make.submitted(wanted_from=AUGUST, occurred_at=NOVEMBER)
    await world.hear(event)
    grant = the_grant(world, event)
    assert (grant.valid_from, grant.ticket_from, grant.own_share_from) == (
        AUGUST,
        date(2026, 11, 28),
        date(2026, 12, 1),
    )
    assert (grant.ticket_first, grant.with_ticket, grant.own_share_cents) == (date(2026, 11, 28), True, 1400)
    assert grant.reimbursed_until == date(2027, 11, 2)
    (said,) = (each.text for each in grant.reasons if each.rule == "start")
    assert "vom 03.08.2026 bis zum 27.11.2026 erstatten wir" in said and "bis zum 02.11.2027" in said
    case, decision = world.case_of(event.application_id), world.decision_of(event.application_id)
    authority = world.database.read_now(lambda store: store.authority("12345"))
    assert authority is not None
    content = str(notice_content(authority, case, decision)).replace("\\xa0", " ")
    assert "Ab dem 01.12.2026 wird ein Eigenanteil von 14,00 Euro im Monat festgesetzt" in content
    assert "Das Ticket gilt vom 28.11.2026 bis zum 31.07.2027" in content
    assert "Fahrkosten vor dem Ticket" in content
    assert same(world, event)


async def test_weeks_may_pass_until_a_person_lets_it_out(world: World) -> None:
    world.set_authority(release_by_person="everything")
    event = make.submitted(wanted_from=date(2026, 8, 1))
    await world.hear(event)
    world.clock[0] = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
    await world.desk.release(ANNA, world.case_of(event.application_id).id)
    grant = the_grant(world, event)
    assert (grant.ticket_from, grant.own_share_from) == (date(2026, 10, 1), date(2026, 10, 1))  # on a first: at once
    assert same(world, event)


async def test_a_rule_set_may_begin_the_share_with_the_tickets_month(world: World) -> None:
    said = {"valid_from": "2005-08-01", "value": False, "legal_basis": "Satzung", "source": "Satzung"}
    world.publish({}, parameters={"own_share.begins_next_month": [said | {"certainty": "unverified"}]})
    world.clock[0] = NOVEMBER
    event = make.submitted(wanted_from=AUGUST)
    await world.hear(event)
    assert the_grant(world, event).own_share_from == date(2026, 11, 28)


async def test_what_is_on_time_is_told_as_before(world: World) -> None:
    for wanted in (date(2026, 5, 20), date(2026, 8, 1), date(2026, 9, 15)):
        event = make.submitted(wanted_from=wanted)
        await world.hear(event)
        grant = the_grant(world, event)
        assert (grant.ticket_from, grant.own_share_from, grant.reimbursed_until) == (None, None, None)


async def test_a_grant_for_a_time_that_is_over_gives_no_ticket_and_charges_nothing(world: World) -> None:
    world.clock[0] = datetime(2027, 2, 10, 8, 0, tzinfo=UTC)
    event = make.submitted(wanted_from=AUGUST, leaves_on=date(2027, 1, 31))
    await world.hear(event)
    grant = the_grant(world, event)
    assert not grant.with_ticket
    assert (grant.own_share_cents, grant.own_share_changes) == (0, ())
    (said,) = (each.text for each in grant.reasons if each.rule == "start")
    assert "ein Ticket gibt es dafür nicht mehr" in said and "bis zum 31.01.2027 erstatten wir" in said
    assert same(world, event)


async def test_a_decision_in_place_of_a_grant_goes_on_with_its_ticket_and_owes_no_reimbursement(world: World) -> None:
    event = make.submitted(wanted_from=date(2026, 8, 1))
    await world.hear(event)
    world.clock[0] = NOVEMBER
    case = world.case_of(event.application_id)
    decided = PersonsDecision("granted", "Die Angaben waren falsch gelesen.", "§ 48 VwVfG NRW", None, 700)
    await world.handling.propose(ANNA, case.id, decided)
    await world.handling.confirm(BERT, case.id)
    grant = the_grant(world, event)
    assert (grant.ticket_from, grant.own_share_from, grant.reimbursed_until) == (
        date(2026, 11, 28), date(2026, 12, 1), None
    )  # fmt: skip
    (said,) = (each.text for each in grant.reasons if each.rule == "start")
    assert "Bis zum 30.11.2026 bleibt es beim bisherigen Eigenanteil" in said


async def test_what_a_late_grant_owes_for_the_time_before_is_not_lost_when_it_is_replaced(world: World) -> None:
    world.clock[0] = NOVEMBER
    event = make.submitted(wanted_from=AUGUST)
    await world.hear(event)
    world.clock[0] = datetime(2027, 1, 20, 8, 0, tzinfo=UTC)
    case = world.case_of(event.application_id)
    await world.handling.propose(ANNA, case.id, PersonsDecision("granted", "Neu gelesen.", "§ 48 VwVfG NRW", None, 700))
    await world.handling.confirm(BERT, case.id)
    assert the_grant(world, event).reimbursed_until == date(2027, 11, 2)
    (said,) = (each.text for each in the_grant(world, event).reasons if each.rule == "start")
    assert "vom 03.08.2026 bis zum 27.11.2026 erstatten wir" in said


async def test_a_share_that_falls_after_a_late_start_falls_from_the_first_month_that_is_paid(world: World) -> None:
    world.clock[0] = NOVEMBER
    told = Circumstances(lives_in_nrw=True, siblings=(sibling(date(2012, 1, 1), funded_until=date(2027, 1, 31)),))
    event = make.submitted(wanted_from=AUGUST, circumstances=told)
    await world.hear(event)
    proof = Proof(siblings=(date(2012, 1, 1),))
    await world.workflow.proofs.recognise(ANNA, world.case_of(event.application_id).id, proof)
    (less,) = world.told_of(event, EligibilityShareChanged)
    assert (less.own_share_cents, less.changed_from) == (700, date(2026, 12, 1))
    decision = world.decision_of(event.application_id)
    assert decision.terms.own_share_changes == ((date(2027, 2, 1), 1400),)
    assert same(world, event)


async def test_an_order_that_is_heard_of_late_is_paid_from_when_the_ticket_begins(world: World) -> None:
    world.set_authority(release_by_person="nothing")
    world.publish({"products": [SCHOOL_TICKET], "self_payer": OFFER, "release_by_person": "nothing"})
    world.measurer.answer = MeasuredRoutes(make.measurement(1000.0))
    event = make.submitted()
    await world.hear(event)
    decision = world.decision_of(event.application_id)
    ordered = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
    world.clock[0] = NOVEMBER  # the broker was away
    await world.hear(
        ApplicationSelfPayerChosen(
            occurred_at=ordered,
            authority_id="12345",
            application_id=event.application_id,
            decision_id=decision.id,
            product="dt-schule",
            valid_from=date(2026, 10, 1),
            price_cents=3800,
        )
    )
    assert the_grant(world, event).valid_from == date(2026, 12, 1)


@pytest.mark.parametrize("seed", range(3))
async def test_no_month_is_charged_without_a_ticket_in_any_story(world: World, seed: int) -> None:
    """Random starts, ends, changes, days of release and persons: at every moment the share that is in force begins with
    a month in which a ticket was valid, and never before the ticket."""
    random = Random(seed)
    world.set_authority(release_by_person="everything")
    for _ in range(12):
        start = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
        world.clock[0] = start
        wanted = date(2026, 6, 1) + timedelta(days=random.randrange(300))
        leaves = random.choice([None, None, wanted + timedelta(days=random.randrange(1, 200))])
        if leaves is not None and not date(2026, 8, 1) < leaves < date(2027, 7, 31):
            leaves = None
        told = Circumstances(lives_in_nrw=True, siblings=(sibling(date(2012, 1, 1)),))
        event = make.submitted(wanted_from=wanted, leaves_on=leaves, circumstances=told)
        await world.hear(event)
        for step in range(random.randrange(1, 4)):
            world.clock[0] += timedelta(days=random.randrange(90))
            case = world.case_of(event.application_id)
            if case.state == "prepared":
                await world.desk.release(ANNA, case.id)
            elif step == 2:
                await world.hear(make.changed(event, change_number=1, grade="04"))
            await settled(world.families())
        for grant in world.told_of(event, EligibilityGranted):
            charged = grant.own_share_from or grant.valid_from
            assert charged >= grant.ticket_first or not grant.with_ticket
            if grant.ticket_from is not None:
                whole = charged.day == 1 and charged >= grant.ticket_from
                assert whole
                assert grant.own_share_cents == 0 or charged <= grant.valid_until
                assert all(charged < each.valid_from <= grant.valid_until for each in grant.own_share_changes)
        if world.told_of(event, EligibilityGranted):
            assert same(world, event)

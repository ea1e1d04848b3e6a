"""A proof of benefits or siblings: asked for, recognised by a person, and never lost."""

from datetime import date

import pytest
from eligibility.workflow import PersonsDecision, Proof
from shared.errors import Conflict, Invalid, Unavailable
from shared.events import (
    EligibilityGranted,
    EligibilityQuestionAsked,
    EligibilityShareChanged,
    EligibilityWithdrawn,
)
from support.eligibility import small_place as make
from support.eligibility.proving import ANNA, BERT, ELDEST, NOVEMBER, all_same, circumstances, share
from support.eligibility.siblings import OLDER, sibling
from support.eligibility.small_place import changed
from support.eligibility.world import World, settled


async def test_a_proof_that_a_person_has_seen_lowers_the_share_from_the_beginning_and_the_ticket_stays(
    world: World,
) -> None:
    event = make.submitted(circumstances=circumstances(benefits=("SGB XII",), siblings=(sibling(ELDEST),)))
    await world.hear(event)
    world.clock[0] = NOVEMBER
    case = world.case_of(event.application_id)
    await world.workflow.proofs.recognise(ANNA, case.id, Proof(siblings=(ELDEST,)))
    (changed_,) = world.told_of(event, EligibilityShareChanged)
    assert (changed_.own_share_cents, changed_.changed_from) == (700, date(2026, 8, 1))
    await world.workflow.proofs.recognise(ANNA, case.id, Proof(benefits=("SGB XII",), first=date(2026, 10, 20)))
    changed_ = world.told_of(event, EligibilityShareChanged)[-1]
    assert (changed_.own_share_cents, changed_.changed_from) == (0, date(2026, 10, 1))
    assert "unproven" not in world.case_of(event.application_id).facts
    assert len(world.told_of(event, EligibilityGranted)) == 1
    all_same(world)
    with pytest.raises(Invalid):
        await world.workflow.proofs.recognise(ANNA, case.id, Proof(benefits=("SGB XII",)))


async def test_what_was_not_told_or_lowers_nothing_is_not_recognised(world: World) -> None:
    event = make.submitted(circumstances=circumstances(siblings=(sibling(date(2019, 1, 1)),)))
    await world.hear(event)
    case = world.case_of(event.application_id)
    for seen in (Proof(), Proof(benefits=("SGB XII",)), Proof(siblings=(ELDEST,))):
        with pytest.raises(Invalid):
            await world.workflow.proofs.recognise(ANNA, case.id, seen)
    with pytest.raises(Conflict):
        await world.workflow.proofs.recognise(ANNA, case.id, Proof(siblings=(date(2019, 1, 1),)))


async def test_a_prepared_grant_is_priced_anew_and_a_case_of_review_decided_on_what_is_proven(world: World) -> None:
    world.set_authority(release_by_person="everything")
    event = make.submitted(circumstances=circumstances(benefits=("SGB XII",)))
    await world.hear(event)
    case = world.case_of(event.application_id)
    await world.workflow.proofs.recognise(ANNA, case.id, Proof(benefits=("SGB XII",)))
    await world.desk.release(ANNA, case.id)
    (granted,) = world.told_of(event, EligibilityGranted)
    assert granted.own_share_cents == 0
    assert not [each for each in granted.reasons if each.rule == "share_proof"]
    all_same(world)


async def test_benefits_told_after_the_grant_are_asked_for_and_the_ticket_stays(world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    later = changed(event, circumstances=circumstances(benefits=("SGB XII",)))
    await world.hear(later)
    await settled(world.families())
    assert [type(each) for each in world.told_of(event, EligibilityGranted, EligibilityQuestionAsked, EligibilityWithdrawn)
            ] == [EligibilityGranted, EligibilityQuestionAsked]  # fmt: skip
    (asked,) = world.told_of(event, EligibilityQuestionAsked)
    assert "Hilfe zum Lebensunterhalt" in asked.text and asked.due == date(2027, 11, 2)
    case = world.case_of(event.application_id)
    assert case.state == "granted"
    await world.workflow.proofs.recognise(ANNA, case.id, Proof(benefits=("SGB XII",)))
    assert share(world, event) == 0
    # and whoever does not receive them any more is heard before the share rises
    await world.hear(changed(event, change_number=2))
    await settled(world.families())
    assert world.case_of(event.application_id).state == "prepared"
    all_same(world)


async def test_one_proof_question_is_open_however_often_a_family_tells_of_its_benefits(world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    told = circumstances(benefits=("SGB XII",))
    other = circumstances(benefits=("SGB XII",), siblings=(sibling(OLDER, funded=False),))
    for number, each in enumerate((told, other, told), start=1):
        await world.hear(changed(event, change_number=number, circumstances=each))
    assert len(world.told_of(event, EligibilityQuestionAsked)) == 1

    def is_open() -> list[str]:
        asked = world.database.read_now(lambda store: store.questions_of([world.case_of(event.application_id).id]))
        return [each.text for each in asked if each.answered_at is None]

    assert len(is_open()) == 1
    # what is asked for otherwise takes its place, and what is told no more is asked for no more
    more = circumstances(benefits=("SGB XII", "AsylbLG"))
    await world.hear(changed(event, change_number=4, circumstances=more))
    (left,) = is_open()
    assert left == world.told_of(event, EligibilityQuestionAsked)[-1].text
    await world.hear(changed(event, change_number=5))
    assert is_open() == []


async def test_who_proposed_something_before_the_family_told_of_its_benefits_looks_again(world: World) -> None:
    event = make.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    decided = PersonsDecision("granted", "Die Angaben waren falsch gelesen.", "§ 48 VwVfG NRW", None, 700)
    await world.handling.propose(ANNA, case.id, decided)
    await world.hear(changed(event, circumstances=circumstances(benefits=("SGB XII",))))
    with pytest.raises(Conflict):
        await world.handling.confirm(BERT, case.id)
    assert world.database.read_now(lambda store: store.proposal_of(case.id)) is None


async def test_a_proof_that_is_recognised_while_a_change_is_measured_is_not_lost(world: World) -> None:
    event = make.submitted(circumstances=circumstances(benefits=("SGB XII",)))
    await world.hear(event)
    step = await world.revise.changed(changed(event, grade="04"))
    await world.workflow.proofs.recognise(ANNA, world.case_of(event.application_id).id, Proof(benefits=("SGB XII",)))
    with pytest.raises(Unavailable):
        await world.database.write(step)
    await world.hear(changed(event, grade="04"))
    assert world.decision_of(event.application_id).own_share_cents == 0

"""A share that would rise waits for a person and for the family's word."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from eligibility import presets
from eligibility.workflow import QuestionDraft
from eligibility.workflow.decision.recompute import compare_decision
from eligibility.workflow.family.families import Families
from shared.errors import Conflict
from shared.events import (
    ApplicationDocumentAdded,
    ApplicationSubmitted,
    EligibilityShareChanged,
    EligibilityWithdrawn,
)
from shared.identity import Caller
from support.eligibility.siblings import (
    OCTOBER,
    older_leaves,
)
from support.eligibility.world import World, settled

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))


async def test_a_share_that_rises_waits_for_a_person_and_for_the_familys_word(
    world: World, families: Families, both: tuple[ApplicationSubmitted, ApplicationSubmitted]
) -> None:
    case = await older_leaves(world, both)
    assert case.state == "prepared"
    assert [each["rule"] for each in case.reasons if each["result"] == "question"] == ["heard_before"]
    assert [each.own_share_cents for each in world.told_of(both[1], EligibilityShareChanged)] == [700]
    with pytest.raises(Conflict):
        await world.desk.release(ANNA, case.id)
    await world.handling.ask(
        ANNA, case.id, QuestionDraft("Der Eigenanteil soll steigen.", "", date(2026, 10, 26), hearing=True)
    )
    with pytest.raises(Conflict):
        await world.desk.release(ANNA, case.id)
    world.clock[0] = datetime(2026, 10, 27, 9, 0, tzinfo=UTC)
    await world.desk.release(ANNA, case.id)
    changed = world.told_of(both[1], EligibilityShareChanged)[-1]
    assert (changed.own_share_cents, changed.changed_from) == (1400, date(2026, 11, 1))
    assert not world.told_of(both[1], EligibilityWithdrawn)
    await settled(families)
    assert len(world.told_of(both[1], EligibilityShareChanged)) == 2


async def test_a_question_that_is_no_hearing_lets_no_share_rise(
    world: World, families: Families, both: tuple[ApplicationSubmitted, ApplicationSubmitted]
) -> None:
    """Nor does a document that answers it: the family was not told what is to become of its share."""
    case = await older_leaves(world, both)
    asked = await world.handling.ask(ANNA, case.id, QuestionDraft("Bitte den Bescheid senden.", "", date(2026, 10, 26)))
    document = ApplicationDocumentAdded(
        occurred_at=world.clock[0], authority_id="12345", application_id=both[1].application_id, document_id=uuid4(),
        kind="other", media_type="application/pdf", size=10, question_id=asked,
    )  # fmt: skip
    await world.hear(document)
    (question,) = world.database.read_now(lambda store: store.questions_of([case.id]))
    assert question.answered_at is not None
    with pytest.raises(Conflict, match="marked as a hearing"):
        await world.desk.release(ANNA, case.id)
    world.clock[0] = datetime(2026, 10, 27, 9, 0, tzinfo=UTC)
    with pytest.raises(Conflict, match="marked as a hearing"):
        await world.desk.release(ANNA, case.id)


async def test_a_rise_never_holds_for_a_month_that_has_begun_when_it_is_let_out(
    world: World, families: Families, both: tuple[ApplicationSubmitted, ApplicationSubmitted]
) -> None:
    case = await older_leaves(world, both)
    await world.handling.ask(
        ANNA, case.id, QuestionDraft("Der Eigenanteil soll steigen.", "", date(2026, 11, 20), hearing=True)
    )
    world.clock[0] = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    await settled(families)
    await world.desk.release(ANNA, case.id)
    changed = world.told_of(both[1], EligibilityShareChanged)[-1]
    assert changed.changed_from == date(2027, 1, 1)
    (said,) = (each for each in changed.reasons if each.rule == "own_share")
    assert "01.01.2027" in said.text and "1 January 2027" in said.text_en  # not the day for which it was worked out


async def test_a_rise_that_a_person_drops_does_not_come_again_for_the_same_facts(
    world: World, families: Families, both: tuple[ApplicationSubmitted, ApplicationSubmitted]
) -> None:
    case = await older_leaves(world, both)
    await families.drop(ANNA, case.id)
    world.database.write_now(lambda store: store.family_changed(case.id, OCTOBER))
    await settled(families)
    assert world.case_of(both[1].application_id).state == "granted"
    assert world.database.read_now(lambda store: len(store.decisions_of(case.id))) == 3


async def test_the_earlier_decision_is_kept_and_the_new_one_can_be_computed_again(
    world: World, families: Families, both: tuple[ApplicationSubmitted, ApplicationSubmitted]
) -> None:
    case = await older_leaves(world, both)
    decisions = world.database.read_now(lambda store: store.decisions_of(case.id))
    assert [(each.round, each.because, each.own_share_cents) for each in decisions] == [
        (1, None, 1400), (2, "family_changed", 700), (3, "family_changed", 1400)
    ]  # fmt: skip
    assert compare_decision(decisions[2], presets.preset("nrw")).same
    assert decisions[1].withdrawn_at is None

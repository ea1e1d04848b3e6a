"""What a family writes or sends once its grant was carried on belongs to the school year that it is about."""

from datetime import timedelta
from uuid import uuid4

import pytest
from eligibility.domain.ids import ApplicationId
from eligibility.workflow import QuestionDraft
from eligibility.workflow.decision.announce import announce
from shared.events import ApplicationDocumentAdded, ApplicationDocumentRemoved, EligibilityMessageFiled
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.small_place import Renew
from support.eligibility.world import World
from support.outbox import told_again

ANNA = Caller("anna", "12345", frozenset({"case_worker"}))


@pytest.mark.parametrize("year", [0, 1])
async def test_a_document_answers_the_question_of_whichever_school_year(
    world: World, renew: Renew, standing: None, year: int
) -> None:
    event = small_place.submitted(grade="02")
    await world.hear(event)
    await renew()
    cases = world.database.read_now(lambda store: store.cases_of(ApplicationId(event.application_id)))
    day = world.clock[0].date() + timedelta(days=14)
    asked = await world.handling.ask(
        ANNA, cases[year].id, QuestionDraft("Die Bewilligung soll enden.", "", day, hearing=True)
    )
    document = ApplicationDocumentAdded(
        occurred_at=world.clock[0], authority_id="12345", application_id=event.application_id, document_id=uuid4(),
        kind="other", media_type="application/pdf", size=10, question_id=asked,
    )  # fmt: skip

    def answered() -> list[bool]:
        asked_of = world.database.read_now(lambda store: store.questions_of([each.id for each in cases]))
        return [each.answered_at is not None for each in asked_of]

    await world.hear(document)
    assert answered() == [True]
    gone = ApplicationDocumentRemoved(
        occurred_at=world.clock[0], authority_id="12345", application_id=event.application_id,
        document_id=document.document_id,
    )  # fmt: skip
    await world.hear(gone)
    assert answered() == [False]


async def test_words_beside_unchanged_facts_are_no_change_after_a_grant_was_carried_on(
    world: World, renew: Renew, standing: None
) -> None:
    event = small_place.submitted(grade="02")
    await world.hear(event)
    await renew()
    await world.hear(small_place.changed(event, answer="Der Bescheid kommt nächste Woche."))
    await world.hear(small_place.changed(event, answer="Wir sind umgezogen.", change_number=2, school_number="100002"))
    kept = world.database.read_now(lambda store: store.messages_of(ApplicationId(event.application_id)))
    assert {each.text: each.with_change for each in kept} == {
        "Der Bescheid kommt nächste Woche.": False,
        "Wir sind umgezogen.": True,
    }


async def test_a_message_is_told_again_once_for_all_school_years_and_also_before_its_case_is_there(
    world: World, renew: Renew, standing: None
) -> None:
    event = small_place.submitted(grade="02")
    await world.hear(event)
    await renew()
    await world.hear(small_place.changed(event, answer="Der Bescheid kommt nächste Woche."))
    early = ApplicationDocumentAdded(
        occurred_at=world.clock[0], authority_id="12345", application_id=uuid4(), document_id=uuid4(), kind="other",
        media_type="application/pdf", size=10,
    )  # fmt: skip
    await world.hear(early)
    told = world.database.read_now(lambda store: told_again(announce(store, world.environment.keys, "https://x")))
    filed = [each.application_id for each in told if isinstance(each, EligibilityMessageFiled)]
    assert sorted(filed) == sorted([event.application_id, early.application_id])

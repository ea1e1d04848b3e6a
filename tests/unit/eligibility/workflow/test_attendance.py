"""What a school says lets go what waited for it, becomes a question or a person's matter, and never refuses or ends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from eligibility.domain.attendance import AwaitsSchool
from eligibility.domain.ids import ApplicationId
from eligibility.workflow import PersonsDecision
from eligibility.workflow.decision.announce import announce
from shared.errors import Conflict, Invalid, NotFound
from shared.events import (
    ApplicationFamilyErased,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    AttendanceConfirmed,
    AttendanceDifference,
    AttendanceEnded,
    AttendanceQuestioned,
    AttendanceReopened,
    EligibilityGranted,
    EligibilityQuestionAsked,
    EligibilityRefused,
    EligibilityWithdrawn,
    head,
)
from shared.identity import Caller
from support.eligibility import small_place
from support.eligibility.world import KEYS, World

NOW = small_place.NOW
WORKER = Caller("anna", "12345", frozenset({"case_worker"}))
RELEASER = Caller("rosa", "12345", frozenset({"releaser"}))
FOREIGN = Caller("fred", "99999", frozenset({"case_worker"}))
WHY = "Schulbescheinigung vom 12.05.2026 auf Papier"
DIFFERENT = (AttendanceDifference(part="birth_date", says="2016-04-01"), AttendanceDifference(part="grade", says="04"))


def let_machine_release(world: World, awaits: AwaitsSchool = "nothing", **changes: object) -> None:
    world.set_authority(release_by_person="nothing", awaits_school=awaits, **changes)


def about(event: ApplicationSubmitted, number: int, **changes: object) -> dict[str, object]:
    of = {"school_number": event.school_number, "school_year": event.school_year, "number": number}
    return {**head(event, NOW), **of, **changes}


def confirmed(event: ApplicationSubmitted, number: int = 1, **changes: object) -> AttendanceConfirmed:
    return AttendanceConfirmed.model_validate(about(event, number, **changes))


def ended(event: ApplicationSubmitted, number: int = 1, last_day: date | None = None) -> AttendanceEnded:
    return AttendanceEnded.model_validate(about(event, number, last_day=last_day))


def questioned(event: ApplicationSubmitted, number: int = 1) -> AttendanceQuestioned:
    return AttendanceQuestioned.model_validate(about(event, number, differences=DIFFERENT))


def grants(world: World, event: ApplicationSubmitted) -> list[bool]:
    """Of each time that the grant was told: whether its ticket waits."""
    return [each.awaits_school for each in world.told_of(event, EligibilityGranted)]


async def listed(world: World, event: ApplicationSubmitted) -> bool:
    """Whether the case lies on the pile of what a person has to look at."""
    page = await world.workflow.work.page(WORKER, "review", limit=50, offset=0)
    return event.application_id in {each.case.application_id for each in page.entries}


async def test_where_nothing_waits_a_grant_goes_out_and_a_confirmation_is_only_kept(world: World) -> None:
    let_machine_release(world)
    await world.hear(event := small_place.submitted())
    await world.hear(confirmed(event))
    assert grants(world, event) == [False]
    file = await world.desk.file(WORKER, world.case_of(event.application_id).id)
    assert file.attendance is not None and file.attendance.state == "confirmed"


async def test_a_release_waits_for_the_confirmation_and_then_goes_out_by_itself(world: World) -> None:
    let_machine_release(world, "release")
    await world.hear(event := small_place.submitted())
    assert world.case_of(event.application_id).state == "prepared" and grants(world, event) == []
    await world.hear(confirmed(event, school_number="100006"))
    assert grants(world, event) == [], "another school's confirmation let it go"
    await world.hear(confirmed(event, 2))
    assert grants(world, event) == [False]
    assert world.case_of(event.application_id).state == "granted"


async def test_a_confirmation_that_came_first_holds_nothing_up(world: World) -> None:
    let_machine_release(world, "release")
    event = small_place.submitted()
    await world.hear(confirmed(event))
    await world.hear(event)
    assert grants(world, event) == [False]


@pytest.mark.parametrize("awaits", ["release", "ticket"])
async def test_a_refusal_waits_for_no_school(world: World, awaits: AwaitsSchool) -> None:
    let_machine_release(world, awaits)
    world.measurer.answer = replace(world.measurer.answer, attended=small_place.measurement(500.0))
    await world.hear(event := small_place.submitted())
    assert len(world.told_of(event, EligibilityRefused)) == 1


async def test_nobody_releases_what_waits_before_other_evidence_is_noted(world: World) -> None:
    world.set_authority(release_by_person="everything", awaits_school="release")
    await world.hear(event := small_place.submitted())
    case = world.case_of(event.application_id)
    with pytest.raises(Conflict):
        await world.desk.release(RELEASER, case.id)
    counted = await world.desk.release_clear_grants(RELEASER)
    assert counted.released == 0 and grants(world, event) == []
    for why in ("", "kurz", "x" * 501):
        with pytest.raises(Invalid):
            await world.workflow.attendance_desk.prove(WORKER, case.id, why)
    with pytest.raises(NotFound):
        await world.workflow.attendance_desk.prove(FOREIGN, case.id, WHY)
    await world.workflow.attendance_desk.prove(WORKER, case.id, WHY)
    with pytest.raises(Conflict):
        await world.workflow.attendance_desk.prove(WORKER, case.id, WHY)
    await world.desk.release(RELEASER, case.id)
    assert grants(world, event) == [False]


async def test_a_decision_of_a_person_waits_too(world: World) -> None:
    world.set_authority(release_by_person="everything", awaits_school="release")
    world.measurer.answer = replace(world.measurer.answer, attended=small_place.measurement(2010.0))
    await world.hear(event := small_place.submitted())
    case = world.case_of(event.application_id)
    assert case.state == "review"
    decided = PersonsDecision("granted", "Das Attest liegt vor.", "§ 6 Abs. 1 SchfkVO", own_share_cents=0)
    with pytest.raises(Conflict):
        await world.desk.decide(WORKER, case.id, decided)


async def test_a_ticket_waits_while_its_notice_is_out_and_the_grant_is_told_again(world: World) -> None:
    let_machine_release(world, "ticket")
    await world.hear(event := small_place.submitted())
    await world.hear(confirmed(event))
    await world.hear(confirmed(event))
    waits, goes = world.told_of(event, EligibilityGranted)
    assert (waits.awaits_school, goes.awaits_school) == (True, False)
    differs = {"event_id", "awaits_school"}
    assert waits.model_dump(exclude=differs) == goes.model_dump(exclude=differs)


async def test_what_is_announced_says_whether_the_ticket_still_waits(world: World) -> None:
    let_machine_release(world, "ticket")
    await world.hear(event := small_place.submitted())

    def announced() -> list[bool]:
        pages = world.database.read_now(lambda store: list(announce(store, KEYS, "https://bescheid.example")))
        return [each.awaits_school for page in pages for each in page if isinstance(each, EligibilityGranted)]

    assert announced() == [True]
    await world.hear(confirmed(event))
    assert announced() == [False]


async def test_a_ticket_that_was_withdrawn_while_it_waited_is_never_made(world: World) -> None:
    let_machine_release(world, "ticket")
    await world.hear(event := small_place.submitted())
    await world.hear(ApplicationWithdrawn(**head(event, NOW), withdrawal_id=event.application_id))
    await world.hear(confirmed(event))
    assert grants(world, event) == [True]
    assert len(world.told_of(event, EligibilityWithdrawn)) == 1


async def test_other_data_are_asked_of_the_family_without_what_the_school_has(world: World) -> None:
    let_machine_release(world)
    await world.hear(event := small_place.submitted())
    await world.hear(questioned(event))
    (asked,) = world.told_of(event, EligibilityQuestionAsked)
    assert "das Geburtsdatum, die Klasse" in asked.text and "birth date, grade" in asked.text_en
    assert "2016" not in asked.text + asked.text_en
    assert world.told_of(event, EligibilityRefused, EligibilityWithdrawn) == []
    await world.hear(confirmed(event, 2))
    (question,) = (await world.desk.file(WORKER, world.case_of(event.application_id).id)).questions
    assert question.answered_at is not None, "the question is over once the school confirms"


async def test_who_has_left_comes_before_a_person_and_keeps_grant_and_ticket(world: World) -> None:
    let_machine_release(world)
    await world.hear(event := small_place.submitted())
    assert not await listed(world, event)
    await world.hear(ended(event, last_day=date(2027, 1, 31)))
    assert await listed(world, event)
    assert world.case_of(event.application_id).state == "granted"
    assert world.told_of(event, EligibilityWithdrawn) == []
    case = world.case_of(event.application_id)
    await world.workflow.attendance_desk.finish(WORKER, case.id)
    assert not await listed(world, event)
    with pytest.raises(Conflict):
        await world.workflow.attendance_desk.finish(WORKER, case.id)
    await world.hear(ended(event, 2, last_day=date(2027, 1, 15)))
    assert await listed(world, event), "another day is another matter"


async def test_who_has_left_before_the_decision_gets_no_grant_from_the_machine(world: World) -> None:
    let_machine_release(world)
    event = small_place.submitted()
    await world.hear(ended(event))
    await world.hear(event)
    assert world.case_of(event.application_id).state == "prepared"
    assert await listed(world, event)


@pytest.mark.parametrize("awaits", ["release", "ticket"])
async def test_a_school_that_says_nothing_is_brought_before_a_person_after_a_while(
    world: World, awaits: AwaitsSchool
) -> None:
    let_machine_release(world, awaits, school_reminder_days=21)
    await world.hear(event := small_place.submitted())
    world.clock[0] = NOW + timedelta(days=20)
    assert not await listed(world, event)
    world.clock[0] = NOW + timedelta(days=21)
    assert await listed(world, event)
    await world.workflow.attendance_desk.prove(WORKER, world.case_of(event.application_id).id, WHY)
    assert not await listed(world, event)
    assert grants(world, event)[-1] is False


async def test_an_older_statement_never_overwrites_a_newer_one(world: World) -> None:
    await world.hear(event := small_place.submitted())
    await world.hear(confirmed(event, 3))
    reopened = AttendanceReopened.model_validate(about(event, 2))
    for older in (ended(event, 2), questioned(event, 1), reopened):
        await world.hear(older)
    file = await world.desk.file(WORKER, world.case_of(event.application_id).id)
    assert file.attendance is not None and (file.attendance.state, file.attendance.number) == ("confirmed", 3)


async def test_nothing_is_kept_of_a_family_that_is_erased(world: World) -> None:
    await world.hear(event := small_place.submitted())
    await world.hear(questioned(event))
    await world.hear(ApplicationFamilyErased(**head(event, NOW)))
    found = world.database.read_now(
        lambda store: store.attendance_of(ApplicationId(event.application_id), event.school_year)
    )
    assert found is None


@pytest.mark.parametrize("awaits", ["release", "ticket"])
async def test_a_school_that_takes_back_that_a_pupil_left_is_still_waited_for(
    world: World, awaits: AwaitsSchool
) -> None:
    let_machine_release(world, awaits)
    await world.hear(event := small_place.submitted())
    await world.hear(ended(event))
    await world.hear(AttendanceReopened.model_validate(about(event, 2)))
    assert not await listed(world, event)
    world.clock[0] = NOW + timedelta(days=21)
    assert await listed(world, event)

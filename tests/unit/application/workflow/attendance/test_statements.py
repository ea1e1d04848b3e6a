"""A school says who attends it: of its own pupils alone, once, and until something has followed."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from application.domain.attendance import AttendanceState
from application.domain.ids import ApplicationId, Owner
from application.domain.timeline import EntryKind, TimelineEntry
from application.store import SqlStore
from application.workflow import Workflow
from application.workflow.announce import announce
from application.workflow.attendance.statements import SchoolAnswer
from shared.database import Database
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.events import (
    AttendanceConfirmed,
    AttendanceDifference,
    AttendanceEnded,
    AttendanceQuestioned,
    AttendanceReopened,
    Event,
)
from shared.identity import Caller
from support.application import directory
from support.application.school_place import FIRST, NOW, OFFICE, OTHER_OFFICE, SECOND, YEAR, Child, apply_for
from support.outbox import told

KINDS = AttendanceConfirmed, AttendanceQuestioned, AttendanceEnded, AttendanceReopened
LATER = NOW + timedelta(days=1)
GRADE = (AttendanceDifference(part="grade", says="06"),)


@pytest.fixture
def database(tmp_path: Path) -> Database[SqlStore]:
    return directory.open_filled(f"sqlite:///{tmp_path / 'school.db'}", *directory.SCHOOLS)


@pytest.fixture
def workflow(database: Database[SqlStore]) -> Workflow:
    return directory.workflow_of(database)


def said(database: Database[SqlStore]) -> list[Event]:
    return list(told(database, *KINDS))


async def confirm(workflow: Workflow, of: ApplicationId, caller: Caller = OFFICE) -> int:
    answers = [SchoolAnswer(of, AttendanceState.CONFIRMED)]
    return (await workflow.attendance.answer(caller, YEAR, answers, NOW)).kept


async def test_a_confirmation_is_kept_told_and_shown_once(workflow: Workflow, database: Database[SqlStore]) -> None:
    of = await apply_for(workflow, Child())
    assert [await confirm(workflow, of) for _ in range(3)] == [1, 0, 0]
    (pupil,) = await workflow.attendance.pupils(OFFICE, YEAR)
    assert pupil.state is AttendanceState.CONFIRMED
    (event,) = said(database)
    assert isinstance(event, AttendanceConfirmed)
    assert (event.application_id, event.school_number, event.number) == (of, FIRST, 1)
    news = (await database.read(lambda store: store.news_of([of])))[of]
    assert [each.kind for each in news] == [EntryKind.SCHOOL_CONFIRMED]


async def test_a_school_sees_nobody_of_another_one_and_both_are_answered_alike(workflow: Workflow) -> None:
    of = await apply_for(workflow, Child())
    assert await workflow.attendance.pupils(OTHER_OFFICE, YEAR) == []
    texts = []
    for asked in (of, ApplicationId(uuid4())):
        with pytest.raises(NotFound) as missing:
            await workflow.attendance.pupil(OTHER_OFFICE, asked, YEAR)
        texts.append(missing.value.text)
        with pytest.raises(NotFound) as refused:
            await confirm(workflow, asked, OTHER_OFFICE)
        texts.append(refused.value.text)
    assert len(set(texts)) == 1


@pytest.mark.parametrize("roles", [frozenset({"guardian"}), frozenset({"case_worker"}), frozenset[str]()])
async def test_nobody_else_sees_a_schools_list(workflow: Workflow, roles: frozenset[str]) -> None:
    with pytest.raises(Forbidden):
        await workflow.attendance.pupils(Caller("somebody", "10261", roles, school_number=FIRST), YEAR)


async def test_one_foreign_pupil_among_many_keeps_nothing_of_them(
    workflow: Workflow, database: Database[SqlStore]
) -> None:
    mine, foreign = await apply_for(workflow, Child()), await apply_for(workflow, Child(), school=SECOND)
    answers = [SchoolAnswer(each, AttendanceState.CONFIRMED) for each in (mine, foreign)]
    with pytest.raises(NotFound):
        await workflow.attendance.answer(OFFICE, YEAR, answers, NOW)
    assert said(database) == []


async def test_a_withdrawn_application_is_in_no_list(workflow: Workflow) -> None:
    of = await apply_for(workflow, Child())
    await workflow.applications.withdraw(Owner("parent"), of, NOW)
    assert await workflow.attendance.pupils(OFFICE, YEAR) == []


async def test_a_difference_is_told_with_what_the_school_has_and_shown_without(
    workflow: Workflow, database: Database[SqlStore]
) -> None:
    of = await apply_for(workflow, Child())
    await workflow.attendance.answer(OFFICE, YEAR, [SchoolAnswer(of, AttendanceState.DIFFERS, differences=GRADE)], NOW)
    (event,) = said(database)
    assert isinstance(event, AttendanceQuestioned) and event.differences == GRADE
    (news,) = (await database.read(lambda store: store.news_of([of])))[of]
    assert "06" not in news.detail and "grade" in news.detail


async def test_a_difference_that_is_none_is_refused(workflow: Workflow) -> None:
    of = await apply_for(workflow, Child())
    same = (AttendanceDifference(part="grade", says="05"),)
    with pytest.raises(Invalid):
        await workflow.attendance.answer(
            OFFICE, YEAR, [SchoolAnswer(of, AttendanceState.DIFFERS, differences=same)], NOW
        )


@pytest.mark.parametrize("day", [date(2026, 7, 31), date(2027, 8, 1)])
async def test_a_last_day_outside_the_school_year_is_refused(workflow: Workflow, day: date) -> None:
    of = await apply_for(workflow, Child())
    with pytest.raises(Invalid):
        await workflow.attendance.answer(OFFICE, YEAR, [SchoolAnswer(of, AttendanceState.LEFT, last_day=day)], NOW)


async def test_a_statement_is_taken_back_with_a_reason_until_something_has_followed(
    workflow: Workflow, database: Database[SqlStore]
) -> None:
    of = await apply_for(workflow, Child())
    await confirm(workflow, of)
    back = SchoolAnswer(of, AttendanceState.OPEN, reason="falsche Zeile")
    with pytest.raises(Invalid):
        await workflow.attendance.answer(OFFICE, YEAR, [SchoolAnswer(of, AttendanceState.OPEN)], LATER)
    await workflow.attendance.answer(OFFICE, YEAR, [back], LATER)
    assert [type(each) for each in said(database)] == [AttendanceConfirmed, AttendanceReopened]
    await workflow.attendance.answer(OFFICE, YEAR, [SchoolAnswer(of, AttendanceState.CONFIRMED)], LATER)
    granted = TimelineEntry(EntryKind.GRANTED, LATER + timedelta(hours=1), str(UUID(int=5)))
    await database.write(lambda store: store.note(of, granted))
    with pytest.raises(Conflict):
        await workflow.attendance.answer(OFFICE, YEAR, [back], LATER + timedelta(days=1))
    left = SchoolAnswer(of, AttendanceState.LEFT, last_day=date(2027, 1, 31))
    assert (await workflow.attendance.answer(OFFICE, YEAR, [left], LATER + timedelta(days=1))).kept == 1


async def test_what_schools_said_is_told_again_by_announce(workflow: Workflow, database: Database[SqlStore]) -> None:
    of = await apply_for(workflow, Child())
    await confirm(workflow, of)
    again = await database.read(lambda store: [each for page in announce(store) for each in page])
    mine = [each for each in again if isinstance(each, KINDS)]
    assert [each.model_dump(exclude={"event_id"}) for each in mine] == [
        each.model_dump(exclude={"event_id"}) for each in said(database)
    ]

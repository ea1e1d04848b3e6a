"""A school says of its pupils who attends it: each statement is kept, told to the authority, and shown to the family.
Nobody is granted or refused anything by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from shared.audit.acts import AuditAct
from shared.blank import is_blank
from shared.calendar import SchoolYear
from shared.database import Transactions
from shared.errors import Conflict, Invalid, Text
from shared.events import (
    AttendanceConfirmed,
    AttendanceDifference,
    AttendanceEnded,
    AttendanceQuestioned,
    AttendanceReopened,
    Event,
    head,
)
from shared.events.base import OfApplication
from shared.identity import Caller

from application.domain.acts import SchoolAct
from application.domain.application import Application
from application.domain.attendance import ATTENDANCE_STATES, AttendanceState, AttendingPupil, Statement
from application.domain.ids import ApplicationId
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.attendance.pupils import PupilStore, pupil_of_school, pupils_of_school, school_of
from application.workflow.detail import Detail

AT_ONCE = 50
"""Statements in one transaction, so that it stays short."""
FOLLOWED = Text(
    "Auf diese Angabe ist schon etwas gefolgt. Zurücknehmen geht nicht mehr; wenn sich etwas geändert hat, geben Sie "
    "bitte an, was jetzt gilt.",
    "Something has followed from this statement already. It cannot be taken back any more; if something has changed, "
    "please say what is so now.",
)
SAY_WHY = Text("Bitte geben Sie kurz an, warum.", "Please say briefly why.")
NOT_THIS_YEAR = Text(
    "Der letzte Tag muss im Schuljahr {year} liegen.", "The last day must lie in the school year {year}."
)
NO_DIFFERENCE = Text(
    "Damit sagen Sie dasselbe wie die Familie. Bitte bestätigen Sie, oder ändern Sie, was anders ist.",
    "By this you say the same as the family. Please confirm, or change what is different.",
)
ACTS: Mapping[AttendanceState, SchoolAct] = {
    AttendanceState.CONFIRMED: SchoolAct.CONFIRMED,
    AttendanceState.DIFFERS: SchoolAct.QUESTIONED,
    AttendanceState.LEFT: SchoolAct.ENDED,
    AttendanceState.OPEN: SchoolAct.REOPENED,
}
ENTRIES: Mapping[AttendanceState, EntryKind] = {
    AttendanceState.CONFIRMED: EntryKind.SCHOOL_CONFIRMED,
    AttendanceState.DIFFERS: EntryKind.SCHOOL_QUESTIONED,
    AttendanceState.LEFT: EntryKind.SCHOOL_ENDED,
    AttendanceState.OPEN: EntryKind.SCHOOL_REOPENED,
}


class StatementStore(PupilStore, Protocol):
    """The store, as a school's statement is kept in it."""

    def find_application(self, application_id: ApplicationId, *, lock: bool = False) -> Application | None:
        """`lock`: nobody else changes it until this transaction ends."""
        ...

    def put_statement(self, statement: Statement) -> None:
        """In place of the one before."""

    def note_act(self, of: OfApplication, by: str, act: AuditAct, now: datetime, detail: Mapping[str, str]) -> None:
        """On record, in the chain of the application's authority."""

    def note(self, application_id: ApplicationId, news: TimelineEntry) -> None:
        """Write one piece of news down."""

    def emit(self, *events: Event) -> None:
        """In this order."""


@dataclass(frozen=True)
class SchoolAnswer:
    """What a school says of one pupil."""

    application_id: ApplicationId
    state: AttendanceState
    class_name: str = ""
    """Empty: as it was."""
    last_day: date | None = None
    differences: tuple[AttendanceDifference, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class AnswerCount:
    """What became of many answers."""

    kept: int = 0
    same: int = 0
    """The school had said just this before."""


class Attendance:
    """Acts of a school's office, each on its own pupils alone."""

    def __init__(self, database: Transactions[StatementStore]) -> None:
        self._database = database

    async def pupils(self, caller: Caller, year: SchoolYear) -> list[AttendingPupil]:
        """The whole list of one school year, by name."""
        school = school_of(caller)
        return await self._database.read(lambda store: pupils_of_school(store, school, year))

    async def pupil(self, caller: Caller, application_id: ApplicationId, year: SchoolYear) -> AttendingPupil:
        """Raises NotFound for another school's pupil as for one that is not there."""
        school = school_of(caller)
        return await self._database.read(
            lambda store: pupil_of_school(store, store.find_application(application_id), school, year)
        )

    async def answer(
        self, caller: Caller, year: SchoolYear, answers: Sequence[SchoolAnswer], now: datetime
    ) -> AnswerCount:
        """Keep them. What the school has said before changes nothing.

        Raises:
            NotFound: for another school's pupil, and nothing of its AT_ONCE is kept.
            Invalid, Conflict.
        """
        return await self.answer_as(school_of(caller), caller.subject, year, answers, now)

    async def answer_as(  # who says what, and when
        self, school: str, by: str, year: SchoolYear, answers: Sequence[SchoolAnswer], now: datetime
    ) -> AnswerCount:
        """The same for a command, which no school has signed in to."""
        kept = same = 0
        for start in range(0, len(answers), AT_ONCE):
            some = answers[start : start + AT_ONCE]

            def step(store: StatementStore, some: Sequence[SchoolAnswer] = some) -> int:
                return sum(keep_answer(store, school, year, each, by, now) for each in some)

            written = await self._database.write(step)
            kept, same = kept + written, same + len(some) - written
        return AnswerCount(kept, same)


def keep_answer(  # noqa: PLR0917  # who says what, and when
    store: StatementStore, school: str, year: SchoolYear, answer: SchoolAnswer, by: str, now: datetime
) -> bool:
    """1. Only of the school's own pupil, and only what fits. 2. The same again changes nothing. 3. It is kept, on
    record, shown to the family and told to the authority.

    Returns:
        False where nothing changed.
    """
    # 1.
    application = store.find_application(answer.application_id, lock=True)
    pupil = pupil_of_school(store, application, school, year)
    said = _statement(pupil, answer, by, now)
    # 2.
    before = _last_of_year(store, pupil)
    if before is not None and pupil.state is answer.state and before.says_as(said):
        return False
    if answer.state is AttendanceState.OPEN and not pupil.can_be_reopened:
        if pupil.state is AttendanceState.OPEN:
            return False
        raise Conflict(FOLLOWED)
    if before is not None:
        ATTENDANCE_STATES.move(before.state, answer.state)
    said = replace(said, number=1 if before is None else before.number + 1)
    # 3.
    store.put_statement(said)
    detail = {"number": str(said.number), "school_year": said.school_year}
    store.note_act(pupil, by, ACTS[said.state], now, detail)
    store.note(pupil.application_id, entry_of(said))
    store.emit(event_of(pupil, said))
    return True


def entry_of(said: Statement) -> TimelineEntry:
    """What the family's timeline shows. Of a difference only which part it is."""
    detail = Detail(
        school_year=said.school_year, ends_on=said.last_day, changed=tuple(each.part for each in said.differences)
    )
    reference = f"{said.school_year} {said.number}"
    return TimelineEntry(
        ENTRIES[said.state], said.said_at, reference, detail=detail.model_dump_json(exclude_defaults=True)
    )


def event_of(of: OfApplication, said: Statement) -> Event:
    """A statement as the event that tells of it."""
    about = {"school_number": said.school_number, "school_year": said.school_year, "number": said.number}
    match said.state:
        case AttendanceState.CONFIRMED:
            return AttendanceConfirmed.model_validate(head(of, said.said_at) | about)
        case AttendanceState.DIFFERS:
            more = {"differences": said.differences}
            return AttendanceQuestioned.model_validate(head(of, said.said_at) | about | more)
        case AttendanceState.LEFT:
            return AttendanceEnded.model_validate(head(of, said.said_at) | about | {"last_day": said.last_day})
        case AttendanceState.OPEN:
            return AttendanceReopened.model_validate(head(of, said.said_at) | about)


def _last_of_year(store: StatementStore, pupil: AttendingPupil) -> Statement | None:
    """Also another school's, before the pupil changed: numbers go on."""
    found = [each for each in store.statements_of([pupil.application_id]) if each.school_year == pupil.school_year]
    return found[0] if found else None


def _statement(pupil: AttendingPupil, answer: SchoolAnswer, by: str, now: datetime) -> Statement:
    _check(pupil, answer)
    differences = answer.differences if answer.state is AttendanceState.DIFFERS else ()
    return Statement(
        application_id=pupil.application_id,
        school_year=pupil.school_year,
        school_number=pupil.school_number,
        number=0,
        state=answer.state,
        said_at=now,
        said_by=by,
        class_name=answer.class_name or pupil.class_name,
        last_day=answer.last_day if answer.state is AttendanceState.LEFT else None,
        differences=differences,
        about=pupil.about(differences),
        reason=answer.reason if answer.state is AttendanceState.OPEN else "",
    )


def _check(pupil: AttendingPupil, answer: SchoolAnswer) -> None:
    year = SchoolYear.parse(pupil.school_year)
    if answer.last_day is not None and not year.first_day <= answer.last_day <= year.last_day:
        told = Text(NOT_THIS_YEAR.de.format(year=year), NOT_THIS_YEAR.en.format(year=year))
        raise Invalid(told, field="last_day")
    if answer.state is AttendanceState.OPEN and is_blank(answer.reason):
        raise Invalid(SAY_WHY, field="reason")
    if answer.state is AttendanceState.DIFFERS:
        differs = [each for each in answer.differences if pupil.pupil.part(each.part) != each.says]
        if not differs or len(differs) != len(answer.differences):
            raise Invalid(NO_DIFFERENCE)

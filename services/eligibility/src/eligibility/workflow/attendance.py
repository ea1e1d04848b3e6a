"""What a school says is heard. It never refuses or ends anything by itself: a confirmation lets go what waited for it,
other data become a question to the family, and a pupil who has left is put to a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import uuid5

from shared.calendar import day_in_berlin
from shared.errors import Text
from shared.events import (
    AttendanceConfirmed,
    AttendanceDifference,
    AttendanceEnded,
    AttendanceQuestioned,
    AttendanceReopened,
    AuthorityId,
    SchoolStatement,
)

from eligibility.domain.acts import ActKind
from eligibility.domain.attendance import AttendanceState, KnownAttendance
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.desk import Question
from eligibility.domain.ids import ApplicationId, CaseId, QuestionId
from eligibility.notice.holidays import working_day_after
from eligibility.rules import Rules
from eligibility.workflow.decision.announce import GrantStore, told_grant
from eligibility.workflow.decision.ask_first import AskFirstStore, is_waiting
from eligibility.workflow.decision.awaited_school import expect_school, known_attendance
from eligibility.workflow.decision.earlier_right import untold
from eligibility.workflow.decision.guard import MACHINE, goes_out_by_itself
from eligibility.workflow.decision.questions import question_asked
from eligibility.workflow.decision.release import ReleaseStore, release_decision
from eligibility.workflow.policy import DecisionPolicy, policy_of
from eligibility.workflow.ports import CaseReader, Environment, Records

SCHOOL = "school"
"""In the audit trail, who acted: the person is known to the service `application` alone."""
DAYS_TO_ANSWER = 10
"""Working days in which a family says which data are right. Our own choice: as the desk suggests."""
STATES: dict[type[SchoolStatement], AttendanceState] = {
    AttendanceConfirmed: "confirmed",
    AttendanceQuestioned: "questioned",
    AttendanceEnded: "ended",
    AttendanceReopened: "open",
}
ACTS: dict[AttendanceState, ActKind] = {
    "confirmed": ActKind.ATTENDANCE_CONFIRMED,
    "questioned": ActKind.ATTENDANCE_QUESTIONED,
    "ended": ActKind.ATTENDANCE_ENDED,
    "open": ActKind.ATTENDANCE_REOPENED,
}
PARTS: dict[str, Text] = {
    "last_name": Text("den Nachnamen", "last name"),
    "first_name": Text("den Vornamen", "first name"),
    "birth_date": Text("das Geburtsdatum", "birth date"),
    "grade": Text("die Klasse", "grade"),
}


class AttendanceHeardStore(ReleaseStore, AskFirstStore, GrantStore, CaseReader, Protocol):
    """The store, as a school's statement is kept in it."""

    def authority(self, authority_id: AuthorityId) -> Authority | None:
        """Its settings; None: it is not set up here."""

    def ask(self, question: Question) -> None:
        """Keep a new question, not answered yet."""

    def answer(self, case_id: CaseId, question_id: QuestionId, answer: str, at: datetime) -> None:
        """The first answer in words counts; what is no question of this case changes nothing."""


class Attendance:
    """Hears application.attendance_confirmed, attendance_questioned, attendance_ended and attendance_reopened."""

    def __init__(self, records: Records, environment: Environment) -> None:
        self._records, self._environment = records, environment

    async def told(self, event: SchoolStatement) -> Callable[[AttendanceHeardStore], None]:
        """The step that keeps it, and does what follows."""
        rules = await self._records.rules_of(event.authority_id)
        return partial(self._keep, event, rules)

    def _keep(self, event: SchoolStatement, rules: Rules, store: AttendanceHeardStore) -> None:
        """1. Only what is newer than what is known. 2. It is kept, also where the case is not there yet. 3. What the
        family was asked because of an earlier statement is over. 4. What follows from this one."""
        # 1.
        application_id, now = ApplicationId(event.application_id), self._environment.now()
        known = store.attendance_of(application_id, event.school_year)
        known = known or KnownAttendance(application_id, event.authority_id, event.school_year)
        if event.number <= known.number:
            return
        # 2.
        known = _with_statement(known, event, now)
        store.put_attendance(known)
        case = next((each for each in store.cases_of(application_id) if each.school_year == event.school_year), None)
        if case is None or case.state == "withdrawn":
            return
        detail = {"number": event.number, "school": event.school_number}
        store.audit(
            authority_id=case.authority_id, subject=SCHOOL, act=ACTS[known.state], case_id=case.id, now=now,
            detail={key: str(value) for key, value in detail.items()},
        )  # fmt: skip
        # 3.
        for earlier in range(1, event.number):
            store.answer(case.id, _question_id(case, earlier), "", now)
        # 4.
        if isinstance(event, AttendanceQuestioned) and case.state != "refused":
            _ask(store, case, event, now)
        if (authority := store.authority(case.authority_id)) is None:
            return
        if known.state == "confirmed":
            let_go(store, case, policy_of(authority, rules), self._environment)
        elif known.state != "ended":
            _remind(store, authority, case, now)


def let_go(store: AttendanceHeardStore, case: Case, policy: DecisionPolicy, environment: Environment) -> None:
    """What waited for the school: the release where the machine may do that, and the ticket of a grant in force."""
    known, now = known_attendance(store, case), environment.now()
    if not known.confirms(case.school_number):
        return
    last, authority = store.decision_of(case.id), store.authority(case.authority_id)
    if last is not None and authority is not None and is_waiting(case, last) and authority.awaits_school == "release":
        free = store.proposal_of(case.id) is None and case.assigned_to is None
        told = free and not untold(store, case, MACHINE, environment.keys)
        if told and goes_out_by_itself(store, policy, authority, case, last, now):
            release_decision(store, authority, case, last, by=MACHINE, environment=environment)
    if known.waiting_grant is None:
        return
    store.put_attendance(replace(known, waiting_grant=None))
    for each in store.decisions_of(case.id):
        if each.id == known.waiting_grant and each.released_at is not None and each.withdrawn_at is None:
            store.emit(told_grant(store, case, each, environment.keys, environment.public_url))


def _remind(store: AttendanceHeardStore, authority: Authority, case: Case, now: datetime) -> None:
    """What waits is brought before a person after a while, also where the school has taken back that the pupil left."""
    waiting = known_attendance(store, case).waiting_grant
    for each in store.decisions_of(case.id):
        if each.id == waiting:
            expect_school(store, authority, case, each, now, ticket=True)
        elif is_waiting(case, each) and each.withdrawn_at is None:
            expect_school(store, authority, case, each, now)


def _with_statement(known: KnownAttendance, event: SchoolStatement, now: datetime) -> KnownAttendance:
    state = STATES[type(event)]
    looks: dict[AttendanceState, date | None] = {"ended": day_in_berlin(now), "confirmed": None}
    return replace(
        known,
        state=state,
        school_number=event.school_number,
        number=event.number,
        told_at=event.occurred_at,
        last_day=event.last_day if isinstance(event, AttendanceEnded) else None,
        differences=event.differences if isinstance(event, AttendanceQuestioned) else (),
        look_from=looks.get(state, known.look_from if known.state != "ended" else None),
    )


def _ask(store: AttendanceHeardStore, case: Case, event: AttendanceQuestioned, now: datetime) -> None:
    """Which part it is, and not what the school has: it may mean another child. Of a grade both know it."""
    named = _named(event.differences)
    due = working_day_after(day_in_berlin(now), DAYS_TO_ANSWER)
    due = max(due, day_in_berlin(now) + timedelta(days=1))
    question = Question(_question_id(case, event.number), case.id, now, MACHINE, named.de, named.en, due)
    store.ask(question)
    store.emit(question_asked(case, question))


def _named(differences: tuple[AttendanceDifference, ...]) -> Text:
    parts = [PARTS[each.part] for each in differences]
    german, english = (", ".join(getattr(each, language) for each in parts) for language in ("de", "en"))
    return Text(
        f"Die Schule hat andere Angaben als Ihr Antrag. Das betrifft: {german}. Bitte sehen Sie nach. Ist Ihre Angabe "
        "falsch, ändern Sie sie bitte im Antrag. Ist sie richtig, schreiben Sie uns das kurz, und sprechen Sie mit dem "
        "Sekretariat der Schule. Ihr Antrag wird deshalb nicht abgelehnt.",
        f"The school has other data than your application. It is about: {english}. Please have a look. If what you "
        "said is wrong, please change it in the application. If it is right, tell us so briefly, and talk to the "
        "school's office. Your application is not refused because of this.",
    )


def _question_id(case: Case, number: int) -> QuestionId:
    return QuestionId(uuid5(case.id, f"attendance {number}"))

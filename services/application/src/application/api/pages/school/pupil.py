"""/school/pupils/…: what a school says of one pupil: confirmed, other data, not here (any more); and taking it back."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request, Response
from shared.errors import Conflict, Invalid, Text
from shared.events import AttendanceDifference, PupilPart

from application.api.pages.school.visits import ROOT, SchoolPages, pupil_id_of
from application.api.pages.visits import Visit
from application.checks.class_list import NO_DAY, read_day
from application.domain.attendance import (
    LONGEST_CLASS_NAME,
    LONGEST_NAME,
    LONGEST_REASON,
    AttendanceState,
    AttendingPupil,
    Pupil,
)
from application.domain.pupil_names import GRADES
from application.form.names import tidy
from application.web.school_view import birth_words, class_words, line_of
from application.web.templates import Formatter
from application.workflow.attendance.statements import NO_DIFFERENCE, SchoolAnswer

ONE = f"{ROOT}/pupils/{{application_id}}"
TOO_LONG = Text("Das ist zu lang oder nicht lesbar.", "This is too long or cannot be read.")
NO_GRADE = Text(
    "Bitte geben Sie den Jahrgang an: 1 bis 13, EF, Q1 oder Q2.", "Please give the grade: 1 to 13, EF, Q1 or Q2."
)
NO_LAST_DAY = Text(
    "Diesen Tag gibt es nicht. Bitte schreiben Sie ihn als TT.MM.JJJJ.",
    "There is no such day. Please write it as DD.MM.YYYY.",
)
SAY_SINCE = Text(
    "Bitte geben Sie den letzten Tag an, oder dass die Schule in diesem Schuljahr nie besucht wurde.",
    "Please give the last day, or say that the school was never attended in this school year.",
)


def add_pupil(routes: APIRouter, pages: SchoolPages) -> None:
    """One pupil's page, and its three forms."""
    attendance = pages.workflow.attendance

    @routes.get(ONE, response_class=Response)
    async def show(application_id: str, request: Request) -> Response:
        visit = pages.visit(request)
        year = pages.year_of(request.query_params.get("year", ""))
        pupil = await attendance.pupil(visit.session.caller, pupil_id_of(application_id), year)
        return _page(pages, visit, pupil, {}, {})

    async def act(application_id: str, request: Request, done: str) -> Response:
        """Keeps what the form says, or shows it again with what is wrong."""
        visit = await pages.form(request)
        year = pages.year_of(visit.typed.get("year", ""))
        pupil = await attendance.pupil(visit.session.caller, pupil_id_of(application_id), year)
        try:
            answer = READERS[done](pupil, visit.typed)
            await attendance.answer(visit.session.caller, year, [answer], pages.now())
        except (Invalid, Conflict) as problem:
            fields = {each.field: each.text.in_language(visit.language) for each in problem.problems}
            errors = fields or {done: problem.text.in_language(visit.language)}
            return _page(pages, visit, pupil, visit.typed, errors, problem.status)
        return pages.go("", year=str(year), done=done)

    @routes.post(f"{ONE}/departure", response_class=Response)
    async def leave(application_id: str, request: Request) -> Response:
        return await act(application_id, request, "left")

    @routes.post(f"{ONE}/differences", response_class=Response)
    async def differ(application_id: str, request: Request) -> Response:
        return await act(application_id, request, "differs")

    @routes.post(f"{ONE}/reopening", response_class=Response)
    async def reopen(application_id: str, request: Request) -> Response:
        return await act(application_id, request, "reopened")


def _page(  # noqa: PLR0917  # what a page is made of
    pages: SchoolPages, visit: Visit, pupil: AttendingPupil, typed: Mapping[str, str], errors: Mapping[str, str],
    status: int = 200,
) -> Response:  # fmt: skip
    say = Formatter(visit.language)
    seen = pupil.pupil
    known = {
        "last_name": seen.last_name,
        "first_name": seen.first_name,
        "birth_date": birth_words(seen.birth_date, Formatter("de")),
        "grade": seen.grade.lstrip("0"),
        "class_name": pupil.class_name,
    }
    return pages.show_to(
        visit,
        "school_pupil.html",
        status,
        pupil=line_of(pupil, say),
        class_words=class_words(pupil, say),
        year=pupil.school_year,
        can_be_reopened=pupil.can_be_reopened,
        typed=known | dict(typed),
        errors=dict(errors),
    )


def _left(pupil: AttendingPupil, typed: Mapping[str, str]) -> SchoolAnswer:
    last: date | None = None
    if typed.get("never") != "yes":
        if not typed.get("last_day"):
            raise Invalid(SAY_SINCE, field="last_day")
        day = read_day(typed["last_day"])
        if not isinstance(day, date):
            raise Invalid(NO_LAST_DAY, field="last_day")
        last = day
    return SchoolAnswer(pupil.application_id, AttendanceState.LEFT, last_day=last)


def _differs(pupil: AttendingPupil, typed: Mapping[str, str]) -> SchoolAnswer:
    """What is not as the family said it; an empty field says nothing. Another class alone is a confirmation."""
    differences = [
        AttendanceDifference(part=part, says=says)
        for part, says in _parts(pupil.pupil, typed)
        if says and says != pupil.pupil.part(part)
    ]
    class_name = tidy(typed.get("class_name", ""))
    if len(class_name) > LONGEST_CLASS_NAME or not class_name.isprintable():
        raise Invalid(TOO_LONG, field="class_name")
    if not differences and class_name in ("", pupil.class_name):
        raise Invalid(NO_DIFFERENCE)
    state = AttendanceState.DIFFERS if differences else AttendanceState.CONFIRMED
    return SchoolAnswer(pupil.application_id, state, class_name, differences=tuple(differences))


def _parts(known: Pupil, typed: Mapping[str, str]) -> list[tuple[PupilPart, str]]:
    last, first = (tidy(typed.get(name, "")) for name in ("last_name", "first_name"))
    for name, text in (("last_name", last), ("first_name", first)):
        if len(text) > LONGEST_NAME or not text.isprintable():
            raise Invalid(TOO_LONG, field=name)
    born, grade = typed.get("birth_date", ""), typed.get("grade", "").upper()
    grade = grade.zfill(2) if grade.isdigit() else grade
    if grade and grade not in GRADES:
        raise Invalid(NO_GRADE, field="grade")
    if not born or born == birth_words(known.birth_date, Formatter("de")):
        return [("last_name", last), ("first_name", first), ("grade", grade)]
    day = read_day(born)
    if day is None:
        raise Invalid(NO_DAY, field="birth_date")
    return [("last_name", last), ("first_name", first), ("birth_date", day.isoformat()), ("grade", grade)]


def _reopened(pupil: AttendingPupil, typed: Mapping[str, str]) -> SchoolAnswer:
    reason = typed.get("reason", "")
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        raise Invalid(TOO_LONG, field="reason")
    return SchoolAnswer(pupil.application_id, AttendanceState.OPEN, reason=reason)


READERS = {"left": _left, "differs": _differs, "reopened": _reopened}

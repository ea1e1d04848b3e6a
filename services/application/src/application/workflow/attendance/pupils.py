"""The pupils that a school may see: those whose family applies for it, and of them no more than `domain.attendance`
says."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from pydantic import BaseModel, ConfigDict
from shared.birth_dates import BirthDate
from shared.calendar import SchoolYear
from shared.errors import NotFound, Text
from shared.identity import Caller

from application.domain.application import Application
from application.domain.attendance import AttendingPupil, Pupil, Statement
from application.domain.ids import ApplicationId
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.detail import Detail

ROLE = "school"
MOST_PUPILS = 6000
"""Of one school; the largest of the state have some 3,500 pupils, and each may apply for two school years."""
FOLLOWS = frozenset(
    {
        EntryKind.GRANTED,
        EntryKind.REFUSED,
        EntryKind.GRANT_ENDED,
        EntryKind.TICKET_ISSUED,
        EntryKind.ANSWERED,
    }
)
"""What may follow from a school's statement."""
NO_PUPIL = Text(
    "Diese Schülerin oder diesen Schüler gibt es in Ihrer Liste nicht. Bitte laden Sie die Liste neu.",
    "There is no such pupil in your list. Please reload the list.",
)

NOT_YOUR_SCHOOL = Text(
    "Diese Schule gibt es hier nicht, oder Sie sind für eine andere angemeldet. Bitte prüfen Sie die Schulnummer.",
    "There is no such school here, or you are signed in for another one. Please check the school number.",
)


class PupilStore(Protocol):
    """The store, as a school's list is read from it."""

    def applications_of_school(self, school_number: str, years: Collection[str], limit: int) -> Sequence[Application]:
        """Of these school years, by id; withdrawn ones too."""
        ...

    def statements_of(self, application_ids: Collection[ApplicationId]) -> Sequence[Statement]:
        """Of all school years, the newest of each."""
        ...

    def news_of(self, application_ids: Sequence[ApplicationId]) -> Mapping[ApplicationId, tuple[TimelineEntry, ...]]:
        """By application; one without any is left out."""
        ...


class _PupilPart(BaseModel):
    model_config = ConfigDict(extra="ignore")
    first_name: str = ""
    last_name: str
    birth_date: BirthDate


class _SeenForm(BaseModel):
    """Of a form no more than a school may see is even read."""

    model_config = ConfigDict(extra="ignore")
    pupil: _PupilPart
    grade: str


def school_of(caller: Caller) -> str:
    """The caller's school by its number.

    Raises:
        Forbidden.
    """
    caller.require(ROLE)
    return caller.school_number or ""


def own_school(caller: Caller, school_number: str) -> str:
    """The same, where it is this one; another one's is answered as what is not there.

    Raises:
        Forbidden, NotFound.
    """
    if school_of(caller) != school_number:
        raise NotFound(NOT_YOUR_SCHOOL)
    return school_number


def pupils_of_school(store: PupilStore, school_number: str, year: SchoolYear) -> list[AttendingPupil]:
    """Of one school year: who applied for it, and whose grant is carried on into it. By last and first name."""
    found = store.applications_of_school(school_number, (str(year), str(year.previous)), MOST_PUPILS)
    ids = [each.id for each in found]
    news, statements = store.news_of(ids), store.statements_of(ids)
    mine = {each.application_id: each for each in statements if each.school_year == str(year)}
    pupils = [_pupil(each, year, news.get(each.id, ()), mine.get(each.id)) for each in found]
    return sorted((each for each in pupils if each is not None), key=_by_name)


def pupil_of_school(
    store: PupilStore, application: Application | None, school_number: str, year: SchoolYear
) -> AttendingPupil:
    """One line of the list.

    Raises:
        NotFound: for another school's pupil as for one that is not there.
    """
    if application is None or application.school_number != school_number:
        raise NotFound(NO_PUPIL)
    news = store.news_of([application.id]).get(application.id, ())
    said = [each for each in store.statements_of([application.id]) if each.school_year == str(year)]
    found = _pupil(application, year, news, said[0] if said else None)
    if found is None:
        raise NotFound(NO_PUPIL)
    return found


def _pupil(
    application: Application, year: SchoolYear, news: Sequence[TimelineEntry], said: Statement | None
) -> AttendingPupil | None:
    """None for what was withdrawn, and for another school year's."""
    if any(each.kind is EntryKind.WITHDRAWN for each in news):
        return None
    is_of_year = application.school_year == str(year)
    if not is_of_year and not _is_carried_on(news, year):
        return None
    form = _SeenForm.model_validate_json(application.form)
    seen = Pupil(form.pupil.first_name, form.pupil.last_name, form.pupil.birth_date, form.grade if is_of_year else "")
    own = said if said is not None and said.school_number == application.school_number else None
    follows = own is not None and any(each.kind in FOLLOWS and each.at > own.said_at for each in news)
    return AttendingPupil(
        application.id, application.authority_id, application.school_number, str(year), seen, own, follows
    )


def _is_carried_on(news: Sequence[TimelineEntry], year: SchoolYear) -> bool:
    """A grant of a year before goes on in this one."""
    for each in news:
        if each.kind is not EntryKind.GRANTED:
            continue
        detail = Detail.model_validate_json(each.detail)
        begins = detail.valid_from
        if detail.carries_on is not None and isinstance(begins, date) and SchoolYear.of(begins) == year:
            return True
    return False


def _by_name(pupil: AttendingPupil) -> tuple[str, str, str]:
    return pupil.pupil.last_name.casefold(), pupil.pupil.first_name.casefold(), str(pupil.application_id)

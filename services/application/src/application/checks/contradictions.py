"""What of a form cannot all be true, or says less than it means to. Nothing that may be a true story is refused here:
a minor who applies alone, or somebody with a power of attorney, is asked about by the authority's rules."""

from collections.abc import Iterator
from datetime import date

from shared.birth_dates import PartlyKnownDate, may_be_the_same
from shared.calendar import SchoolYear
from shared.errors import FieldProblem

from application.checks import texts
from application.form.circumstances import Claims, Sibling, Transport
from application.form.model import Guardian, Pupil

DAYS_A_WEEK = 7


def of_applicant(applicant: str | None, guardian: Guardian | None, pupil: Pupil | None) -> Iterator[FieldProblem]:
    """Who applies for herself is named in both places: at least one name must be the same (marriage changes names)."""
    if applicant == "pupil" and guardian is not None and pupil is not None and not _share_a_name(guardian, pupil):
        yield FieldProblem("applicant", texts.PUPIL_APPLIES_UNDER_OTHER_NAME)


def _share_a_name(guardian: Guardian, pupil: Pupil) -> bool:
    one, other = (
        {part.casefold() for name in (each.first_name, each.last_name) for part in name.replace("-", " ").split()}
        for each in (guardian, pupil)
    )
    return bool(one & other)


def of_claims(claims: Claims, school_number: str | None) -> Iterator[FieldProblem]:
    """A prognosis whose days and weeks do not fit (a started week may be counted or not), and a school that is said
    to have refused the child although none did, or although the child attends it."""
    health, refusing = claims.health, claims.nearest_refused_school
    if health is not None and health.days is not None and health.weeks is not None:
        whole = health.days // DAYS_A_WEEK
        if not whole <= health.weeks <= whole + 1:
            yield FieldProblem("claims.health.days", texts.DAYS_AND_WEEKS)
    if refusing is not None and not claims.nearest_refused:
        yield FieldProblem("claims.nearest_refused_school", texts.REFUSING_SCHOOL_WITHOUT_REFUSAL)
    elif refusing is not None and refusing == school_number:
        yield FieldProblem("claims.nearest_refused_school", texts.REFUSING_SCHOOL_IS_ATTENDED)


def of_sibling(sibling: Sibling, place: int, born: date | PartlyKnownDate | None) -> Iterator[FieldProblem]:
    """Days of a ticket that the sibling does not have, or that end before they begin; a rank among twins for one born
    on another day.

    Args:
        place: its index in the form.
        born: the pupil's birth date.
    """
    first, last, where = sibling.funded_from, sibling.funded_until, f"siblings.{place}"
    if not sibling.funded and (first or last):
        yield FieldProblem(f"{where}.funded", texts.TICKET_DAYS_WITHOUT_TICKET)
    if first and last and last < first:
        yield FieldProblem(f"{where}.funded_until", texts.LAST_BEFORE_FIRST)
    if sibling.counts_first is not None and born is not None and not may_be_the_same(born, sibling.birth_date):
        yield FieldProblem(f"{where}.counts_first", texts.COUNTS_FIRST_WITHOUT_TWIN)


def of_transport(wish: Transport | None) -> Iterator[FieldProblem]:
    """Wishes that exclude each other, and one way that takes longer than both (minutes)."""
    if wish is None:
        return
    if wish.kind == "public" and wish.public_available is False:
        yield FieldProblem("transport.public_available", texts.PUBLIC_WANTED_BUT_NONE)
    if wish.kind in (None, "public") and wish.public_unsuitable:
        yield FieldProblem("transport.kind", texts.UNSUITABLE_WITHOUT_WISH)
    one, both = wish.minutes_one_way, wish.minutes_a_day
    if one is not None and both is not None and one > both:
        yield FieldProblem("transport.minutes_one_way", texts.ONE_WAY_LONGER_THAN_BOTH)


def of_last_day(leaves_on: date | None, school_year: str | None, wanted_from: date | None) -> Iterator[FieldProblem]:
    """A last day outside the school year, or before the ticket is wanted."""
    if leaves_on is None:
        return
    year = SchoolYear.parse(school_year) if school_year is not None else None
    if year is not None and not year.first_day <= leaves_on <= year.last_day:
        yield FieldProblem("leaves_on", texts.LEAVES_OUTSIDE)
    elif wanted_from is not None and leaves_on < wanted_from:
        yield FieldProblem("leaves_on", texts.LEAVES_BEFORE_START)

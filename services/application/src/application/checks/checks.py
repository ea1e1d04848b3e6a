"""What the directory and the calendar say of a form. Small pure functions; together they name every field at once."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from shared.birth_dates import PartlyKnownDate, earliest, latest
from shared.calendar import SchoolYear
from shared.errors import FieldProblem, Text
from shared.working_days import OF_NRW, next_working_day

from application.checks import contradictions, texts
from application.checks.keys import SchoolKeys, age_on
from application.domain.school import School
from application.form import Address, ApplicationForm
from application.form.circumstances import Claims, Course, Sibling, Transport
from application.form.model import Applicant, Consent, Guardian, Pupil

POST_BOX = re.compile(
    r"\s*(?:(?:(?:gro(?:ß|ss)kunden)?p(?:ost|os|ots|sot) ?fach|post ?(?:lagernd|filiale)"
    r"|(?:pack|paket)(?:station|box|shop)|p\.? ?o\.? ?box)\b"
    r"|postf\.?(?=\s*\d)|pf\.?(?=\s*\d))",
    re.IGNORECASE,
)
"""By all the names that families write: Packstation 123, Postfiliale 512, Pf. 10 15 10."""
YEARS_BACK = 3
"""Our own choice: catches a mistyped year. Whether a late claim still counts is the authority's decision."""
YEARS_AHEAD = 1
TWINS_WITHIN = timedelta(days=1)
SHORTEST_BETWEEN_BIRTHS = timedelta(days=180)
"""Our own choice, below what is possible, so that hardly a true story is asked about."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""How far a family's clock may be ahead of ours."""


class Facts(Protocol):
    """Of a form, what can be checked. None: missing or unusable, already told elsewhere."""

    @property
    def home(self) -> Address | None:
        """Where the child lives."""

    @property
    def school_number(self) -> str | None:
        """Six digits of the state's register."""

    @property
    def grade(self) -> str | None:
        """SVWS key: 01 to 13, EF, Q1, Q2."""

    @property
    def track(self) -> str | None:
        """GY8 or GY9, at a school that has a grammar-school course."""

    @property
    def course(self) -> Course | None:
        """At a vocational college: annex and kind of attendance."""

    @property
    def school_year(self) -> str | None:
        """As 2026/27."""

    @property
    def wanted_from(self) -> date | None:
        """The first day for which a ticket is wanted."""

    @property
    def birth_date(self) -> date | PartlyKnownDate | None:
        """The pupil's; a day or month that papers do not know may be missing."""

    @property
    def siblings(self) -> Sequence[Sibling]:
        """As named by the family; empty where there are none."""

    @property
    def consents(self) -> Sequence[Consent]:
        """The texts that were read or agreed to."""

    @property
    def claims(self) -> Claims:
        """Grounds beyond the distance."""

    @property
    def applicant(self) -> Applicant | None:
        """Guardian, or a pupil of age."""

    @property
    def guardian(self) -> Guardian | None:
        """None too where the pupil applies."""

    @property
    def pupil(self) -> Pupil | None:
        """Name and birth date."""

    @property
    def transport(self) -> Transport | None:
        """How the child wants to travel, and how long the way takes."""

    @property
    def leaves_on(self) -> date | None:
        """The last day at this school, where it is known."""


def check(facts: Facts, school: School | None, keys: SchoolKeys, now: datetime, today: date) -> list[FieldProblem]:
    """Everything that does not fit. `school` is the directory's entry; `today` is the day in Germany at `now`."""
    return [
        *_check_home(facts.home),
        *_check_school(facts, school, keys),
        *_check_grade(facts, school, keys),
        *_check_track(facts, school, keys),
        *_check_course(facts, school, keys),
        *_check_period(facts, today),
        *_check_births(facts, school, keys, today),
        *_check_consents(facts, keys, now, today),
        *contradictions.of_applicant(facts.applicant, facts.guardian, facts.pupil),
        *contradictions.of_claims(facts.claims, facts.school_number),
        *contradictions.of_transport(facts.transport),
        *contradictions.of_last_day(facts.leaves_on, facts.school_year, facts.wanted_from),
    ]


def _check_home(home: Address | None) -> Iterator[FieldProblem]:
    """Nobody lives in a post-office box; letters may go to one."""
    if home is not None and POST_BOX.match(f"{home.street} {home.house_number}"):
        yield FieldProblem("home.street", texts.POST_BOX)


def _check_school(facts: Facts, school: School | None, keys: SchoolKeys) -> Iterator[FieldProblem]:
    if facts.school_number is None:
        return
    text = _fault_of_school(facts, school, keys)
    if text:
        yield FieldProblem("school_number", text)


def _fault_of_school(facts: Facts, school: School | None, keys: SchoolKeys) -> Text | None:
    if school is None:
        return texts.UNKNOWN_SCHOOL
    if school.operation in keys.operation.opens_later:
        if facts.wanted_from and school.operation_since and facts.wanted_from < school.operation_since:
            return texts.SCHOOL_OPENS_LATER
    elif school.operation not in keys.operation.open or keys.forms[school.form].ended is not None:
        return texts.CLOSED_SCHOOL
    if not school.authority.takes_part:
        return texts.AUTHORITY_DOES_NOT_TAKE_PART
    return None


def _check_grade(facts: Facts, school: School | None, keys: SchoolKeys) -> Iterator[FieldProblem]:
    if facts.grade is None:
        return
    if facts.grade not in keys.every_grade:
        yield FieldProblem("grade", texts.UNKNOWN_GRADE)
        return
    form = keys.forms[school.form] if school else None
    if form is None or not form.grades:
        return
    if facts.grade not in form.grades:
        yield FieldProblem(
            "grade", texts.grade_of_other_form(form.de, form.en, form.grades, of_course=bool(form.courses))
        )
    elif facts.track in form.tracks and facts.grade in keys.missing_in_track.get(facts.track, ()):  # type: ignore[call-overload]
        yield FieldProblem("grade", texts.GRADE_BEYOND_TRACK)


def _check_track(facts: Facts, school: School | None, keys: SchoolKeys) -> Iterator[FieldProblem]:
    if facts.track is None or school is None:
        return
    form = keys.forms[school.form]
    if facts.track not in form.tracks:
        yield FieldProblem("track", texts.track_of_other_form(form.de, form.en, form.tracks))


def _check_course(facts: Facts, school: School | None, keys: SchoolKeys) -> Iterator[FieldProblem]:
    if facts.course is None:
        return
    if school is not None and not keys.forms[school.form].courses:
        yield FieldProblem("course", texts.COURSE_ELSEWHERE)
    elif facts.course.district_class and (facts.course.annex != "A" or facts.course.full_time):
        yield FieldProblem("course.district_class", texts.DISTRICT_CLASS)


def _check_period(facts: Facts, today: date) -> Iterator[FieldProblem]:
    if facts.school_year is None:
        return
    year = SchoolYear.parse(facts.school_year)
    present = SchoolYear.of(today)
    if not present.first - YEARS_BACK <= year.first <= present.first + YEARS_AHEAD:
        yield FieldProblem("school_year", texts.SCHOOL_YEAR_AWAY)
    if facts.wanted_from is not None and not year.first_day <= facts.wanted_from <= year.last_day:
        yield FieldProblem("wanted_from", texts.START_OUTSIDE)


def _check_births(facts: Facts, school: School | None, keys: SchoolKeys, today: date) -> Iterator[FieldProblem]:
    if facts.birth_date is not None:
        fault = _fault_of_birth(facts.birth_date, keys, today) or _fault_of_age(facts, school, keys)
        if fault:
            yield FieldProblem("pupil.birth_date", fault)
    for place, sibling in enumerate(facts.siblings):
        if fault := _fault_of_birth(sibling.birth_date, keys, today):
            yield FieldProblem(f"siblings.{place}.birth_date", fault)
        yield from contradictions.of_sibling(sibling, place, facts.birth_date)


def _fault_of_birth(born: date | PartlyKnownDate, keys: SchoolKeys, today: date) -> Text | None:
    if earliest(born) > today:
        return texts.BIRTH_IN_FUTURE
    if age_on(today, latest(born)) > keys.ages.longest_life:
        return texts.LIFE_TOO_LONG
    return None


def _fault_of_age(facts: Facts, school: School | None, keys: SchoolKeys) -> Text | None:
    """Only where the grade is one of the school: otherwise the grade is what has to be corrected. Of a birth date that
    is known in part, only what no day could put right."""
    if facts.birth_date is None or facts.wanted_from is None or facts.grade is None or school is None:
        return None
    if facts.grade not in keys.forms[school.form].grades:
        return None
    span = keys.plausible_ages(school.form, facts.grade, facts.track)
    oldest, youngest = (age_on(facts.wanted_from, each(facts.birth_date)) for each in (earliest, latest))
    return None if span.youngest <= oldest and youngest <= span.oldest else texts.AGE_IMPLAUSIBLE


def _check_consents(facts: Facts, keys: SchoolKeys, now: datetime, today: date) -> Iterator[FieldProblem]:
    """What is said to have been read is a text that there is: else nobody could show later what it said."""
    shown = {each.text_id: [version for version, first in each.versions.items() if first <= today]
             for each in keys.consent_texts}  # fmt: skip
    for place, consent in enumerate(facts.consents):
        if consent.text_id not in shown:
            yield FieldProblem(f"consents.{place}.text_id", texts.unknown_text(sorted(shown)))
        elif consent.version not in shown[consent.text_id]:
            yield FieldProblem(f"consents.{place}.version", texts.unknown_version(shown[consent.text_id]))
        if consent.accepted_at is not None and consent.accepted_at > now + CLOCKS_DIFFER:
            yield FieldProblem(f"consents.{place}.accepted_at", texts.ACCEPTED_IN_FUTURE)


def claims_until(year: SchoolYear) -> date:
    """Three months after the period (§ 4 SchfkVO), or the next working day (§ 31 Abs. 3 VwVfG NRW): whether a later one
    still counts, the authority decides."""
    return next_working_day(date(year.first + 1, 10, 31), OF_NRW)


def hints(form: ApplicationForm, applied_on: date, *, other_children: bool = False) -> list[Text]:
    """What the family should know although the application is accepted: lateness is for the authority to judge.

    Args:
        other_children: the account applies for others too, and this application names no siblings.
    """
    until = claims_until(SchoolYear.parse(form.school_year))
    close = any(_born_soon_after(form.birth_date, each.birth_date) for each in form.siblings)
    said = (
        (applied_on > until, texts.late(until)),
        (other_children, texts.SIBLINGS_NOT_NAMED),
        (close, texts.SIBLING_BORN_SOON_AFTER),
    )
    return [text for holds, text in said if holds]


def _born_soon_after(one: date | PartlyKnownDate, other: date | PartlyKnownDate) -> bool:
    """Too soon for one mother, and no twins: it is asked, for step-siblings and half-siblings count as well."""
    if isinstance(one, PartlyKnownDate) or isinstance(other, PartlyKnownDate):
        return False
    return TWINS_WITHIN < abs(one - other) < SHORTEST_BETWEEN_BIRTHS

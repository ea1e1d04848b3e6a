"""Facts that cannot all be true: nobody guesses which one is wrong, the family is asked."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text

from eligibility.rules import to_family
from eligibility.rules.facts import NO_PUPIL, NO_SCHOOL, CourseFacts, Facts
from eligibility.rules.findings import Finding, question
from eligibility.rules.law.before import unnamed
from eligibility.rules.law.scope import in_course_form
from eligibility.rules.law.texts import Said
from eligibility.rules.law.texts import contradictions as say
from eligibility.rules.rule_set.rule_set import Law

NAME = "contradictions.asked"
UPPER_YEARS = {"EF": 11, "Q1": 12, "Q2": 13}
Asked = tuple[Said, Text]
"""As it is put at the desk, and what the family reads of it."""
NOTHING_TO_BEAR, OF_FORM_AND_LEVEL = "fare", ("school", "limit", "course", "income")
YOUNGEST_OF_ADULTS = 16
"""At schools for adults, which are not covered: after ten years at school (§ 37 SchulG NRW)."""
NEVER_OF_ADULTS = frozenset({"03", "04", "05", "06", "07", "08"})
AGE_BEFORE_YEAR_1, MOST_YEARS_APART = 5, 10
"""Usual age in year n is n + 5; ten years off is no repeated year any more (our own wide limit, to catch a mistake)."""
YOUNGEST_OF_COURSES = 11 + AGE_BEFORE_YEAR_1 - MOST_YEARS_APART
"""By the same wide limit, in the first year of Sekundarstufe II. Adults learn there too: there is no oldest."""


@dataclass(frozen=True, slots=True)
class Contradictions:
    """What does not fit together, and what must wait for it."""

    questions: tuple[Finding, ...] = ()
    """One for each pair. A grade that the form does not have is asked with the limit."""
    left_open: frozenset[str] = frozenset()
    """Rules by which nothing may be refused yet, because the facts by which they would contradict each other."""
    level_in_doubt: bool = False
    """Whether the level of school, and so the limit, is found by such facts: then no way is too short yet."""


NONE = Contradictions()


def contradictions(facts: Facts, law: Law) -> Contradictions:
    """Gone through once a decision; nearly always there are none."""
    asked = _contradicting(facts, law) if law.does.ask_about_contradictions else []
    if not asked:
        return NONE
    level_in_doubt = law.does.doubt_level and _of_the_level(asked, facts, law)
    if law.has(NAME) and not law.flag(NAME):
        return Contradictions(level_in_doubt=level_in_doubt)
    basis = law.basis(NAME) if law.has(NAME) else unnamed.BASIS_OF_CONTRADICTIONS
    questions = tuple(question("contradiction", basis, *said, family=family) for said, family in asked)
    return Contradictions(questions, _left_open(asked, facts, law), level_in_doubt)


def _left_open(asked: list[Asked], facts: Facts, law: Law) -> frozenset[str]:
    """Whatever contradicts itself, "nothing to bear" waits. Form, level and course are in doubt with all but the days of
    the grant: they are what the contradicting facts are about."""
    if not law.does.let_refusals_wait:
        return frozenset()
    only_days = len(asked) == len(_of_the_period(facts))
    return frozenset({NOTHING_TO_BEAR}) if only_days else frozenset({NOTHING_TO_BEAR, *OF_FORM_AND_LEVEL})


def _of_the_level(asked: list[Asked], facts: Facts, law: Law) -> bool:
    others = (*_of_the_district_class(facts, law), *_of_the_period(facts))
    return any(each not in others for each in asked)


def _contradicting(facts: Facts, law: Law) -> list[Asked]:
    form_key = (facts.school or NO_SCHOOL).form
    form = law.forms[form_key] if form_key is not None else None
    asked: list[Asked] = []
    if law.does.doubt_district_class_and_year_13:
        asked += [*_of_the_district_class(facts, law), *_of_year_13(facts)]
    if law.does.compare_age_and_grade:
        asked += _of_age_and_grade(facts, law)
    if law.does.compare_age_and_form:
        asked += _of_age_and_form(facts, law)
    if form is not None and facts.track == "GY8" and not form.eight_or_nine_years:
        asked.append((say.no_eight_years(form.title), to_family.TRACK_ELSEWHERE))
    if form is not None and form.level is None and facts.course is not None and _names_a_course(facts.course, law):
        asked.append((say.no_courses(form.title), to_family.COURSE_ELSEWHERE))
    birth = (facts.pupil or NO_PUPIL).born
    if birth is not None and birth > law.ends:
        asked.append((say.BIRTH_TOO_LATE, to_family.BIRTH_TOO_LATE))
    return [*asked, *_of_the_period(facts)]


def _of_the_period(facts: Facts) -> list[Asked]:
    if facts.wanted_from is None or facts.leaves_on is None or facts.leaves_on >= facts.wanted_from:
        return []
    return [(say.LEAVES_BEFORE_START, to_family.LEAVES_BEFORE_START)]


def _of_age_and_grade(facts: Facts, law: Law) -> list[Asked]:
    """A birth date that is years away from the grade is a mistake in one of them. The form checks more closely."""
    birth, form_key = (facts.pupil or NO_PUPIL).born, (facts.school or NO_SCHOOL).form
    if birth is None or birth > law.ends or facts.grade is None or form_key is None:
        return []
    if law.forms[form_key].level is not None:  # adults learn there too, and the year is that of the course
        return []
    year = UPPER_YEARS.get(facts.grade) or int(facts.grade)
    if abs(_age(birth, law.begins) - (year + AGE_BEFORE_YEAR_1)) <= MOST_YEARS_APART:
        return []
    return [(say.AGE_AND_GRADE, to_family.AGE_AND_GRADE)]


def _of_age_and_form(facts: Facts, law: Law) -> list[Asked]:
    """A child that is too young for a school of adults attends another one, which may be covered; and nobody of
    five years attends a course of Sekundarstufe II."""
    birth, form_key = (facts.pupil or NO_PUPIL).born, (facts.school or NO_SCHOOL).form
    form = law.forms[form_key] if form_key is not None else None
    if form is None or form.level != "upper":
        return []
    of_adults = form_key in law.words("scope.forms_excluded")
    of_courses = YOUNGEST_OF_COURSES if law.does.expect_age_of_courses else 0
    youngest = YOUNGEST_OF_ADULTS if of_adults else of_courses
    too_young = birth is not None and birth <= law.ends and _age(birth, law.begins) < youngest
    if not too_young and not (of_adults and facts.grade in NEVER_OF_ADULTS):
        return []
    return [(say.age_and_form(form.title), to_family.AGE_AND_FORM)]


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _names_a_course(course: CourseFacts, law: Law) -> bool:
    return course.annex is not None or (law.does.take_district_class_for_course and bool(course.district_class))


def _of_the_district_class(facts: Facts, law: Law) -> list[Asked]:
    """District classes belong to the dual system: annex A, part time."""
    course = facts.course
    if (
        course is None
        or not course.district_class
        or not in_course_form(facts, law)
        or not (course.full_time or course.annex not in (None, "A"))
    ):
        return []
    return [(say.DISTRICT_CLASS_ELSEWHERE, to_family.DISTRICT_CLASS_ELSEWHERE)]


def _of_year_13(facts: Facts) -> list[Asked]:
    if facts.track != "GY8" or facts.grade != "13":
        return []
    return [(say.YEAR_13, to_family.YEAR_13)]

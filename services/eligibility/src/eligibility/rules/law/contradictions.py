"""Facts that cannot all be true: nobody guesses which one is wrong, the family is asked."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text

from eligibility.rules import to_family
from eligibility.rules.facts import NO_PUPIL, NO_SCHOOL, CourseFacts, Facts
from eligibility.rules.findings import Finding, question
from eligibility.rules.law.scope import in_course_form
from eligibility.rules.rule_set.rule_set import Law

BASIS = "§ 24 VwVfG NRW"
"""Of rule sets before engine 3, which did not name it."""
NAME = "contradictions.asked"
UPPER_YEARS = {"EF": 11, "Q1": 12, "Q2": 13}
Asked = tuple[Text, Text]
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
    asked = _contradicting(facts, law) if law.engine > 1 else []
    if not asked:
        return NONE
    level_in_doubt = law.engine > 3 and _of_the_level(asked, facts, law)
    if law.has(NAME) and not law.flag(NAME):
        return Contradictions(level_in_doubt=level_in_doubt)
    basis = law.basis(NAME) if law.has(NAME) else BASIS
    questions = tuple(question("contradiction", basis, one.de, one.en, family=family) for one, family in asked)
    return Contradictions(questions, _left_open(asked, facts, law), level_in_doubt)


def _left_open(asked: list[Asked], facts: Facts, law: Law) -> frozenset[str]:
    """Whatever contradicts itself, "nothing to bear" waits. Form, level and course are in doubt with all but the days of
    the grant: they are what the contradicting facts are about."""
    if law.engine < 6:
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
    if law.engine > 2:
        asked += [*_of_the_district_class(facts, law), *_of_year_13(facts)]
    if law.engine > 3:
        asked += _of_age_and_grade(facts, law)
    if law.engine > 5:
        asked += _of_age_and_form(facts, law)
    if form is not None and facts.track == "GY8" and not form.eight_or_nine_years:
        asked.append((Text(f"Einen achtjährigen Bildungsgang (G8) gibt es an der Schulform {form.title} nicht. Welche Schule und welcher Bildungsgang sind es?",
                          f"There is no eight-year course (G8) at this form of school ({form.title}). Which school and which course is it?"), to_family.TRACK_ELSEWHERE))  # fmt: skip
    if form is not None and form.level is None and facts.course is not None and _names_a_course(facts.course, law):
        asked.append((Text(f"Bildungsgänge der Anlagen A bis E gibt es am Berufskolleg, nicht an der Schulform {form.title}. Welche Schule ist es?",
                          f"Courses of the annexes A to E exist at a Berufskolleg, not at this form of school ({form.title}). Which school is it?"), to_family.COURSE_ELSEWHERE))  # fmt: skip
    birth = (facts.pupil or NO_PUPIL).born
    if birth is not None and birth > law.ends:
        asked.append((Text("Das Geburtsdatum liegt nach dem Schuljahr. Wann ist das Kind geboren?",
                          "The birth date is later than the school year. When was the child born?"), to_family.BIRTH_TOO_LATE))  # fmt: skip
    return [*asked, *_of_the_period(facts)]


def _of_the_period(facts: Facts) -> list[Asked]:
    if facts.wanted_from is None or facts.leaves_on is None or facts.leaves_on >= facts.wanted_from:
        return []
    return [(Text("Das Kind verlässt die Schule vor dem gewünschten Beginn. Welche Tage stimmen?",
             "The child leaves the school before the wanted start. Which days are right?"), to_family.LEAVES_BEFORE_START)]  # fmt: skip


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
    return [(Text("Das Geburtsdatum passt nicht zur Klasse. Wann ist das Kind geboren, und welche Klasse besucht es?",
             "The birth date does not fit the grade. When was the child born, and which grade does it attend?"), to_family.AGE_AND_GRADE)]  # fmt: skip


def _of_age_and_form(facts: Facts, law: Law) -> list[Asked]:
    """A child that is too young for a school of adults attends another one, which may be covered; and nobody of
    five years attends a course of Sekundarstufe II."""
    birth, form_key = (facts.pupil or NO_PUPIL).born, (facts.school or NO_SCHOOL).form
    form = law.forms[form_key] if form_key is not None else None
    if form is None or form.level != "upper":
        return []
    of_adults = form_key in law.words("scope.forms_excluded")
    youngest = YOUNGEST_OF_ADULTS if of_adults else YOUNGEST_OF_COURSES if law.engine > 6 else 0
    too_young = birth is not None and birth <= law.ends and _age(birth, law.begins) < youngest
    if not too_young and not (of_adults and facts.grade in NEVER_OF_ADULTS):
        return []
    return [(Text(f"Geburtsdatum oder Klasse passen nicht zur Schulform {form.title}. Wann ist das Kind geboren, und welche Schule und Klasse besucht es?",
             f"Birth date or grade do not fit this form of school ({form.title}). When was the child born, and which school and grade does it attend?"), to_family.AGE_AND_FORM)]  # fmt: skip


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _names_a_course(course: CourseFacts, law: Law) -> bool:
    return course.annex is not None or (law.engine > 2 and bool(course.district_class))


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
    return [(Text("Bezirksfachklassen gehören zum dualen System (Anlage A, Teilzeit oder Blockunterricht). Welcher Bildungsgang ist es?",
             "District classes belong to the dual system (annex A, part time or in blocks). Which course is it?"), to_family.DISTRICT_CLASS_ELSEWHERE)]  # fmt: skip


def _of_year_13(facts: Facts) -> list[Asked]:
    if facts.track != "GY8" or facts.grade != "13":
        return []
    return [(Text("Eine Klasse 13 gibt es im achtjährigen Bildungsgang (G8) nicht. Welche Stufe und welcher Bildungsgang sind es?",
             "There is no year 13 in the eight-year course (G8). Which year and which course is it?"), to_family.YEAR_13)]  # fmt: skip

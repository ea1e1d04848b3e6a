"""Facts that cannot all be true: nobody guesses which one is wrong, the family is asked."""

from eligibility.rules.facts import NO_PUPIL, NO_SCHOOL, CourseFacts, Facts
from eligibility.rules.findings import Finding, question
from eligibility.rules.law.scope import in_course_form
from eligibility.rules.rule_set.rule_set import Law

BASIS = "§ 24 VwVfG NRW"
"""Of rule sets before engine 3, which did not name it."""
NAME = "contradictions.asked"


def contradictions(facts: Facts, law: Law) -> list[Finding]:
    """One question for each pair that does not fit. A grade that the form does not have is asked with the limit."""
    if law.engine < 2 or (law.has(NAME) and not law.flag(NAME)):
        return []
    basis = law.basis(NAME) if law.has(NAME) else BASIS
    return [question("contradiction", basis, *texts) for texts in _contradicting(facts, law)]


def _contradicting(facts: Facts, law: Law) -> list[tuple[str, str]]:
    form_key = (facts.school or NO_SCHOOL).form
    form = law.forms[form_key] if form_key is not None else None
    asked: list[tuple[str, str]] = []
    if law.engine > 2:
        asked += _of_the_course(facts, law)
    if form is not None and facts.track == "GY8" and not form.eight_or_nine_years:
        asked.append((f"Einen achtjährigen Bildungsgang (G8) gibt es an der Schulform {form.title} nicht. Welche Schule und welcher Bildungsgang sind es?",
                          f"There is no eight-year course (G8) at this form of school ({form.title}). Which school and which course is it?"))  # fmt: skip
    if form is not None and form.level is None and facts.course is not None and _names_a_course(facts.course, law):
        asked.append((f"Bildungsgänge der Anlagen A bis E gibt es am Berufskolleg, nicht an der Schulform {form.title}. Welche Schule ist es?",
                          f"Courses of the annexes A to E exist at a Berufskolleg, not at this form of school ({form.title}). Which school is it?"))  # fmt: skip
    birth = (facts.pupil or NO_PUPIL).birth_date
    if birth is not None and birth > law.ends:
        asked.append(("Das Geburtsdatum liegt nach dem Schuljahr. Wann ist das Kind geboren?",
                          "The birth date is later than the school year. When was the child born?"))  # fmt: skip
    if facts.wanted_from is not None and facts.leaves_on is not None and facts.leaves_on < facts.wanted_from:
        asked.append(("Das Kind verlässt die Schule vor dem gewünschten Beginn. Welche Tage stimmen?",
                          "The child leaves the school before the wanted start. Which days are right?"))  # fmt: skip
    return asked


def _names_a_course(course: CourseFacts, law: Law) -> bool:
    return course.annex is not None or (law.engine > 2 and bool(course.district_class))


def _of_the_course(facts: Facts, law: Law) -> list[tuple[str, str]]:
    """District classes belong to the dual system: annex A, part time. Year 13 does not exist in eight years."""
    asked = []
    course = facts.course
    if (
        course is not None
        and course.district_class
        and in_course_form(facts, law)
        and (course.full_time or course.annex not in (None, "A"))
    ):
        asked.append(("Bezirksfachklassen gehören zum dualen System (Anlage A, Teilzeit oder Blockunterricht). Welcher Bildungsgang ist es?",
                      "District classes belong to the dual system (annex A, part time or in blocks). Which course is it?"))  # fmt: skip
    if facts.track == "GY8" and facts.grade == "13":
        asked.append(("Eine Klasse 13 gibt es im achtjährigen Bildungsgang (G8) nicht. Welche Stufe und welcher Bildungsgang sind es?",
                      "There is no year 13 in the eight-year course (G8). Which year and which course is it?"))  # fmt: skip
    return asked

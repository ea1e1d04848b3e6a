"""Facts that cannot all be true: nobody guesses which one is wrong, the family is asked."""

from eligibility.rules.facts import NO_PUPIL, NO_SCHOOL, Facts
from eligibility.rules.findings import Finding, question
from eligibility.rules.rule_set import Law

BASIS = "§ 24 VwVfG NRW"


def contradictions(facts: Facts, law: Law) -> list[Finding]:
    """One question for each pair that does not fit. A grade that the form does not have is asked with the limit."""
    if law.engine < 2:
        return []
    form_key = (facts.school or NO_SCHOOL).form
    form = law.forms[form_key] if form_key is not None else None
    asked = []
    if form is not None and facts.track == "GY8" and not form.eight_or_nine_years:
        asked.append(_ask(f"Einen achtjährigen Bildungsgang (G8) gibt es an der Schulform {form.title} nicht. Welche Schule und welcher Bildungsgang sind es?",
                          f"There is no eight-year course (G8) at this form of school ({form.title}). Which school and which course is it?"))  # fmt: skip
    if form is not None and form.level is None and facts.course is not None and facts.course.annex is not None:
        asked.append(_ask(f"Bildungsgänge der Anlagen A bis E gibt es am Berufskolleg, nicht an der Schulform {form.title}. Welche Schule ist es?",
                          f"Courses of the annexes A to E exist at a Berufskolleg, not at this form of school ({form.title}). Which school is it?"))  # fmt: skip
    birth = (facts.pupil or NO_PUPIL).birth_date
    if birth is not None and birth > law.ends:
        asked.append(_ask("Das Geburtsdatum liegt nach dem Schuljahr. Wann ist das Kind geboren?",
                          "The birth date is later than the school year. When was the child born?"))  # fmt: skip
    if facts.wanted_from is not None and facts.leaves_on is not None and facts.leaves_on < facts.wanted_from:
        asked.append(_ask("Das Kind verlässt die Schule vor dem gewünschten Beginn. Welche Tage stimmen?",
                          "The child leaves the school before the wanted start. Which days are right?"))  # fmt: skip
    return asked


def _ask(german: str, english: str) -> Finding:
    return question("contradiction", BASIS, german, english)

"""Who and what the law covers at all: residence, school, course, deadline."""

from eligibility.rules import texts, to_family, to_prove
from eligibility.rules.facts import NO_PUPIL, NO_SCHOOL, CourseFacts, Facts
from eligibility.rules.findings import Finding, met, not_met, note, question
from eligibility.rules.law.claims_end import deadline_basis, last_day_as_decided
from eligibility.rules.rule_set.rule_set import Law

STATE = "Nordrhein-Westfalen", "North Rhine-Westphalia"
"""Of rule sets before engine 3, which did not name it: they were all of this state."""


def residence(facts: Facts, law: Law) -> Finding | None:
    """NRW: § 97 Abs. 1 SchulG, § 2 Abs. 1 SchfkVO."""
    if not law.flag("residence.required"):
        return None
    basis = law.basis("residence.required")
    lives_here = (facts.pupil or NO_PUPIL).lives_in_nrw
    german, english = law.words("residence.state")[:2] if law.has("residence.state") else STATE
    if lives_here is None:
        return question(
            "residence", basis, f"Wohnt das Kind in {german} oder hält es sich dort gewöhnlich auf?",
            f"Does the child live in {english}, or habitually stay there?",
            family=to_family.lives_in(german, english),
        )  # fmt: skip
    if not lives_here and _stays_elsewhere_too(facts, law):
        return question(
            "residence", basis,
            f"Angegeben ist, dass das Kind nicht in {german} wohnt, aber auch eine zweite Wohnung oder ein Internat hat: Hält es sich gewöhnlich in {german} auf?",
            f"The child is said not to live in {english}, but also to have a second home or a boarding school: does it habitually stay in {english}?",
            family=to_family.lives_in(german, english),
        )  # fmt: skip
    if not lives_here:
        return not_met(
            "residence", basis,
            f"Fahrkosten werden nur für Schülerinnen und Schüler übernommen, die in {german} wohnen.",
            f"Travel costs are borne only for pupils who live in {english}.",
        )  # fmt: skip
    return met("residence", basis, f"Die Wohnung liegt in {german}.", f"The home is in {english}.")


def _stays_elsewhere_too(facts: Facts, law: Law) -> bool:
    """Habitual abode is enough (NRW: § 2 Abs. 1 SchfkVO): who has two homes, or a bed at a boarding school, may have it
    at the other one."""
    return law.engine > 3 and bool(facts.second_home or facts.boarding)


def bearer(facts: Facts, law: Law) -> Finding | None:
    """Who bears the cost. NRW: the authority of the school attended (§ 3 SchfkVO), whatever the residence; elsewhere that
    of the residence. Who asks there is presumed to live in its area, and the notice says so."""
    name = "bearer.by_residence"
    if not law.has(name) or not law.flag(name):
        return None
    basis, own = law.basis(name), (facts.pupil or NO_PUPIL).lives_in_authority_area
    if own is False and _stays_elsewhere_too(facts, law):
        return question(
            "bearer", basis, "Das Kind hat auch eine zweite Wohnung oder ein Internat: Hält es sich gewöhnlich im Gebiet dieses Trägers auf?",
            "The child also has a second home or a boarding school: does it habitually stay in this authority's area?",
            family=to_family.LIVES_IN_THE_AREA,
        )  # fmt: skip
    if own is False:
        return not_met(
            "bearer", basis, *_by_residence(law, "das Kind wohnt nicht in diesem Gebiet", "the child does not live in this area",
                                            "die Wohnung liegt nicht in diesem Gebiet", "the home is not in this area"),
        )  # fmt: skip
    if own is None:
        return note(
            "bearer", basis, *_by_residence(law, "es wird davon ausgegangen, dass das Kind hier wohnt", "it is presumed that the child lives here",
                                            "es wird davon ausgegangen, dass die Wohnung hier liegt", "it is presumed that the home is here"),
        )  # fmt: skip
    if law.engine < 5:
        return met(
            "bearer", basis, "Das Kind wohnt im Gebiet dieses Trägers.", "The child lives in this authority's area."
        )
    return met("bearer", basis, "Die Wohnung liegt im Gebiet dieses Trägers.", "The home is in this authority's area.")


def _by_residence(law: Law, before: str, before_english: str, since: str, since_english: str) -> tuple[str, str]:
    """From engine 5 on without a child: pupils of age read it too."""
    german, english = (since, since_english) if law.engine > 4 else (before, before_english)
    return (
        f"Zuständig ist der Träger der Schülerbeförderung am Wohnort; {german}.",
        f"The authority of the place of residence bears the cost; {english}.",
    )


def school(facts: Facts, law: Law) -> Finding:
    """Whether schools of this form are covered. NRW: § 97 Abs. 1 SchulG."""
    form = (facts.school or NO_SCHOOL).form
    if form is None:
        return question(
            "school", law.basis("scope.forms_excluded"), "Welche Schulform besucht das Kind?", "Which form of school does the child attend?",
            family=to_family.SCHOOL,
        )  # fmt: skip
    title = law.forms[form].title
    if form in law.words("scope.forms_excluded"):
        return not_met(
            "school", law.basis("scope.forms_excluded"),
            f"Die Schulform {title} gehört nicht zu den Schulen, für die Fahrkosten übernommen werden.",
            f"Travel costs are not borne for this form of school ({title}).",
        )  # fmt: skip
    return met(
        "school", law.basis("scope.levels"),
        f"Die Schulform {title} gehört zu den Schulen, für die Fahrkosten übernommen werden.",
        f"This form of school ({title}) is one for which travel costs are borne.",
    )  # fmt: skip


def private_school(facts: Facts, law: Law) -> Finding | None:
    """Said for the record. NRW: § 17 SchfkVO applies the same rules to approved private schools."""
    name = "scope.private_schools_alike"
    if not (facts.school or NO_SCHOOL).private or not _private_alike(law, name):
        return None
    return note(
        "private_school", law.basis(name) if law.has(name) else "§ 17 SchfkVO",
        "Für Ersatzschulen in freier Trägerschaft gelten dieselben Voraussetzungen.",
        "The same conditions apply to approved private schools.",
    )  # fmt: skip


def _private_alike(law: Law, name: str) -> bool:
    if law.engine < 3:  # then the preset's name decided, so that a rule set on top of it was silent
        return law.rules_version.split(" ", 1)[0] == "nrw"
    return law.has(name) and law.flag(name)


def in_course_form(facts: Facts, law: Law) -> bool:
    """Whether the school is of a form at which the course decides."""
    return (facts.school or NO_SCHOOL).form in law.words("scope.course_forms")


def course(facts: Facts, law: Law) -> Finding | None:
    """At a Berufskolleg the course decides. NRW: § 97 Abs. 1 (full time) and Abs. 2 (Bezirksfachklassen) SchulG."""
    if not in_course_form(facts, law):
        return None
    taken = facts.course or CourseFacts()
    if taken.district_class and law.flag("scope.district_classes_covered"):
        return met(
            "course", law.basis("scope.district_classes_covered"),
            "Besucht wird eine Bezirksfachklasse: Übernommen wird, was einen zumutbaren Eigenanteil übersteigt.",
            "The class is a district class (Bezirksfachklasse): costs above a reasonable own share are borne.",
        )  # fmt: skip
    return _part_time(taken, law) or _after_training(taken, law)


def _part_time(taken: CourseFacts, law: Law) -> Finding | None:
    basis = law.basis("scope.part_time_covered")
    if taken.full_time is None:
        return question(
            "course", basis,
            "Wird der Bildungsgang am Berufskolleg in Vollzeit besucht, oder ist es eine Bezirksfachklasse?",
            "Is the course at the Berufskolleg attended full time, or is it a district class (Bezirksfachklasse)?",
            family=to_family.FULL_TIME,
        )  # fmt: skip
    if taken.full_time or law.flag("scope.part_time_covered"):
        return None
    if taken.annex in (None, "A") and taken.district_class is None and law.flag("scope.district_classes_covered"):
        return question(
            "course", law.basis("scope.district_classes_covered"),
            "Ist die Fachklasse eine Bezirksfachklasse (bezirksübergreifend gebildet)?",
            "Is the class a district class (Bezirksfachklasse)?",
            family=to_family.DISTRICT_CLASS,
        )  # fmt: skip
    return not_met(
        "course", basis,
        "Am Berufskolleg werden Fahrkosten nur für Bildungsgänge in Vollzeit und für Bezirksfachklassen übernommen.",
        "At a Berufskolleg, travel costs are borne only for full-time courses and for district classes.",
    )  # fmt: skip


def _after_training(taken: CourseFacts, law: Law) -> Finding:
    basis = law.basis("scope.annexes_after_training")
    if taken.after_training:
        return not_met(
            "course", basis,
            "Der Bildungsgang setzt eine abgeschlossene Berufsausbildung voraus; dafür werden keine Fahrkosten übernommen.",
            "The course requires a finished vocational training; travel costs are not borne for it.",
        )  # fmt: skip
    if taken.annex is None:
        return question(
            "course", basis,
            "Welcher Anlage (A bis E) der Ausbildungs- und Prüfungsordnung gehört der Bildungsgang an?",
            "To which annex (A to E) of the training regulation does the course belong?",
            family=to_family.ANNEX,
        )  # fmt: skip
    if taken.annex in law.words("scope.annexes_after_training") and taken.after_training is None:
        return question(
            "course", basis,
            "Setzt der Bildungsgang der Fachschule eine abgeschlossene Berufsausbildung voraus "
            "(nicht: Sozialpädagogik, Heilerziehungspflege)?",
            "Does the course at the Fachschule require a finished vocational training "
            "(not so: social pedagogy, special-needs care)?",
            family=to_family.AFTER_TRAINING,
        )  # fmt: skip
    return met(
        "course", law.basis("scope.part_time_covered"),
        "Der Bildungsgang am Berufskolleg wird in Vollzeit besucht.",
        "The course at the Berufskolleg is attended full time.",
    )  # fmt: skip


def deadline(facts: Facts, law: Law) -> Finding | None:
    """NRW: at the latest three months after the end of the school year, and on a working day. Without a date of application nothing is tested."""
    last = last_day_as_decided(law)
    if last is None or facts.application_date is None:
        return None
    applied, until = texts.day(facts.application_date), texts.day(last)
    basis = deadline_basis(law)
    if facts.application_date > last:
        return not_met(
            "deadline", basis,
            f"Der Antrag vom {applied[0]} kam zu spät: Für das Schuljahr {law.school_year} war er bis zum {until[0]} zu stellen.",
            f"The application of {applied[1]} came too late: for the school year {law.school_year} the deadline was {until[1]}.",
        )  # fmt: skip
    return met(
        "deadline", basis,
        f"Der Antrag vom {applied[0]} ist rechtzeitig (Frist: {until[0]}).",
        f"The application of {applied[1]} is in time (deadline: {until[1]}).",
    )  # fmt: skip


def income(facts: Facts, law: Law, level: str) -> Finding | None:
    """Some states test the income at some levels (Rheinland-Pfalz: Sekundarstufe II)."""
    if level not in law.words("income.tested_levels"):
        return None
    basis = law.basis("income.tested_levels")
    if facts.income_within_limit is None:
        return question(
            "income", basis, "Liegt das Einkommen der Familie innerhalb der Einkommensgrenze?", "Is the family's income within the limit?",
            family=to_prove.INCOME,
        )  # fmt: skip
    if not facts.income_within_limit:
        return not_met(
            "income", basis, "Das Einkommen liegt über der Einkommensgrenze.", "The income is above the limit."
        )
    return met(
        "income", basis, "Das Einkommen liegt innerhalb der Einkommensgrenze.", "The income is within the limit."
    )

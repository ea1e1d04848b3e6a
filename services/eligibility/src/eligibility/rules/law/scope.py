"""Who and what the law covers at all: residence, school, course, deadline."""

from eligibility.rules import to_family, to_prove
from eligibility.rules.facts import NO_PUPIL, NO_SCHOOL, CourseFacts, Facts
from eligibility.rules.findings import Finding, met, not_met, note, question
from eligibility.rules.law.before import unnamed, wordings
from eligibility.rules.law.claims_end import deadline_basis, last_day_as_decided
from eligibility.rules.law.texts import Said
from eligibility.rules.law.texts import scope as say
from eligibility.rules.rule_set.rule_set import Law


def residence(facts: Facts, law: Law) -> Finding | None:
    """NRW: § 97 Abs. 1 SchulG, § 2 Abs. 1 SchfkVO."""
    if not law.flag("residence.required"):
        return None
    basis = law.basis("residence.required")
    lives_here = (facts.pupil or NO_PUPIL).lives_in_nrw
    state = _state(law)
    if lives_here is None:
        return question("residence", basis, *say.lives_in(state), family=to_family.lives_in(*state))
    if not lives_here and _stays_elsewhere_too(facts, law):
        return question("residence", basis, *say.stays_in(state), family=to_family.lives_in(*state))
    if not lives_here:
        return not_met("residence", basis, *say.only_of(state))
    return met("residence", basis, *say.home_in(state))


def _state(law: Law) -> Said:
    if not law.has("residence.state"):
        return unnamed.STATE
    german, english = law.words("residence.state")[:2]
    return german, english


def _stays_elsewhere_too(facts: Facts, law: Law) -> bool:
    """Habitual abode is enough (NRW: § 2 Abs. 1 SchfkVO): who has two homes, or a bed at a boarding school, may have it
    at the other one."""
    return law.does.ask_where_child_stays and bool(facts.second_home or facts.boarding)


def bearer(facts: Facts, law: Law) -> Finding | None:
    """Who bears the cost. NRW: the authority of the school attended (§ 3 SchfkVO), whatever the residence; elsewhere that
    of the residence. Who asks there is presumed to live in its area, and the notice says so."""
    name = "bearer.by_residence"
    if not law.has(name) or not law.flag(name):
        return None
    basis, own = law.basis(name), (facts.pupil or NO_PUPIL).lives_in_authority_area
    if own is False and _stays_elsewhere_too(facts, law):
        return question("bearer", basis, *say.STAYS_IN_THE_AREA, family=to_family.LIVES_IN_THE_AREA)
    of = say if law.does.speak_to_adult_pupils else wordings
    if own is None:
        return note("bearer", basis, *of.HOME_PRESUMABLY_HERE)
    return met("bearer", basis, *of.HOME_IN_THE_AREA) if own else not_met("bearer", basis, *of.HOME_ELSEWHERE)


def school(facts: Facts, law: Law) -> Finding:
    """Whether schools of this form are covered. NRW: § 97 Abs. 1 SchulG."""
    form = (facts.school or NO_SCHOOL).form
    if form is None:
        return question("school", law.basis("scope.forms_excluded"), *say.WHICH_SCHOOL_FORM, family=to_family.SCHOOL)
    title = law.forms[form].title
    if form in law.words("scope.forms_excluded"):
        return not_met("school", law.basis("scope.forms_excluded"), *say.form_outside_scope(title))
    return met("school", law.basis("scope.levels"), *say.form_within_scope(title))


def private_school(facts: Facts, law: Law) -> Finding | None:
    """Said for the record. NRW: § 17 SchfkVO applies the same rules to approved private schools."""
    name = "scope.private_schools_alike"
    if not (facts.school or NO_SCHOOL).private or not _private_alike(law, name):
        return None
    basis = law.basis(name) if law.has(name) else unnamed.BASIS_OF_PRIVATE_SCHOOLS
    return note("private_school", basis, *say.PRIVATE_SCHOOLS_ALIKE)


def _private_alike(law: Law, name: str) -> bool:
    if not law.does.read_private_schools_from_parameter:
        return unnamed.private_schools_alike(law)
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
        return met("course", law.basis("scope.district_classes_covered"), *say.DISTRICT_CLASS)
    return _part_time(taken, law) or _after_training(taken, law)


def _part_time(taken: CourseFacts, law: Law) -> Finding | None:
    basis = law.basis("scope.part_time_covered")
    if taken.full_time is None:
        return question("course", basis, *say.IS_IT_FULL_TIME, family=to_family.FULL_TIME)
    if taken.full_time or law.flag("scope.part_time_covered"):
        return None
    if taken.annex in (None, "A") and taken.district_class is None and law.flag("scope.district_classes_covered"):
        covered = law.basis("scope.district_classes_covered")
        return question("course", covered, *say.IS_IT_A_DISTRICT_CLASS, family=to_family.DISTRICT_CLASS)
    return not_met("course", basis, *say.NOT_IN_PART_TIME)


def _after_training(taken: CourseFacts, law: Law) -> Finding:
    basis = law.basis("scope.annexes_after_training")
    if taken.after_training:
        return not_met("course", basis, *say.AFTER_TRAINING)
    if taken.annex is None:
        return question("course", basis, *say.WHICH_ANNEX, family=to_family.ANNEX)
    if taken.annex in law.words("scope.annexes_after_training") and taken.after_training is None:
        return question("course", basis, *say.IS_IT_AFTER_TRAINING, family=to_family.AFTER_TRAINING)
    return met("course", law.basis("scope.part_time_covered"), *say.FULL_TIME)


def deadline(facts: Facts, law: Law) -> Finding | None:
    """NRW: at the latest three months after the end of the school year, and on a working day. Without a date of application nothing is tested."""
    last = last_day_as_decided(law)
    if last is None or facts.application_date is None:
        return None
    applied, basis = facts.application_date, deadline_basis(law)
    if applied > last:
        return not_met("deadline", basis, *say.too_late(applied, law.school_year, last))
    return met("deadline", basis, *say.in_time(applied, last))


def income(facts: Facts, law: Law, level: str) -> Finding | None:
    """Some states test the income at some levels (Rheinland-Pfalz: Sekundarstufe II)."""
    if level not in law.words("income.tested_levels"):
        return None
    basis = law.basis("income.tested_levels")
    if facts.income_within_limit is None:
        return question("income", basis, *say.IS_INCOME_WITHIN_THE_LIMIT, family=to_prove.INCOME)
    if not facts.income_within_limit:
        return not_met("income", basis, *say.INCOME_ABOVE_THE_LIMIT)
    return met("income", basis, *say.INCOME_WITHIN_THE_LIMIT)

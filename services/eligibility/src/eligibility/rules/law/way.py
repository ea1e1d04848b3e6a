"""The way to school: the level and its limit, the nearest school, and whether the limit is exceeded."""

from dataclasses import dataclass

from shared.errors import Text

from eligibility.rules import to_family
from eligibility.rules.facts import NO_SCHOOL, Facts
from eligibility.rules.findings import Finding, met, not_met, note, question
from eligibility.rules.law.before import wordings
from eligibility.rules.law.texts import Said
from eligibility.rules.law.texts import way as say
from eligibility.rules.rule_set.rule_set import Law, Level
from eligibility.rules.texts import year_of_school

UPPER = frozenset({"EF", "Q1", "Q2", "11", "12", "13"})
PRIMARY = frozenset({"01", "02", "03", "04"})
PARAMETERS: dict[Level, str] = {
    "primary": "limit.primary_m",
    "lower": "limit.lower_secondary_m",
    "upper": "limit.upper_secondary_m",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit that applies, in metres, or what stands against it."""

    finding: Finding
    metres: int | None = None
    parameter: str = "limit.primary_m"
    level: Level | None = None


def limit(facts: Facts, law: Law) -> Limit:
    """Level from grade, form and track; the limit from the level. NRW: § 5 Abs. 2 SchfkVO."""
    form_key = (facts.school or NO_SCHOOL).form
    basis = law.basis("limit.lower_secondary_m")
    if form_key is None:
        return _asking(basis, say.WHICH_SCHOOL_FORM, to_family.SCHOOL)
    form = law.forms[form_key]
    if form.level is not None:
        return _of_level(form.level, law, (form.title, form.title))
    grade = facts.grade
    if grade is None:
        return _asking(basis, say.WHICH_GRADE, to_family.GRADE)
    if form.grades and grade not in form.grades:
        return _asking(basis, say.no_such_grade(grade.lstrip("0"), form.title), to_family.SCHOOL_AND_GRADE)
    if form.eight_or_nine_years and grade in ("EF", "10"):
        return _year_of_eight_or_nine(facts, law, form.title)
    level: Level = "primary" if grade in PRIMARY else "upper" if grade in UPPER else "lower"
    year = year_of_school(grade, form_key) if law.does.name_years else wordings.year_of_school(grade)
    return _of_level(level, law, say.in_year(form.title, year))


def _year_of_eight_or_nine(facts: Facts, law: Law, title: str) -> Limit:
    """EF is year 10 of eight years (its own, lower limit) or year 11 of nine. Year 10 of nine is Sekundarstufe I."""
    if facts.grade == "EF" and facts.track is None:
        return _asking(law.basis("limit.year_10_of_eight_m"), say.WHICH_TRACK, to_family.TRACK)
    if facts.track == "GY8":
        return _of_parameter("limit.year_10_of_eight_m", "upper", law, say.in_year_10_of_eight(title))
    if facts.grade == "EF":
        return _of_level("upper", law, say.in_ef_of_nine(title))
    return _of_level("lower", law, say.in_grade_10(title))


def in_upper_level(facts: Facts, law: Law) -> bool:
    """Whether the year is one of the Oberstufe, or of a course of Sekundarstufe II."""
    form = (facts.school or NO_SCHOOL).form
    return form is not None and (law.forms[form].level == "upper" or facts.grade in UPPER)


def either_track(facts: Facts, law: Law) -> bool:
    """Whether the year is an EF of which nobody has said to which track it belongs."""
    form = (facts.school or NO_SCHOOL).form
    return facts.grade == "EF" and facts.track is None and form is not None and law.forms[form].eight_or_nine_years


def year_10_of_either_track(facts: Facts, law: Law) -> bool:
    """Whether it is a year 10 that is one of Sekundarstufe I, or the EF of eight years, and nobody has said which."""
    form = (facts.school or NO_SCHOOL).form
    return facts.grade == "10" and facts.track is None and form is not None and law.forms[form].eight_or_nine_years


def said_of_either(finding: Finding, law: Law, limits: list[int]) -> Finding:
    """The limit's finding where both tracks come to the same.

    Args:
        limits: metres, the lowest first.
    """
    if not limits:
        return finding
    return note("limit", law.basis("limit.year_10_of_eight_m"), *say.limits_of_both_tracks(limits[0], limits[-1]))


def _of_level(level: Level, law: Law, where: Said) -> Limit:
    if level not in law.words("scope.levels"):
        return Limit(not_met("limit", law.basis("scope.levels"), *say.level_outside_scope(where, level)), level=level)
    return _of_parameter(PARAMETERS[level], level, law, say.at_level(where, level))


def _of_parameter(parameter: str, level: Level, law: Law, where: Said) -> Limit:
    metres = law.number(parameter)
    if metres is None:
        return _asking(law.basis(parameter), say.WHICH_LIMIT_HERE, to_family.WE_LOOK)
    return Limit(note("limit", law.basis(parameter), *say.limit(where, metres)), metres, parameter, level)


def _asking(basis: str, said: Said, family: Text) -> Limit:
    return Limit(question("limit", basis, *said, family=family))


def is_assigned(facts: Facts, law: Law) -> bool:
    """A school that the school supervision named counts as the nearest, once that is proven."""
    name = "nearest.assigned_counts"
    place = facts.assigned_place
    return place is not None and place.confirmed is True and law.has(name) and bool(law.in_force[name].value)


def has_own_branch(facts: Facts, law: Law) -> bool:
    """A school with a branch that the nearer one does not have counts as the nearest, once that is proven."""
    return law.does.know_branches and facts.own_branch is not None and facts.own_branch.confirmed is True


def counts_as_nearest(facts: Facts, law: Law) -> bool:
    """Though a nearer school exists: that one refused, this one was named, or has a branch of its own."""
    return bool(facts.nearest_refusal_proven) or is_assigned(facts, law) or has_own_branch(facts, law)


def nearest_metres(facts: Facts, law: Law) -> float | None:
    """The way that is tested against the limit."""
    if facts.attends_nearest or counts_as_nearest(facts, law):
        return (
            facts.distance_m
            if facts.nearest_distance_m is None or not facts.attends_nearest
            else facts.nearest_distance_m
        )
    return facts.nearest_distance_m


def distance(facts: Facts, law: Law, applied: Limit) -> Finding:
    """Strictly longer than the limit, unrounded, to the nearest school. NRW: § 5 Abs. 2, § 7 Abs. 1, § 9 SchfkVO.

    The way to the school attended is looked at as well: where the two contradict each other and the answer depends
    on it, a person must look. A longer way therefore never makes the outcome worse.
    """
    basis = law.basis(applied.parameter)
    if applied.metres is None:
        return question("distance", basis, *say.WHICH_LIMIT, family=to_family.WE_LOOK)
    attended, nearest = facts.distance_m, facts.nearest_distance_m
    counts = is_assigned(facts, law) or has_own_branch(facts, law)
    if counts or facts.nearest_refusal_proven or (nearest is None and facts.attends_nearest):
        nearest = attended
    known = [each for each in (attended, nearest) if each is not None]
    if law.does.doubt_two_routes_to_nearest and facts.attends_nearest and _on_two_sides(known, applied.metres):
        return question("distance", basis, *say.WHICH_WAY, family=to_family.WE_MEASURE)
    if nearest is not None and nearest <= applied.metres and (attended is None or attended > applied.metres):
        if law.does.ask_before_nearer_school_refuses and _may_be_another(facts):
            return _missing(facts, basis)
        return _short(nearest, applied.metres, basis, to_nearest=not facts.attends_nearest)
    if known and all(each <= applied.metres for each in known):
        return _short(min(known), applied.metres, basis, to_nearest=not facts.attends_nearest)
    if attended is None or nearest is None or (facts.attends_nearest is None and not counts):
        return _missing(facts, basis)
    if attended <= applied.metres:
        return question("distance", basis, *say.WHICH_SCHOOL, family=to_family.WE_MEASURE)
    return met("distance", basis, *say.longer(nearest, applied.metres))


def _may_be_another(facts: Facts) -> bool:
    """Whether the nearer school may not be the nearest, or the way to the nearest is not known. Were the school attended
    the nearest, the two ways would contradict each other."""
    if facts.attends_nearest is None:
        return not facts.nearest_refusal_proven
    return facts.attends_nearest and facts.distance_m is None


def _on_two_sides(lengths: list[float], limit_metres: int) -> bool:
    return len({each > limit_metres for each in lengths}) == 2


def _short(metres: float, limit_metres: int, basis: str, *, to_nearest: bool) -> Finding:
    return not_met("distance", basis, *say.not_longer(metres, limit_metres, to_nearest=to_nearest))


def _missing(facts: Facts, basis: str) -> Finding:
    if facts.distance_m is None:
        return question("distance", basis, *say.HOW_LONG, family=to_family.WE_MEASURE)
    if facts.attends_nearest is None:
        return nearest_unknown(basis)
    return question("nearest_school", basis, *say.HOW_LONG_TO_NEAREST, family=to_family.WE_MEASURE)


def nearest_unknown(basis: str) -> Finding:
    """Asked where nobody has said whether the school attended is the nearest."""
    return question("nearest_school", basis, *say.IS_IT_THE_NEAREST, family=to_family.WE_MEASURE)

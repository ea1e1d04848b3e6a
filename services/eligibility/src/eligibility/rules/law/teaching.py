"""Grounds that come of where and when is taught: afternoon lessons, and places of teaching outside the school."""

from eligibility.rules import to_prove
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, compare_length, met, not_met, question
from eligibility.rules.law.texts import teaching as say
from eligibility.rules.rule_set.rule_set import Law


def afternoon_lessons(facts: Facts, law: Law, limit_metres: int | None, nearest_m: float | None) -> Finding | None:
    """NRW § 5 Abs. 3 SchfkVO: where the way is mostly walked twice a day, the ways are added up."""
    name = "claims.afternoon_ways"
    if facts.afternoon_lessons is None or facts.afternoon_lessons.mostly is False or not law.has(name):
        return None
    basis, trips = law.basis(name), law.number(name)
    if trips == 0:
        return None
    if trips is None or facts.afternoon_lessons.mostly is None or limit_metres is None or nearest_m is None:
        return question("afternoon_lessons", basis, *say.IS_IT_WALKED_TWICE, family=to_prove.AFTERNOON)
    return compare_length(
        "afternoon_lessons", basis, trips * nearest_m, limit_metres,
        longer=say.TWICE_LONGER, not_longer=say.TWICE_NOT_LONGER,
    )  # fmt: skip


def place_of_teaching(facts: Facts, law: Law, limit_metres: int | None) -> Finding | None:
    """NRW § 8 SchfkVO: internships and lessons elsewhere that the curriculum requires, by the same limits."""
    place, name = facts.place_of_teaching, "place_of_teaching.covered"
    if place is None or not law.has(name) or law.in_force[name].value is False:
        return None
    basis, unknown = law.basis(name), law.in_force[name].value is None
    farthest = law.number("place_of_teaching.farthest_m")
    if place.required is False:
        return not_met("place_of_teaching", basis, *say.PLACE_NOT_REQUIRED)
    if unknown or place.required is None or place.distance_m is None or limit_metres is None:
        return question("place_of_teaching", basis, *say.IS_PLACE_REQUIRED, family=to_prove.PLACE_OF_TEACHING)
    if place.distance_m <= limit_metres:
        return not_met("place_of_teaching", basis, *say.place_not_farther(place.distance_m, limit_metres))
    if farthest is not None and place.distance_m > farthest:
        said, of_farthest = say.is_none_nearer(place.distance_m, limit_metres, farthest), "place_of_teaching.farthest_m"
        family = to_prove.FAR_PLACE_OF_TEACHING
        return question("place_of_teaching", law.basis(of_farthest), *said, family=family)
    return met("place_of_teaching", basis, *say.place_farther(place.distance_m, limit_metres))

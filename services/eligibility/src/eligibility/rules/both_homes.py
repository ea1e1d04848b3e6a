"""A child that lives in two homes by turns: the same facts are decided from either home.

No rule was found for NRW that says from which home the way is measured (VG Köln, 10 K 6140/22, dismissed a claim for the
second one; its reasons were not seen). Where either home alone would be refused, nothing hangs on it. Where only one
would, a person decides.
"""

from collections.abc import Callable
from dataclasses import replace

from eligibility.rules import to_family
from eligibility.rules.evaluation import Evaluation
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, not_met, question
from eligibility.rules.law.texts import both_homes as say
from eligibility.rules.rule_set.rule_set import Law

RULE, DISTANCE = "second_home", "distance"


def by_both_homes(facts: Facts, law: Law, found: Evaluation, decide: Callable[[Facts], Evaluation]) -> Evaluation:
    """`found`, unless a second home is all that is open and the way from there was measured.

    Args:
        facts: as told and measured.
        law: of the school year.
        found: what they come to, with the question from which home the way is measured.
        decide: the same for other facts.
    """
    metres = facts.second_home_distance_m
    if metres is None or found.outcome != "review" or found.decided_by != {RULE} or facts.distance_m is None:
        return found
    first, second = (decide(each) for each in (from_home(facts), from_second_home(facts)))
    if first.outcome == second.outcome == "refused" and DISTANCE in second.decided_by:
        said = _refused_from_both(law, metres, first.limit_m)
        return replace(first, reasons=(*first.reasons, said), decided_by=first.decided_by | {RULE}, firm=False)
    asked = _from_which(law, facts.distance_m, metres, found.limit_m)
    return replace(found, reasons=tuple(asked if each.rule == RULE else each for each in found.reasons))


def from_home(facts: Facts) -> Facts:
    """As if there were the home alone."""
    return facts.model_copy(update={"second_home": None, "second_home_distance_m": None})


def from_second_home(facts: Facts) -> Facts:
    """As if there were the second home alone. Which school is the nearest from there was not measured: the one attended
    is the farthest that the limit could be tested against. Nor was a way around a danger, or to another place of
    teaching: what was told of that is the way from home."""
    place = facts.place_of_teaching
    measured = {
        "distance_m": facts.second_home_distance_m,
        "nearest_distance_m": facts.second_home_distance_m,
        "attends_nearest": True,
        "distance_without_hazards_m": None,
        "place_of_teaching": place and place.model_copy(update={"distance_m": None}),
    }
    return from_home(facts).model_copy(update=measured)


def _refused_from_both(law: Law, metres: float, limit_m: int | None) -> Finding:
    return not_met(RULE, law.basis("limit.primary_m"), *say.not_longer_either(metres, limit_m))


def _from_which(law: Law, home_m: float, second_m: float, limit_m: int | None) -> Finding:
    said = say.from_which_home(home_m, second_m, limit_m)
    return question(RULE, law.basis("limit.primary_m"), *said, family=to_family.SECOND_HOME)

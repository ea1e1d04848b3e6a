"""What the lengths of a case may be beside what was measured: by the readings, the band around it, the map's border.

The law is monotone: what the longest way does not grant, no shorter one does. An authority's own condition need not be;
it may hold between two lengths, or ask which school is the nearest. So where there are such conditions, lengths between
the ends are tried too: at every number that a condition names, and in steps. Pure.
"""

import re
from collections.abc import Iterator
from math import inf, nextafter
from typing import TypedDict

from geography.model import Measurement

from eligibility.rules import Facts
from eligibility.rules.facts import PlaceOfTeaching
from eligibility.rules.rule_set.rule_set import Law
from eligibility.workflow.decision.assessment import Assessment

FARTHEST_M = 1_000_000.0
"""Longer than any way (see Facts.distance_m): what the strict reading comes to where it finds no way."""
STEPS = 8
"""Between the ends, where an own condition may compute with lengths."""
_LENGTHS = re.compile(r"\b(distance_m|nearest_distance_m|attends_nearest)\b")
_NUMBER = re.compile(r"\b[0-9]+(?:\.[0-9]+)?\b")


class _Lengths(TypedDict, total=False):
    """The facts that hold a length."""

    distance_m: float
    nearest_distance_m: float
    second_home_distance_m: float
    distance_without_hazards_m: float
    place_of_teaching: PlaceOfTeaching


def other_lengths(assessment: Assessment, facts: Facts, *, refused: bool) -> Iterator[Facts]:
    """The same facts with other lengths that they may have, the end that speaks against the outcome first."""
    against = _with_lengths(assessment, facts, longest=refused)
    yield against
    conditions = conditions_on_lengths(assessment.law)
    if not conditions:
        return
    along = _with_lengths(assessment, facts, longest=not refused)
    yield along
    for name in ("distance_m", "nearest_distance_m"):
        ends = [each for each in (getattr(against, name), getattr(along, name)) if each is not None]
        if len(ends) == 2:
            yield from (facts.model_copy(update={name: each}) for each in _between(min(ends), max(ends), conditions))
    if _may_be_nearest(assessment, refused=refused):
        yield facts.model_copy(update={"attends_nearest": True, "nearest_distance_m": facts.distance_m})


def conditions_on_lengths(law: Law | None) -> list[str]:
    """The authority's conditions that may depend on the way."""
    return [each.when for each in law.conditions if _LENGTHS.search(each.when)] if law is not None else []


def _between(low: float, high: float, conditions: list[str]) -> Iterator[float]:
    yield from (low + (high - low) * step / STEPS for step in range(STEPS + 1))
    for text in conditions:
        for number in map(float, _NUMBER.findall(text)):
            yield from (
                each for each in (number, nextafter(number, inf), nextafter(number, 0.0)) if low <= each <= high
            )


def _may_be_nearest(assessment: Assessment, *, refused: bool) -> bool:
    """Another school was measured as nearer, and need not be."""
    routes, policy = assessment.routes, assessment.policy
    if not refused or routes is None or routes.nearer is None or not isinstance(routes.attended, Measurement):
        return False
    nearer = routes.nearer[1]
    shortest = _end(routes.attended, policy.band_of(routes.attended), longest=False)
    return shortest <= _end(nearer, policy.band_of(nearer), longest=True)


def _with_lengths(assessment: Assessment, facts: Facts, *, longest: bool) -> Facts:
    """Each measured way at its longest, or at its shortest: by its readings, and by the band around the measurement."""
    routes, policy = assessment.routes, assessment.policy
    moved: _Lengths = {}
    band_m = policy.band_of(assessment.tested)  # of what a claim compares: from the same door, to the same entrance
    if routes is not None and isinstance(routes.attended, Measurement) and facts.distance_m is not None:
        moved["distance_m"] = _end(routes.attended, policy.band_of(routes.attended), longest=longest)
        if facts.nearest_distance_m is not None:
            nearest = routes.nearer[1] if routes.nearer is not None else routes.attended
            moved["nearest_distance_m"] = _end(nearest, policy.band_of(nearest), longest=longest)
    second = routes.second_home if routes is not None else None
    if second is not None and facts.second_home_distance_m is not None:
        moved["second_home_distance_m"] = _end(second, policy.band_of(second), longest=longest)
    if facts.distance_without_hazards_m is not None:
        moved["distance_without_hazards_m"] = _safe_end(
            assessment.tested, facts.distance_without_hazards_m, band_m, longest=longest
        )
    place = facts.place_of_teaching
    if place is not None and place.distance_m is not None:
        told = {"distance_m": _moved(place.distance_m, band_m, longest=longest)}
        moved["place_of_teaching"] = place.model_copy(update=told)
    return facts.model_copy(update=moved)


def _end(way: Measurement, band_m: float, *, longest: bool) -> float:
    """One end of what it may be. A way over the map's border may be as short as the straight line over it."""
    if longest:
        read = FARTHEST_M if way.strict_m is None else way.strict_m
        return max(_moved(way.metres, band_m, longest=True), read)
    shortest = min(_moved(way.metres, band_m, longest=False), way.lenient_m)
    if "could_leave_extract" in way.flags:
        return min(shortest, _moved(way.border_m or 0.0, band_m, longest=False))
    return shortest


def _safe_end(tested: Measurement | None, metres: float, band_m: float, *, longest: bool) -> float:
    """Of the way around the dangers, which may lead over the border of the map as well."""
    end = _moved(metres, band_m, longest=longest)
    if longest or tested is None or tested.border_m is None:
        return end
    return min(end, _moved(tested.border_m, band_m, longest=False))


def _moved(metres: float, band_m: float, *, longest: bool) -> float:
    """The ends of the band belong to it: a limit at the very end is in doubt too."""
    if longest:
        return min(nextafter(metres + band_m, inf), FARTHEST_M)
    return max(metres - band_m, 0.0)

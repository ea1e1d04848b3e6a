"""Houses between two that are drawn: `addr:interpolation` on a way from one number to another.

Their places are counted along the way, not seen: they bear the origin `interpolated`, and what is measured from them
has a margin (`INTERPOLATED_M`). https://wiki.openstreetmap.org/wiki/Key:addr:interpolation
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from geography.model.ellipsoid import length
from geography.model.house_number import INTERPOLATED_M, Interpolation, numbers_between
from geography.model.types import Point

_STEPS: Mapping[str, int] = {"even": 2, "odd": 2, "all": 1}
SAME = ("addr:street", "addr:place", "addr:postcode", "addr:city")
"""What both ends must agree in."""


def interpolation_of(tags: Mapping[str, str]) -> Interpolation:
    """The kind that a range such as `12-14` is counted by; "" where nothing usable is said."""
    said = tags.get("addr:interpolation", "")
    return said if said in {"even", "odd", "all", "alphabetic"} else ""  # type: ignore[return-value]


def between(
    kind: str, nodes: Sequence[int], points: Mapping[int, Point], tags: Mapping[int, Mapping[str, str]]
) -> Iterator[tuple[dict[str, str], Point]]:
    """Address tags and places of the houses between the numbered nodes of one interpolation way.

    kind: the value of `addr:interpolation`; tags: address tags of the numbered nodes. Nothing where the way is cut off,
    the ends are of two streets, or their numbers do not fit the kind.

    Args:
        points: places by node, in degrees.
    """
    step = _STEPS.get(kind) or (int(kind) if kind.isdecimal() and 0 < int(kind) < 100 else 0)
    if not step or any(node not in points for node in nodes):
        return
    drawn = [place for place, node in enumerate(nodes) if tags.get(node, {}).get("addr:housenumber", "").isdecimal()]
    for begin, end in pairwise(drawn):
        first, last = tags[nodes[begin]], tags[nodes[end]]
        low, high = int(first["addr:housenumber"]), int(last["addr:housenumber"])
        fits = low % 2 == high % 2 == {"even": 0, "odd": 1}.get(kind, low % 2) or step != 2 or kind.isdecimal()
        agreed = all(first.get(key) == last.get(key) for key in SAME) and low != high and fits
        numbers = numbers_between(min(low, high), max(low, high), step)[1:-1] if agreed else []
        line = [points[node] for node in nodes[begin : end + 1]]
        if not numbers or sum(length(*a, *b) for a, b in pairwise(line)) > INTERPOLATED_M * (len(numbers) + 1):
            continue
        for count, number in enumerate(numbers if low < high else numbers[::-1], 1):
            yield {**first, "addr:housenumber": str(number)}, _along(line, count / (len(numbers) + 1))


def _along(line: Sequence[Point], share: float) -> Point:
    """The point at a share of the line's length."""
    steps = [length(*a, *b) for a, b in pairwise(line)]
    left = share * sum(steps)
    for (a, b), step in zip(pairwise(line), steps, strict=True):
        if left <= step and step > 0:
            return Point(a.lat + (b.lat - a.lat) * left / step, a.lon + (b.lon - a.lon) * left / step)
        left -= step
    return line[-1]


def streets_of_relations(relations: Iterator[Any]) -> dict[tuple[str, int], dict[str, str]]:
    """`addr:street` by kind and id of the houses in `associatedStreet` (and `street`) relations; a house that two
    relations claim for different streets gets none. https://wiki.openstreetmap.org/wiki/Relation:associatedStreet"""
    found: dict[tuple[str, int], dict[str, str]] = {}
    claimed_twice: set[tuple[str, int]] = set()
    for relation in relations:
        tags = {tag.k: tag.v for tag in relation.tags}
        name = tags.get("addr:street") or tags.get("name") or ""
        if tags.get("type") not in {"associatedStreet", "street"} or not name:
            continue
        told = {"addr:street": name, **{key: tags[key] for key in ("addr:postcode", "addr:city") if key in tags}}
        for member in relation.members:
            house = (member.type, member.ref)
            if member.role in {"house", "address", "addr:houselink"}:
                claimed_twice |= {house} if found.get(house, told) != told else set()
                found[house] = told
    return {house: told for house, told in found.items() if house not in claimed_twice}

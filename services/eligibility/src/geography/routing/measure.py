"""The way to school, measured: one search from the home for all schools asked, and the interval of doubt.

The single decision, the letter and the nearest school go through the same searches, so they print the same millimetre.
"""

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any

from geography.model.types import Entrance, Measurement, NoWay, Point, UnusablePoint
from geography.network.graph import Network
from geography.routing.block import BarredStretches
from geography.routing.border import over_the_border
from geography.routing.doubts import name_doubts
from geography.routing.ends import End, check_point, find_end, usable_ends
from geography.routing.reach import lent
from geography.routing.reasons import no_way
from geography.routing.trace import Trace, by_nodes, direct, flags, legs, line, ways
from geography.routing.walk import LAST_REACH_M, Bound, Ends, Searcher, Walk

DOUBTFUL_CONNECTOR_M = 50.0
"""A longer way between door and network is flagged."""
_FLAG_OF_ORIGIN = {"school_point": "school_point_not_entrance", "openstreetmap": "entrance_from_openstreetmap"}
_FIRST_NEAREST_M = 3_000.0
"""First reach of the search for the nearest school: most primary schools are nearer. It triples until one is found."""
_MARGIN = 1.01
"""Straight lines are taken in a plane at the home; a hundredth covers its error over 100 km."""

Result = Measurement | NoWay | UnusablePoint


def measure(
    network: Network,
    from_point: Point,
    to: Sequence[Entrance],
    street: str | None = None,
    blocked: BarredStretches | None = None,
) -> Measurement:
    """The shortest walk from the front door to the nearest of several entrances of one school.

    Args:
        street: the address's street, which decides where the door meets the network.

    Raises:
        NoWay, UnusablePoint.
    """
    result = measure_many(network, from_point, {"": to}, street, blocked)[""]
    if isinstance(result, Measurement):
        return result
    raise result


def measure_many(
    network: Network,
    from_point: Point,
    schools: Mapping[str, Sequence[Entrance]],
    street: str | None = None,
    blocked: BarredStretches | None = None,
) -> dict[str, Result]:
    """The shortest walk from one home to each of several schools (by number), with one search for all.

    Raises:
        UnusablePoint.
        NoWay: for the home; what is wrong with a school stands at its place in the result.
    """
    # 1. Where the home meets the network.
    home = _home(network, from_point, street)
    # 2. Where the entrances meet it; schools that cannot be asked about drop out with their reason.
    results: dict[str, Result] = {}
    asked: dict[str, Ends] = {}
    for number, entrances in schools.items():
        found = usable_ends(network, entrances)
        if isinstance(found, NoWay | UnusablePoint):
            results[number] = found
        else:
            asked[number] = found
    # 3. The standard reading decides; the lenient and the strict one say how sure it is.
    with lent(network) as reach:
        searcher = Searcher(network, home, reach, blocked)
        walks = searcher.standard(asked) if asked else {}
        lenient = searcher.lenient(walks, asked) if walks else {}
        strict = searcher.strict(walks, asked) if walks else {}
    # 4. The line on the map, the legs and the flags.
    for number, ends in asked.items():
        walk = walks.get(number)
        if walk is None:
            results[number] = no_way("no_connection")
            continue
        readings, lost = (lenient[number], strict[number]), _lost(ends, schools[number])
        results[number] = _measurement(network, home, walk, readings, blocked, ends, lost)
    return {number: results[number] for number in schools}


def nearest(
    network: Network,
    from_point: Point,
    schools: Mapping[str, Sequence[Entrance]],
    street: str | None = None,
    blocked: BarredStretches | None = None,
    *,
    within_m: float = LAST_REACH_M,
) -> tuple[str, Measurement] | None:
    """The school with the shortest walk, ties by number, and its measurement; None where none is within `within_m`.

    Schools farther in a straight line than the best walk found cannot be nearer and are not searched.

    Raises:
        UnusablePoint.
        NoWay: for the home.
    """
    home, usable = _home(network, from_point, street), dict(_askable(network, schools))
    with lent(network) as reach:
        best = _nearest(Searcher(network, home, reach, blocked), usable, within_m)
    return None if best is None else (best, measure(network, from_point, schools[best], street, blocked))


def _nearest(searcher: Searcher, usable: Mapping[str, Ends], within_m: float) -> str | None:
    straight = {number: min(searcher.straight(end.point) for _, end in ends) for number, ends in usable.items()}
    limit = min(max(_FIRST_NEAREST_M, 2 * min(straight.values(), default=0.0)), within_m)
    while usable:
        near = {number: usable[number] for number in sorted(usable) if straight[number] <= limit * _MARGIN}
        walks = searcher.standard(near, within=limit) if near else {}
        if walks:
            return min(walks, key=lambda number: (walks[number].metres, number))
        if limit >= within_m:
            break
        limit = min(3 * limit, within_m)
    return None


def _askable(network: Network, schools: Mapping[str, Sequence[Entrance]]) -> list[tuple[str, Ends]]:
    found: list[tuple[str, Ends]] = []
    for number, entrances in schools.items():
        ends = usable_ends(network, entrances)
        if not isinstance(ends, NoWay | UnusablePoint):
            found.append((number, ends))
    return found


def _home(network: Network, point: Point, street: str | None) -> End:
    check_point(network, point)
    home = find_end(network, point, street)
    if home is None:
        raise no_way("from_too_far")
    return home


def _lost(ends: Ends, entrances: Sequence[Entrance]) -> list[Point]:
    """The entrances to which the map has no way, some of them beyond its border."""
    found = {id(entrance) for entrance, _ in ends}
    return [one.point for one in entrances if id(one) not in found and all(map(isfinite, one.point))]


def _measurement(  # noqa: PLR0917 (one caller)
    network: Network,
    home: End,
    walk: Walk,
    bounds: tuple[Bound | None, Bound | None],
    blocked: BarredStretches | None,
    ends: Ends,
    lost: Sequence[Point],
) -> Measurement:
    (lenient, strict), target = bounds, walk.end.chosen
    strict_m = walk.metres if strict is None else strict.metres if strict.metres < inf else None
    if walk.nodes is None:
        trace = direct(network, home.chosen, target)
    else:
        trace = by_nodes(network, walk.nodes, home.chosen, target, blocked)
    lenient_trace, strict_trace = _trace_of(network, lenient, blocked), _trace_of(network, strict, blocked)
    border_m = over_the_border(network, home.point, [end for _, end in ends], lost, walk.metres)
    return Measurement(
        metres=walk.metres,
        connector_from_m=home.chosen.metres,
        connector_to_m=target.metres,
        geometry=line(trace, home.point, walk.end.point),
        legs=legs(network, trace),
        lenient_m=walk.metres if lenient is None else lenient.metres,
        strict_m=strict_m,
        lenient_geometry=_line_of(lenient, lenient_trace),
        strict_geometry=_line_of(strict, strict_trace),
        flags=tuple(sorted(flags(network, trace) | _flags(home, walk, strict_m, border_m))),
        border_m=border_m,
        doubts=name_doubts(network, home, walk, (trace, lenient_trace, strict_trace), (lenient, strict)),
        network=network.identity,
        entrance=walk.entrance,
        snap_from=home.snap(),
        snap_to=walk.end.snap(),
        ways=ways(network, trace),
        other_entrances=tuple(entrance for entrance, _ in ends if entrance is not walk.entrance),
    )


def _trace_of(network: Network, bound: Bound | None, blocked: BarredStretches | None) -> Trace | None:
    """The way of a reading, where it is another walk than the standard one."""
    if bound is None or bound.metres == inf:
        return None
    if bound.nodes is None:
        return direct(network, bound.begin, bound.target)
    return by_nodes(network, bound.nodes, bound.begin, bound.target, blocked, bound.reading)


def _line_of(bound: Bound | None, trace: Trace | None) -> dict[str, Any] | None:
    return None if bound is None or trace is None else line(trace, bound.home.point, bound.end.point)


def _flags(home: End, walk: Walk, strict_m: float | None, border_m: float) -> set[str]:
    """Doubts about the ends and the extract."""
    doubtful = {
        "connector_from_over_50_m": home.chosen.metres > DOUBTFUL_CONNECTOR_M,
        "connector_to_over_50_m": walk.end.chosen.metres > DOUBTFUL_CONNECTOR_M,
        "could_leave_extract": border_m < walk.metres,
        "no_strict_way": strict_m is None,
    }
    origin = _FLAG_OF_ORIGIN.get(walk.entrance.origin)
    return {flag for flag, holds in doubtful.items() if holds} | ({origin} if origin else set())

"""The places on which a measured way is in doubt: stretches, plazas, gates, and where else its ends may be; each
is named once by its OpenStreetMap id.

Cases over the same place have the same name for it, so that one ruling can settle them all. Readings that differ are
never without a name: either the weaker one walks where the stronger does not, or they begin or end at other places.
"""

from collections.abc import Iterable, Iterator

from geography.model.doubt import Doubt, DoubtKind
from geography.network.graph import LENIENT_INDEX, READINGS, STANDARD_INDEX, STRICT_INDEX, Network
from geography.network.walking_rules import CUT_OFF, FLAG_OF_BIT, GATE, PLAZA, STEPS
from geography.routing.cut_off import way_out
from geography.routing.ends import End
from geography.routing.snap import Candidate
from geography.routing.trace import Trace
from geography.routing.walk import Bound, Walk

STRONGER = {STANDARD_INDEX: STRICT_INDEX, LENIENT_INDEX: STANDARD_INDEX}
"""A reading's way is in doubt where the next stronger reading would not walk."""


def name_doubts(
    network: Network,
    home: End,
    walk: Walk,
    traces: tuple[Trace, Trace | None, Trace | None],
    bounds: tuple[Bound | None, Bound | None],
) -> tuple[Doubt, ...]:
    """All doubts of a measurement.

    1. What the standard way uses that the strict reading does not walk. 2. Where the strict reading begins or ends
    elsewhere; what leads out, where that is a way that only the lenient one walks. 3. and 4. The same as 1. and 2. of
    the lenient way against the standard one.

    Args:
        traces: of the standard, lenient and strict way.
        bounds: lenient and strict.
    """
    (trace, lenient_trace, strict_trace), (lenient, strict) = traces, bounds
    # 1.
    same = home.begins_at(home.chosen, STRICT_INDEX), walk.end.begins_at(walk.end.chosen, STRICT_INDEX)
    found = [*doubts(network, trace, STANDARD_INDEX, same)]
    # 2.
    if strict is not None:
        found += _strict_ends(network, home, walk, strict, same, alone=not found)
        if strict_trace is not None and strict.reading == LENIENT_INDEX:
            found += doubts(network, strict_trace, LENIENT_INDEX)
    # 3.
    if lenient is None or lenient_trace is None:
        return tuple(found)
    ends: tuple[tuple[DoubtKind, End, Candidate], ...] = (
        ("home", home, lenient.begin),
        ("entrance", lenient.end, lenient.target),
    )
    like = tuple(place.spot == end.chosen.spot for _, end, place in ends)
    found += (each for each in doubts(network, lenient_trace, LENIENT_INDEX, (like[0], like[1])) if each not in found)
    # 4.
    walked = network.arrays["edge_bits"][[lenient_trace.edges[0], lenient_trace.edges[-1]]] & (1 << STANDARD_INDEX)
    found += [
        _elsewhere(network, kind, place, LENIENT_INDEX)
        for (kind, _, place), alike, standard in zip(ends, like, walked.tolist(), strict=True)
        if standard and not alike
    ]
    return tuple(found)


def _strict_ends(
    network: Network, home: End, walk: Walk, strict: Bound, same: tuple[bool, bool], *, alone: bool
) -> Iterator[Doubt]:
    """The other places at which the strict way begins and ends.

    Args:
        alone: nothing else is in doubt, so if it ends at another entrance, what lengthens it is one of the other places
            of the standard way's ends.
    """
    if strict.reading == LENIENT_INDEX:
        closed: tuple[tuple[DoubtKind, Candidate | None], ...] = ("home", home.closed), ("entrance", walk.end.closed)
        places = [(kind, place) for kind, place in closed if place is not None]
    else:
        places = [("home", strict.begin)] if same[0] and strict.begin.spot != home.chosen.spot else []
        if same[1] and strict.end is walk.end and strict.target.spot != walk.end.chosen.spot:
            places.append(("entrance", strict.target))
    if alone and not places:
        ends: Iterable[tuple[DoubtKind, End]] = (("home", home), ("entrance", walk.end))
        for kind, end in ends:
            others = (each for each in end.places[STRICT_INDEX] if each.spot != end.chosen.spot)
            places += [(kind, each) for each in others]
    told = {(kind, place.edge): _elsewhere(network, kind, place, STANDARD_INDEX) for kind, place in places}
    yield from {(each.kind, each.place): each for each in told.values()}.values()


def _elsewhere(network: Network, kind: DoubtKind, place: Candidate, reading: int) -> Doubt:
    _, name = _place(network, place.edge, place.bits)
    return Doubt(kind, name, network.street_name(place.name), 0.0, (f"{kind}_elsewhere",), READINGS[reading])


def doubts(network: Network, trace: Trace, reading: int, same: tuple[bool, bool] = (True, True)) -> Iterator[Doubt]:
    """What a way of a reading uses that the next stronger reading does not, in walking order, each place once.

    Args:
        same: whether the stronger reading begins, and ends, there too; if not, the first or last edge counts though
            nobody walks along it.
    """
    bits = network.arrays["edge_bits"][trace.edges]
    last = len(trace.edges) - 1
    found = [
        (int(trace.edges[at]), float(trace.metres[at]))
        for at in ((bits & (1 << STRONGER[reading])) == 0).nonzero()[0].tolist()
        if trace.metres[at] > 0 or bits[at] & GATE or (at == 0 and not same[0]) or (at == last and not same[1])
    ]
    own = [(edge, metres) for edge, metres in found if not network.arrays["edge_bits"][edge] & CUT_OFF]
    if found and not own:  # the whole way lies in a part that is cut off: what cuts it off is in doubt
        stops = way_out(network, [edge for edge, _ in found], reading, STRONGER[reading])
        own = [(edge, 0.0) for edge in stops] or found
    yield from _once_each(network, own, reading)


def _once_each(network: Network, used: Iterable[tuple[int, float]], reading: int) -> Iterator[Doubt]:
    metres: dict[tuple[DoubtKind, str], float] = {}
    seen: dict[tuple[DoubtKind, str], tuple[int, str]] = {}
    for edge, walked in used:
        bits = int(network.arrays["edge_bits"][edge])
        place = _place(network, edge, bits)
        metres[place] = metres.get(place, 0.0) + walked
        known = seen.get(place, (0, ""))[0]
        seen[place] = known | bits, network.street_name(int(network.arrays["edge_name"][edge]))
    for (kind, name), (all_bits, street) in seen.items():
        reasons = tuple(sorted(flag for bit, flag in FLAG_OF_BIT.items() if all_bits & bit and bit != STEPS))
        yield Doubt(kind, name, street, metres[kind, name], reasons, READINGS[reading])


def _place(network: Network, edge: int, bits: int) -> tuple[DoubtKind, str]:
    way = int(network.arrays["edge_way"][edge])
    if not way:  # the passage of a gate: both its ends are the gate's node
        return "gate", f"node/{network.arrays['node_id'][network.arrays['edge_from'][edge]]}"
    kind: DoubtKind = "plaza" if bits & PLAZA else "stretch"
    return kind, f"way/{way}" if way > 0 else f"relation/{-way}"

"""The places on which a measured way is in doubt: stretches, plazas and gates, each named once by its OpenStreetMap id.

Cases over the same place have the same name for it, so that one ruling can settle them all.
"""

from collections.abc import Iterator

from geography.model.doubt import Doubt, DoubtKind
from geography.network.graph import LENIENT_INDEX, READINGS, STANDARD_INDEX, STRICT_INDEX, Network
from geography.network.walking_rules import FLAG_OF_BIT, GATE, PLAZA, STEPS
from geography.routing.trace import Trace

STRONGER = {STANDARD_INDEX: STRICT_INDEX, LENIENT_INDEX: STANDARD_INDEX}
"""A reading's way is in doubt where the next stronger reading would not walk."""


def doubts(network: Network, trace: Trace, reading: int) -> Iterator[Doubt]:
    """What a way of a reading uses that the next stronger reading does not, in walking order, each place once."""
    arrays, edges = network.arrays, list(trace.edges)
    bits = arrays["edge_bits"][edges]
    doubtful = (bits & (1 << STRONGER[reading])) == 0
    if not doubtful.any():
        return
    metres: dict[tuple[DoubtKind, str], float] = {}
    seen: dict[tuple[DoubtKind, str], tuple[int, str]] = {}
    for at in doubtful.nonzero()[0].tolist():
        if trace.metres[at] == 0 and not bits[at] & GATE:
            continue
        place = _place(network, edges[at], int(bits[at]))
        metres[place] = metres.get(place, 0.0) + trace.metres[at]
        known = seen.get(place, (0, ""))[0]
        seen[place] = known | int(bits[at]), network.street_name(int(arrays["edge_name"][edges[at]]))
    for (kind, name), (all_bits, street) in seen.items():
        reasons = tuple(sorted(flag for bit, flag in FLAG_OF_BIT.items() if all_bits & bit and bit != STEPS))
        yield Doubt(kind, name, street, metres[kind, name], reasons, READINGS[reading])


def _place(network: Network, edge: int, bits: int) -> tuple[DoubtKind, str]:
    way = int(network.arrays["edge_way"][edge])
    if not way:  # the passage of a gate: both its ends are the gate's node
        return "gate", f"node/{network.arrays['node_id'][network.arrays['edge_from'][edge]]}"
    kind: DoubtKind = "plaza" if bits & PLAZA else "stretch"
    return kind, f"way/{way}" if way > 0 else f"relation/{-way}"

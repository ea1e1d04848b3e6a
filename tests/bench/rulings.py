"""What a person would have to say once so that cases decide themselves: which acts settle how many, the best first.

An act is of a place: the entrance of a school confirmed, the door of a house set, a stretch, gate or plaza ruled on, a
larger map. A case is settled when all its doubts are; what lies within the ordinary band of the limit needs a
measurement by hand, and no act about a place helps. How far a confirmed entrance moves a way nobody knows before: it is
counted as if the length stayed, in the ordinary band.
"""

from collections import Counter
from collections.abc import Iterable, Set

from geography.model import Measurement

Act = tuple[str, str]
ORDINARY_BAND_M = 50.0


def acts_of(way: Measurement, school: str, case: str, limit_m: int, band_m: float) -> set[Act]:
    """What must be said before the way decides itself. `band_m`: the one that applies to it."""
    away, needed = abs(way.metres - limit_m), set[Act]()
    longer = way.metres > limit_m
    if away <= ORDINARY_BAND_M:
        needed.add(("measured by hand", case))
    elif away <= band_m and "school_point_not_entrance" in way.flags:
        needed.add(("entrance", school))
        band_m = ORDINARY_BAND_M
    elif away <= band_m:
        needed.add(("door or entrance far from any way", case))
    other = way.lenient_m if longer else way.strict_m
    if other is None or (other > limit_m) != longer:
        reading = "lenient" if longer else "standard"
        needed |= {(each.kind, each.place) for each in way.doubts if each.reading == reading}
    if longer and "could_leave_extract" in way.flags and (way.border_m or 0.0) - band_m <= limit_m:
        needed.add(("larger map", ""))
    return needed


def curve(cases: Iterable[Set[Act]]) -> list[tuple[Act, int]]:
    """Acts in an order in which each settles most of what is left, with how many cases are settled after it."""
    left = [set(case) for case in cases]
    count, found = len(left), list[tuple[Act, int]]()
    while any(left):
        alone = Counter(act for case in left for act in case if len(case) == 1)
        weight: dict[Act, float] = {}
        for case in left:
            for act in case:
                weight[act] = weight.get(act, 0.0) + 1 / len(case) ** 2
        best = max(weight, key=lambda act: (alone[act], weight[act], act))
        left = [case - {best} for case in left if case - {best}]
        found.append((best, count - len(left)))
    return found

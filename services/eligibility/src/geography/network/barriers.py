"""Nodes that stop walkers: gates, doors, walls. In the three strengths of ways; the words are in `walking_values`.

No node is closed to the lenient reading: a private gate may stand open, and then a person looks.
"""

from collections.abc import Mapping, Sequence

from geography.network import walking_values as values
from geography.network.walking_rules import (
    CONDITIONAL,
    FORD,
    GATE,
    PERMISSIVE,
    allowed_by,
    decisive,
    shut_at_times,
    word,
    words,
)
from geography.network.walking_values import CERTAIN, DOUBTFUL, LAWFUL, STANDARD


def passing_bits(tags: Mapping[str, str]) -> int:
    """Bits of who passes a node, and why not everybody does: CERTAIN where nothing stops anybody."""
    strength, bits = _strength(tags), 0
    if _is_barrier(tags) and shut_at_times(tags):
        strength, bits = strength & LAWFUL, CONDITIONAL
    if word(tags.get("ford", "no")) != "no":
        strength, bits = strength & values.FORDS.get(word(tags["ford"]), DOUBTFUL), bits | FORD
    if any(tags.get(key, "no") != "no" for key in ("fee", "toll:foot")) and _is_barrier(tags):
        strength &= LAWFUL
    if strength == CERTAIN:
        return CERTAIN
    if "permissive" in words(decisive(tags)):
        bits |= PERMISSIVE
    return (strength or DOUBTFUL) | bits | GATE


def blocks(tags: Mapping[str, str]) -> bool:
    """Whether a node stops walkers in the standard reading."""
    return not passing_bits(tags) & STANDARD


def _is_barrier(tags: Mapping[str, str]) -> bool:
    return "barrier" in tags or tags.get("highway") == "gate" or "locked" in tags


def _strength(tags: Mapping[str, str]) -> int:
    foot = tags.get("foot", "").strip()
    barrier = _is_barrier(tags)
    if not barrier and not (any(key in tags for key in ("entrance", "door")) and {"foot", "access"} & tags.keys()):
        return CERTAIN
    kinds = words(tags.get("barrier")) or ("door",)
    access = allowed_by(foot or tags.get("access"))
    if foot:
        return access & (CERTAIN if _unlocked(tags) or _only_for_vehicles(kinds) else LAWFUL)
    if _only_for_vehicles(kinds):
        return CERTAIN
    solid = any(kind in values.SOLID for kind in kinds) and "access" not in tags
    known = all(kind in values.GATES | values.SOLID | values.FOR_VEHICLES for kind in kinds)
    return access & (LAWFUL if solid or not known else CERTAIN) & (CERTAIN if _unlocked(tags) else _locked(tags))


def _only_for_vehicles(kinds: Sequence[str]) -> bool:
    return all(kind in values.FOR_VEHICLES for kind in kinds)


def _unlocked(tags: Mapping[str, str]) -> bool:
    return word(tags.get("locked", "no")) in values.UNLOCKED


def _locked(tags: Mapping[str, str]) -> int:
    """Locked: whoever has the key. Locked at times, or by an unknown word: not certain."""
    return DOUBTFUL if word(tags["locked"]) in values.LOCKED else LAWFUL

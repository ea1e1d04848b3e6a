"""What a pupil may walk on, read from OpenStreetMap tags. One documented reading with a version, in three strengths.

standard  what the law takes for the way: public ways, and ways over private ground that everybody uses.
lenient   also what may be public: customers' ways, platforms, indoor passages, cycleways, what opens at times.
strict    only what is public beyond doubt: no sufferance, no beaten track, no driveway, nothing that is shut at times.
Every strict way is standard and every standard way is lenient, so the three lengths are ordered. What is not strict
bears a bit that says why, so that a longer strict way is never without a name.

The words are in `walking_values`, nodes that stop walkers in `barriers`. Reference figures in
docs/sources/routing.md: Valhalla walks through access=private, which alone moves results by hundreds of metres.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from geography.network import walking_values as values
from geography.network.dates import DATES, by_dates
from geography.network.walking_values import CERTAIN, DOUBTFUL, LAWFUL, LENIENT, NOBODY, STANDARD, STRICT

RULES_VERSION: Final = "walking-nrw/3"
"""Raise with every change here, in `walking_values` and in `barriers`: it is stored with each decision."""

ONE_WAY = 8
"""Only from the first node of the edge to the last: `oneway:foot`. A plain `oneway` binds vehicles."""
STEPS, PERMISSIVE, CONDITIONAL, INFORMAL, DRIVEWAY, PLAZA = 16, 32, 64, 128, 256, 512
OUT_OF_USE, UNCLEAR, FORD, GATE, CUT_OFF = 1024, 2048, 4096, 8192, 16384
FLAG_OF_BIT: Final = {
    STEPS: "uses_steps",
    PERMISSIVE: "uses_permissive",
    CONDITIONAL: "uses_conditional",
    INFORMAL: "uses_informal",
    DRIVEWAY: "uses_driveway",
    PLAZA: "crosses_plaza",
    OUT_OF_USE: "uses_out_of_use",
    UNCLEAR: "uses_unclear",
    FORD: "uses_ford",
    GATE: "passes_gate",
    CUT_OFF: "uses_cut_off",
}
FORWARD, BACKWARD = "forward", "backward"
_DOUBTS = PERMISSIVE | CONDITIONAL | INFORMAL | DRIVEWAY | OUT_OF_USE | UNCLEAR | FORD
_CONDITIONS: Final = (
    "foot", "foot:forward", "foot:backward", "access", "access:forward", "access:backward", "access:foot",
    "oneway:foot", "conveying", "locked",
)  # fmt: skip
_READ: Final = frozenset({
    "highway", "foot", "access", "access:foot", "foot:forward", "foot:backward", "access:forward", "access:backward",
    "foot:left", "foot:right", "foot:oneway", "oneway:foot", "conveying", "motorroad", "indoor", "informal", "service",
    "fee", "toll", "toll:foot", "ford", "locked", *values.TEMPORARY, *values.TEMPORARY_ACCESS,
    *(f"{key}:conditional" for key in _CONDITIONS), *values.HOURS, *values.WINTER_ONLY,
    *values.SIDEWALKS, *values.OPEN_WITHOUT_HIGHWAY, *values.NO_WAY_WITH, *values.LIFECYCLE,
    *(f"{key}:highway" for key in values.LIFECYCLE),
})  # fmt: skip
"""The keys that are read at all."""
_CONDITION = re.compile(r"([^;@()]*)@\s*(\([^)]*\)|[^;]*)")

__all__ = ["LENIENT", "RULES_VERSION", "STANDARD", "STRICT", "directions", "is_area", "one_way", "reading_bits"]


def reading_bits(tags: Mapping[str, str], day: str = "") -> int:
    """Bits of the three readings and of what the way is, in whichever direction it is more open; 0: nobody walks.

    Args:
        day: of the map, YYYY-MM-DD, or "" where it is not known.
    """
    along, against = directions(tags, day)
    bits = along | against
    return bits | ONE_WAY if bits and not (along and against) else bits


def directions(tags: Mapping[str, str], day: str = "") -> tuple[int, int]:
    """The bits along the way and against it, each 0 where nobody may walk so."""
    dated = by_dates(tags, day) if any(key in tags for key in DATES) else CERTAIN
    return _directions(frozenset((key, value) for key, value in tags.items() if key in _READ), dated)


@lru_cache(maxsize=8192)
def _directions(read: frozenset[tuple[str, str]], dated: int) -> tuple[int, int]:
    """A city's ways have some hundred sorts of tags: remembered.

    Args:
        dated: the strength that their dates leave.
    """
    tags = dict(read)
    if dated == DOUBTFUL:
        tags["disused"] = "yes"
    elif dated == LAWFUL:
        tags["date_off"] = "yes"
    along, against = _one_way(tags)
    return _bits(tags, FORWARD, along), _bits(tags, BACKWARD, against)


def one_way(tags: Mapping[str, str]) -> int:
    """1: walkers only along the way's direction, -1: only against it, 0: both (or neither)."""
    along, against = directions({"highway": "footway", **tags})
    return bool(along) - bool(against)


def _bits(tags: Mapping[str, str], direction: str, allowed: int) -> int:
    """Strength and doubts of one direction. `allowed`: by what is said of the direction itself."""
    kind = word(tags.get("highway", ""))
    strength = _strength(kind, tags, direction)
    if not strength & LENIENT and _opens_at_times(kind, tags, direction):
        strength = DOUBTFUL
    strength &= allowed & _out_of_use(tags) & _water(tags) & _locked(tags)
    if not strength:
        return NOBODY
    bits = _doubts(tags) | (STEPS if kind == "steps" else 0)
    if "permissive" in words(decisive(tags, direction)):
        bits |= PERMISSIVE
    if bits & _DOUBTS:
        strength &= LAWFUL
    if not strength & STRICT and not bits & _DOUBTS:
        bits |= UNCLEAR
    return strength | bits


def _doubts(tags: Mapping[str, str]) -> int:
    """Bits of what keeps a way from being certain, but for the words of access."""
    found = {
        CONDITIONAL: shut_at_times(tags) or any(tags.get(key, "no") != "no" for key in values.WINTER_ONLY),
        INFORMAL: tags.get("informal", "no") != "no",
        DRIVEWAY: tags.get("service") == "driveway" and "foot" not in tags,
        OUT_OF_USE: _out_of_use(tags) != CERTAIN,
        UNCLEAR: _costs(tags) or _locked(tags) != CERTAIN,
        FORD: values.FORDS.get(word(tags.get("ford", "no"))) != CERTAIN,
    }
    return sum(bit for bit, holds in found.items() if holds)


def _costs(tags: Mapping[str, str]) -> bool:
    """Whether walkers pay. A plain `toll` on a carriageway is that of vehicles."""
    toll = "toll" if word(tags.get("highway", "")) in values.FOR_WALKERS else "toll:foot"
    return any(tags.get(key, "no") != "no" for key in ("fee", toll, "toll:foot"))


def _locked(tags: Mapping[str, str]) -> int:
    """A lock on a way (the wiki has it on gates only) is read as the gate's: whoever has the key; not certain where
    `foot` opens it, or an unknown word is said."""
    said = word(tags.get("locked", "no"))
    if said in values.UNLOCKED:
        return CERTAIN
    return DOUBTFUL if said in values.LOCKED and not tags.get("foot", "").strip() else LAWFUL


def _strength(kind: str, tags: Mapping[str, str], direction: str) -> int:
    """The readings in which the way is open, from its kind and the most specific access tag (foot before access)."""
    foot, open_to_all = _foot(tags, direction), allowed_by(decisive(tags, direction))
    signed = foot is not None and allowed_by(foot) & STANDARD != 0
    if kind in values.NEVER or not open_to_all:
        return NOBODY
    if not kind:
        return DOUBTFUL if _open_without_highway(tags, signed=signed) else NOBODY
    if tags.get("motorroad", "no") != "no":
        return DOUBTFUL if signed else NOBODY
    if kind in values.CLOSED_UNLESS_SIGNED:
        return DOUBTFUL if signed or _has_sidewalk(tags) else NOBODY
    if kind not in values.PUBLIC | values.ONLY_WITH_FOOT:
        return DOUBTFUL
    indoor = tags.get("indoor", "no") != "no"
    if indoor or kind in values.ONLY_WITH_FOOT:
        if not signed and not (kind in values.BESIDE and _has_sidewalk(tags)):
            return DOUBTFUL
        open_to_all &= LAWFUL if indoor or kind in values.INSIDE else CERTAIN
    return open_to_all & _on_the_carriageway(kind, tags)


def _on_the_carriageway(kind: str, tags: Mapping[str, str]) -> int:
    """Not certain where the pavement is a way of its own, or walkers of one side are sent elsewhere."""
    beside = [tags.get(key) for key in values.SIDEWALKS]
    sides = [allowed_by(tags[key]) for key in ("foot:left", "foot:right") if key in tags]
    apart = kind in values.CARRIAGEWAY and "separate" in beside and not _has_sidewalk(tags)
    return LAWFUL if apart or any(side != CERTAIN for side in sides) else CERTAIN


def _open_without_highway(tags: Mapping[str, str], *, signed: bool) -> bool:
    """Platforms and piers; and whatever else says that walkers may, or has a pavement."""
    if any(word(tags.get(key, "")) in kinds for key, kinds in values.OPEN_WITHOUT_HIGHWAY.items()):
        return True
    return (signed or _has_sidewalk(tags)) and not values.NO_WAY_WITH & tags.keys()


def _has_sidewalk(tags: Mapping[str, str]) -> bool:
    return any(word(tags.get(key, "")) in values.SIDEWALK for key in values.SIDEWALKS)


def _out_of_use(tags: Mapping[str, str]) -> int:
    """Doubtful with a word of the life cycle beside `highway` that says it is not there (now)."""
    if "highway" not in tags:
        return CERTAIN
    said = [key for key in values.LIFECYCLE if tags.get(key, "no") != "no"]
    before = [key for key in values.LIFECYCLE - values.PLANS if f"{key}:highway" in tags]
    return DOUBTFUL if said or before else CERTAIN


def _water(tags: Mapping[str, str]) -> int:
    winter = any(tags.get(key, "no") != "no" for key in values.WINTER_ONLY)
    return DOUBTFUL if winter else values.FORDS.get(word(tags.get("ford", "no")), DOUBTFUL)


def _one_way(tags: Mapping[str, str]) -> tuple[int, int]:
    """What is said of the directions: `oneway:foot` before `conveying`; a condition on either leaves both in doubt."""
    said = tags.get("oneway:foot", tags.get("foot:oneway"))
    if said is None and tags.get("conveying", "no") != "no":
        said = tags["conveying"]
        if word(said) in {"yes", "1", "true"}:  # moves, but which way is not said
            return LAWFUL, LAWFUL
    along, against = values.ONE_WAY_WORDS.get(word(said or "no"), (LAWFUL, LAWFUL))
    if "oneway:foot:conditional" in tags or "conveying:conditional" in tags:
        return along & LAWFUL or DOUBTFUL, against & LAWFUL or DOUBTFUL
    return along, against


@lru_cache(maxsize=4096)
def word(text: str) -> str:
    """A value as the tables write it."""
    return re.sub(r"\s+", "_", text.strip().lower())


@lru_cache(maxsize=4096)
def words(text: str | None) -> tuple[str, ...]:
    """A list's values: `no;customers`."""
    return tuple(word(part) for part in re.split(r"[;,]", text or "") if part.strip())


@lru_cache(maxsize=4096)
def allowed_by(text: str | None) -> int:
    """The strength of an access value: of a list the least open one, of an unknown word doubtful, of none certain."""
    strength = CERTAIN
    for each in words(text):
        strength &= values.ACCESS.get(each, DOUBTFUL)
    return strength


def _foot(tags: Mapping[str, str], direction: str = "") -> str | None:
    keys = (f"foot:{direction}", "foot", "access:foot")
    return next((tags[key] for key in keys if tags.get(key, "").strip()), None)


def decisive(tags: Mapping[str, str], direction: str = "") -> str | None:
    """The access value that counts for walkers: of the direction before both, `foot` before `access`.

    `access:backward` on a carriageway is the lanes' (a bus lane against a one-way street), not the pavement's.
    """
    foot = _foot(tags, direction)
    if foot is not None:
        return foot
    of_direction = tags.get(f"access:{direction}")
    if of_direction is not None and word(tags.get("highway", "")) not in values.CARRIAGEWAY:
        return of_direction
    return tags.get("access")


def shut_at_times(tags: Mapping[str, str]) -> bool:
    """Whether hours, seasons or conditions are said of walkers' access."""
    if any(f"{key}:conditional" in tags for key in _CONDITIONS):
        return True
    if any(tags.get(key, "no") != "no" for key in values.TEMPORARY):
        return True
    if any(key in tags and allowed_by(tags[key]) != CERTAIN for key in values.TEMPORARY_ACCESS):
        return True
    return any(key in tags and word(tags[key]) not in values.ALWAYS_OPEN for key in values.HOURS)


def _opens_at_times(kind: str, tags: Mapping[str, str], direction: str) -> bool:
    """Whether what is closed to walkers is open to them under a condition: that may be the way to school."""
    keys = [f"foot:{direction}", "foot", "access:foot"]
    told_of_walkers = any(grants(tags.get(f"{key}:conditional", "")) for key in keys) or any(
        grants(tags.get(key, "")) for key in values.TEMPORARY_ACCESS
    )
    if kind in values.NEVER or (not kind and not _open_without_highway(tags, signed=told_of_walkers)):
        return False
    if told_of_walkers or _foot(tags, direction) is not None:
        return told_of_walkers
    if any(grants(tags.get(f"{key}:conditional", "")) for key in (f"access:{direction}", "access")):
        return True
    by_hours = not allowed_by(tags.get("access")) and "opening_hours" in tags and "motorroad" not in tags
    return by_hours and kind not in values.CLOSED_UNLESS_SIGNED


def grants(conditional: str) -> bool:
    """Whether `yes @ (Mo-Fr 07:00-17:00); no @ (SH)` opens at some time."""
    said = [found.group(1) for found in _CONDITION.finditer(conditional)] if "@" in conditional else [conditional]
    return any(allowed_by(each) != NOBODY for each in said if each.strip())


def is_area(tags: Mapping[str, str]) -> bool:
    """A plaza: a closed outline that is crossed on foot, not walked round."""
    square = tags.get("place") == "square" and tags.get("area") != "no" and "highway" not in tags
    return tags.get("area") == "yes" or tags.get("type") == "multipolygon" or square


def street_name(tags: Mapping[str, str]) -> str:
    """The name that the letter prints: of the way, or of the street that the footway belongs to."""
    return tags.get("name") or tags.get("is_sidepath:of:name") or tags.get("street:name") or ""

"""What a pupil may walk on, read from OpenStreetMap tags. One documented reading with a version, in three strengths.

standard  what the law takes for the way: public ways, and ways over private ground that everybody uses.
lenient   also what may be public: customers' ways, indoor passages, cycleways, building sites open on foot.
strict    only what is public beyond doubt: no sufferance, no beaten track, no driveway, no way with opening hours.
Every strict way is standard and every standard way is lenient, so the three lengths are ordered.

Sources: OSM wiki Key:access, Key:foot, OSM_tags_for_routing/Access_restrictions (Germany); reference figures in
DECISIONS.md: Valhalla walks through access=private, which alone moves results by hundreds of metres.
"""

from collections.abc import Mapping
from typing import Final

RULES_VERSION: Final = "walking-nrw/1"
"""Raise with every change below: it is stored with each decision."""

LENIENT, STANDARD, STRICT = 1, 2, 4
ONE_WAY = 8
"""Only from the first node of the edge to the last: `oneway:foot`. A plain `oneway` binds vehicles."""
STEPS, PERMISSIVE, CONDITIONAL, INFORMAL, DRIVEWAY, PLAZA = 16, 32, 64, 128, 256, 512
FLAG_OF_BIT: Final = {
    STEPS: "uses_steps",
    PERMISSIVE: "uses_permissive",
    CONDITIONAL: "uses_conditional",
    INFORMAL: "uses_informal",
    DRIVEWAY: "uses_driveway",
    PLAZA: "crosses_plaza",
}

_ALL = LENIENT | STANDARD | STRICT
_LAWFUL = LENIENT | STANDARD

_PUBLIC = frozenset(
    [
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
        "living_street",
        "service",
        "pedestrian",
        "footway",
        "path",
        "track",
        "steps",
        "road",
        "crossing",
        "platform",
    ]
)
_ONLY_WITH_FOOT = frozenset(["cycleway", "bridleway", "trunk", "trunk_link", "corridor", "elevator", "construction"])
"""Public for walkers only where a tag says so; otherwise at most the lenient reading (construction: not even that)."""
_YES = frozenset(["yes", "designated", "official", "permissive", "destination", "crossing"])
_NO = frozenset(["no", "private", "use_sidepath", "military", "permit", "emergency", "employees", "residents"])
_MAYBE = frozenset(
    ["customers", "own_risk", "discouraged", "agricultural", "forestry", "delivery", "agricultural;forestry", "unknown"]
)
_SIDEWALK = frozenset(["both", "left", "right", "yes"])
_BARRED = frozenset(["no", "private", "military", "permit"])
_GATES = frozenset(
    [
        "gate",
        "swing_gate",
        "sliding_gate",
        "door",
        "turnstile",
        "full-height_turnstile",
        "kissing_gate",
        "hampshire_gate",
        "fence",
        "wall",
    ]
)
"""Barriers that stop a walker where they are private. A bollard or lift gate stops vehicles: its access is theirs."""


def reading(tags: Mapping[str, str]) -> int:
    """Bits of the three readings and of what the way is; 0: nobody walks here."""
    kind = tags.get("highway", "")
    bits = _strength(kind, tags)
    if not bits:
        return 0
    if kind == "steps":
        bits |= STEPS
    if "permissive" in (tags.get("foot"), tags.get("foot") or tags.get("access")):
        bits |= PERMISSIVE
    if "foot:conditional" in tags or "access:conditional" in tags or "opening_hours" in tags:
        bits |= CONDITIONAL
    if tags.get("informal") == "yes":
        bits |= INFORMAL
    if tags.get("service") == "driveway" and "foot" not in tags:
        bits |= DRIVEWAY
    if bits & (PERMISSIVE | CONDITIONAL | INFORMAL | DRIVEWAY):
        bits &= ~STRICT
    if one_way(tags):
        bits |= ONE_WAY
    return bits


def _strength(kind: str, tags: Mapping[str, str]) -> int:
    """The readings in which the way is open, from its kind and the most specific access tag (foot before access)."""
    foot, access = tags.get("foot"), tags.get("access")
    if kind not in _PUBLIC and kind not in _ONLY_WITH_FOOT:
        return 0
    if tags.get("motorroad") == "yes" or foot in _NO or (foot is None and access in _NO):
        return 0
    if foot in _MAYBE or (foot is None and access in _MAYBE):
        return LENIENT
    signed = foot in _YES
    if kind == "construction":
        return LENIENT if signed else 0
    indoor = tags.get("indoor") not in (None, "no")
    if indoor or kind in _ONLY_WITH_FOOT:
        beside = kind in {"cycleway", "trunk", "trunk_link"} and _has_sidewalk(tags)
        if not signed and not beside:
            return LENIENT
        return _LAWFUL if indoor or kind in {"corridor", "elevator"} else _ALL
    if access == "destination" and not signed:
        return _LAWFUL
    return _ALL


def _has_sidewalk(tags: Mapping[str, str]) -> bool:
    return any(tags.get(key) in _SIDEWALK for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"))


def one_way(tags: Mapping[str, str]) -> int:
    """1: walkers only along the way's direction, -1: only against it, 0: both."""
    value = tags.get("oneway:foot")
    if value is None and tags.get("conveying") in {"forward", "backward"}:
        value = {"forward": "yes", "backward": "-1"}[tags["conveying"]]
    return {"yes": 1, "1": 1, "true": 1, "-1": -1, "reverse": -1}.get(value or "", 0)


def is_area(tags: Mapping[str, str]) -> bool:
    """A plaza: a closed outline that is crossed on foot, not walked round."""
    return tags.get("area") == "yes" or tags.get("type") == "multipolygon"


def blocks(tags: Mapping[str, str]) -> bool:
    """Whether a node stops walkers: forbidden on foot, or a private gate without leave for walkers."""
    foot = tags.get("foot")
    if "barrier" not in tags:
        return False
    if foot is not None:
        return foot in _BARRED
    return tags["barrier"] in _GATES and tags.get("access") in _BARRED


def street_name(tags: Mapping[str, str]) -> str:
    """The name that the letter prints: of the way, or of the street that the footway belongs to."""
    return tags.get("name") or tags.get("is_sidepath:of:name") or tags.get("street:name") or ""

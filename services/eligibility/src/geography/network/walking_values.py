"""The words of OpenStreetMap that a way for walkers is read by: data, each table with the wiki page it was read from.

A word in no table is read at most leniently. `test_values_in_use.py` counts the words of a real city: no frequent one
may be missing here. Words are compared in small letters, `_` for blanks.
"""

from collections.abc import Mapping
from typing import Final

LENIENT, STANDARD, STRICT = 1, 2, 4
NOBODY, DOUBTFUL, LAWFUL, CERTAIN = 0, LENIENT, LENIENT | STANDARD, LENIENT | STANDARD | STRICT
"""The strengths of a way or gate, the weakest first: `&` of two is the weaker one."""

ACCESS: Final[Mapping[str, int]] = {
    "yes": CERTAIN, "designated": CERTAIN, "official": CERTAIN, "public": CERTAIN, "allowed": CERTAIN,
    "true": CERTAIN, "1": CERTAIN, "crossing": CERTAIN,
    "permissive": LAWFUL, "destination": LAWFUL,
    "customers": DOUBTFUL, "own_risk": DOUBTFUL, "discouraged": DOUBTFUL, "agricultural": DOUBTFUL,
    "forestry": DOUBTFUL, "delivery": DOUBTFUL, "unknown": DOUBTFUL, "variable": DOUBTFUL, "limited": DOUBTFUL,
    "no": NOBODY, "false": NOBODY, "0": NOBODY, "private": NOBODY, "use_sidepath": NOBODY, "military": NOBODY,
    "permit": NOBODY, "emergency": NOBODY, "employees": NOBODY, "residents": NOBODY,
}  # fmt: skip
"""https://wiki.openstreetmap.org/wiki/Key:access#List_of_possible_values, Key:foot. A list (`no;customers`) is as
open as the least open of its words."""

CARRIAGEWAY: Final = frozenset({
    "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
    "unclassified", "residential", "living_street", "service", "road", "busway",
})  # fmt: skip
FOR_WALKERS: Final = frozenset({"pedestrian", "footway", "path", "steps", "crossing", "platform"})
PUBLIC: Final = (CARRIAGEWAY - {"trunk", "trunk_link", "busway"}) | FOR_WALKERS | {"track"}
"""Public for walkers where no tag says otherwise.
https://wiki.openstreetmap.org/wiki/OSM_tags_for_routing/Access_restrictions#Germany"""
ONLY_WITH_FOOT: Final = frozenset({"cycleway", "bridleway", "trunk", "trunk_link", "corridor", "elevator"})
"""Public for walkers only where a tag says so, otherwise doubtful."""
BESIDE: Final = frozenset({"cycleway", "trunk", "trunk_link"})
"""Of these, the ones on whose pavement one walks."""
INSIDE: Final = frozenset({"corridor", "elevator"})
"""Within buildings: never certain, for the house may be shut."""
CLOSED_UNLESS_SIGNED: Final = frozenset({"construction", "disused", "abandoned", "busway", "bus_guideway", "escape"})
"""Nobody walks there; with a word for walkers (or a pavement) it is doubtful.
https://wiki.openstreetmap.org/wiki/Tag:highway%3Dbusway, Tag:highway%3Dconstruction, Lifecycle_prefix"""
NEVER: Final = frozenset({
    "motorway", "motorway_link", "raceway", "via_ferrata", "proposed", "planned", "razed", "demolished", "removed",
    "dismantled", "destroyed", "no", "services", "rest_area", "emergency_bay", "emergency_access_point", "bus_stop",
    "street_lamp", "traffic_signals", "traffic_mirror", "milestone", "speed_camera", "stop", "give_way",
    "turning_circle", "turning_loop", "motorway_junction", "passing_place", "mini_roundabout", "toll_gantry",
    "trailhead", "traffic_island",
})  # fmt: skip
"""Forbidden on foot (§ 18 Abs. 9 StVO), not there, or no way at all. https://wiki.openstreetmap.org/wiki/Key:highway"""

OPEN_WITHOUT_HIGHWAY: Final[Mapping[str, frozenset[str]]] = {
    "railway": frozenset({"platform"}),
    "public_transport": frozenset({"platform"}),
    "man_made": frozenset({"pier"}),
}
"""Ways on which people walk though no `highway` says so: doubtful.
https://wiki.openstreetmap.org/wiki/Tag:railway%3Dplatform, Tag:public_transport%3Dplatform, Tag:man_made%3Dpier"""
NO_WAY_WITH: Final = frozenset({"barrier", "boundary", "building", "landuse", "natural", "route"})
"""Keys of what is drawn as a line and is none to walk on, whatever its `foot` says (bollards, a ferry, a wood)."""
WITHOUT_HIGHWAY: Final = (*OPEN_WITHOUT_HIGHWAY, "foot", "sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
"""Keys that make a way without `highway` worth a look."""

SIDEWALK: Final = frozenset({"both", "left", "right", "yes"})
SIDEWALKS: Final = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
"""https://wiki.openstreetmap.org/wiki/Key:sidewalk. `separate`: the pavement is drawn as a way of its own."""

LIFECYCLE: Final = frozenset({
    "abandoned", "disused", "construction", "proposed", "planned", "demolished", "razed", "removed", "dismantled",
    "destroyed", "collapsed", "ruins", "ruined", "closed", "impassable",
})  # fmt: skip
"""Keys beside a `highway` that say it is not, not yet or no longer there; also before it (`abandoned:highway`), but for
plans. https://wiki.openstreetmap.org/wiki/Lifecycle_prefix, Comparison_of_life_cycle_concepts"""
PLANS: Final = frozenset({"proposed", "planned"})

HOURS: Final = (
    "opening_hours", "hour_on", "hour_off", "date_on", "date_off", "day_on", "day_off", "seasonal", "intermittent",
    "tidal", "flood_prone",
)  # fmt: skip
"""Keys of ways and gates that are shut at times. https://wiki.openstreetmap.org/wiki/Key:opening_hours, Key:seasonal"""
TEMPORARY: Final = ("temporary", "temporary:highway", "temporary:oneway:foot")
TEMPORARY_ACCESS: Final = (
    "temporary:access", "temporary:foot", "access:temporary", "foot:temporary",
    "temporary:access:conditional", "temporary:foot:conditional",
)  # fmt: skip
"""Keys of what holds for a time: what is shut by them is not certain, what is opened by them is doubtful.
https://wiki.openstreetmap.org/wiki/Proposal:Temporary_(conditional), Proposed_features/temporary"""
LOCKED: Final = frozenset({"yes", "1", "true"})
UNLOCKED: Final = frozenset({"no", "0", "false"})
"""https://wiki.openstreetmap.org/wiki/Key:locked"""
ALWAYS_OPEN: Final = frozenset({"24/7", "no", "never", "00:00-24:00", "mo-su_00:00-24:00"})
"""Their words that shut nothing: open all day, or `seasonal=no`."""
WINTER_ONLY: Final = ("winter_road", "ice_road")
FORDS: Final[Mapping[str, int]] = {"no": CERTAIN, "yes": LAWFUL, "stepping_stones": LAWFUL, "intermittent": LAWFUL}
"""https://wiki.openstreetmap.org/wiki/Key:ford: high water shuts it; `boat` and unknown words are doubtful."""

ONE_WAY_WORDS: Final[Mapping[str, tuple[int, int]]] = {
    "yes": (CERTAIN, NOBODY), "1": (CERTAIN, NOBODY), "true": (CERTAIN, NOBODY), "forward": (CERTAIN, NOBODY),
    "-1": (NOBODY, CERTAIN), "reverse": (NOBODY, CERTAIN), "backward": (NOBODY, CERTAIN),
    "no": (CERTAIN, CERTAIN), "0": (CERTAIN, CERTAIN), "false": (CERTAIN, CERTAIN),
}  # fmt: skip
"""Strengths along the way and against it. Unknown words (`alternating`, `reversible`): both lawful, neither certain.
https://wiki.openstreetmap.org/wiki/Key:oneway:foot, Key:conveying"""

GATES: Final = frozenset({
    "gate", "swing_gate", "sliding_gate", "wicket_gate", "wicket", "hampshire_gate", "kissing_gate", "bump_gate",
    "door", "turnstile", "full-height_turnstile", "full_height_turnstile", "sally_port", "stile", "squeezer",
    "border_control", "checkpoint", "entrance", "sliding_beam", "security_control", "ticket_gate",
})  # fmt: skip
"""Barriers for everybody: who has no access is stopped. https://wiki.openstreetmap.org/wiki/Key:barrier"""
SOLID: Final = frozenset({
    "fence", "wall", "hedge", "retaining_wall", "city_wall", "ditch", "noise_barrier", "cable_barrier", "guard_rail",
    "debris", "handrail", "bars", "wire_fence", "delineators", "hoarding",
})  # fmt: skip
"""Barriers with nothing to open: drawn on a way, whether one gets through is not certain."""
FOR_VEHICLES: Final = frozenset({
    "bollard", "lift_gate", "block", "cycle_barrier", "motorcycle_barrier", "cattle_grid", "height_restrictor",
    "jersey_barrier", "kerb", "log", "planter", "spikes", "bus_trap", "car_trap", "sump_buster", "toll_booth",
    "rising_bollard", "horse_stile", "tank_trap", "swing_barrier", "tyres", "boulder", "stone", "rock",
    "width_restrictor", "wedge", "speed_camera", "marker", "post", "pole", "no",
})  # fmt: skip
"""Barriers for vehicles: their `access` is that of vehicles, a walker passes beside or over them. Words in none of
these three (`chain`, `rope`, `yes`) stop a walker who has no access, and are not certain otherwise."""

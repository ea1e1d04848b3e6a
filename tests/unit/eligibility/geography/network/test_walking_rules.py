"""How tags are read: lenient contains standard contains strict, always."""

import pytest
from geography.network.barriers import blocks
from geography.network.walking_rules import (
    LENIENT,
    ONE_WAY,
    STANDARD,
    STEPS,
    STRICT,
    one_way,
    reading_bits,
    street_name,
)
from hypothesis import given
from hypothesis import strategies as st

NOBODY, DOUBTFUL, USUAL, CERTAIN = 0, LENIENT, LENIENT | STANDARD, LENIENT | STANDARD | STRICT


@pytest.mark.parametrize(
    ("tags", "strength"),
    [
        ("highway=residential", CERTAIN),
        ("highway=footway", CERTAIN),
        ("highway=steps", CERTAIN),
        ("highway=primary sidewalk=no", CERTAIN),
        ("highway=residential oneway=yes", CERTAIN),
        ("highway=service tunnel=building_passage", CERTAIN),
        ("highway=service access=private", NOBODY),
        ("highway=footway access=no", NOBODY),
        ("highway=path access=military", NOBODY),
        ("highway=service access=private foot=yes", CERTAIN),
        ("highway=service access=no foot=designated", CERTAIN),
        ("highway=footway foot=no", NOBODY),
        ("highway=footway foot=private", NOBODY),
        ("highway=primary foot=use_sidepath", NOBODY),
        ("highway=service access=customers", DOUBTFUL),
        ("highway=footway access=permissive", USUAL),
        ("highway=service access=private foot=permissive", USUAL),
        ("highway=service access=permissive foot=yes", CERTAIN),
        ("highway=residential access=destination", USUAL),
        ("highway=track access=forestry", DOUBTFUL),
        ("highway=service service=driveway", USUAL),
        ("highway=service service=driveway foot=yes", CERTAIN),
        ("highway=path informal=yes", USUAL),
        ("highway=footway foot:conditional=no@(22:00-06:00)", USUAL),
        ("highway=motorway", NOBODY),
        ("highway=motorway foot=yes", NOBODY),
        ("highway=trunk motorroad=yes", NOBODY),
        ("highway=trunk motorroad=yes sidewalk=both", NOBODY),
        ("highway=trunk", DOUBTFUL),
        ("highway=trunk sidewalk=both", CERTAIN),
        ("highway=cycleway", DOUBTFUL),
        ("highway=cycleway foot=yes", CERTAIN),
        ("highway=cycleway foot=no", NOBODY),
        ("highway=bridleway", DOUBTFUL),
        ("highway=corridor", DOUBTFUL),
        ("highway=footway indoor=yes", DOUBTFUL),
        ("highway=footway indoor=yes foot=yes", USUAL),
        ("highway=elevator", DOUBTFUL),
        ("highway=construction construction=residential", NOBODY),
        ("highway=construction foot=yes", DOUBTFUL),
        ("highway=proposed", NOBODY),
        ("highway=footway foot=own_risk", DOUBTFUL),
        ("railway=rail", NOBODY),
    ],
)
def test_a_way_is_read_as_documented(tags: str, strength: int) -> None:
    bits = reading_bits(dict(tag.split("=") for tag in tags.split()))
    assert bits & CERTAIN == strength


def test_a_one_way_street_does_not_bind_walkers_but_oneway_foot_does() -> None:
    assert not reading_bits({"highway": "residential", "oneway": "yes"}) & ONE_WAY
    assert reading_bits({"highway": "footway", "oneway:foot": "yes"}) & ONE_WAY
    assert one_way({"highway": "footway", "oneway:foot": "-1"}) == -1
    assert one_way({"highway": "steps", "conveying": "forward"}) == 1


def test_steps_are_marked() -> None:
    assert reading_bits({"highway": "steps"}) & STEPS


VALUES = st.sampled_from(
    ["yes", "no", "private", "permissive", "destination", "customers", "designated", "use_sidepath", "forestry", "both"]
)


@given(
    st.sampled_from(
        [
            "residential",
            "footway",
            "cycleway",
            "trunk",
            "steps",
            "service",
            "construction",
            "corridor",
            "elevator",
            "path",
        ]
    ),
    st.dictionaries(
        st.sampled_from(["foot", "access", "sidewalk", "indoor", "informal", "motorroad", "foot:conditional"]), VALUES
    ),
)
def test_every_strict_way_is_standard_and_every_standard_way_is_lenient(kind: str, tags: dict[str, str]) -> None:
    strength = reading_bits({"highway": kind, **tags}) & CERTAIN
    assert strength in (NOBODY, DOUBTFUL, USUAL, CERTAIN)


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ("barrier=gate", False),
        ("barrier=gate access=private", True),
        ("barrier=gate access=private foot=yes", False),
        ("barrier=gate foot=no", True),
        ("barrier=bollard access=no", False),
        ("barrier=lift_gate access=private", False),
        ("barrier=bollard foot=private", True),
        ("highway=crossing foot=no", False),
    ],
)
def test_a_barrier_stops_walkers_only_where_it_is_theirs(tags: str, stopped: bool) -> None:
    assert blocks(dict(tag.split("=") for tag in tags.split())) is stopped


def test_a_footway_bears_the_name_of_its_street() -> None:
    assert street_name({"highway": "footway", "is_sidepath:of:name": "Hauptstraße"}) == "Hauptstraße"

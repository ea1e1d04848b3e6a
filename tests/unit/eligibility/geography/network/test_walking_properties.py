"""Matrices of keys, values, directions and barriers: what must hold whatever a mapper has written."""

from itertools import product

import pytest
from geography.network.barriers import passing_bits
from geography.network.dates import DATES
from geography.network.walking_rules import FLAG_OF_BIT, directions, reading_bits
from geography.network.walking_values import (
    ACCESS,
    CERTAIN,
    DOUBTFUL,
    GATES,
    LAWFUL,
    NOBODY,
    SOLID,
    STRICT,
    TEMPORARY,
    TEMPORARY_ACCESS,
)
from hypothesis import given
from hypothesis import strategies as st

NAMED = sum(FLAG_OF_BIT)
OPEN = {"highway": "footway"}
KINDS = st.sampled_from(
    ["residential", "primary", "service", "footway", "steps", "path", "cycleway", "trunk", "busway", "corridor",
     "construction", "disused", "footpath", "", "motorway"]
)  # fmt: skip
WORDS = st.sampled_from(
    [*ACCESS, "staff", "No", " yes ", "closed", "none", "no;customers", "yes;designated", "maybe, no"]
)
CONDITIONS = st.sampled_from(
    ["no @ (22:00-06:00)", "yes @ (Mo-Fr 07:00-17:00)", "yes @ sunrise-sunset; no @ SH", "private", "24/7", "?"]
)
KEYS = st.sampled_from(
    ["foot", "access", "foot:forward", "foot:backward", "access:forward", "access:backward", "foot:left", "foot:right",
     "access:foot", "oneway:foot", "conveying", "indoor", "informal", "motorroad", "sidewalk", "ford", "locked", "fee",
     "abandoned", "construction", "proposed", "disused:highway", "winter_road", "seasonal", "service", "railway", "area"]
)  # fmt: skip
VALUES = st.one_of(WORDS, st.sampled_from(["forward", "backward", "-1", "separate", "both", "driveway", "platform"]))
HOURS = st.sampled_from(["foot:conditional", "access:conditional", "opening_hours", "foot:forward:conditional"])
TAGS = st.builds(
    lambda one, other: {**one, **other}, st.dictionaries(KEYS, VALUES), st.dictionaries(HOURS, CONDITIONS, max_size=1)
)
BARRIERS = st.sampled_from(
    [*sorted(GATES), *sorted(SOLID), "bollard", "lift_gate", "yes", "chain", "gate;bollard", "portal"]
)


@given(KINDS, TAGS)
def test_the_readings_contain_each_other_in_both_directions(kind: str, tags: dict[str, str]) -> None:
    for bits in directions({"highway": kind, **tags}):
        assert bits & CERTAIN in (NOBODY, DOUBTFUL, LAWFUL, CERTAIN)


@given(KINDS, TAGS)
def test_what_is_not_certain_says_why(kind: str, tags: dict[str, str]) -> None:
    """No tag makes the strict way longer than the standard one without a name."""
    for bits in (*directions({"highway": kind, **tags}), passing_bits({"barrier": "gate", **tags})):
        assert not bits or bits & STRICT or bits & NAMED


@given(KINDS, TAGS, KEYS, VALUES)
def test_another_value_unknown_to_the_tables_is_never_certain(
    kind: str, tags: dict[str, str], key: str, value: str
) -> None:
    for word in ("quux", f"{value};quux", "QUUX @ (weekends)"):
        if key in {"foot", "access"} and not {"foot", "foot:forward", "foot:backward", "access:foot"} & tags.keys():
            plain = {each: said for each, said in tags.items() if not each.startswith("access:")}
            assert not reading_bits({**plain, "highway": kind, key: word}) & (CERTAIN - DOUBTFUL)


@pytest.mark.parametrize(("one", "other"), list(product([*ACCESS, "staff"], repeat=2)))
def test_a_list_is_as_open_as_the_least_open_of_its_words(one: str, other: str) -> None:
    for key in ("foot", "access"):
        alone = [reading_bits({**OPEN, key: word}) & CERTAIN for word in (one, other)]
        assert reading_bits({**OPEN, key: f"{one}; {other}"}) & CERTAIN == min(alone)
        gate = [passing_bits({"barrier": "gate", key: word}) & CERTAIN for word in (one, other)]
        assert passing_bits({"barrier": "gate", key: f"{one};{other}"}) & CERTAIN == min(gate)


@pytest.mark.parametrize(("word", "barrier"), list(product([*ACCESS, "staff"], sorted(GATES))))
def test_a_gate_has_the_strength_of_a_way_with_its_words_but_is_never_closed_to_the_lenient(
    word: str, barrier: str
) -> None:
    for key in ("foot", "access"):
        assert passing_bits({"barrier": barrier, key: word}) & CERTAIN == max(
            reading_bits({**OPEN, key: word}) & CERTAIN, DOUBTFUL
        )


@given(BARRIERS, TAGS)
def test_what_is_said_of_a_barrier_never_opens_it_beyond_its_words(barrier: str, tags: dict[str, str]) -> None:
    bits = passing_bits({"barrier": barrier, **tags}) & CERTAIN
    assert bits in (DOUBTFUL, LAWFUL, CERTAIN)
    if "foot" in tags:
        assert bits <= max(reading_bits({**OPEN, "foot": tags["foot"]}) & CERTAIN, DOUBTFUL)


@given(TAGS, CONDITIONS)
def test_what_has_conditions_is_never_certain(tags: dict[str, str], condition: str) -> None:
    if condition != "24/7":
        for key in ("foot:conditional", "access:conditional", "opening_hours"):
            assert not reading_bits({**OPEN, **tags, key: condition}) & STRICT
            assert not passing_bits({"barrier": "gate", **tags, key: condition}) & STRICT


@pytest.mark.parametrize("closed", ["no", "private", "no;private"])
@pytest.mark.parametrize("hours", ["foot:conditional", "access:conditional", "access:foot:conditional"])
@pytest.mark.parametrize("kind", ["footway", "service", "cycleway", "primary", "construction"])
def test_what_opens_sometimes_is_lenient(closed: str, hours: str, kind: str) -> None:
    tags = {"highway": kind, "access": closed}
    assert reading_bits({**tags, hours: "yes @ (Mo-Fr 07:00-17:00)"}) & CERTAIN == DOUBTFUL
    assert reading_bits({**tags, hours: "no @ (22:00-06:00)"}) == NOBODY


@pytest.mark.parametrize("key", ["abandoned", "disused", "construction", "razed", "closed", "abandoned:highway"])
@pytest.mark.parametrize("value", ["yes", "tertiary", "2019-03-01"])
def test_what_is_not_in_use_is_at_most_lenient(key: str, value: str) -> None:
    assert reading_bits({**OPEN, key: value}) & CERTAIN == DOUBTFUL
    assert (
        reading_bits({**OPEN, "abandoned:railway": "rail", key: "no"} if ":" not in key else OPEN) & CERTAIN == CERTAIN
    )


DAY = "2026-05-20"


@pytest.mark.parametrize(
    ("tags", "strength"),
    [
        ({"end_date": "2024"}, DOUBTFUL), ({"end_date": "2026-05-19"}, DOUBTFUL), ({"end_date": "2026"}, DOUBTFUL),
        ({"end_date": "2026-06"}, LAWFUL), ({"closing_date": "2031-01-01"}, LAWFUL), ({"end_date": "soon"}, DOUBTFUL),
        ({"start_date": "1890"}, CERTAIN), ({"start_date": "C19"}, CERTAIN), ({"start_date": "2026"}, CERTAIN),
        ({"start_date": "2026-06"}, DOUBTFUL), ({"start_date": "2030-01-01"}, DOUBTFUL),
        ({"opening_date": "2026-09-01"}, DOUBTFUL), ({"opening_date": "2019"}, CERTAIN),
        ({"opening_date": "autumn"}, DOUBTFUL), ({"start_date": "2015", "end_date": "2025-12-31"}, DOUBTFUL),
        ({"temporary": "yes"}, LAWFUL), ({"temporary": "no"}, CERTAIN), ({"temporary:access": "no"}, LAWFUL),
        ({"access:temporary": "private"}, LAWFUL), ({"temporary:foot": "no @ (2026 May 01-2026 Jul 31)"}, LAWFUL),
        ({"temporary:foot": "yes"}, CERTAIN), ({"temporary:motor_vehicle": "no"}, CERTAIN),
        ({"access": "no", "temporary:access": "yes"}, DOUBTFUL), ({"foot": "no", "foot:temporary": "yes"}, DOUBTFUL),
        ({"access": "no", "temporary:access": "no"}, NOBODY), ({"temporary:highway": "construction"}, LAWFUL),
        ({"locked": "yes"}, DOUBTFUL), ({"locked": "no"}, CERTAIN), ({"locked": "night"}, LAWFUL),
        ({"locked": "yes", "foot": "yes"}, LAWFUL), ({"locked": "no", "locked:conditional": "yes @ (PH)"}, LAWFUL),
        ({"toll:foot": "yes"}, LAWFUL), ({"toll:foot": "no"}, CERTAIN), ({"toll": "yes"}, LAWFUL),
        ({"toll": "yes", "highway": "primary"}, CERTAIN), ({"toll:foot": "yes", "highway": "primary"}, LAWFUL),
        ({"toll:hgv": "yes", "highway": "primary"}, CERTAIN),
    ],
)  # fmt: skip
def test_dates_locks_tolls_and_what_holds_for_a_time(tags: dict[str, str], strength: int) -> None:
    bits = reading_bits({**OPEN, **tags}, DAY)
    assert bits & CERTAIN == strength
    assert bits & STRICT or not bits or bits & NAMED


@given(
    KINDS, TAGS, st.sampled_from([*DATES, *TEMPORARY, *TEMPORARY_ACCESS, "locked", "toll", "toll:foot", "fee"]),
    st.sampled_from(["yes", "no", "2019", "2026-05-20", "2031-02", "quux", "no @ (22:00-06:00)", "private", "C19"]),
    st.sampled_from([DAY, ""]),
)  # fmt: skip
def test_no_date_lock_or_toll_takes_a_way_from_the_lenient_or_a_reading_without_a_name(
    kind: str, tags: dict[str, str], key: str, value: str, day: str
) -> None:
    before, after = (
        reading_bits({**tags, "highway": kind}, day),
        reading_bits({"highway": kind, **tags, key: value}, day),
    )
    assert after & DOUBTFUL >= before & DOUBTFUL or key in tags
    for bits in (
        *directions({"highway": kind, **tags, key: value}, day),
        passing_bits({"barrier": "gate", key: value}),
    ):
        assert not bits or bits & STRICT or bits & NAMED


@pytest.mark.parametrize(
    ("tags", "along", "against"),
    [
        ({"oneway:foot": "yes"}, CERTAIN, NOBODY),
        ({"oneway:foot": "-1"}, NOBODY, CERTAIN),
        ({"foot:backward": "no"}, CERTAIN, NOBODY),
        ({"foot:forward": "private"}, NOBODY, CERTAIN),
        ({"foot:backward": "permissive"}, CERTAIN, LAWFUL),
        ({"foot:backward": "no", "foot:backward:conditional": "yes @ (Mo-Fr)"}, LAWFUL, DOUBTFUL),
        ({"foot": "no", "foot:forward": "yes"}, CERTAIN, NOBODY),
        ({"access:backward": "no"}, CERTAIN, NOBODY),
        ({"access:backward": "no", "foot": "yes"}, CERTAIN, CERTAIN),
        ({"access:backward": "no", "highway": "primary"}, CERTAIN, CERTAIN),
        ({"conveying": "backward"}, NOBODY, CERTAIN),
        ({"conveying": "reversible"}, LAWFUL, LAWFUL),
        ({"conveying": "yes"}, LAWFUL, LAWFUL),
        ({"oneway:foot": "alternating"}, LAWFUL, LAWFUL),
        ({"oneway": "yes"}, CERTAIN, CERTAIN),
    ],
)
def test_walkers_directions_are_read_whatever_key_says_them(tags: dict[str, str], along: int, against: int) -> None:
    assert tuple(bits & CERTAIN for bits in directions({**OPEN, **tags})) == (along, against)

"""Doubts are named by their place; a way over the border has a lower bound."""

import numpy as np
import pytest
from geography import Entrance, measure
from geography.model.doubt import names_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.town import Place, Town


def two_ways(town: Town, **tags: str) -> Town:
    town.node("a", 0, 0).node("b", 500, 0).node("m", 250, 300).node("z", -50, 0).node("y", 550, 0)
    return town.way(1, "a b", **tags).way(2, "a m b").way(3, "z a").way(4, "b y")


@pytest.mark.parametrize(
    ("tags", "reading", "reason"),
    [
        ({"access": "permissive"}, "standard", "uses_permissive"),
        ({"foot_conditional": "no @ (22:00-06:00)"}, "standard", "uses_conditional"),
        ({"access": "destination"}, "standard", "uses_unclear"),
        ({"access": "customers"}, "lenient", "uses_unclear"),
        ({"abandoned": "yes"}, "lenient", "uses_out_of_use"),
    ],
)
def test_a_doubtful_stretch_is_named(town: Town, tags: dict[str, str], reading: str, reason: str) -> None:
    result = two_ways(town, name="Gasse", **tags).walk((0, 0), (500, 0))
    (doubt,) = result.as_json()["doubts"]
    assert (doubt["kind"], doubt["place"], doubt["street"], doubt["reading"]) == ("stretch", "way/1", "Gasse", reading)
    assert doubt["metres"] == pytest.approx(500, abs=1)
    assert reason in doubt["reasons"]
    names = names_of([doubt])
    assert names is not None
    assert names.de == "Wegstück Gasse (Weg 1 in OpenStreetMap, 500 m)"


def test_a_gate_is_named_by_its_node(town: Town) -> None:
    two_ways(town).node("g", 250, 0, barrier="gate", access="private").way(1, "a g b")
    (doubt,) = town.walk((0, 0), (500, 0)).doubts
    assert (doubt.kind, doubt.place, doubt.metres, doubt.reading) == ("gate", "node/6", 0.0, "lenient")
    assert "passes_gate" in doubt.reasons


def test_a_plaza_is_named_by_its_way_or_relation(town: Town) -> None:
    for name, x, y in [("a", 0, 0), ("b", 100, 0), ("c", 100, 100), ("d", 0, 100), ("w", -300, 0), ("e", 400, 100)]:
        town.node(name, x, y)
    town.way(1, "a b c d a", highway="pedestrian", area="yes", name="Markt").way(2, "w a").way(3, "c e")
    (doubt,) = town.walk((-300, 0), (400, 100)).doubts
    assert (doubt.kind, doubt.place, doubt.street, doubt.reasons) == ("plaza", "way/1", "Markt", ("crosses_plaza",))
    town.way(1, "a b c d a", highway="").relation(9, [(1, "outer")], type="multipolygon", highway="pedestrian")
    (doubt,) = town.walk((-300, 0), (400, 100)).doubts
    assert (doubt.kind, doubt.place) == ("plaza", "relation/9")


def test_a_way_beyond_doubt_has_none(town: Town) -> None:
    assert "doubts" not in two_ways(town).walk((0, 0), (500, 0)).as_json()


def test_the_same_place_is_named_once(town: Town) -> None:
    town.node("g", 250, 0)
    result = two_ways(town).way(1, "a g b", access="permissive").way(8, "g m").walk((0, 0), (500, 0))
    assert [doubt.place for doubt in result.doubts] == ["way/1"]


Spot = tuple[int, int]
ENDS = st.tuples(st.integers(-380, 380), st.integers(-380, 380))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENDS, st.lists(ENDS, min_size=1, max_size=3), st.integers(1, 4), st.integers(-400, 400))
def test_no_way_over_the_border_is_shorter_than_said(
    town: Town, place: Place, home: Spot, entrances: list[Spot], side: int, where: int
) -> None:
    """The way to a point on the border and on to an entrance, drawn straight, at places by chance."""
    for name, x, y in [("a", -400, -400), ("b", 400, -400), ("c", 400, 400), ("d", -400, 400)]:
        town.node(name, x, y)
    town.bounds = (-400, -400, 400, 400)
    network = town.way(1, "a b c d a").way(2, "a c").way(3, "b d").network()
    result = measure(network, place(*home), [Entrance(place(*each)) for each in entrances])
    x, y = [(where, 400), (400, where), (where, -400), (-400, where)][side - 1]
    over = min(float(np.hypot(x - home[0], y - home[1]) + np.hypot(x - ex, y - ey)) for ex, ey in entrances)
    assert result.border_m is not None
    assert result.border_m <= over * 1.002 + 0.1
    assert ("could_leave_extract" in result.flags) is (result.border_m < result.metres)

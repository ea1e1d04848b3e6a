"""The first and last metres: directions, gates and doubtful streets where a home or an entrance lies."""

import pytest
from support.town import Town

Spot = tuple[float, float]


def three_in_a_row(town: Town, **tags: str) -> Town:
    """A long street in three parts, the middle one with tags, and a way round it."""
    for name, x, y in [("w", -200, 0), ("a", 0, 0), ("b", 400, 0), ("e", 600, 0), ("c", 200, 150)]:
        town.node(name, x, y)
    return town.way(1, "w a").way(2, "a b", name="Mitte", **tags).way(3, "b e").way(4, "a c b")


@pytest.mark.parametrize("word", ["foot_backward", "foot_forward"])
@pytest.mark.parametrize(
    ("home", "school", "metres"), [((100, 5), (-100, 0), 205), ((500, 0), (100, 5), 405), ((300, 5), (100, 5), 210)]
)
def test_a_way_whose_directions_differ_is_left_and_reached_in_both(
    town: Town, word: str, home: Spot, school: Spot, metres: int
) -> None:
    """It was walked round: 805 m for 205."""
    three_in_a_row(town, **{word: "permissive"})
    for found in (town.walk(home, school), town.walk(school, home)):
        assert found.metres == pytest.approx(metres, abs=1)
        assert found.lenient_m == found.metres
    town.way(2, "a b", name="Mitte", **{word: "customers"})
    assert town.walk(home, school).lenient_m == pytest.approx(metres, abs=1)


def test_only_the_direction_walked_is_in_doubt(town: Town) -> None:
    three_in_a_row(town, foot_backward="permissive")
    assert town.walk((100, 5), (500, 0)).doubts == ()
    (doubt,) = town.walk((500, 0), (100, 5)).doubts
    assert (doubt.place, doubt.reasons) == ("way/2", ("uses_permissive",))


@pytest.mark.parametrize("swapped", [False, True])
def test_who_stands_where_a_one_way_begins_need_not_walk_it(town: Town, swapped: bool) -> None:
    town.node("a", 0, 0).node("b", 300, 0).node("u", 0, 100).node("v", -300, 100)
    town.way(1, "a u", oneway_foot="-1" if swapped else "yes").way(2, "b a").way(3, "u v b")
    ends = ((-20, -5), (200, 0))
    assert town.walk(*(ends[::-1] if swapped else ends)).metres == pytest.approx(221, abs=1)


def test_the_two_sides_of_a_gate_are_two_places(town: Town) -> None:
    """A home beside a gate may lie behind it: the strict way begins on the side from which it is longer."""
    town.node("a", 0, 0).node("g", 200, 0, barrier="gate", opening_hours="Mo-Fr 7-17").node("b", 400, 0)
    town.node("c", 0, 300).node("d", 400, 300).way(1, "a g b").way(2, "a c d b")
    for school in ((100, 0), (300, 0)):
        found = town.walk((200, 20), school)
        assert found.metres == pytest.approx(120, abs=1)
        assert found.strict_m == pytest.approx(1320, abs=3)
        assert {doubt.kind for doubt in found.doubts} <= {"home", "gate"}
        assert found.doubts


def test_a_street_that_only_the_lenient_reading_walks_may_still_be_the_addresss(town: Town) -> None:
    three_in_a_row(town)
    town.node("f", 50, 60).node("h", 50, 400).way(7, "f h", name="Gasse", access="customers").way(8, "h w")
    found = town.walk((50, 10), (50, 400), "Gasse")
    assert found.snap_from.way == 2
    assert found.lenient_m == pytest.approx(390, abs=1)
    assert [each.place for each in found.doubts if each.reading == "lenient"] == ["way/7"]


@pytest.mark.parametrize(
    "gate", [{"opening_hours": "Mo-Fr 7-17"}, {"access": "permissive"}, {"foot": "yes", "locked": "yes"}]
)
def test_a_gate_that_cuts_off_the_whole_way_is_named(town: Town, gate: dict[str, str]) -> None:
    """Home and school lie behind it: the way does not pass it, and the strict reading goes elsewhere."""
    three_in_a_row(town).node("g", 100, 0, barrier="gate", **gate).node("x", 100, 120).node("y", 300, 120)
    found = town.way(2, "a g b", name="Mitte").way(5, "g x y", name="Hof").walk((110, 110), (300, 110))
    assert found.strict_m is not None
    assert found.strict_m > found.metres
    assert "uses_cut_off" in found.flags
    (doubt,) = found.doubts
    assert (doubt.kind, doubt.place, doubt.metres, doubt.reading) == ("gate", "node/6", 0.0, "standard")


def test_another_place_of_an_end_is_named_by_its_way(town: Town) -> None:
    three_in_a_row(town).node("f", 100, 12).node("h", 100, 900).way(7, "f h b", name="Parallele")
    found = town.walk((100, 5), (-100, 0))
    (doubt,) = found.doubts
    assert (doubt.kind, doubt.place, doubt.street, doubt.reasons) == ("home", "way/7", "Parallele", ("home_elsewhere",))
    (doubt,) = town.walk((-100, 0), (100, 5)).doubts
    assert (doubt.kind, doubt.place, doubt.reasons) == ("entrance", "way/7", ("entrance_elsewhere",))


@pytest.mark.parametrize("way", [{}, {"access": "customers"}])
@pytest.mark.parametrize("gate", [{"access": "private"}, {"locked": "yes"}])
def test_a_home_behind_a_gate_is_not_measured_over_the_fence_alone(
    town: Town, gate: dict[str, str], way: dict[str, str]
) -> None:
    """The standard way begins on the street behind the yard; the way out by the gate is much longer."""
    three_in_a_row(town).node("g", 200, -20, barrier="gate", **gate).node("y", 200, -280).node("m", 200, 0)
    town.way(2, "a m b", name="Mitte").way(5, "m g y", name="Hof", **way)
    town.node("p", -200, -310).node("q", 600, -310).way(6, "w p q e", name="Hinten")
    for kind, found in (
        ("home", town.walk((203, -250), (400, -315))),
        ("entrance", town.walk((400, -315), (203, -250))),
    ):
        assert found.metres == pytest.approx(60 + 197 + 5, abs=2)
        assert found.strict_m == pytest.approx(250 + 400 + 310 + 200 + 8, abs=3)
        places = {(doubt.kind, doubt.place) for doubt in found.doubts}
        assert (kind, "way/5") in places
        assert places & {("gate", "node/6"), ("stretch", "way/5")}
        assert found.strict_geometry is not None

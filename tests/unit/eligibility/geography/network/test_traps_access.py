"""Traps of the tags: what only looks like a way, what stops a walker, how a square is crossed. Metres of the town."""

import numpy as np
import pytest
from geography import Measurement
from support.town import Town

NEAR = 0.5
STRAIGHT, ROUND = 500.0, 2 * float(np.hypot(250, 300))


def two_ways(town: Town, **tags: str) -> Measurement:
    """The straight way with these tags, 500 m, and a street round it."""
    town.node("a", 0, 0).node("b", 500, 0).node("m", 250, 300).node("z", -50, 0).node("y", 550, 0)
    town.way(1, "a b", **tags).way(2, "a m b").way(3, "z a").way(4, "b y")
    return town.walk((0, 0), (500, 0))


@pytest.mark.parametrize(
    ("tags", "standard", "lenient", "strict"),
    [
        ({"highway": "service", "access": "private"}, ROUND, ROUND, ROUND),
        ({"highway": "service", "access": "customers"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "primary", "foot": "use_sidepath"}, ROUND, ROUND, ROUND),
        ({"highway": "construction", "foot": "yes"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "path", "foot": "own_risk"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "cycleway"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "corridor", "level": "1"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "footway", "indoor": "yes"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "elevator", "level": "0;1"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "service", "access": "permissive"}, STRAIGHT, STRAIGHT, ROUND),
        ({"highway": "service", "service": "driveway"}, STRAIGHT, STRAIGHT, ROUND),
        ({"highway": "path", "informal": "yes"}, STRAIGHT, STRAIGHT, ROUND),
        ({"highway": "footway", "foot_conditional": "no @ (20:00-06:00)"}, STRAIGHT, STRAIGHT, ROUND),
        ({"highway": "residential", "oneway": "-1"}, STRAIGHT, STRAIGHT, STRAIGHT),
        ({"highway": "motorway"}, ROUND, ROUND, ROUND),
        ({"highway": "proposed"}, ROUND, ROUND, ROUND),
        ({"highway": "", "route": "ferry", "foot": "yes"}, ROUND, ROUND, ROUND),
        ({"highway": "", "railway": "platform"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "", "public_transport": "platform"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "", "man_made": "pier"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "", "railway": "abandoned", "foot": "yes"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "", "railway": "platform", "access": "private"}, ROUND, ROUND, ROUND),
        ({"highway": "", "barrier": "bollard", "foot": "yes"}, ROUND, ROUND, ROUND),
        ({"highway": "busway", "foot": "yes", "sidewalk": "both"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "footway", "access": "no;customers"}, ROUND, ROUND, ROUND),
        ({"highway": "cycleway", "foot": "yes;designated"}, STRAIGHT, STRAIGHT, STRAIGHT),
        ({"highway": "footway", "access": "staff"}, ROUND, STRAIGHT, ROUND),
        (
            {"highway": "footway", "access": "no", "foot_conditional": "yes @ (Mo-Fr 07:00-17:00)"},
            ROUND,
            STRAIGHT,
            ROUND,
        ),
        ({"highway": "footway", "abandoned": "yes"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "footway", "construction": "yes"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "footway", "foot_forward": "no"}, ROUND, ROUND, ROUND),
        ({"highway": "footway", "foot_backward": "no"}, STRAIGHT, STRAIGHT, STRAIGHT),
        ({"highway": "footway", "foot_forward": "customers"}, ROUND, STRAIGHT, ROUND),
        ({"highway": "track", "ford": "yes"}, STRAIGHT, STRAIGHT, ROUND),
        ({"highway": "primary", "sidewalk": "separate"}, STRAIGHT, STRAIGHT, ROUND),
    ],
)
def test_each_reading_walks_what_it_may(
    town: Town, tags: dict[str, str], standard: float, lenient: float, strict: float
) -> None:
    result = two_ways(town, **tags)
    assert (result.lenient_m, result.metres, result.strict_m) == pytest.approx((lenient, standard, strict), abs=NEAR)


@pytest.mark.parametrize(("value", "there"), [("forward", STRAIGHT), ("backward", ROUND)])
def test_an_escalator_carries_one_way(town: Town, value: str, there: float) -> None:
    assert two_ways(town, highway="steps", conveying=value).metres == pytest.approx(there, abs=NEAR)


@pytest.mark.parametrize(
    ("tags", "standard", "strict"),
    [
        ({"barrier": "gate", "access": "private"}, ROUND, ROUND),
        ({"barrier": "gate", "foot": "no"}, ROUND, ROUND),
        ({"barrier": "gate"}, STRAIGHT, STRAIGHT),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, STRAIGHT, STRAIGHT),
        ({"barrier": "bollard", "access": "no"}, STRAIGHT, STRAIGHT),
        ({"barrier": "lift_gate", "access": "private"}, STRAIGHT, STRAIGHT),
        ({"barrier": "gate", "locked": "yes"}, ROUND, ROUND),
        ({"barrier": "gate", "opening_hours": "Mo-Fr 07:00-17:00"}, STRAIGHT, ROUND),
        ({"barrier": "gate", "access": "permissive"}, STRAIGHT, ROUND),
        ({"barrier": "gate", "access": "customers"}, ROUND, ROUND),
        ({"barrier": "gate", "access": "private", "foot_conditional": "yes @ (Mo-Fr 07:00-17:00)"}, ROUND, ROUND),
        ({"barrier": "yes", "access": "no"}, ROUND, ROUND),
        ({"barrier": "wicket_gate", "access": "private"}, ROUND, ROUND),
        ({"barrier": "chain", "access": "no;private"}, ROUND, ROUND),
        ({"barrier": "fence"}, STRAIGHT, ROUND),
        ({"ford": "yes"}, STRAIGHT, ROUND),
    ],
)
def test_a_barrier_in_the_way_stops_whom_it_is_for(
    town: Town, tags: dict[str, str], standard: float, strict: float
) -> None:
    two_ways(town)
    town.node("g", 250, 0, **tags).way(1, "a g b")
    result = town.walk((0, 0), (500, 0))
    assert (result.lenient_m, result.metres, result.strict_m) == pytest.approx((STRAIGHT, standard, strict), abs=NEAR)


def test_both_sides_of_a_private_gate_are_lived_on(town: Town) -> None:
    two_ways(town)
    town.node("g", 250, 0, barrier="gate", access="private").way(1, "a g b")
    assert town.walk((240, 0), (500, 0)).metres == pytest.approx(240 + ROUND, abs=NEAR)
    assert town.walk((260, 0), (500, 0)).metres == pytest.approx(240, abs=NEAR)


def square(town: Town, **tags: str) -> Measurement:
    """A square of 100 m, entered in the south-west and left in the north-east."""
    for name, x, y in [("a", 0, 0), ("b", 100, 0), ("c", 100, 100), ("d", 0, 100), ("w", -300, 0), ("e", 400, 100)]:
        town.node(name, x, y)
    town.way(1, "a b c d a", **({"highway": "pedestrian", "area": "yes"} | tags)).way(2, "w a").way(3, "c e")
    return town.walk((-300, 0), (400, 100))


def test_a_private_square_is_neither_crossed_nor_walked_round(town: Town) -> None:
    town.node("x", 50, 400).way(4, "w x e")
    round_ = np.hypot(350, 400) + np.hypot(350, 300)
    assert square(town, access="private").metres == pytest.approx(round_, abs=NEAR)


def test_a_customers_square_is_crossed_in_the_lenient_reading_only(town: Town) -> None:
    town.node("x", 50, 400).way(4, "w x e")
    result = square(town, access="customers")
    assert result.metres == pytest.approx(np.hypot(350, 400) + np.hypot(350, 300), abs=NEAR)
    assert result.lenient_m == pytest.approx(600 + np.hypot(100, 100), abs=NEAR)


def test_the_straight_line_across_a_square_with_a_bay_bends_at_its_corner(town: Town) -> None:
    corners = {"a": (0, 0), "b": (200, 0), "c": (200, 200), "d": (100, 200), "k": (100, 100), "l": (0, 100)}
    for name, (x, y) in corners.items():
        town.node(name, x, y)
    town.node("w", -300, 100).node("e", 100, 500)
    town.way(1, "a b c d k l a", highway="pedestrian", area="yes").way(2, "w l").way(3, "d e")
    town.way(4, "a w")
    assert town.walk((-300, 100), (100, 500)).metres == pytest.approx(300 + 200 + 300, abs=NEAR)


def test_a_square_whose_outline_is_put_together_from_several_ways_is_crossed(town: Town) -> None:
    for name, x, y in [("a", 0, 0), ("b", 100, 0), ("c", 100, 100), ("d", 0, 100), ("w", -300, 0), ("e", 400, 100)]:
        town.node(name, x, y)
    town.way(11, "a b c", highway="").way(12, "a d c", highway="").way(2, "w a").way(3, "c e")
    town.relation(9, [(11, "outer"), (12, "outer")], type="multipolygon", highway="pedestrian")
    result = town.walk((-300, 0), (400, 100))
    assert result.metres == pytest.approx(600 + np.hypot(100, 100), abs=NEAR)
    assert "crosses_plaza" in result.flags


def test_the_way_across_an_angled_square_bends_at_its_inner_corner_not_along_its_outline(town: Town) -> None:
    corners = {"a": (0, 0), "b": (300, 0), "p": (300, 50), "c": (300, 100), "k": (100, 100), "l": (100, 300)}
    for name, (x, y) in (corners | {"q": (50, 300), "d": (0, 300), "w": (600, 50), "e": (50, 600)}).items():
        town.node(name, x, y)
    town.way(1, "a b p c k l q d a", highway="pedestrian", area="yes").way(2, "w p").way(3, "q e")
    assert town.walk((600, 50), (50, 600)).metres == pytest.approx(600 + 2 * np.hypot(200, 50), abs=NEAR)


def test_a_thin_wall_in_a_square_is_walked_round(town: Town) -> None:
    """Its slot lies between the places at which a line is looked at for being inside: its sides must be crossed."""
    for name, x, y in [
        ("a", 0, 0),
        ("s", 99, 0),
        ("t", 100, 90),
        ("u", 101, 0),
        ("b", 320, 0),
        ("c", 320, 100),
        ("d", 0, 100),
    ]:
        town.node(name, x, y)
    town.node("p", 0, 10).node("q", 320, 10).node("w", -300, 10).node("e", 620, 10)
    town.way(1, "a s t u b q c d p a", highway="pedestrian", area="yes").way(2, "w p").way(3, "q e")
    round_ = np.hypot(100, 80) + np.hypot(220, 80)
    assert town.walk((-300, 10), (620, 10)).metres == pytest.approx(600 + round_, abs=NEAR)

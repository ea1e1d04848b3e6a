"""What stands on a plaza is walked round, whichever way it is drawn."""

from collections.abc import Callable

import numpy as np
import pytest
from support.town import Town

NEAR = 0.5
AREA = {"highway": "pedestrian", "area": "yes"}


def square(town: Town, corners: str = "pqrs", at: tuple[float, float] = (60, 60), size: float = 80) -> Town:
    """A square of 200 m with a house on it, crossed from the south-west to the north-east corner."""
    for name, x, y in [("a", 0, 0), ("b", 200, 0), ("c", 200, 200), ("d", 0, 200), ("w", -300, 0), ("e", 500, 200)]:
        town.node(name, x, y)
    for name, dx, dy in zip(corners, (0, size, size, 0), (0, 0, size, size), strict=True):
        town.node(name, at[0] + dx, at[1] + dy)
    return town.way(1, "a b c d a", **AREA).way(2, "w a").way(3, "c e")


def walk(town: Town) -> float:
    return town.walk((-300, 0), (500, 200)).metres


STRAIGHT = 600 + float(np.hypot(200, 200))
ROUND_THE_HOUSE = 600 + 2 * float(np.hypot(140, 60))


def test_a_house_that_is_no_inner_ring_is_walked_round_at_its_corners(town: Town) -> None:
    square(town).way(9, "p q r s p", highway="", building="yes")
    assert walk(town) == pytest.approx(ROUND_THE_HOUSE, abs=NEAR)


def test_a_house_that_reaches_into_the_square_stops_the_line(town: Town) -> None:
    square(town, at=(60, -60), size=200).way(9, "p q r s p", highway="", building="yes")
    assert walk(town) == pytest.approx(600 + 400, abs=NEAR)


def test_the_inner_ring_of_an_untagged_relation_is_walked_round(town: Town) -> None:
    square(town).way(9, "p q r s p", highway="", landuse="grass")
    town.relation(7, [(1, "outer"), (9, "inner")], type="multipolygon")
    assert walk(town) == pytest.approx(ROUND_THE_HOUSE, abs=NEAR)


@pytest.mark.parametrize(
    "tags", [{"building": "roof"}, {"building": "no"}, {"building": "garage", "layer": "-1"}, {"landuse": "grass"}]
)
def test_what_one_walks_under_or_over_is_no_obstacle(town: Town, tags: dict[str, str]) -> None:
    square(town).way(9, "p q r s p", highway="", **tags)
    assert walk(town) == pytest.approx(STRAIGHT, abs=NEAR)


def test_a_house_beside_the_square_is_no_obstacle(town: Town) -> None:
    square(town, at=(0, 200), size=200).way(9, "d c r s d", highway="", building="yes")
    assert walk(town) == pytest.approx(STRAIGHT, abs=NEAR)


def test_a_square_within_a_house_is_crossed(town: Town) -> None:
    square(town, at=(-50, -50), size=300).way(9, "p q r s p", highway="", building="retail")
    assert walk(town) == pytest.approx(STRAIGHT, abs=NEAR)


@pytest.mark.parametrize("seed", range(12))
def test_no_line_runs_through_a_house_wherever_it_stands(new_town: Callable[[], Town], seed: int) -> None:
    """Houses by chance: the way is never shorter than the way round, and no longer than along the outline."""
    chance = np.random.default_rng(seed)
    x, y, size = (float(value) for value in (chance.uniform(5, 120), chance.uniform(5, 120), chance.uniform(20, 70)))
    town = square(new_town(), at=(x, y), size=size).way(9, "p q r s p", highway="", building="yes")
    with_house = walk(town)
    corners = [(x, y + size), (x + size, y)]
    blocked = x < 200 and y < x + size and x < y + size
    round_ = min(float(np.hypot(cx, cy) + np.hypot(200 - cx, 200 - cy)) for cx, cy in corners)
    assert with_house == pytest.approx(600 + round_ if blocked else STRAIGHT, abs=NEAR)

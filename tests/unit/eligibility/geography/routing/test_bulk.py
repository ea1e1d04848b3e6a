"""All homes against all schools: the same millimetres as the single decision."""

import random
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from geography import Entrance, Measurement, Network, NoWay, Point, UnusablePoint, measure
from geography.routing.block import BarredStretches, block
from geography.routing.bulk import ways_to_schools
from geography.routing.ends import find_end
from geography.routing.homes import place_homes
from support.town import Place, Town

LIMIT = 3_000.0


def single(
    network: Network, home: Point, entrances: Sequence[Entrance], street: str, blocked: BarredStretches | None = None
) -> float | None:
    try:
        found = measure(network, home, entrances, street or None, blocked)
    except (NoWay, UnusablePoint):
        return None
    assert isinstance(found, Measurement)
    return found.metres


def compare(
    network: Network,
    homes: list[Point],
    streets: list[str],
    schools: Mapping[str, Sequence[Entrance]],
    blocked: BarredStretches | None = None,
) -> int:
    """Every pair by both ways of asking; returns how many have a way."""
    placed = place_homes(network, np.array([one.lat for one in homes]), np.array([one.lon for one in homes]), streets)
    pairs = 0
    for ways in ways_to_schools(network, placed, schools, LIMIT, blocked):
        bulk = dict(zip(ways.homes.tolist(), ways.metres.tolist(), strict=True))
        assert len(bulk) == len(ways.homes), "a home is told once"
        for number, (home, street) in enumerate(zip(homes, streets, strict=True)):
            metres = single(network, home, schools[ways.number], street, blocked)
            if metres is None or metres > LIMIT:
                assert number not in bulk
            else:
                assert bulk[number] == pytest.approx(metres, abs=1e-6)
                pairs += 1
    return pairs


def spots(place: Place, count: int, size: int = 420) -> list[Point]:
    dice = random.Random(4)
    return [place(dice.uniform(-20, size), dice.uniform(-20, size)) for _ in range(count)]


def test_the_bulk_gives_the_single_decisions_metres(grid: Town, place: Place) -> None:
    grid.way(31, "a e", oneway_foot="yes", name="Schräge").way(32, "i e", oneway_foot="yes")
    grid.way(33, "g e", foot_backward="permissive").way(34, "c e", foot_forward="customers", name="Schräge")
    grid.node("h", 200, 400, barrier="gate", access="permissive").way(35, "b d", foot_backward="permissive")
    homes = spots(place, 60)
    streets = [("", "Südstraße", "Mittelweg", "Schräge", "Nirgendwo")[number % 5] for number in range(60)]
    dots = spots(place, 12, 400)
    schools = {
        "1": [Entrance(dots[0])],
        "2": [Entrance(dots[1]), Entrance(dots[2]), Entrance(dots[3])],
        "on the edge": [Entrance(place(100, 100))],
        "nowhere": [Entrance(Point(10.0, 10.0))],
        "none": [],
    }
    assert compare(grid.network(), homes, streets, schools) > 150


def test_also_where_stretches_are_barred(grid: Town, place: Place) -> None:
    network = grid.network()
    edges = np.flatnonzero(network.arrays["edge_way"] == 12)
    barred = block(network, {int(edges[0]): (50.0, 90.0), int(edges[1]): (0.0, 200.0)})
    schools = {"1": [Entrance(place(150, 200))], "2": [Entrance(place(20, 201)), Entrance(place(400, 400))]}
    assert compare(network, spots(place, 60), [""] * 60, schools, barred) > 60


def test_on_the_entrances_own_edge_the_stretch_between_counts(town: Town, place: Place) -> None:
    town.node("a", 0, 0).node("b", 500, 0).way(1, "a b")
    assert compare(town.network(), [place(100, 0), place(400, 3)], ["", ""], {"1": [Entrance(place(150, 0))]}) == 2


def test_a_home_without_a_public_way_is_not_told(grid: Town, place: Place) -> None:
    homes = [place(100, 0), place(2000, 0), Point(10.0, 10.0)]
    lat, lon = np.array(homes).T
    placed = place_homes(grid.network(), lat, lon, ["", "", ""])
    assert placed.number.tolist() == [0]


def test_the_compiled_snap_is_the_rule_of_the_single_decision(grid: Town, place: Place) -> None:
    grid.way(31, "a e", name="Schräge").way(32, "c e g")
    network, homes = grid.network(), spots(place, 200)
    streets = [("", "Südstr.", "mittelweg", "Schräge")[number % 4] for number in range(200)]
    lat, lon = np.array(homes).T
    placed = place_homes(network, lat, lon, streets)
    for place_, number in enumerate(placed.number.tolist()):
        end = find_end(network, homes[number], streets[number] or None)
        assert end is not None
        assert int(placed.edge[place_]) == end.chosen.edge
        assert float(placed.offset[place_]) == pytest.approx(end.chosen.offset, abs=1e-9)
        assert float(placed.connector[place_]) == pytest.approx(end.chosen.metres, abs=1e-9)
    assert len(placed.number) == 200

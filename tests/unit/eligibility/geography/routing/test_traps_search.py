"""Traps of the search: pruning, parallel and coincident things, components, ties, the map's border. Metres of the town."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from geography import Entrance, Measurement, NoWay, Point, build, load, measure, nearest
from pyproj import Geod
from support.town import Place, Town

NEAR = 0.5
GEOD = Geod(ellps="GRS80")


def own_length(result: Measurement) -> float:
    return float(sum(GEOD.inv(*p, *q)[2] for p, q in pairwise(result.geometry["coordinates"])))


@pytest.mark.parametrize("bearing", range(0, 360, 45))
def test_a_straight_way_exactly_as_long_as_the_limit_is_not_pruned(town: Town, place: Place, bearing: int) -> None:
    """On the border of the ellipse the straight line to go is all that is left: a bound a hair too long cuts it off."""
    x, y = 9000 * np.sin(np.radians(bearing)), 9000 * np.cos(np.radians(bearing))
    town.node("z", -x / 90, -y / 90).node("a", 0, 0)
    town.way(1, "z a " + " ".join(f"n{k}" for k in range(1, 10)))
    for k in range(1, 10):
        town.node(f"n{k}", x * k / 9, y * k / 9).node(f"s{k}", x * k / 9 + y / 400, y * k / 9 - x / 400)
        town.way(10 + k, f"n{k} s{k}")
    network, schools = town.network(), {"1": [Entrance(place(x, y))]}
    metres = measure(network, place(0, 0), schools["1"]).metres
    assert metres == pytest.approx(9000, rel=2e-3)
    assert nearest(network, place(0, 0), schools, within_m=metres + 1e-6) is not None
    assert nearest(network, place(0, 0), schools, within_m=metres - 0.01) is None


def test_a_corner_on_the_border_of_the_ellipse_is_kept(town: Town, place: Place) -> None:
    town.node("a", 0, 0).node("m", 1000, 900).node("b", 2000, 0)
    for k, name in enumerate("pqrs"):
        town.node(name, 200 + 200 * k, 180 + 180 * k).node(f"{name}2", 200 + 200 * k, 150 + 180 * k)
        town.way(10 + k, f"{name} {name}2")
    town.way(1, "a p q r s m b")
    network, schools = town.network(), {"1": [Entrance(place(2000, 0))]}
    metres = measure(network, place(0, 0), schools["1"]).metres
    assert metres == pytest.approx(2 * np.hypot(1000, 900), rel=1e-3)
    found = nearest(network, place(0, 0), schools, within_m=metres + 1e-6)
    assert found is not None and found[1].metres == metres


def test_a_walk_longer_than_the_first_reach_does_not_stand_before_a_shorter_one_is_excluded(town: Town) -> None:
    """Home and school lie 100 m apart on one long winding edge; the way round is 620 m, beyond the first reach."""
    town.node("a", 0, 0).node("u", 0, 2000).node("v", 100, 2000).node("b", 100, 0).node("k", 50, -230)
    town.way(1, "a u v b").way(2, "a k b")
    result = town.walk((0, 50), (100, 50))
    assert result.metres == pytest.approx(50 + 2 * np.hypot(50, 230) + 50, abs=NEAR)


def test_the_arrays_of_one_search_leave_nothing_for_the_next(grid: Town, place: Place) -> None:
    network = grid.network()
    first = measure(network, place(0, 0), [Entrance(place(400, 400))])
    measure(network, place(400, 400), [Entrance(place(0, 200))])
    assert measure(network, place(0, 0), [Entrance(place(400, 400))]) == first


def test_one_ways_against_each_other_keep_their_own_length_and_shape(town: Town, place: Place) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("m", 250, 100).node("z", -50, 0).node("y", 550, 0)
    town.way(1, "a b", oneway_foot="yes").way(2, "b m a", oneway_foot="yes").way(3, "z a").way(4, "b y")
    network = town.network()
    there = measure(network, place(-50, 0), [Entrance(place(550, 0))])
    back = measure(network, place(550, 0), [Entrance(place(-50, 0))])
    assert (there.ways, back.ways) == ((3, 1, 4), (4, 2, 3))
    assert (there.metres, back.metres) == pytest.approx((600, 100 + 2 * np.hypot(250, 100)), abs=NEAR)
    assert (own_length(there), own_length(back)) == pytest.approx((there.metres, back.metres), abs=1e-3)


def test_the_same_road_drawn_twice_counts_once_and_the_smaller_id_stands_for_both(town: Town, place: Place) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("z", -50, 0).node("y", 550, 0)
    town.way(8, "b a").way(2, "a b").way(3, "z a").way(4, "b y")
    network = town.network()
    there = measure(network, place(-50, 0), [Entrance(place(550, 0))])
    back = measure(network, place(550, 0), [Entrance(place(-50, 0))])
    assert there.metres == pytest.approx(600, abs=NEAR)
    assert back.metres == there.metres
    assert (there.ways, back.ways) == ((3, 2, 4), (4, 2, 3))


def test_two_streets_that_end_at_the_same_place_without_a_common_node_are_not_joined(town: Town, place: Place) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("b2", 500, 0).node("c", 1000, 0).node("m", 500, 300)
    town.way(1, "a b").way(2, "b2 c").way(3, "a m c")
    assert town.walk((400, 0), (600, 0)).metres == pytest.approx(800 + 2 * np.hypot(500, 300), rel=1e-3)


def test_a_stretch_between_coincident_nodes_has_no_length_and_is_walked(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("b2", 500, 0).node("c", 1000, 0)
    town.way(1, "a b").way(5, "b b2").way(2, "b2 c")
    through = town.walk((100, 0), (900, 0))
    assert through.metres == pytest.approx(800, abs=NEAR)
    at_the_place = town.walk((500, 10), (900, 0))
    assert at_the_place.metres == pytest.approx(410, abs=NEAR)
    assert at_the_place.snap_from.way == 1


def test_a_bridge_over_a_street_is_not_a_crossing(town: Town) -> None:
    town.node("a", 0, 0).node("b", 400, 0).node("c", 200, -200).node("d", 200, 200)
    town.way(1, "a b", layer="0").way(2, "c d", bridge="yes", layer="1").way(3, "b d").way(4, "a c")
    assert town.walk((190, 0), (200, 150)).metres == pytest.approx(210 + np.hypot(200, 200) + 50, abs=NEAR)


def test_what_hangs_on_the_network_only_by_a_doubtful_way_is_an_island_for_the_usual_reading(town: Town) -> None:
    """Components are chosen for each reading, not once: else the door would meet an island."""
    town.node("a", 0, 0).node("b", 600, 0).node("c", 600, 300).way(1, "a b c")
    town.node("i", 100, 30).node("j", 300, 30).way(2, "i j").way(3, "j b", access="customers")
    result = town.walk((150, 29), (600, 300))
    assert result.snap_from.way == 1
    assert result.metres == pytest.approx(29 + 450 + 300, abs=NEAR)
    assert result.lenient_m < result.metres


def test_the_main_component_is_the_one_with_most_junctions_not_the_longest(grid: Town) -> None:
    grid.node("p", -60, -5000).node("q", -60, 5000).way(90, "p q", highway="track")
    assert grid.walk((-40, 100), (400, 400)).snap_from.way == 21


def test_a_hole_in_a_way_whose_node_is_missing_from_the_extract_is_not_bridged(
    town: Town, tmp_path: Path, place: Place
) -> None:
    for number, name in enumerate("abcde"):
        town.node(name, number * 100, 0)
    town.node("m", 200, 300).way(1, "a b c d e").way(2, "a m e")
    path = town.write()
    path.write_text(path.read_text().replace("<nd ref='3'/>", "<nd ref='77'/>"))
    build(path, tmp_path / "cut.network")
    found = measure(load(tmp_path / "cut.network"), place(50, 0), [Entrance(place(350, 0))])
    assert found.metres == pytest.approx(100 + 2 * np.hypot(200, 300), abs=NEAR)


def test_ways_that_differ_by_less_than_a_millimetre_are_equally_near(town: Town, place: Place) -> None:
    town.node("a", 0, 0).node("b", 400, 0).node("c", 0, 30).node("d", 400, 30).node("m", 200, 400)
    town.way(7, "a b").way(5, "c d").way(9, "a c m d b")
    middle = (place(200, 0).lat + place(200, 30).lat) / 2
    network = town.network()
    for shift in (-1e-9, 0.0, 1e-9):
        found = measure(network, Point(middle + shift, place(200, 0).lon), [Entrance(place(400, 300))])
        assert found.snap_from.way == 5


def test_of_edges_of_one_way_that_meet_at_the_nearest_place_the_first_is_taken(town: Town) -> None:
    town.node("a", 0, 0).node("b", 200, 0).node("c", 400, 0).node("n", 200, 200)
    town.way(1, "a b c").way(2, "b n")
    result = town.walk((200, -10), (200, 200))
    assert result.metres == pytest.approx(210, abs=NEAR)
    assert (result.snap_from.way, result.snap_from.edge) == (1, 0)


@pytest.mark.parametrize("side", range(4))
def test_a_shorter_way_beyond_each_border_of_the_extract_is_suspected(town: Town, side: int) -> None:
    """Home and school 60 m from one border, the way between them a wide detour inland."""
    wide = [-5000, -5000, 5000, 5000]

    def turn(x: float, y: float) -> tuple[float, float]:
        return ((y, x), (x, y), (-y, x), (x, -y))[side]

    def bound() -> None:
        west, south, east, north = wide
        town.bounds = (west, south, east, north)

    for name, x, y in [("a", 0, 0), ("m", 500, 1500), ("b", 1000, 0)]:
        town.node(name, *turn(x, y))
    town.node("far", -4990, -4990).node("off", 4990, 4990)
    town.way(1, "a m b").way(2, "far a").way(3, "b off")
    bound()
    assert "could_leave_extract" not in town.walk(turn(0, 0), turn(1000, 0)).flags
    wide[side] = -1600 if side < 2 else 1600
    bound()
    assert "could_leave_extract" not in town.walk(turn(0, 0), turn(1000, 0)).flags, "there and back again is too far"
    wide[side] = -60 if side < 2 else 60
    bound()
    assert "could_leave_extract" in town.walk(turn(0, 0), turn(1000, 0)).flags


def test_a_file_that_declares_the_whole_world_has_its_border_where_its_ways_end(grid: Town) -> None:
    grid.bounds = (-90_000, -90_000, 90_000, 90_000)
    declared = grid.network().bounds
    grid.bounds = None
    assert declared == grid.network().bounds


def test_loops_and_doubled_ways_do_not_hold_up_the_search_for_the_main_network(town: Town) -> None:
    """scipy's search for strong components did not return on such graphs: weak ones of a graph without doubles."""
    names = [f"n{k}" for k in range(40)]
    for k, name in enumerate(names):
        town.node(name, k * 50, 0).node(f"o{k}", k * 50, 20)
    for k, (a, b) in enumerate(pairwise(names)):
        town.way(100 + k, f"{a} {b}", oneway_foot="yes").way(200 + k, f"{b} {a}", oneway_foot="yes")
        town.way(300 + k, f"{a} o{k} {a}").way(400 + k, f"{a} o{k} {b}")
    assert town.walk((0, 0), (39 * 50, 0)).metres == pytest.approx(39 * 50, rel=1e-3)


def test_an_island_is_no_way_when_nothing_else_is_near(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("c", 900, 0).way(1, "a b c")
    town.node("d", 900, 3000).node("e", 3000, 3000).way(3, "c d e")
    town.node("i", 2000, 0).node("j", 2200, 0).way(2, "i j")
    with pytest.raises(NoWay) as none:
        town.walk((2100, 5), (500, 0))
    assert none.value.reason == "from_too_far"
    assert "250 m" in none.value.text.de

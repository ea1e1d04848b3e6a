"""Every trap of the reference has a test that fails without its cure. The town's coordinates are metres."""

import numpy as np
import pytest
from geography import Entrance, NoWay, build, load, measure, nearest
from support.town import Place, Town

NEAR = 0.5
"""The drawn metres are right to a thousandth."""


def test_of_parallel_edges_the_shorter_counts_and_they_are_not_summed(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("m", 250, 200).node("z", -100, 0).node("y", 600, 0)
    town.way(1, "z a").way(2, "a b").way(3, "a m b").way(4, "b y")
    assert town.walk((-100, 0), (600, 0)).metres == pytest.approx(700, abs=NEAR)


def test_a_loop_leads_nowhere_but_one_can_live_on_it(town: Town) -> None:
    town.node("a", 0, 0).node("b", 300, 0).node("p", -100, 100).node("q", -200, 0).node("r", -100, -100)
    town.way(1, "a b").way(2, "a p q r a")
    result = town.walk((-200, 0), (300, 0))
    assert result.metres == pytest.approx(300 + 2 * np.hypot(100, 100), abs=NEAR)
    assert town.walk((-100, 101), (300, 0)).metres == pytest.approx(1 + 300 + np.hypot(100, 100), abs=NEAR)


def test_a_home_beside_an_island_is_measured_on_the_main_network(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("c", 500, 500).way(1, "a b c")
    town.node("i", 100, 20).node("j", 200, 20).way(2, "i j")
    result = town.walk((150, 21), (500, 500))
    assert result.snap_from.way == 1
    assert result.metres == pytest.approx(21 + 350 + 500, abs=NEAR)


def test_a_one_way_street_is_walked_both_ways(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).way(1, "a b", oneway="yes")
    assert town.walk((500, 0), (0, 0)).metres == pytest.approx(500, abs=NEAR)


@pytest.mark.parametrize(("value", "there", "back"), [("yes", 500, 900), ("-1", 900, 500)])
def test_a_one_way_for_walkers_binds(town: Town, place: Place, value: str, there: float, back: float) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("c", 500, 200).node("d", 0, 200).node("e", -50, 0)
    town.way(1, "a b", oneway_foot=value).way(2, "b c d a").way(3, "e a")
    network = town.network()
    east = measure(network, place(0, 0), [Entrance(place(500, 0))])
    west = measure(network, place(500, 0), [Entrance(place(0, 0))])
    assert (east.metres, west.metres) == pytest.approx((there, back), abs=NEAR)


def test_on_a_one_way_edge_the_other_direction_goes_round(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("c", 500, 200).node("d", 0, 200)
    town.way(1, "a b", oneway_foot="yes").way(2, "b c d a")
    assert town.walk((100, 0), (400, 0)).metres == pytest.approx(300, abs=NEAR)
    assert town.walk((400, 0), (100, 0)).metres == pytest.approx(100 + 900 + 100, abs=NEAR)


def test_private_ways_are_not_walked_and_foot_yes_opens_them(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("m", 250, 300)
    town.way(1, "a b", access="private").way(2, "a m b")
    detour = 2 * np.hypot(250, 300)
    assert town.walk((0, 0), (500, 0)).metres == pytest.approx(detour, abs=NEAR)
    town.way(1, "a b", access="private", foot="yes")
    assert town.walk((0, 0), (500, 0)).metres == pytest.approx(500, abs=NEAR)


def test_a_road_whose_walkers_must_use_the_side_path_is_not_walked(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("m", 250, 50)
    town.way(1, "a b", highway="primary", foot="use_sidepath").way(2, "a m b", highway="footway")
    assert town.walk((0, 0), (500, 0)).metres == pytest.approx(2 * np.hypot(250, 50), abs=NEAR)


def test_a_building_site_is_not_a_way(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("m", 250, 300)
    town.way(1, "a b", highway="construction").way(2, "a m b")
    assert town.walk((0, 0), (500, 0)).metres == pytest.approx(2 * np.hypot(250, 300), abs=NEAR)


def test_a_private_gate_stops_walkers_in_the_middle_of_a_way(town: Town) -> None:
    town.node("a", 0, 0).node("g", 250, 0, barrier="gate", access="private").node("b", 500, 0).node("m", 250, 300)
    town.way(1, "a g b").way(2, "a m b")
    result = town.walk((0, 0), (500, 0))
    assert result.metres == pytest.approx(2 * np.hypot(250, 300), abs=NEAR)
    assert result.lenient_m == pytest.approx(500, abs=NEAR)


def test_steps_are_walked_and_said(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).way(1, "a b", highway="steps")
    assert "uses_steps" in town.walk((0, 0), (500, 0)).flags


def test_a_plaza_is_crossed_straight_and_the_strict_reading_walks_round_it(town: Town) -> None:
    town.node("a", 0, 0).node("b", 100, 0).node("c", 100, 100).node("d", 0, 100)
    town.node("w", -300, 0).node("e", 400, 100)
    town.way(1, "a b c d a", highway="pedestrian", area="yes", name="Markt").way(2, "w a").way(3, "c e")
    result = town.walk((-300, 0), (400, 100))
    assert result.metres == pytest.approx(300 + np.hypot(100, 100) + 300, abs=NEAR)
    assert result.strict_m == pytest.approx(300 + 200 + 300, abs=NEAR)
    assert "crosses_plaza" in result.flags


def test_a_closed_street_without_area_is_a_loop_and_not_crossed(town: Town) -> None:
    town.node("a", 0, 0).node("b", 100, 0).node("c", 100, 100).node("d", 0, 100)
    town.node("w", -300, 0).node("e", 400, 100)
    town.way(1, "a b c d a", highway="pedestrian").way(2, "w a").way(3, "c e")
    assert town.walk((-300, 0), (400, 100)).metres == pytest.approx(800, abs=NEAR)


def test_the_line_across_a_plaza_stays_inside_and_goes_round_a_hole(town: Town) -> None:
    for name, x, y in [("a", 0, 0), ("b", 200, 0), ("c", 200, 200), ("d", 0, 200)]:
        town.node(name, x, y)
    for name, x, y in [("k", 50, 50), ("l", 150, 50), ("m", 150, 150), ("n", 50, 150)]:
        town.node(name, x, y)
    town.node("w", -300, 0).node("e", 500, 200)
    town.way(1, "a b c d a", highway="").way(4, "k l m n k", highway="").way(2, "w a").way(3, "c e")
    town.relation(9, [(1, "outer"), (4, "inner")], type="multipolygon", highway="pedestrian", name="Domplatz")
    across = 2 * np.hypot(50, 150)
    assert town.walk((-300, 0), (500, 200)).metres == pytest.approx(600 + across, abs=NEAR)


def test_home_and_entrance_on_the_same_edge_need_no_junction(town: Town) -> None:
    town.node("a", 0, 0).node("b", 1000, 0).way(1, "a b", name="Allee")
    result = town.walk((400, 10), (450, -20))
    assert result.metres == pytest.approx(10 + 50 + 20, abs=NEAR)
    assert [leg.street for leg in result.legs] == ["Allee"]
    back = town.walk((450, 10), (400, -20))
    assert back.metres == pytest.approx(10 + 50 + 20, abs=NEAR)


def test_on_the_same_edge_the_way_round_counts_where_it_is_shorter(town: Town) -> None:
    town.node("a", 0, 0).node("u", 0, 400).node("v", 100, 400).node("b", 100, 0).node("c", 200, 0)
    town.way(1, "a u v b").way(2, "a b").way(3, "b c")
    assert town.walk((0, 50), (100, 50)).metres == pytest.approx(50 + 100 + 50, abs=NEAR)


def test_both_connectors_are_counted_and_shown(town: Town) -> None:
    town.node("a", 0, 0).node("b", 1000, 0).way(1, "a b")
    result = town.walk((100, 30), (900, -40))
    assert (result.connector_from_m, result.connector_to_m) == pytest.approx((30, 40), abs=0.1)
    assert result.metres == pytest.approx(870, abs=NEAR)


def test_a_connector_over_50_m_is_flagged_and_one_over_250_m_is_no_way(town: Town) -> None:
    town.node("a", 0, 0).node("b", 1000, 0).way(1, "a b")
    assert "connector_from_over_50_m" not in town.walk((100, 49), (900, 0)).flags
    assert "connector_from_over_50_m" in town.walk((100, 51), (900, 0)).flags
    assert "connector_to_over_50_m" in town.walk((100, 0), (900, 240)).flags
    with pytest.raises(NoWay) as far:
        town.walk((100, 253), (900, 0))
    assert far.value.reason == "from_too_far"
    with pytest.raises(NoWay) as far:
        town.walk((100, 0), (900, 253))
    assert far.value.reason == "to_too_far"


def test_where_everything_is_one_way_the_other_way_is_no_way(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("c", 900, 0)
    town.way(1, "a b", oneway_foot="yes").way(2, "b c", oneway_foot="yes")
    with pytest.raises(NoWay) as none:
        town.walk((850, 0), (100, 0))
    assert none.value.reason == "no_connection"


def test_a_way_cut_off_by_the_border_of_the_extract_is_kept_as_far_as_it_goes(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("c", 900, 0).way(1, "a b c")
    path = town.write()
    path.write_text(path.read_text().replace("<nd ref='3'/>", "<nd ref='77'/>"))
    build(path, path.with_suffix(".network"))
    assert load(path.with_suffix(".network")).header["metres"] == pytest.approx(500, abs=NEAR)


def test_a_shorter_way_outside_the_extract_is_suspected(grid: Town) -> None:
    grid.bounds = (-50, -50, 450, 450)
    assert "could_leave_extract" in grid.walk((0, 0), (400, 400)).flags
    grid.bounds = (-3000, -3000, 3400, 3400)
    for name, x, y in [("s", -3000, -3000), ("t", 3400, 3400)]:
        grid.node(name, x, y)
    grid.way(31, "s a").way(32, "i t")
    assert "could_leave_extract" not in grid.walk((0, 0), (400, 400)).flags


def test_a_search_for_the_nearest_may_be_told_how_far_to_look(grid: Town, place: Place) -> None:
    network, schools = grid.network(), {"1": [Entrance(place(400, 400))]}
    assert nearest(network, place(0, 0), schools, within_m=790) is None
    found = nearest(network, place(0, 0), schools, within_m=810)
    assert found is not None and found[0] == "1"

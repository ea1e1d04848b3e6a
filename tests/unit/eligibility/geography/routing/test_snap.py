"""Where a door meets the network: the street's name within 80 m, else the nearest, ties by way id; and the two readings."""

from collections.abc import Callable

import pytest
from geography import Entrance, Measurement, NoWay, UnusablePoint, measure, measure_many, nearest
from support.town import Place, Town


@pytest.fixture
def corner(town: Town) -> Town:
    """The home stands 10 m from a side street and 40 m from the street of its address."""
    town.node("a", 0, 0).node("b", 500, 0).node("c", 40, 0).node("d", 40, 300).node("e", 500, 300)
    return town.way(1, "a c b", name="Hauptstraße").way(2, "c d", name="Gasse").way(3, "d e b", name="Ring")


def test_the_street_of_the_address_goes_before_the_nearest(corner: Town) -> None:
    by_name = corner.walk((30, 40), (500, 0), "Hauptstr.")
    assert (by_name.snap_from.way, by_name.snap_from.rule) == (1, "street_name")
    nearest_one = corner.walk((30, 40), (500, 0))
    assert (nearest_one.snap_from.way, nearest_one.snap_from.rule) == (2, "nearest")


def test_a_street_farther_than_80_m_does_not_draw_the_door(corner: Town) -> None:
    assert corner.walk((30, 79), (500, 0), "Hauptstraße").snap_from.way == 1
    assert corner.walk((30, 81), (500, 0), "Hauptstraße").snap_from.way == 2


def test_beyond_80_m_the_name_does_not_count_even_where_both_streets_are_nearly_as_near(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("c", 0, 205).node("d", 500, 205).node("e", 600, 100)
    town.way(1, "a b").way(2, "c d", name="Hauptstraße").way(3, "b e d")
    assert town.walk((250, 100), (600, 100), "Hauptstraße").snap_from.way == 1


def test_places_nearly_as_near_as_the_nearest_widen_the_interval(town: Town) -> None:
    """The door stands 20 m from one street and 25 m from the other: either may be the one on which it opens."""
    town.node("a", 0, 0).node("b", 500, 0).node("c", 0, 45).node("d", 400, 45).node("e", 535, 45)
    town.way(1, "a b").way(2, "c d e").way(3, "b e").way(4, "a c")
    result = town.walk((250, 20), (535, 45))
    assert result.snap_from.way == 1
    assert result.metres == pytest.approx(20 + 250 + 57, abs=1)
    assert result.lenient_m == pytest.approx(25 + 285, abs=1)
    back = town.walk((250, 25), (500, 0))
    assert back.snap_from.way == 2
    assert back.strict_m == pytest.approx(back.metres, abs=1)
    assert back.lenient_m == pytest.approx(25 + 250, abs=1)
    other = town.walk((250, 20), (500, 0))
    assert other.metres == pytest.approx(270, abs=1)
    assert other.strict_m == pytest.approx(25 + 285 + 57, abs=1)


def test_a_name_that_no_street_bears_changes_nothing(corner: Town) -> None:
    assert corner.walk((30, 40), (500, 0), "Lindenallee") == corner.walk((30, 40), (500, 0))


def test_of_equally_near_ways_the_smaller_id_wins(town: Town) -> None:
    town.node("a", 0, 0).node("b", 400, 0).node("c", 0, 20).node("d", 400, 20).node("m", 200, 400)
    town.way(7, "a b").way(5, "c d").way(9, "a c m d b")
    assert town.walk((200, 10), (400, 300)).snap_from.way == 5


def test_the_same_question_has_the_same_answer_in_a_network_built_again(grid: Town) -> None:
    first = grid.walk((30, 70), (370, 330))
    assert grid.walk((30, 70), (370, 330)) == first


def test_the_order_of_the_file_does_not_matter(grid: Town, new_town: Callable[[], Town]) -> None:
    other = new_town()
    other.nodes, other.node_tags = dict(grid.nodes), dict(grid.node_tags)
    other.ways = dict(reversed(grid.ways.items()))
    assert other.network().header["graph"] == grid.network().header["graph"]


def test_the_two_readings_bound_the_metres(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("l", 250, 50).node("m", 250, 200).node("n", 250, 400)
    town.way(1, "a l b", highway="cycleway").way(2, "a m b", access="permissive").way(3, "a n b").way(
        4, "a b", access="private"
    )
    result = town.walk((0, 0), (500, 0))
    assert result.lenient_m == pytest.approx(510, abs=1)
    assert result.metres == pytest.approx(640.3, abs=1)
    assert result.strict_m == pytest.approx(943.4, abs=1)
    assert "uses_permissive" in result.flags


def test_without_any_strict_way_the_flag_says_so(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("c", 900, 0)
    town.way(1, "a b").way(2, "b c", access="permissive")
    result = town.walk((100, 0), (900, 0))
    assert result.strict_m is None or result.strict_m >= result.metres
    town.node("d", 1500, 0).way(2, "b c d", access="permissive")
    far = town.walk((100, 0), (1500, 0))
    assert far.strict_m is None
    assert "no_strict_way" in far.flags


def test_a_way_that_nobody_would_walk_is_no_strict_way(town: Town) -> None:
    town.node("a", 0, 0).node("b", 500, 0).node("x", 250, 9000)
    town.way(1, "a b", access="permissive").way(2, "a x b")
    result = town.walk((0, 0), (500, 0))
    assert result.metres == pytest.approx(500, abs=1)
    assert result.strict_m is None


def test_the_nearest_of_several_entrances_counts(grid: Town, place: Place) -> None:
    network = grid.network()
    far, near = Entrance(place(400, 400), "set_by_person", "Tor"), Entrance(place(400, 300), "openstreetmap", "Pforte")
    result = measure(network, place(400, 0), [far, near])
    assert result.entrance is near
    assert result.metres == pytest.approx(300, abs=0.5)
    assert "entrance_from_openstreetmap" in result.flags


def test_a_school_point_is_said_to_be_no_entrance(grid: Town, place: Place) -> None:
    result = measure(grid.network(), place(0, 0), [Entrance(place(400, 400), "school_point")])
    assert "school_point_not_entrance" in result.flags


def test_a_school_without_entrance_or_outside_has_its_reason_beside_the_others(grid: Town, place: Place) -> None:
    schools = {
        "1": [],
        "2": [Entrance(place(400, 400))],
        "3": [Entrance(place(90_000, 0))],
        "4": [Entrance(place(100, 100))],
    }
    found = measure_many(grid.network(), place(0, 0), schools)
    assert isinstance(found["1"], NoWay)
    assert found["1"].reason == "no_entrance"
    assert isinstance(found["2"], Measurement)
    assert found["2"].metres == pytest.approx(800, abs=0.5)
    assert isinstance(found["3"], UnusablePoint)
    chosen = nearest(grid.network(), place(0, 0), schools)
    assert chosen is not None and chosen[0] == "4"
    assert nearest(grid.network(), place(0, 0), {"1": []}) is None


def test_equally_near_schools_are_told_apart_by_number(grid: Town, place: Place) -> None:
    schools = {"7": [Entrance(place(200, 0))], "3": [Entrance(place(200, 0))]}
    chosen = nearest(grid.network(), place(0, 0), schools)
    assert chosen is not None and chosen[0] == "3"


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        (8.7, 51.7, "swapped"),
        (48.1, 11.5, "outside_network"),
        (479_000.0, 5_728_000.0, "not_degrees"),
        (float("nan"), 8.7, "not_degrees"),
        (float("inf"), 8.7, "not_degrees"),
    ],
)
def test_a_point_in_the_wrong_order_or_system_is_refused(
    grid: Town, place: Place, lat: float, lon: float, reason: str
) -> None:
    with pytest.raises(UnusablePoint) as refused:
        measure(grid.network(), type(place(0, 0))(lat, lon), [Entrance(place(0, 0))])
    assert refused.value.reason == reason
    assert refused.value.text.de

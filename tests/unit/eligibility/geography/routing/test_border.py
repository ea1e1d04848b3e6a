"""Ways over the border of a map: no such way may be shorter than said, whatever the map lacks; and what is known counts."""

import heapq
import random
from collections.abc import Mapping
from itertools import pairwise
from math import dist, inf

import pytest
from geography import Entrance, NoWay, UnusablePoint, measure
from geography.routing import border
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.town import Town, at

STEP, COLUMNS, ROWS = 160, 22, 16
"""Metres between neighbouring corners of a drawn world, and how many there are."""
BOX = (250.0, 250.0, 3200.0, 2200.0)
"""What the map shows of it."""
Streets = list[tuple[list[str], dict[str, str]]]
Corners = dict[str, tuple[float, float]]
Links = Mapping[str, Mapping[str, float]]


def drawn_world(chance: random.Random) -> tuple[Corners, Streets]:
    """Corners of a crooked grid, and the streets along it: broken at places, some one-way or doubtful."""
    corners = {
        f"{x}-{y}": (x * STEP + chance.uniform(-60, 60), y * STEP + chance.uniform(-60, 60))
        for x in range(COLUMNS)
        for y in range(ROWS)
    }
    lines = [[f"{x}-{y}" for x in range(COLUMNS)] for y in range(ROWS)]
    lines += [[f"{x}-{y}" for y in range(ROWS)] for x in range(COLUMNS)]
    tags: list[dict[str, str]] = [{}] * 30 + [{"access": "customers"}, {"oneway_foot": "yes"}, {"oneway_foot": "-1"}]
    streets: Streets = []
    for line in lines:
        begin = 0
        while begin < len(line) - 1:
            stop = begin + chance.randint(1, 8)
            streets.append((line[begin : stop + 1], chance.choice(tags)))
            begin = stop + (chance.random() < 0.7)
    return corners, [(names, said) for names, said in streets if len(names) > 1]


def links_of(corners: Corners, streets: Streets, *, back: bool = False) -> Links:
    """Metres from each corner to its neighbours, in the directions in which one may walk, or against them all."""
    found: dict[str, dict[str, float]] = {name: {} for name in corners}
    for names, tags in streets:
        for pair in pairwise(names):
            a, b = pair if not back else pair[::-1]
            way = tags.get("oneway_foot")
            if way != "-1":
                found[a][b] = dist(corners[a], corners[b])
            if way != "yes":
                found[b][a] = dist(corners[a], corners[b])
    return found


def metres_from(links: Links, start: str) -> dict[str, float]:
    """Dijkstra, for this test alone."""
    metres, heap = {start: 0.0}, [(0.0, start)]
    while heap:
        walked, name = heapq.heappop(heap)
        for follower, step in links[name].items() if walked == metres[name] else ():
            if walked + step < metres.get(follower, inf):
                metres[follower] = walked + step
                heapq.heappush(heap, (walked + step, follower))
    return metres


def inside(point: tuple[float, float]) -> bool:
    west, south, east, north = BOX
    return west < point[0] < east and south < point[1] < north


def map_of(town: Town, corners: Corners, streets: Streets) -> Town:
    """The world within the box, as a program cuts it that keeps nothing of what lies beyond: a street loses its corners
    there, and what is left of it may be one corner, of which nothing tells that it leads on."""
    town.bounds = BOX
    for name, place in corners.items():
        if inside(place):
            town.node(name, *place)
    for number, (names, tags) in enumerate(streets, 1):
        left = [name for name in names if inside(corners[name])]
        if len(left) > 1:
            town.way(number, " ".join(left), **tags)
    return town


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_no_way_of_the_world_over_the_border_is_shorter_than_said(town: Town, seed: int) -> None:
    """Measured in the whole world, whatever the map shows of it. How far a street runs between two corners is known."""
    chance = random.Random(seed)  # drawn, not secret
    corners, streets = drawn_world(chance)
    drawn = map_of(Town(town.folder), corners, streets)
    built = drawn.network()
    longest = max(dist(corners[a], corners[b]) for names, _ in streets for a, b in pairwise(names))
    network = type(built)({**built.header, "margin_m": longest}, built.arrays)
    onward, back = links_of(corners, streets), links_of(corners, streets, back=True)
    beyond = [name for name, place in corners.items() if not inside(place)]
    schools = chance.sample(sorted(drawn.nodes), 4)
    to_school = {school: metres_from(back, school) for school in schools}
    for home in chance.sample(sorted(drawn.nodes), 12):
        walked = metres_from(onward, home)
        over = {
            school: min(walked.get(one, inf) + to_school[school].get(one, inf) for one in beyond) for school in schools
        }
        for asked in (schools, *([one] for one in schools)):
            try:
                result = measure(network, at(*corners[home]), [Entrance(at(*corners[one])) for one in asked])
            except (NoWay, UnusablePoint):
                continue
            assert result.border_m is not None
            assert result.border_m <= min(over[one] for one in asked) * 1.002 + 0.1
            assert ("could_leave_extract" in result.flags) is (result.border_m < result.metres)


def street(town: Town, number: int, *corners: tuple[int, int]) -> None:
    """With a node at each of its corners, and nine between each two."""
    at_once = [
        (round(x + (on_x - x) * step / 10), round(y + (on_y - y) * step / 10))
        for (x, y), (on_x, on_y) in pairwise(corners)
        for step in range(10)
    ]
    for x, y in (nodes := [*at_once, corners[-1]]):
        town.node(f"{x},{y}", x, y)
    town.way(number, " ".join(f"{x},{y}" for x, y in nodes))


def far_from_the_street(town: Town) -> Town:
    """Home near the northern border, the school in the middle: the only street to it makes a wide turn in the west. The
    straight way over the border is shorter, but no way comes from there to the school except by that turn. Other streets
    lead to the other borders."""
    town.bounds = (-4000, -4000, 4000, 1500)
    street(town, 1, (3900, 1400), (-2000, 1400))
    street(town, 2, (-2000, 1400), (-2000, 0))
    street(town, 3, (-2000, 0), (1200, 0))
    street(town, 4, (-2000, 0), (-2000, -3900))
    street(town, 5, (-2000, 0), (-3900, 0))
    return town


def test_where_no_way_comes_from_the_border_the_streets_count(town: Town) -> None:
    result = far_from_the_street(town).walk((1200, 1400), (1200, 0))
    assert result.metres == pytest.approx(3200 + 1400 + 3200, rel=0.01)
    over_the_border_to_b = dist((1200, 1400), (-2000, 3000))
    assert result.border_m == pytest.approx(over_the_border_to_b + 3200, rel=0.01)


@pytest.mark.parametrize("beside", [9, 300])
def test_what_the_map_cuts_off_beside_the_school_may_lead_over_the_border(town: Town, beside: int) -> None:
    """A path that only the map beyond joins to the streets: it may be the school's, if it passes there."""
    far_from_the_street(town).node("p", 1200 + beside, -9).node("q", 1200 + beside, 990).way(7, "p q")
    result = town.walk((1200, 1400), (1200, 0))
    straight = 100 + 1500
    assert (result.border_m == pytest.approx(straight, rel=0.01)) is (beside == 9)


def test_a_map_that_was_built_before_knows_the_straight_way_only(town: Town) -> None:
    network = far_from_the_street(town).network()
    header = {name: value for name, value in network.header.items() if name != "margin_m"}
    before = type(network)(header, network.arrays)
    ends = at(1200, 1400), [Entrance(at(1200, 0))]
    then, now = measure(before, *ends).border_m, measure(network, *ends).border_m
    assert then is not None and now is not None
    assert then < now


@pytest.mark.parametrize(("margin", "known"), [(1000.0, True), (1100.0, False)])
def test_a_school_beside_what_may_be_missing_is_asked_about(town: Town, margin: float, known: bool) -> None:
    """1,260 m from the border and 240 m from the street: where the map may lack ways up to 1,100 m from its border, one
    may pass there."""
    built = far_from_the_street(town).network()
    network = type(built)({**built.header, "margin_m": margin}, built.arrays)
    result = measure(network, at(1200, 1400), [Entrance(at(1200, 240))])
    assert result.border_m is not None
    assert (result.border_m > 5000) is known


def test_what_is_farther_than_was_looked_is_only_so_far(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(border, "REACH_M", 3000.0)
    result = far_from_the_street(town).walk((1200, 1400), (1200, 0))
    assert result.border_m == pytest.approx(3000, rel=0.01)


@pytest.mark.parametrize("lost", [(1200, 1700), (1200, 1000)])
def test_an_entrance_without_a_way_on_the_map_may_be_the_nearest(town: Town, lost: tuple[int, int]) -> None:
    """Beyond the border, or where the map shows no way: the walk to it is none to the other entrance."""
    network = far_from_the_street(town).network()
    result = measure(network, at(1200, 1400), [Entrance(at(1200, 0)), Entrance(at(*lost))])
    assert result.border_m == pytest.approx(300 if lost[1] > 1500 else 100 + 500, rel=0.01)
    assert "could_leave_extract" in result.flags

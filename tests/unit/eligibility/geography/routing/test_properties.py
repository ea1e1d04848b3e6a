"""Random towns against an oracle that shares no code: a dictionary, a heap, and pyproj's geodesics."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TypedDict

import numpy as np
import pytest
from geography import Entrance, Measurement, Network, NoWay, Point, measure, measure_many, nearest
from geography.routing.block import BarredStretches, block
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from support.town import Place, Town

GEOD = Geod(ellps="GRS80")
SIZE = 5
"""Towns of 5 x 5 junctions about 150 m apart, some streets missing, some doubled by a detour, some one-way on foot."""


class Plan(TypedDict):
    """A town's drawing: junctions in metres, streets between them with their kind, how far a bent one swings out."""

    junctions: list[tuple[int, int]]
    streets: list[tuple[int, int, str]]
    bend: int


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A town's drawing: shifted junctions, streets between neighbours, and their kind."""
    shift = st.integers(-60, 60)
    junctions = [(150 * x + draw(shift), 150 * y + draw(shift)) for y in range(SIZE) for x in range(SIZE)]
    right = [(n, n + 1) for n in range(SIZE * SIZE) if n % SIZE < SIZE - 1]
    pairs = right + [(n, n + SIZE) for n in range(SIZE * (SIZE - 1))]
    kinds = st.sampled_from(["street", "street", "street", "missing", "private", "permissive", "doubled", "bent"])
    return {"junctions": junctions, "streets": [(a, b, draw(kinds)) for a, b in pairs], "bend": draw(shift)}


def draw_town(plan: Plan, town: Town) -> Town:
    for number, (x, y) in enumerate(plan["junctions"]):
        town.node(f"n{number}", x, y)
    for number, (a, b, kind) in enumerate(plan["streets"], 100):
        if kind == "missing":
            continue
        tags = {"access": kind} if kind in {"private", "permissive"} else {}
        middle = [(p + q) / 2 for p, q in zip(plan["junctions"][a], plan["junctions"][b], strict=True)]
        town.node(f"m{number}", middle[0] + plan["bend"], middle[1] - plan["bend"])
        bent = f"n{a} m{number} n{b}"
        town.way(number, bent if kind == "bent" else f"n{a} n{b}", name=f"Straße {number}", **tags)
        if kind == "doubled":
            town.way(number + 500, bent, name=f"Bogen {number}")
    return town


def oracle(plan: Plan, place: Place) -> dict[int, dict[int, float]]:
    """Distances between all junctions of the largest component, with a heap over a dictionary."""
    points = [place(*xy) for xy in plan["junctions"]]

    def metres(*path: Point) -> float:
        return float(sum(GEOD.inv(p.lon, p.lat, q.lon, q.lat)[2] for p, q in pairwise(path)))

    graph: dict[int, dict[int, float]] = {number: {} for number in range(len(points))}
    for a, b, kind in plan["streets"]:
        if kind in {"missing", "private"}:
            continue
        x, y = ((p + q) / 2 for p, q in zip(plan["junctions"][a], plan["junctions"][b], strict=True))
        bent = metres(points[a], place(x + plan["bend"], y - plan["bend"]), points[b])
        length = bent if kind == "bent" else metres(points[a], points[b])
        graph[a][b] = graph[b][a] = length
    result = {}
    for source in graph:
        distance, queue = {source: 0.0}, [(0.0, source)]
        while queue:
            far, node = heapq.heappop(queue)
            if far > distance[node]:
                continue
            for other, step in graph[node].items():
                if far + step < distance.get(other, float("inf")):
                    distance[other] = far + step
                    heapq.heappush(queue, (far + step, other))
        result[source] = distance
    largest = max(result.values(), key=len)
    sizes = sorted((len(one) for one in result.values()), reverse=True)
    unique = sizes.count(sizes[0]) == sizes[0]
    return {source: result[source] for source in largest} if unique and len(largest) > 1 else {}


def own_length(geometry: Mapping[str, Sequence[tuple[float, float]]]) -> float:
    return float(sum(GEOD.inv(*p, *q)[2] for p, q in pairwise(geometry["coordinates"])))


def walk(network: Network, home: Point, school: Point, blocked: BarredStretches | None = None) -> Measurement:
    return measure(network, home, [Entrance(school)], blocked=blocked)


Spot = tuple[int, int]
few = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@few
@given(plan=plans(), data=st.data())
def test_distances_between_junctions_agree_with_the_oracle(
    plan: Plan, data: st.DataObject, new_town: Callable[[], Town], place: Place
) -> None:
    expected = oracle(plan, place)
    if not expected:
        return
    network = draw_town(plan, new_town()).network()
    for _ in range(6):
        a, b = data.draw(st.sampled_from(sorted(expected))), data.draw(st.sampled_from(sorted(expected)))
        home, school = place(*plan["junctions"][a]), place(*plan["junctions"][b])
        result = walk(network, home, school)
        assert result.metres == pytest.approx(expected[a][b], abs=1e-3)
        assert own_length(result.geometry) == pytest.approx(result.metres, abs=1e-3)


@few
@given(plan=plans(), spots=st.lists(st.tuples(st.integers(-20, 620), st.integers(-20, 620)), min_size=3, max_size=3))
def test_the_way_is_as_long_back_and_no_way_round_is_shorter(
    plan: Plan, spots: list[Spot], new_town: Callable[[], Town], place: Place
) -> None:
    network = draw_town(plan, new_town()).network()
    a, b, c = (place(*spot) for spot in spots)
    try:
        there, back, first, second = walk(network, a, b), walk(network, b, a), walk(network, a, c), walk(network, c, b)
    except NoWay:
        return
    assert there.metres == pytest.approx(back.metres, abs=1e-6)
    assert there.metres <= first.metres + second.metres + 1e-6
    for result in (there, back, first, second):
        assert own_length(result.geometry) == pytest.approx(result.metres, abs=1e-3)
        legs = sum(leg.metres for leg in result.legs)
        assert legs + result.connector_from_m + result.connector_to_m == pytest.approx(result.metres, abs=1e-6)
        assert result.lenient_m <= result.metres
        assert result.strict_m is None or result.strict_m >= result.metres
        readings = {"lenient": result.lenient_m, "strict": result.strict_m}
        assert {name for name, metres in readings.items() if metres not in (result.metres, None)} == {
            *result.readings()
        }
        for name, drawn in result.readings().items():
            assert own_length(drawn) == pytest.approx(readings[name], abs=1e-3)
            assert drawn["coordinates"][0] == result.geometry["coordinates"][0]
    assert there.geometry["coordinates"][0] == [a.lon, a.lat]
    assert there.geometry["coordinates"][-1] == [b.lon, b.lat]


@few
@given(
    plan=plans(),
    home=st.tuples(st.integers(0, 600), st.integers(0, 600)),
    school=st.tuples(st.integers(0, 600), st.integers(0, 600)),
    data=st.data(),
)
def test_blocking_an_edge_never_shortens(
    plan: Plan, home: Spot, school: Spot, data: st.DataObject, new_town: Callable[[], Town], place: Place
) -> None:
    network = draw_town(plan, new_town()).network()
    try:
        free = walk(network, place(*home), place(*school))
    except NoWay:
        return
    edges = data.draw(st.sets(st.integers(0, len(network.arrays["edge_way"]) - 1), max_size=4))
    used = data.draw(st.sampled_from(free.ways)) if free.ways else 0
    chosen = np.union1d(np.array(sorted(edges), dtype=np.int64), np.flatnonzero(network.arrays["edge_way"] == used))
    try:
        held = walk(network, place(*home), place(*school), block(network, chosen))
    except NoWay:
        return
    assert held.metres >= free.metres - 1e-9
    assert own_length(held.geometry) == pytest.approx(held.metres, abs=1e-3)
    assert used not in held.ways


@few
@given(plan=plans(), spots=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), min_size=2, max_size=7))
def test_one_search_for_many_schools_gives_each_its_single_distance(
    plan: Plan, spots: list[Spot], new_town: Callable[[], Town], place: Place
) -> None:
    network = draw_town(plan, new_town()).network()
    home, *others = (place(*spot) for spot in spots)
    schools = {str(number): [Entrance(point)] for number, point in enumerate(others)}
    try:
        many = measure_many(network, home, schools)
    except NoWay:
        return
    singles: dict[str, float] = {}
    for number, entrances in schools.items():
        try:
            single = measure(network, home, entrances)
        except NoWay:
            assert isinstance(many[number], NoWay)
            continue
        found_with_many = many[number]
        assert isinstance(found_with_many, Measurement)
        assert found_with_many.metres == singles.setdefault(number, single.metres)
        assert found_with_many.lenient_m == pytest.approx(single.lenient_m, abs=1e-9)
        assert found_with_many.strict_m == pytest.approx(single.strict_m, abs=1e-9)
    found = nearest(network, home, schools)
    if singles:
        assert found is not None
        assert found[1].metres == min(singles.values())
    if len(singles) > 1:
        together = measure(network, home, [one for entrances in schools.values() for one in entrances])
        assert together.metres == min(singles.values())


@few
@given(plan=plans(), spots=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), min_size=3, max_size=5))
def test_an_added_entrance_never_lengthens(
    plan: Plan, spots: list[Spot], new_town: Callable[[], Town], place: Place
) -> None:
    network = draw_town(plan, new_town()).network()
    home, *entrances = (place(*spot) for spot in spots)
    shortest = float("inf")
    for count in range(1, len(entrances) + 1):
        try:
            found = measure(network, home, [Entrance(point) for point in entrances[:count]])
        except NoWay:
            assert shortest == float("inf")
            continue
        assert found.metres <= shortest
        shortest = found.metres

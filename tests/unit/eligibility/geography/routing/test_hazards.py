"""A second distance, without the authority's hazards, from the same code."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from geography import Entrance, Measurement, Point, measure
from geography.model.hazard_list import Hazard, Level
from geography.model.types import WithoutHazards
from geography.routing.hazards import avoid_hazards, compile_hazards
from support.making import make
from support.town import Place, Town

NEAR = 3.0
"""A barred stretch is right to a metre at each end, the drawn town to a thousandth."""


def hazard(line: Iterable[Point], kind: str = "stretch", **changes: object) -> Hazard:
    values: dict[str, object] = {
        "id": "h1", "kind": kind, "line": tuple((one.lon, one.lat) for one in line), "ways": (), "reason": "no pavement",
        "levels": (), "season": "", "decided_on": date(2026, 3, 1),
    }  # fmt: skip
    return make(Hazard, **(values | changes))


def without(found: Measurement) -> WithoutHazards:
    assert found.without_hazards is not None
    return found.without_hazards


SafeWalk = Callable[..., Measurement]


@pytest.fixture
def safe(grid: Town, place: Place) -> SafeWalk:
    """Home and school in metres, and hazards -> the measurement with its second distance."""
    network = grid.network()

    def ask(home: tuple[float, float], school: tuple[float, float], *hazards: Hazard) -> Measurement:
        entrances = [Entrance(place(*school))]
        found = measure(network, place(*home), entrances)
        return avoid_hazards(
            network, found, place(*home), entrances, street=None, hazards=compile_hazards(network, hazards)
        )

    return ask


def test_a_stretch_is_avoided_by_the_way_round(safe: SafeWalk, place: Place) -> None:
    found = safe((0, 0), (400, 0), hazard([place(50, 3), place(150, 2)]))
    assert found.metres == pytest.approx(400, abs=1)
    assert without(found).metres == pytest.approx(800, abs=1)
    assert [each["reason"] for each in without(found).met] == ["no pavement"]
    assert found.as_json()["without_hazards"]["geometry"]["type"] == "LineString"


def test_what_only_crosses_the_stretch_is_not_barred(safe: SafeWalk, place: Place) -> None:
    found = safe((200, 0), (200, 400), hazard([place(150, 200), place(250, 200)]))
    assert without(found).metres == found.metres
    assert without(found).met == ()


def test_an_area_is_avoided(safe: SafeWalk, place: Place) -> None:
    area = hazard([place(150, -50), place(250, -50), place(250, 50), place(150, 50)], "area")
    found = safe((0, 0), (400, 0), area)
    assert without(found).metres == pytest.approx(800, abs=1)


def test_who_lives_on_the_dangerous_road_leaves_it_by_the_safe_end(safe: SafeWalk, place: Place) -> None:
    danger = hazard([place(120, 0), place(180, 0)])
    found = safe((60, 0), (400, 0), danger)
    assert found.metres == pytest.approx(340, abs=1)
    assert without(found).metres == pytest.approx(60 + 200 + 400 + 200, abs=NEAR)


def test_who_lives_within_the_stretch_has_no_safe_way(safe: SafeWalk, place: Place) -> None:
    found = safe((150, 0), (400, 0), hazard([place(50, 0), place(190, 0)]))
    assert without(found).metres is None
    assert without(found).met


def test_the_ways_named_are_meant_and_the_shape_where_they_were_renumbered(safe: SafeWalk, place: Place) -> None:
    for ways, expected in (((11,), 800), ((4711,), 800), ((12,), 800)):
        found = safe((0, 0), (400, 0), hazard([place(50, 0), place(150, 0)], ways=ways))
        assert without(found).metres == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("levels", "season", "level", "day", "counts"),
    [
        ((), "", "primary", None, True),
        (("primary",), "", "primary", None, True),
        (("primary",), "", "secondary_1", None, False),
        ((), "11-01/02-28", None, date(2026, 12, 24), True),
        ((), "11-01/02-28", None, date(2026, 1, 2), True),
        ((), "11-01/02-28", None, date(2026, 6, 1), False),
        ((), "04-01/09-30", None, date(2026, 6, 1), True),
        ((), "11-01/02-28", "primary", None, True),
    ],
)
def test_a_hazard_counts_for_its_levels_and_season(
    levels: tuple[str, ...], season: str, level: Level, day: date, counts: bool, place: Place
) -> None:
    assert hazard([place(0, 0), place(1, 0)], levels=levels, season=season).concerns(level, day) is counts


def test_beside_a_barred_road_its_longer_parallel_is_walked(grid: Town, place: Place) -> None:
    grid.node("u", 100, 60).way(31, "a u b", name="Bogen")
    network, entrances = grid.network(), [Entrance(place(400, 0))]
    found = measure(network, place(0, 0), entrances)
    assert found.metres == pytest.approx(400, abs=1)
    barred = compile_hazards(network, [hazard([place(50, 0), place(150, 0)], ways=(11,))])
    safe = avoid_hazards(network, found, place(0, 0), entrances, street=None, hazards=barred)
    assert without(safe).metres == pytest.approx(200 + 2 * 116.62, abs=1)

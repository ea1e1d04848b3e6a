"""What cannot be measured is told with words that say what to do, and never becomes a distance that a rule could use."""

from collections.abc import Callable
from pathlib import Path

import pytest
from eligibility.api import questions_router
from eligibility.domain.authority import Authority
from eligibility.measuring import NetworkMeasurer
from eligibility.workflow.ports import ApplicationContext
from fastapi import FastAPI
from fastapi.testclient import TestClient
from geography import Address, Entrance, Measurement, NoWay, Point, School, UnusablePoint
from shared.http import problems
from support.making import make
from support.town import Town

AUTHORITY = Authority.model_validate({
    "id": "12345", "name": "Stadt", "letterhead": ["Amt"], "place": "E", "contact": {"office": "O"},
    "court": {"name": "V", "address": "A"}, "data_protection_url": "https://example.org",
})  # fmt: skip


@pytest.fixture
def measurer(grid: Town, tmp_path: Path) -> NetworkMeasurer:
    """The town, and an island of two houses 2 km east of it."""
    grid.node("p", 2400, 100).node("q", 2500, 100).way(90, "p q").node("far", 200, 3000).node("off", 3000, 3000)
    grid.way(91, "h far off")
    grid.network()
    return NetworkMeasurer(tmp_path / "town.network")


async def reason_of(measurer: NetworkMeasurer, home: Point, entrances: list[Entrance]) -> NoWay | UnusablePoint | None:
    names: dict[str, object] = dict.fromkeys(School.__dataclass_fields__, "")
    school = make(School, **(names | {"number": "1", "kind": None, "private": False, "point": None}))
    address = Address("", "", "Weg", "1", "", "E", home, "house_coordinate", "s")
    found = ApplicationContext(AUTHORITY, None, school, address, (), {"1": entrances} if entrances else {}, 0.0)  # type: ignore[arg-type]
    routes = await measurer.routes(address, school, found)
    assert routes.nearer is None
    return None if isinstance(routes.attended, Measurement) else routes.attended


async def test_each_unusable_end_is_told_with_what_to_do(
    measurer: NetworkMeasurer, place: Callable[..., Point]
) -> None:
    home, gate = place(0, 0), place(400, 400)
    cases: list[tuple[Point, list[Point], str, str]] = [
        (home, [], "no_entrance", "Eingang"),
        (Point(gate.lon, gate.lat), [gate], "swapped", "Breite zuerst"),
        (home, [Point(gate.lon, gate.lat)], "swapped", "Breite zuerst"),
        (Point(5_728_000.0, 479_000.0), [gate], "not_degrees", "umrechnen"),
        (Point(48.1, 11.5), [gate], "outside_network", "größeren Ausschnitt"),
        (home, [Point(48.1, 11.5)], "outside_network", "größeren Ausschnitt"),
        (place(2450, 105), [gate], "from_too_far", "Haustür setzen"),
        (home, [place(2450, 105)], "to_too_far", "Eingang der Schule setzen"),
    ]
    for start, ends, reason, said in cases:
        found = await reason_of(measurer, start, [Entrance(end) for end in ends])
        assert found is not None, reason
        assert (found.reason, said in found.text.de) == (reason, True)
    assert await reason_of(measurer, home, [Entrance(gate)]) is None


def test_the_service_answers_a_distance_it_cannot_measure_with_words(
    measurer: NetworkMeasurer, place: Callable[..., Point]
) -> None:
    app = FastAPI()
    problems.install(app)
    app.include_router(questions_router(measurer, lambda name: None))  # type: ignore[arg-type, return-value]
    gate = place(400, 400)
    with TestClient(app) as client:
        for start, said in (
            ([gate.lon, gate.lat], "swapped"),
            ([48.1, 11.5], "larger extract"),
            (list(place(2450, 105)), "front door"),
            ([479_000.0, 5_728_000.0], ""),
            (["x", 8.7], ""),
            ([51.7], ""),
        ):
            answer = client.post(
                "/v1/distances", json={"from": start, "to": list(gate)}, headers={"Accept-Language": "en"}
            )
            assert answer.status_code in {404, 422}, answer.text
            assert "metres" not in answer.json()
            assert said in answer.text

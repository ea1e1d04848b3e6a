"""Over HTTP: a case worker draws for the own authority; for another one there is nothing here."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from eligibility.api import addresses_router, places_router
from eligibility.domain.authority import Authority
from eligibility.store import Store
from eligibility.store.places.address_search import StoredAddresses
from eligibility.store.places.importer import PlaceImporter
from eligibility.workflow.desk.map_desk import MapDesk
from fastapi import FastAPI
from fastapi.testclient import TestClient
from geography import Point, School
from shared.database import Database
from shared.errors import Problem
from shared.identity import Caller
from support.making import make

NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
ROAD = {"type": "LineString", "coordinates": [[8.75, 51.71], [8.76, 51.71]]}
HAZARD = {"geometry": ROAD, "reason": "Kein Gehweg, 70 km/h", "levels": ["primary"], "decided_on": "2026-03-01"}
DOOR = {"street": "Weg", "house_number": "1", "postal_code": "33100", "city": "Eschenborn", "lat": 51.7, "lon": 8.7,
        "reason": "door in the yard"}  # fmt: skip
AUTHORITY = {
    "id": "12345", "name": "Stadt", "letterhead": ["Amt"], "place": "E", "contact": {"office": "O"},
    "court": {"name": "V", "address": "A"}, "data_protection_url": "https://example.org",
}  # fmt: skip


class SignedIn:
    """Implements Identity: whoever the test says is calling."""

    def __init__(self) -> None:
        self.who = Caller("anna", "12345", frozenset({"case_worker"}))

    def caller(self) -> Caller:
        return self.who


@pytest.fixture
def identity() -> SignedIn:
    return SignedIn()


@pytest.fixture
def client(migrated_database: Path, tmp_path: Path, identity: SignedIn) -> Iterator[TestClient]:
    copied = shutil.copy(migrated_database, tmp_path / "desk.db")
    database: Database[Store] = Database(f"sqlite:///{copied}", Store)
    database.write_now(lambda store: store.set_authority(Authority.model_validate(AUTHORITY)))
    blank: dict[str, object] = dict.fromkeys(School.__dataclass_fields__, "")
    rows = [make(School, **(blank | {"number": number, "authority_number": of, "private": False, "kind": None,
                               "point": Point(51.7, 8.7)})) for number, of in (("100001", "12345"), ("100002", "9"))]  # fmt: skip
    PlaceImporter(database).replace_schools(iter(rows))
    app = FastAPI()
    app.include_router(places_router(MapDesk(database, lambda: NOW, lambda: (8.0, 51.0, 9.5, 52.5)), identity))  # type: ignore[arg-type]
    app.include_router(addresses_router(StoredAddresses(database)))

    @app.exception_handler(Problem)
    async def problem(_: object, error: Problem) -> object:
        from fastapi.responses import JSONResponse

        return JSONResponse({}, {"NotFound": 404, "Forbidden": 403, "Invalid": 422}[type(error).__name__])

    with TestClient(app) as opened:
        yield opened
    database.close()


def test_a_hazard_may_bear_the_key_of_the_danger_list(client: TestClient) -> None:
    assert client.post("/v1/authorities/12345/hazards", json=HAZARD | {"key": "b64"}).status_code == 201
    (shown,) = client.get("/v1/authorities/12345/hazards").json()["features"]
    assert shown["properties"]["key"] == "b64"
    assert client.post("/v1/authorities/12345/hazards", json=HAZARD | {"key": "B 64"}).status_code == 422


def test_a_hazard_is_drawn_shown_and_ended(client: TestClient) -> None:
    made = client.post("/v1/authorities/12345/hazards", json=HAZARD)
    assert made.status_code == 201
    shown = client.get("/v1/authorities/12345/hazards").json()["features"]
    assert [each["geometry"] for each in shown] == [ROAD]
    assert client.delete(f"/v1/authorities/12345/hazards/{made.json()['id']}").status_code == 204
    assert client.get("/v1/authorities/12345/hazards").json()["features"] == []
    assert client.delete(f"/v1/authorities/12345/hazards/{made.json()['id']}").status_code == 404


def test_entrances_are_drawn_with_who_and_when(client: TestClient) -> None:
    drawn = client.put("/v1/schools/100001/entrances", json={"entrances": [{"lat": 51.7, "lon": 8.7, "name": "Tor"}]})
    assert drawn.json()["drawn_by"] == "anna"
    assert client.get("/v1/schools/100001/entrances").json()["entrances"][0]["origin"] == "set_by_person"


def test_a_door_is_set(client: TestClient) -> None:
    assert client.put("/v1/doors", json=DOOR).status_code == 204


def test_what_belongs_to_another_authority_is_not_there(client: TestClient, identity: SignedIn) -> None:
    assert client.get("/v1/authorities/9/hazards").status_code == 404
    assert client.post("/v1/authorities/9/hazards", json=HAZARD).status_code == 404
    assert (
        client.put("/v1/schools/100002/entrances", json={"entrances": [{"lat": 51.7, "lon": 8.7}]}).status_code == 404
    )
    assert client.get("/v1/schools/100002/entrances").status_code == 404
    made = client.post("/v1/authorities/12345/hazards", json=HAZARD).json()["id"]
    identity.who = Caller("bert", "9", frozenset({"case_worker"}))
    assert client.delete(f"/v1/authorities/12345/hazards/{made}").status_code == 404
    assert client.delete(f"/v1/authorities/9/hazards/{made}").status_code == 404


def test_a_releaser_looks_and_does_not_draw_and_a_guardian_does_neither(client: TestClient, identity: SignedIn) -> None:
    identity.who = Caller("rosa", "12345", frozenset({"releaser"}))
    assert client.get("/v1/authorities/12345/hazards").status_code == 200
    assert client.post("/v1/authorities/12345/hazards", json=HAZARD).status_code == 403
    identity.who = Caller("eva", None, frozenset({"guardian"}))
    assert client.put("/v1/doors", json=DOOR).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"geometry": {"type": "LineString", "coordinates": [[51.71, 8.75], [51.71, 8.76]]}},
        {"geometry": {"type": "LineString", "coordinates": [[8.75, 51.71]]}},
        {"geometry": {"type": "Polygon", "coordinates": [[[8.75, 51.71], [8.76, 51.7]]]}},
        {"geometry": {"type": "LineString", "coordinates": ["x"]}},
        {"season": "13-01/02-01"},
        {"reason": ""},
        {"levels": ["kindergarten"]},
    ],
)
def test_a_hazard_that_cannot_be_meant_is_refused(client: TestClient, change: dict[str, object]) -> None:
    assert client.post("/v1/authorities/12345/hazards", json=HAZARD | change).status_code == 422


def test_an_address_is_searched_over_http(client: TestClient) -> None:
    assert client.get("/v1/addresses", params={"q": "Nirgendwo 5"}).json()["addresses"] == []
    assert client.get("/v1/addresses", params={"q": "x"}).status_code == 422

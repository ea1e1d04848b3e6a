"""Addresses, entrances, doors and hazards on PostgreSQL: imports with what differs, and the search for an address."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from eligibility.commands import app
from eligibility.domain.authority import Authority
from eligibility.store import Store
from eligibility.store.places.address_search import StoredAddresses
from eligibility.store.places.importer import Difference, PlaceImporter
from geography import Address, Entrance, Point, ReadReport, School, lookup_keys
from geography.model.hazard_list import Hazard
from shared.database import Database
from support.databases import make_tables
from support.making import make
from typer.testing import CliRunner, Result

NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
AUTHORITY = {
    "id": "12345", "name": "Stadt", "letterhead": ["Amt"], "place": "E", "contact": {"office": "O"},
    "court": {"name": "V", "address": "A"}, "data_protection_url": "https://example.org",
}  # fmt: skip


def house(street: str, number: str, city: str, source: str = "gebref", **changes: object) -> Address:
    key, city_key = lookup_keys(street, number, "", city)
    values: dict[str, object] = {
        "key": key, "city_key": city_key, "street": street, "house_number": number, "postal_code": "", "city": city,
        "point": Point(51.7, 8.75), "origin": "house_coordinate", "source": f"{source}:{street}{number}{city}",
    }  # fmt: skip
    return make(Address, **(values | changes))


def school(number: str, point: Point | None = Point(51.7, 8.7)) -> School:
    names: dict[str, object] = dict.fromkeys(School.__dataclass_fields__, "")
    return make(School, **(names | {"number": number, "kind": None, "private": False, "point": point}))


@pytest.fixture
def database(postgresql: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Database[Store]]:
    url = postgresql()
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", url)
    make_tables(url, "eligibility")
    opened: Database[Store] = Database(url, Store)
    opened.write_now(lambda store: store.set_authority(Authority.model_validate(AUTHORITY)))
    yield opened
    opened.close()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_addresses_are_imported_with_what_differs_and_found_as_typed(database: Database[Store]) -> None:
    importer = PlaceImporter(database)
    rows = [house("Kirchstraße", f"{number}a", "Paderborn") for number in range(1, 30)]
    rows.append(house("Kirchstraße", "5a", "Aachen", point=Point(50.77, 6.08)))
    difference = importer.replace_addresses(iter(rows), "gebref")
    importer.record("addresses:gebref", "gebref.txt", ReadReport(taken=30), difference)
    assert difference == Difference(added=30)
    moved = [rows[0], house("Kirchstraße", "2a", "Paderborn", point=Point(51.8, 8.7)), *rows[3:]]
    assert importer.replace_addresses(iter(moved), "gebref") == Difference(changed=1, gone=1)
    osm = [house("Am Dom", "1", "Aachen", "osm", origin="entrance")]
    assert importer.replace_addresses(iter(osm), "osm") == Difference(added=1), "the other source's rows stay"
    addresses = StoredAddresses(database)
    (found,) = addresses.find_now("Kirchstr 5a pb", 8).proposals[:1]
    assert found.house is not None and (found.house.city, found.house.house_number) == ("Paderborn", "5a")
    assert addresses.find_now("Kirchstr 5a", 8).question is not None
    assert addresses.find_now("Kirchstrase 5a Aachen", 8).proposals[0].house is not None
    answer = run("address", "Kirchstr 5a pb")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["addresses"][0]["city"] == "Paderborn"
    kept = database.read_now(lambda store: store.home("Kirchstraße", "7a", "33098", "Paderborn"))
    assert kept is not None


def test_schools_and_entrances_are_imported_and_what_was_drawn_stays(database: Database[Store]) -> None:
    importer = PlaceImporter(database)
    assert importer.replace_schools(iter([school("100001"), school("100002"), school("100003", None)])).added == 3
    assert importer.replace_schools(iter([school("100001"), school("100002", Point(51.8, 8.7))])) == Difference(
        changed=1, gone=1
    )
    seed = [("100001", Entrance(Point(51.61, 8.7), "openstreetmap")), ("100002", Entrance(Point(51.6, 8.6), "openstreetmap"))]  # fmt: skip
    assert importer.replace_entrances(seed, "openstreetmap") == Difference(added=2)
    assert importer.replace_entrances(seed, "openstreetmap") == Difference()
    drawn = [Entrance(Point(51.7, 8.7), "set_by_person", "Tor")]
    database.write_now(lambda store: store.draw_entrances("100001", drawn, authority_id="12345", by="anna", now=NOW))
    assert importer.replace_entrances(seed[1:], "openstreetmap") == Difference()
    assert database.read_now(lambda store: store.drawn_entrances("100001")) == drawn
    assert database.read_now(lambda store: store.entrances_drawn("100001")) == ("anna", NOW)
    places = database.read_now(lambda store: store.entrances([school("100001"), school("9", Point(50.0, 6.0))]))
    assert {number: each[0].origin for number, each in places.items()} == {
        "100001": "set_by_person",
        "9": "school_point",
    }


def test_hazards_are_imported_again_and_ended_ones_are_kept(database: Database[Store], tmp_path: Path) -> None:
    def write(*told: Mapping[str, object]) -> Path:
        line = {"type": "LineString", "coordinates": [[8.7512345678901, 51.7112345678901], [8.76, 51.71]]}
        features = [{"type": "Feature", "geometry": line, "properties": each} for each in told]
        (tmp_path / "h.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return tmp_path / "h.geojson"

    one = {"reason": "Kein Gehweg", "decided_on": "2026-03-01", "levels": ["primary"], "season": "11-01/02-28"}
    first = run("import", "hazards", write(one), "--authority", "12345")
    assert "1 added, 0 changed, 0 gone" in first.output, first.output
    again = run("import", "hazards", write(one), "--authority", "12345")
    assert "0 added, 0 changed, 0 gone" in again.output
    drawn = Hazard("d", "area", ((8.7, 51.7), (8.8, 51.7), (8.8, 51.8)), (1,), "dunkel", (), "", date(2026, 1, 1))
    database.write_now(lambda store: store.add_hazard("12345", drawn, "anna", NOW))
    other = run("import", "hazards", write(one | {"reason": "Tempo 100"}), "--authority", "12345")
    assert "0 added, 1 changed, 0 gone" in other.output
    assert [each.reason for each in database.read_now(lambda store: store.hazards("12345"))] == ["dunkel", "Tempo 100"]
    shown = json.loads(run("hazards", "12345").stdout)
    assert [each["properties"]["reason"] for each in shown["features"]] == ["dunkel", "Tempo 100"]
    assert database.write_now(lambda store: store.end_hazard("12345", "d", "anna", NOW))
    assert not database.write_now(lambda store: store.end_hazard("12345", "d", "anna", NOW))


def test_doors_are_imported_again_and_one_set_by_a_person_stays(database: Database[Store], tmp_path: Path) -> None:
    file = tmp_path / "doors.csv"

    def take(*rows: str) -> str:
        file.write_text("\n".join(("street;house_number;postal_code;city;lat;lon;reason", *rows)), encoding="utf-8")
        return run("import", "doors", file, "--authority", "12345").output

    assert "2 added" in take("Weg;1;33100;E;51.7;8.7;Tür im Hof", "Weg;2;33100;E;51.7;8.7;Tür im Hof")
    assert "0 added, 0 changed, 0 gone" in take(
        "Weg;1;33100;E;51.7;8.7;Tür im Hof", "Weg;2;33100;E;51.7;8.7;Tür im Hof"
    )
    by_hand = Address(
        *lookup_keys("Weg", "1", "33100", "E"), "Weg", "1", "33100", "E", Point(51.75, 8.7), "set_by_person", ""
    )
    database.write_now(lambda store: store.set_door("12345", by_hand, "gesehen", by="anna", now=NOW))
    said = take("Weg;1;33100;E;51.7;8.7;Tür im Hof", "Weg;3;33100;E;51.7;8.7;Tür im Hof")
    assert "a person has set this door" in said and "1 added, 0 changed, 1 gone" in said

    def door(number: str) -> Address | None:
        return database.read_now(
            lambda store: store.door("12345", street="Weg", house_number=number, postal_code="33100", city="E")
        )

    one = door("1")
    assert one is not None and one.point == Point(51.75, 8.7)
    assert door("2") is None and door("3") is not None

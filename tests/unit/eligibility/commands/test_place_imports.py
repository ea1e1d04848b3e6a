"""`import hazards`, `import doors`, `import entrances`: counts, refusals with reasons, and what differs from last time."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from eligibility.commands import app
from eligibility.domain.authority import Authority
from eligibility.store import Store
from eligibility.store.places.importer import PlaceImporter
from geography import Address, Point, ReadReport, School
from geography.model.hazard_list import Hazard
from geography.registers.place_files import read_doors, read_hazards
from shared.database import Database
from support.databases import make_tables
from support.making import make
from support.town import Place, Town
from typer.testing import CliRunner, Result

NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
ROAD = {"type": "LineString", "coordinates": [[8.75, 51.71], [8.76, 51.71]]}
FIELD = {"type": "Polygon", "coordinates": [[[8.75, 51.71], [8.76, 51.71], [8.76, 51.72], [8.75, 51.71]]]}
AUTHORITY = {
    "id": "12345", "name": "Stadt", "letterhead": ["Amt"], "place": "E", "contact": {"office": "O"},
    "court": {"name": "V", "address": "A"}, "data_protection_url": "https://example.org",
}  # fmt: skip
HEAD = "strasse;hausnummer;plz;ort;breite;laenge;grund\n"


def feature(geometry: object = ROAD, **told: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry,
            "properties": {"reason": "Kein Gehweg", "decided_on": "2026-03-01"} | told}  # fmt: skip


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database[Store]]:
    url = f"sqlite:///{tmp_path / 'places.db'}"
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", url)
    make_tables(url, "eligibility")
    opened: Database[Store] = Database(url, Store)
    opened.write_now(lambda store: store.set_authority(Authority.model_validate(AUTHORITY)))
    yield opened
    opened.close()


Import = Callable[..., Result]


@pytest.fixture
def run(database: Database[Store], tmp_path: Path) -> Import:
    def run(kind: str, content: str, authority: str = "12345") -> Result:
        file = tmp_path / f"{kind}.txt"
        file.write_text(content, encoding="utf-8")
        return CliRunner().invoke(app, ["import", kind, str(file), "--authority", authority])

    return run


def hazards_file(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_hazards_are_imported_again_with_what_differs(run: Import, database: Database[Store]) -> None:
    first = run("hazards", hazards_file(feature(), feature(FIELD, levels=["Primarstufe"], season="11-01/02-28")))
    assert first.exit_code == 0, first.output
    assert "2 hazards taken, 0 records refused" in first.output
    assert "2 added, 0 changed, 0 gone" in first.output
    again = run("hazards", hazards_file(feature(), feature(FIELD, levels=["primary"], season="11-01/02-28")))
    assert "0 added, 0 changed, 0 gone" in again.output
    before = database.read_now(lambda store: store.hazards("12345"))
    other = run("hazards", hazards_file(feature(reason="Tempo 100")))
    assert "0 added, 1 changed, 1 gone" in other.output
    (now,) = database.read_now(lambda store: store.hazards("12345"))
    assert now.reason == "Tempo 100"
    assert now.id not in {each.id for each in before}, "decisions name the hazard as it was"


def test_a_hazard_that_a_person_drew_stays(run: Import, database: Database[Store]) -> None:
    drawn = Hazard("d", "stretch", ((8.75, 51.7), (8.76, 51.7)), (), "von Hand", (), "", date(2026, 1, 1))
    database.write_now(lambda store: store.add_hazard("12345", drawn, "anna", NOW))
    run("hazards", hazards_file(feature()))
    run("hazards", hazards_file(feature(FIELD)))
    kept = database.read_now(lambda store: store.hazards("12345"))
    assert {each.reason for each in kept} == {"von Hand", "Kein Gehweg"}


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (feature({"type": "Point", "coordinates": [8.7, 51.7]}), "neither LineString nor Polygon"),
        (feature({"type": "LineString", "coordinates": [[51.71, 8.75], [51.71, 8.76]]}), "swapped"),
        (feature({"type": "LineString", "coordinates": [[482000, 5728000], [482100, 5728000]]}), "in metres"),
        (feature({"type": "LineString", "coordinates": [[2.3, 48.9], [2.4, 48.9]]}), "not in Germany"),
        (feature({"type": "LineString", "coordinates": [[8.75, 51.71]]}), "fewer than 2"),
        (feature({"type": "LineString", "coordinates": "x"}), "no coordinates"),
        (feature({"type": "Polygon", "coordinates": []}), "hole"),
        (feature(None), "no geometry"),
        ("x", "no geometry"),
        (feature(reason=""), "`reason`"),
        (feature(reason=None), "`reason`"),
        (feature(decided_on="gestern"), "`decided_on`"),
        (feature(season="Winter"), "`season`"),
        (feature(levels=["Kindergarten"]), "`levels`"),
        (feature(levels=7), "`levels`"),
        (feature(ways=["A 44"]), "`ways`"),
        (feature(key="B 64"), "`key`"),
    ],
)
def test_a_hazard_that_cannot_be_meant_is_refused_with_its_reason(tmp_path: Path, broken: object, said: str) -> None:
    file, report = tmp_path / "h.geojson", ReadReport()
    file.write_text(hazards_file(feature(FIELD), broken), encoding="utf-8")
    assert len(list(read_hazards(file, report))) == report.taken == 1
    assert [(each.place, said in each.reason) for each in report.examples] == [("feature 2", True)]


def test_the_same_shape_twice_is_taken_once(tmp_path: Path) -> None:
    file, report = tmp_path / "h.geojson", ReadReport()
    file.write_text(hazards_file(feature(), feature(reason="anders")), encoding="utf-8")
    assert [each.reason for each in read_hazards(file, report)] == ["Kein Gehweg"]


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"features": 3}', hazards_file(), hazards_file("x")])
def test_a_file_of_which_nothing_can_be_used_changes_nothing(
    run: Import, database: Database[Store], content: str
) -> None:
    run("hazards", hazards_file(feature()))
    answer = run("hazards", content)
    assert answer.exit_code == 2
    assert len(database.read_now(lambda store: store.hazards("12345"))) == 1


def test_an_authority_that_is_not_there_is_named(run: Import) -> None:
    answer = run("hazards", hazards_file(feature()), "99999")
    assert answer.exit_code == 2
    assert "authority set" in answer.stderr


def test_doors_are_imported_again_with_what_differs(run: Import, database: Database[Store]) -> None:
    rows = "Weg;1;33100;Eschenborn;51,7;8,7;Tür im Hof\nWeg;2;33100;Eschenborn;51.7;8.7;Tür hinten\n"
    first = run("doors", HEAD + rows)
    assert "2 doors taken" in first.output and "2 added, 0 changed, 0 gone" in first.output
    assert "0 added, 0 changed, 0 gone" in run("doors", HEAD + rows).output
    other = run("doors", HEAD + "Weg;2;33100;Eschenborn;51.71;8.7;Tür hinten\n")
    assert "0 added, 1 changed, 1 gone" in other.output

    def door(number: str) -> Address | None:
        return database.read_now(
            lambda store: store.door("12345", street="Weg", house_number=number, postal_code="33100", city="Eschenborn")
        )

    found = door("2")
    assert door("1") is None
    assert found is not None and found.point == Point(51.71, 8.7)


def test_a_door_that_a_person_set_is_not_moved_by_a_file(run: Import, database: Database[Store]) -> None:
    row = HEAD + "Weg;1;33100;Eschenborn;51.7;8.7;Tür im Hof\n"
    run("doors", row)
    house = database.read_now(
        lambda store: store.door("12345", street="Weg", house_number="1", postal_code="33100", city="Eschenborn")
    )
    assert house is not None
    database.write_now(lambda store: store.set_door("12345", house, "gesehen", by="anna", now=NOW))
    answer = run("doors", row)
    assert "0 doors taken, 1 records refused" in answer.output
    assert "a person has set this door" in answer.output


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Weg;1;33100;Eschenborn;8.7;51.7;Tür im Hof", "swapped"),
        ("Weg;1;33100;Eschenborn;5728000;482000;Tür im Hof", "metres"),
        ("Weg;1;33100;Eschenborn;48.9;2.3;Tür im Hof", "not in Germany"),
        ("Weg;1;33100;Eschenborn;nan;8.7;Tür im Hof", "not in Germany"),
        ("Weg;1;33100;Eschenborn;;;Tür im Hof", "no numbers"),
        ("Weg;;33100;Eschenborn;51.7;8.7;Tür im Hof", "house number"),
        ("Weg;1;331;Eschenborn;51.7;8.7;Tür im Hof", "five digits"),
        ("Weg;1;33100;Eschenborn;51.7;8.7;", "`reason`"),
        ("Weg;1", "town is missing"),
        ("Haus;9;33100;Eschenborn;51.7;8.7;noch einmal", "before"),
    ],
)
def test_a_door_that_cannot_be_meant_is_refused_with_its_reason(tmp_path: Path, row: str, said: str) -> None:
    file, report = tmp_path / "d.csv", ReadReport()
    file.write_text(HEAD + f"Haus;9;33100;Eschenborn;51.7;8.7;Seiteneingang\n{row}\n", encoding="utf-8")
    assert len(list(read_doors(file, report))) == 1
    assert [(each.place, said in each.reason) for each in report.examples] == [("line 3", True)]


def test_a_door_may_be_written_in_metres_of_zone_32(tmp_path: Path) -> None:
    file, report = tmp_path / "d.csv", ReadReport()
    head = "strasse;hausnummer;plz;ort;ost;nord;grund\n"
    file.write_text(
        f"{head}Weg;1;33100;E;32483245,3;5729815,2;Tür\nWeg;2;33100;E;483245.3;5729815.2;Tür\n"
        "Weg;3;33100;E;5729815.2;483245.3;Tür\n",
        encoding="utf-8",
    )
    one, two = (address.point for address, _ in read_doors(file, report))
    assert one == pytest.approx(two)
    assert (round(one.lat, 2), round(one.lon, 2)) == (51.72, 8.76)
    assert "EPSG:25832" in report.examples[0].reason


def test_entrances_are_imported_with_what_differs_and_schools_without_are_named(
    database: Database[Store], town: Town, place: Place, tmp_path: Path
) -> None:
    blank: dict[str, object] = dict.fromkeys(School.__dataclass_fields__, "") | {"opening_key": "1", "private": False}
    points = {"100001": place(50, 50), "100002": place(900, 900), "100003": None}
    rows = [make(School, **(blank | {"number": number, "kind": None, "point": at})) for number, at in points.items()]
    PlaceImporter(database).replace_schools(iter(rows))
    for name, x, y in [("a", 0, 0), ("b", 100, 0), ("c", 100, 100), ("d", 0, 100), ("w", -300, 0)]:
        town.node(name, x, y)
    town.way(1, "a b c d a", highway="", amenity="school").way(2, "w a")
    answers = [CliRunner().invoke(app, ["import", "entrances", str(town.write())]).output for _ in range(2)]
    assert "1 entrances taken, 2 schools without" in answers[0]
    assert "school 100003: no coordinates" in answers[0]
    assert "1 added" in answers[0]
    assert "0 added, 0 changed, 0 gone" in answers[1]


def test_a_file_that_lacks_most_of_what_was_there_is_refused_unless_it_is_meant(
    database: Database[Store], town: Town
) -> None:
    for number in range(120):
        town.node(f"n{number}", number, 0, addr_housenumber=str(number + 1), addr_street="Weg", addr_city="E")
    assert CliRunner().invoke(app, ["import", "addresses", str(town.write())]).exit_code == 0
    for number in range(50, 120):
        del town.nodes[f"n{number}"]
    short = str(town.write("short.osm"))
    refused = CliRunner().invoke(app, ["import", "addresses", short])
    assert refused.exit_code == 2
    assert "lacks 70 of the 120" in refused.stderr and "--replace" in refused.stderr
    assert len(database.read_now(lambda store: list(store.all_addresses()))) == 120
    assert "70 gone" in CliRunner().invoke(app, ["import", "addresses", short, "--replace"]).output


def test_a_row_of_another_town_is_reported_and_not_taken(run: Import, database: Database[Store]) -> None:
    blank: dict[str, object] = dict.fromkeys(School.__dataclass_fields__, "") | {"opening_key": "1", "private": False}
    of_here = {"number": "100001", "kind": None, "point": Point(51.7, 8.7), "authority_number": "12345"}
    PlaceImporter(database).replace_schools(iter([make(School, **(blank | of_here))]))
    aachen = {"type": "LineString", "coordinates": [[6.08, 50.77], [6.09, 50.77]]}
    answer = run("hazards", hazards_file(feature(aachen), feature()))
    assert answer.exit_code == 0 and "1 hazards taken, 1 records refused" in answer.output
    assert "far from what it belongs to" in answer.output
    assert [each.line[0] for each in database.read_now(lambda store: store.hazards("12345"))] == [(8.75, 51.71)]
    rows = "Weg;1;33100;Eschenborn;51,7;8,7;Tür im Hof\nWeg;2;33100;Eschenborn;50.77;6.08;Tür hinten\n"
    answer = run("doors", HEAD + rows)
    assert "1 doors taken, 1 records refused" in answer.output and "door 2: far from" in answer.output

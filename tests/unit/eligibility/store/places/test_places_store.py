"""Imports with what differs, the search for an address, doors, hazards and entrances, in a real database."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from eligibility.store import Store
from eligibility.store.places.address_search import StoredAddresses
from eligibility.store.places.importer import Difference, PlaceImporter
from eligibility.store.tables import ADDRESS, SCHOOL
from geography import Address, Entrance, Point, ReadReport, School, lookup_keys
from geography.address_search.answers import Answer
from geography.model.hazard_list import Hazard, level_of
from shared.database import Database
from support.databases import make_tables
from support.making import make

NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)


def house(street: str, number: str, city: str, code: str = "", source: str = "gebref", **changes: object) -> Address:
    key, city_key = lookup_keys(street, number, code, city)
    values: dict[str, object] = {
        "key": key, "city_key": city_key, "street": street, "house_number": number, "postal_code": code, "city": city,
        "point": Point(51.7, 8.75), "origin": "house_coordinate", "source": f"{source}:{street}{number}{city}",
    }  # fmt: skip
    return make(Address, **(values | changes))


def school(number: str, **changes: object) -> School:
    names: dict[str, object] = dict.fromkeys(School.__dataclass_fields__, "")
    return make(
        School, **(names | {"number": number, "kind": None, "private": False, "point": Point(51.7, 8.7)} | changes)
    )


HOUSES = [
    house("Kirchstraße", "5a", "Paderborn"),
    house("Kirchstraße", "5a", "Aachen", point=Point(50.77, 6.08)),
    house("Kirchstraße", "7", "Paderborn"),
    house("Am Dom", "1", "Aachen", "52062", source="osm", origin="entrance"),
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database[Store]]:
    url = f"sqlite:///{tmp_path / 'places.db'}"
    make_tables(url, "eligibility")
    opened: Database[Store] = Database(url, Store)
    yield opened
    opened.close()


Search = Callable[[str], Answer]


@pytest.fixture
def search(database: Database[Store]) -> Search:
    importer, addresses = PlaceImporter(database), StoredAddresses(database)
    for source in ("gebref", "osm"):
        rows = [each for each in HOUSES if each.source.startswith(source)]
        importer.record(f"addresses:{source}", "f", ReadReport(), importer.replace_addresses(iter(rows), source))
    return lambda text: addresses.find_now(text, 8)


def test_an_import_says_what_is_new_changed_and_gone_and_can_be_repeated(database: Database[Store]) -> None:
    importer = PlaceImporter(database)
    first = importer.replace_addresses(iter(HOUSES[:3]), "gebref")
    assert (first.added, first.changed, first.gone) == (3, 0, 0)
    again = importer.replace_addresses(iter(HOUSES[:3]), "gebref")
    assert (again.added, again.changed, again.gone) == (0, 0, 0)
    moved = house("Kirchstraße", "7", "Paderborn", point=Point(51.8, 8.7))
    then = importer.replace_addresses(iter([moved, HOUSES[0], house("Neuweg", "1", "Paderborn")]), "gebref")
    assert (then.added, then.changed, then.gone) == (1, 1, 1)


def test_an_import_leaves_what_another_source_gave(database: Database[Store], search: Search) -> None:
    assert PlaceImporter(database).replace_addresses(iter([]), "gebref").gone == 3
    rows = database.read_now(lambda store: store.rows(sa.select(ADDRESS.c.source)))
    assert [row["source"] for row in rows] == ["osm:Am Dom1Aachen"]


def test_the_kind_of_a_school_stays_where_a_register_does_not_tell_it(database: Database[Store]) -> None:
    importer = PlaceImporter(database)
    importer.replace_schools(iter([school("100001", kind="RKB"), school("100002")]))
    assert importer.replace_schools(iter([school("100001"), school("100002", city="Neu")])).changed == 1
    rows = database.read_now(lambda store: store.rows(sa.select(SCHOOL.c.kind).order_by(SCHOOL.c.number)))
    assert [row["kind"] for row in rows] == ["RKB", None]


@pytest.mark.parametrize(
    ("text", "city"),
    [("Kirchstr 5a pb", "Paderborn"), ("Kirschstrasse 5 A aachen", "Aachen"), ("Am Dohm 1, 52062", "Aachen")],
)
def test_a_house_is_found_as_a_person_types_it(search: Search, text: str, city: str) -> None:
    found = search(text)
    assert found.question is None
    house = found.proposals[0].house
    assert house is not None and house.city == city


def test_an_ambiguous_address_is_asked_about(search: Search) -> None:
    found = search("Kirchstr 5a")
    assert {each.street.city for each in found.proposals} == {"Aachen", "Paderborn"}
    assert found.question is not None
    assert "Welche Adresse" in found.question.de


@pytest.mark.parametrize(
    ("text", "asked"), [("Kirchstr pb", "number"), ("Kirchstr 99 pb", "not recorded"), ("Xyzweg 1", "No street")]
)
def test_what_is_missing_is_asked_for(search: Search, text: str, asked: str) -> None:
    question = search(text).question
    assert question is not None
    assert asked in question.en


def test_a_new_import_is_found_without_a_restart(database: Database[Store], search: Search) -> None:
    assert search("Neuer Weg 3").proposals == ()
    importer = PlaceImporter(database)
    importer.record("addresses:gebref", "f", ReadReport(), importer.replace_addresses(
        iter([house("Neuer Weg", "3", "Paderborn")]), "gebref"))  # fmt: skip
    assert search("Neuer Weg 3").question is None


def test_a_door_counts_for_its_authority_only(database: Database[Store]) -> None:
    door = house("Kirchstraße", "5a", "Paderborn", "33098", point=Point(51.71, 8.76), origin="set_by_person")
    database.write_now(lambda store: store.set_door("12345", door, "door is round the corner", by="anna", now=NOW))
    named = {"street": "Kirchstr.", "house_number": "5 A", "postal_code": "33098", "city": "Paderborn"}
    found = database.read_now(lambda store: store.door("12345", **named))
    assert found is not None
    assert (found.point, found.origin) == (Point(51.71, 8.76), "set_by_person")
    assert database.read_now(lambda store: store.door("99999", **named)) is None


def test_a_hazard_is_kept_as_it_was_drawn_until_it_is_ended(database: Database[Store]) -> None:
    hazard = Hazard("h", "area", ((8.7, 51.7), (8.8, 51.7), (8.8, 51.8)), (1, 2), "dark", ("primary",), "11-01/02-28",
                    date(2026, 1, 1))  # fmt: skip
    database.write_now(lambda store: store.add_hazard("12345", hazard, "anna", NOW))
    assert database.read_now(lambda store: store.hazards("12345")) == [hazard]
    assert not database.write_now(lambda store: store.end_hazard("99999", "h", "bert", NOW))
    assert database.write_now(lambda store: store.end_hazard("12345", "h", "anna", NOW))
    assert database.read_now(lambda store: store.hazards("12345")) == []


def test_drawn_entrances_stay_when_openstreetmap_is_imported_again(database: Database[Store]) -> None:
    importer, drawn = PlaceImporter(database), [Entrance(Point(51.7, 8.7), "set_by_person", "gate")]
    seed = [("100001", Entrance(Point(51.6, 8.7), "openstreetmap")), ("100002", Entrance(Point(51.6, 8.6), "openstreetmap"))]  # fmt: skip
    assert importer.replace_entrances(seed, "openstreetmap") == Difference(added=2)
    database.write_now(lambda store: store.draw_entrances("100001", drawn, authority_id="12345", by="anna", now=NOW))
    assert importer.replace_entrances(seed, "openstreetmap") == Difference(), (
        "of the school that was drawn nothing came"
    )
    assert database.read_now(lambda store: store.drawn_entrances("100001")) == drawn
    assert database.read_now(lambda store: store.entrances_drawn("100001")) == ("anna", NOW)


@pytest.mark.parametrize(
    ("grade", "level"),
    [("01", "primary"), ("04", "primary"), ("05", "secondary_1"), ("10", "secondary_1"), ("EF", "secondary_2"), ("13", "secondary_2"), ("x", None)],
)  # fmt: skip
def test_the_grade_tells_the_level_but_at_a_college_it_is_the_year_of_the_course(grade: str, level: str | None) -> None:
    assert level_of(grade, "GE") == level_of(grade, "") == level
    assert {level_of(grade, form) for form in ("BK", "SB", "WB")} == {"secondary_2"}

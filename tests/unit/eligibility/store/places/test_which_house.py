"""Which house is meant: fractions, lists, streets of one name, codes that are missing. What is doubtful is no house."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from eligibility.store import Store
from eligibility.store.places.address_search import StoredAddresses
from eligibility.store.places.importer import PlaceImporter
from eligibility.store.places.keys import write_keys
from eligibility.store.places.tables import DOOR
from eligibility.store.tables import ADDRESS
from geography import Address, Point, ReadReport, lookup_keys
from geography.registers.gebref import read_gebref
from shared.database import Database
from support.databases import make_tables
from support.making import make

NORTH, SOUTH = Point(51.7018, 8.7003), Point(51.7018, 8.8306)


def house(
    street: str, number: str, code: str = "", point: Point = NORTH, city: str = "Großstadt", **more: object
) -> Address:
    key, city_key = lookup_keys(street, number, code, city)
    source = f"osm:{street}{number}{code}{point}"
    return make(Address, key, city_key, street, number, code, city, point, more.get("origin", "node"), source)


def near(point: Point, steps: int) -> Point:
    return Point(point.lat, point.lon + steps * 0.0002)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database[Store]]:
    url = f"sqlite:///{tmp_path / 'places.db'}"
    make_tables(url, "eligibility")
    opened: Database[Store] = Database(url, Store)
    yield opened
    opened.close()


Find = Callable[[str, str, str], Address | None]
Homes = Callable[..., Find]


@pytest.fixture
def homes(database: Database[Store]) -> Homes:
    """Import some houses; then ask for one as a family types it."""

    def find(street: str, number: str, code: str) -> Address | None:
        return database.read_now(lambda store: store.home(street, number, code, "Großstadt"))

    def stored(*rows: Address) -> Find:
        importer = PlaceImporter(database)
        importer.record("addresses:osm", "f", ReadReport(), importer.replace_addresses(iter(rows)))
        return find

    return stored


def found(house: Address | None) -> Address:
    assert house is not None
    return house


SAME_STREET_TWICE = [
    *(house("Hauptstraße", str(number), "", near(NORTH, number)) for number in (4, 5, 6)),
    *(house("Hauptstraße", str(number), "51143", near(SOUTH, number)) for number in (3, 7)),
]


def test_a_house_without_a_code_is_not_that_of_the_same_street_elsewhere(homes: Homes) -> None:
    home = homes(*SAME_STREET_TWICE)
    assert home("Hauptstraße", "5", "51143") is None
    assert found(home("Hauptstr.", "7", "51143")).point == near(SOUTH, 7)


def test_a_house_without_a_code_is_found_where_its_neighbours_have_the_code(homes: Homes) -> None:
    home = homes(house("Hauptstraße", "5"), house("Hauptstraße", "7", "51143", near(NORTH, 2)))
    assert found(home("Hauptstraße", "5", "51143")).point == NORTH
    assert home("Hauptstraße", "5", "51149") is None


def test_a_code_that_belongs_to_a_street_of_the_name_in_another_town_is_no_agreement(homes: Homes) -> None:
    home = homes(house("Hauptstraße", "5"), house("Hauptstraße", "7", "51143", SOUTH, city="Kleinstadt"))
    assert home("Hauptstraße", "5", "51143") is None


def test_where_no_neighbour_has_a_code_nothing_contradicts(homes: Homes) -> None:
    home = homes(house("Hauptstraße", "5"), house("Hauptstraße", "7", "", near(NORTH, 2)))
    assert found(home("Hauptstraße", "5", "51143")).point == NORTH


def test_the_search_proposes_what_it_does_not_know_for_certain(database: Database[Store], homes: Homes) -> None:
    homes(*SAME_STREET_TWICE)
    search = StoredAddresses(database)
    answer = search.find_now("Hauptstraße 5, 51143 Großstadt", 8)
    assert answer.question is not None
    assert [each.as_json()["postal_code"] for each in answer.proposals] == [""]
    assert search.find_now("Hauptstraße 7, 51143 Großstadt", 8).question is None
    assert search.find_now("Hauptstraße 7, 51149 Großstadt", 8).question is not None


def test_a_fraction_is_not_the_slash_of_another_house(database: Database[Store], tmp_path: Path) -> None:
    line = "N;{0};A;05774999;5;7;Detmold;74;Paderborn;999;Ort;0;;00001;Weg;{1};{2};32;{3};5737014.522;2026-01-01\n"
    (tmp_path / "gebref.txt").write_text(line.format("D1", 31, "/2", 499903) + line.format("D2", 4, "1/2", 495730))
    PlaceImporter(database).replace_addresses(read_gebref(tmp_path / "gebref.txt", ReadReport()), "gebref")

    def home(number: str) -> Address | None:
        return database.read_now(lambda store: store.home("Weg", number, "33199", "Ort"))

    def source_of(number: str) -> str:
        return found(home(number)).source

    assert [home(number) for number in ("3 1/2", "3½", "41/2", "31 1/2")] == [None] * 4
    assert source_of("31/2") == "gebref:D1"
    assert source_of("4½") == source_of("4 1/2") == "gebref:D2"


@pytest.mark.parametrize("typed", ["20,30", "20; 30", "20-30", "20 u. 30"])
def test_a_list_or_range_is_found_by_its_houses_where_all_are_one_place(homes: Homes, typed: str) -> None:
    near_by = homes(house("Weg", "20", "51143"), house("Weg", "30", "51143", near(NORTH, 1)))
    assert found(near_by("Weg", typed, "51143")).house_number == typed
    far = homes(house("Weg", "20", "51143"), house("Weg", "30", "51143", SOUTH))
    assert far("Weg", typed, "51143") is None
    half = homes(house("Weg", "20", "51143"))
    assert half("Weg", typed, "51143") is None


@pytest.mark.parametrize("counted", ["range", "interpolated"])
def test_a_house_drawn_by_itself_goes_before_a_list_that_counts_it_unless_that_lies_elsewhere(
    homes: Homes, counted: str
) -> None:
    drawn = house("Weg", "24", "51143")
    of_the_row = homes(drawn, house("Weg", "24", "51143", near(NORTH, 10), origin=counted))
    assert found(of_the_row("Weg", "24", "51143")).point == NORTH
    two_drawn = homes(drawn, house("Weg", "24", "51143", near(NORTH, 10)))
    assert two_drawn("Weg", "24", "51143") is None
    elsewhere = homes(drawn, house("Weg", "24", "51143", SOUTH, origin=counted))
    assert elsewhere("Weg", "24", "51143") is None


def test_a_door_set_before_the_keys_told_slashes_apart_is_that_house_s_only(database: Database[Store]) -> None:
    values = {
        "authority_id": "a", "key": "weg|31/2|51143", "city_key": "weg|31/2|grossstadt", "street": "Weg",
        "house_number": "31/2", "postal_code": "51143", "city": "Großstadt", "lat": 51.7, "lon": 8.7, "reason": "hinten",
        "set_by": "p", "set_at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    database.write_now(lambda store: store.run(DOOR.insert(), values))

    def door(number: str) -> Address | None:
        ask = {"street": "Weg", "house_number": number, "postal_code": "51143", "city": "Großstadt"}
        return database.read_now(lambda store: store.door("a", **ask))

    assert door("31/2") is not None
    assert door("3 1/2") is None
    assert database.read_now(lambda store: len(store.rows(sa.select(DOOR)))) == 1


@pytest.mark.parametrize(
    ("number", "other", "old"), [("5①", "51", "51"), ("3 1/2", "31/2", "31/2"), ("7²", "72", "72")]
)
def test_a_key_of_an_earlier_program_is_written_anew_at_the_start(
    homes: Homes, database: Database[Store], number: str, other: str, old: str
) -> None:
    """Its house was not found any more, or as another one."""
    find = homes(house("Hauptstraße", number, "51143", NORTH), house("Hauptstraße", "9", "51143", SOUTH))
    stale = {"key": f"hauptstr|{old}|51143", "city_key": f"hauptstr|{old}|grossstadt"}
    database.write_now(lambda store: store.run(ADDRESS.update().where(ADDRESS.c.house_number == number).values(stale)))
    assert find("Hauptstraße", number, "51143") is None
    assert write_keys(database) == 1
    assert found(find("Hauptstraße", number, "51143")).house_number == number
    assert find("Hauptstraße", other, "51143") is None
    assert write_keys(database) == 0

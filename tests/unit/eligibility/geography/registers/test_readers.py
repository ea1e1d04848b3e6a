"""Readers of the school register, of addresses and of entrances: what they take, and what they refuse and say."""

from collections.abc import Callable
from pathlib import Path

import pytest
from geography import (
    ExtractUnusable,
    ReadReport,
    RegisterUnusable,
    address_key,
    entrances_from_osm,
    read_addresses,
    read_schools,
)
from geography.model.ellipsoid import length, utm32_from_degrees
from geography.network import osm_objects
from geography.registers.schools import COLUMNS
from support.town import Place, Town

SCHOOL = {
    "SchulNr": "160805",
    "RegSchl": "334002",
    "KoRe": "295605",
    "KoHo": "5627632",
    "ABez1": "Luise-Hensel-Schule",
    "ABez2": "Städt. Realschule für Jun-",
    "ABez3": "gen und Mädchen",
    "PLZ": "52066",
    "Ort": "Aachen",
    "Strasse": "Im Gillesbachtal 35",
    "SF": "10",
    "OeffPri": "1",
    "KurzBez": "Aachen, RS Luise-Hensel",
    "SchBetrSchl": "1",
    "SchBetrSchlDatum": "19730801",
    "SchultraegerNr": "10194",
    "Schulgliederung": "",
    "Schulart": "",
}


@pytest.fixture
def register(tmp_path: Path) -> Callable[..., Path]:
    def write(*changes: dict[str, str], encoding: str = "utf-8") -> Path:
        rows = [";".join({**SCHOOL, **change}[name] for name in COLUMNS) for change in changes]
        path = tmp_path / "Schulen.csv"
        path.write_text("\n".join([";".join(COLUMNS), *rows]) + "\n", encoding=encoding)
        return path

    return write


def test_a_school_is_read_with_all_that_rules_need(register: Callable[..., Path]) -> None:
    report = ReadReport()
    (school,) = read_schools(register({}), report)
    assert (school.number, school.form, school.kind, school.private) == ("160805", "R", None, False)
    assert school.name == "Luise-Hensel-Schule Städt. Realschule für Jungen und Mädchen"
    assert (school.municipality, school.authority_number, school.opening_date) == ("05334002", "10194", "1973-08-01")
    assert school.operating
    assert school.point is not None
    assert utm32_from_degrees(*school.point) == pytest.approx((295605, 5627632), abs=1e-3)
    assert (report.taken, report.refused) == (1, 0)


@pytest.mark.parametrize(
    ("key", "operating"),
    [("0", True), ("1", True), ("2", True), ("3", False), ("4", False), ("5", False), ("6", True), ("9", False)],
)
def test_the_opening_key_tells_whether_pupils_can_attend(
    register: Callable[..., Path], key: str, operating: bool
) -> None:
    (school,) = read_schools(register({"SchBetrSchl": key}), ReadReport())
    assert school.operating is operating


def test_the_kind_is_read_only_where_it_is_one(register: Callable[..., Path]) -> None:
    rows = [{"SchulNr": "100001", "Schulart": "RKB"}, {"SchulNr": "100002", "Schulart": "AS"}]
    assert [school.kind for school in read_schools(register(*rows), ReadReport())] == ["RKB", None]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"SchulNr": "12345"}, "school number is not six digits"),
        ({"SF": "99"}, "unknown school form"),
    ],
)
def test_an_unusable_row_is_counted_with_its_reason(
    register: Callable[..., Path], change: dict[str, str], reason: str
) -> None:
    report = ReadReport()
    assert len(list(read_schools(register(change, {"SchulNr": "999999"}), report))) == 1
    assert report.reasons == {reason: 1}
    assert report.examples[0].place == "line 2"


def test_a_number_that_appears_twice_is_taken_once(register: Callable[..., Path]) -> None:
    report = ReadReport()
    assert len(list(read_schools(register({}, {}), report))) == 1
    assert report.refused == 1


@pytest.mark.parametrize(("east", "north"), [("", ""), ("0", "0"), ("5627632", "295605"), ("abc", "1")])
def test_a_school_without_usable_coordinates_is_kept_without_a_point(
    register: Callable[..., Path], east: str, north: str
) -> None:
    report = ReadReport()
    (school,) = read_schools(register({"KoRe": east, "KoHo": north}), report)
    assert school.point is None
    assert report.refused == 1


def test_a_zone_before_the_easting_and_a_decimal_comma_are_understood(register: Callable[..., Path]) -> None:
    (school,) = read_schools(register({"KoRe": "32295605,5", "KoHo": "5627632,5"}), ReadReport())
    assert school.point is not None
    assert utm32_from_degrees(*school.point) == pytest.approx((295605.5, 5627632.5), abs=1e-3)


def test_a_byte_order_mark_does_not_disturb(register: Callable[..., Path]) -> None:
    assert len(list(read_schools(register({}, encoding="utf-8-sig"), ReadReport()))) == 1


def test_a_file_in_another_layout_or_encoding_is_refused_with_words(
    register: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text("a;b\n1;2\n")
    with pytest.raises(RegisterUnusable, match="lacks the columns SchulNr"):
        list(read_schools(tmp_path / "other.csv", ReadReport()))
    with pytest.raises(RegisterUnusable, match="UTF-8"):
        list(read_schools(register({}, encoding="latin-1"), ReadReport()))
    with pytest.raises(RegisterUnusable, match="There is no file"):
        list(read_schools(tmp_path / "none.csv", ReadReport()))


def house(town: Town, first: str, x: float, y: float, size: float = 10) -> str:
    for letter, dx, dy in [("a", 0, 0), ("b", size, 0), ("c", size, size), ("d", 0, size)]:
        town.node(first + letter, x + dx, y + dy)
    return f"{first}a {first}b {first}c {first}d {first}a"


def test_a_point_a_building_and_a_multipolygon_bear_addresses(town: Town, place: Place) -> None:
    tags = {"addr_street": "Kirchstraße", "addr_city": "Neustadt"}
    town.node("n", 5, 5, addr_housenumber="1", **tags)
    town.way(1, house(town, "h", 100, 100), highway="", addr_housenumber="2", addr_postcode="33000", **tags)
    town.way(2, house(town, "k", 200, 200), highway="")
    town.relation(
        3,
        [(2, "outer")],
        **{"type": "multipolygon", "addr:housenumber": "3", "addr:street": "Kirchstraße", "addr:city": "Neustadt"},
    )
    report = ReadReport()
    found = {row.house_number: row for row in read_addresses(town.write(), report)}
    assert {number: row.origin for number, row in found.items()} == {"1": "node", "2": "building", "3": "building"}
    assert length(*found["2"].point, *place(105, 105)) < 0.1
    assert length(*found["3"].point, *place(205, 205)) < 0.1
    assert found["2"].key == address_key("Kirchstr.", "2", "33000")
    assert found["1"].key == ""
    assert found["1"].city_key == address_key("Kirchstr.", "1", "", "NEUSTADT")
    assert found["3"].source == "osm:relation/3"
    assert report.taken == 3


def test_the_marked_front_door_goes_before_the_middle(town: Town, place: Place) -> None:
    outline = house(town, "h", 0, 0)
    town.node("door", 5, 0, entrance="main").node("garage", 10, 5, entrance="garage")
    town.way(
        1,
        outline.replace("ha hb", "ha door hb garage"),
        highway="",
        addr_street="A",
        addr_housenumber="1",
        addr_city="N",
    )
    (row,) = read_addresses(town.write(), ReadReport())
    assert row.origin == "entrance"
    assert length(*row.point, *place(5, 0)) < 0.1


def test_of_two_equal_doors_none_is_guessed(town: Town) -> None:
    outline = house(town, "h", 0, 0)
    town.node("one", 5, 0, entrance="yes").node("two", 10, 5, entrance="yes")
    town.way(
        1, outline.replace("ha hb", "ha one hb two"), highway="", addr_street="A", addr_housenumber="1", addr_city="N"
    )
    (row,) = read_addresses(town.write(), ReadReport())
    assert row.origin == "building"


def test_a_list_of_numbers_gives_an_address_each(town: Town) -> None:
    town.node("n", 0, 0, addr_housenumber="5;7, 9a", addr_street="A", addr_city="N")
    assert [row.house_number for row in read_addresses(town.write(), ReadReport())] == ["5", "7", "9a"]


def test_a_hamlet_without_streets_has_addresses_by_place(town: Town) -> None:
    town.node("n", 0, 0, addr_housenumber="5", addr_place="Hof", addr_city="N")
    assert [row.street for row in read_addresses(town.write(), ReadReport())] == ["Hof"]


def test_what_is_no_address_is_reported(town: Town) -> None:
    town.node("a", 0, 0, addr_housenumber="5", addr_city="N")
    town.node("b", 0, 0, addr_housenumber="Haus", addr_street="A", addr_city="N")
    town.node("c", 0, 0, addr_housenumber="5", addr_street="A")
    report = ReadReport()
    assert list(read_addresses(town.write(), report)) == []
    assert dict(report.reasons) == {
        "house number without a street": 1,
        "house number without a digit": 1,
        "neither postal code nor city": 1,
    }


def test_no_extract_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.osm").write_text("nonsense")
    with pytest.raises(ExtractUnusable):
        list(read_addresses(tmp_path / "x.osm", ReadReport()))


def test_entrances_are_nodes_of_the_outline_that_a_public_way_shares_or_a_gate(
    town: Town, register: Callable[..., Path], place: Place
) -> None:
    outline = house(town, "s", 0, 0, size=100)
    town.node("gate", 50, 0, barrier="gate").node("path", 100, 50).node("private", 0, 50).node("far", 300, 50)
    town.way(1, outline.replace("sa sb sc sd", "sa gate sb path sc sd private"), highway="", amenity="school")
    town.way(2, "path far").way(3, "private far", access="private")
    east, north = utm32_from_degrees(*place(40, 40))
    schools = list(read_schools(register({"KoRe": str(east), "KoHo": str(north)}), ReadReport()))
    found = list(entrances_from_osm(town.write(), schools))
    assert {number for number, _ in found} == {"160805"}
    points = sorted(entrance.point for _, entrance in found)
    assert points == sorted([place(50, 0), place(100, 50)])
    assert {entrance.origin for _, entrance in found} == {"openstreetmap"}


def test_a_large_file_is_filtered_by_osmium_with_the_same_result(grid: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    house(grid, "h", 10, 10)
    grid.way(90, "ha hb hc hd ha", highway="", addr_street="A", addr_housenumber="1", addr_city="N")
    small, rows = grid.network().header["graph"], list(read_addresses(grid.write(), ReadReport()))
    monkeypatch.setattr(osm_objects, "SMALL_FILE", 0)
    assert grid.network().header["graph"] == small
    assert list(read_addresses(grid.write(), ReadReport())) == rows

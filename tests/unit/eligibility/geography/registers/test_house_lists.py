"""Lists, ranges, interpolation ways, relations of a street and lists of codes become houses that say where they are from."""

from pathlib import Path

import pytest
from geography import ReadReport, address_key, read_addresses
from geography.model.ellipsoid import length
from geography.registers.gebref import read_gebref
from support.town import Place, Town

TAGS = {"addr_street": "Weg", "addr_city": "Ort"}


def found(town: Town) -> dict[str, str]:
    return {row.house_number: row.origin for row in read_addresses(town.write(), ReadReport())}


def test_a_range_is_itself_and_its_houses(town: Town) -> None:
    town.node("a", 0, 0, addr_housenumber="12-16", **TAGS)
    assert found(town) == {"12-16": "node", "12": "range", "14": "range", "16": "range"}


@pytest.mark.parametrize("life", ["demolished", "razed", "removed", "destroyed", "was"])
def test_a_house_that_is_gone_has_no_address_unless_another_stands_there(town: Town, life: str) -> None:
    gone = {f"{life}_building": "yes"}
    town.node("a", 0, 0, addr_housenumber="12", **TAGS, **gone)
    town.node("b", 50, 0, addr_housenumber="14", building="yes", **TAGS, **gone)
    town.node("c", 90, 0, addr_housenumber="16", abandoned_building="yes", **TAGS)
    assert found(town) == {"14": "node", "16": "node"}


def test_a_range_is_counted_as_its_interpolation_says(town: Town) -> None:
    town.node("a", 0, 0, addr_housenumber="12-14", addr_interpolation="all", **TAGS)
    assert found(town) == {"12-14": "node", "12": "range", "13": "range", "14": "range"}


def test_a_list_with_a_range_and_its_end_records_the_end(town: Town) -> None:
    town.node("a", 0, 0, addr_housenumber="10-12;12", **TAGS)
    assert found(town) == {"10-12": "node", "12": "node", "10": "range"}


@pytest.mark.parametrize(
    ("kind", "between"), [("odd", ["3", "5"]), ("all", ["2", "3", "4", "5", "6"]), ("even", []), ("?", [])]
)
def test_houses_between_two_that_are_drawn_are_placed_along_the_way(
    town: Town, place: Place, kind: str, between: list[str]
) -> None:
    town.node("a", 0, 0, addr_housenumber="1", **TAGS).node("b", 60, 0).node("c", 60, 30, addr_housenumber="7", **TAGS)
    town.way(1, "a b c", highway="", addr_interpolation=kind)
    rows = {row.house_number: row for row in read_addresses(town.write(), ReadReport())}
    assert [number for number, row in rows.items() if row.origin == "interpolated"] == between
    if "5" in rows:
        share = between.index("5") + 1
        assert length(*rows["5"].point, *place(min(90 * share / (len(between) + 1), 60), 0)) < 1.0
        assert rows["5"].source == "osm:way/1"


@pytest.mark.parametrize("other", [{"addr_street": "Gasse"}, {"addr_postcode": "33199"}, {"addr_housenumber": "7a"}])
def test_nothing_is_placed_between_houses_of_two_streets_or_of_doubtful_numbers(
    town: Town, other: dict[str, str]
) -> None:
    town.node("a", 0, 0, addr_housenumber="1", **TAGS).node("b", 90, 0, **({"addr_housenumber": "7", **TAGS} | other))
    town.way(1, "a b", highway="", addr_interpolation="odd")
    assert "interpolated" not in found(town).values()


def test_houses_far_apart_are_not_placed(town: Town) -> None:
    town.node("a", 0, 0, addr_housenumber="1", **TAGS).node("b", 200, 0, addr_housenumber="5", **TAGS)
    town.way(1, "a b", highway="", addr_interpolation="odd")
    assert "interpolated" not in found(town).values()


def test_a_house_has_the_street_of_its_relation_unless_two_claim_it(town: Town) -> None:
    for number, name in enumerate("abc", 1):
        town.node(name, 20 * number, 0).node(name + "2", 20 * number + 5, 5).node(name + "3", 20 * number, 5)
        town.way(number, f"{name} {name}2 {name}3 {name}", highway="", addr_housenumber=str(number), addr_city="Ort")
    town.relation(8, [(1, "house"), (2, "house"), (3, "street")], type="associatedStreet", name="Weg")
    town.relation(9, [(2, "house")], type="associatedStreet", name="Gasse")
    report = ReadReport()
    rows = list(read_addresses(town.write(), report))
    assert [(row.street, row.house_number) for row in rows] == [("Weg", "1")]
    assert report.reasons == {"house number without a street": 2}


def test_a_house_with_two_postal_codes_is_found_by_either(town: Town) -> None:
    town.node("a", 0, 0, addr_housenumber="1", addr_postcode="48000;48001", **TAGS)
    rows = list(read_addresses(town.write(), ReadReport()))
    assert {row.key for row in rows} == {address_key("Weg", "1", "48000"), address_key("Weg", "1", "48001")}
    assert len({(row.source, row.house_number) for row in rows}) == 2


@pytest.mark.parametrize(
    ("digits", "addition", "written"), [("31", "/2", "31/2"), ("3", "1/2", "3 1/2"), ("3", "½", "3½"), ("5", "a", "5a")]
)
def test_the_states_additions_are_no_digits_of_the_number(
    tmp_path: Path, digits: str, addition: str, written: str
) -> None:
    (tmp_path / "gebref.txt").write_text(
        f"N;D1;A;05774999;5;7;Detmold;74;Paderborn;999;Ort;0;;00001;Weg;{digits};{addition};32;499903.427;5737014.522;2026-01-01\n"
    )
    (row,) = read_gebref(tmp_path / "gebref.txt", ReadReport())
    assert row.house_number == written
    assert row.city_key == address_key("Weg", written, "", "Ort")

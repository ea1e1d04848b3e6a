"""Spellings of one address have one key; different houses have different keys."""

import pytest
from geography import Address, Point, address_key, lookup_keys, pick_address, split_house_number
from geography.model.types import Point as P


@pytest.mark.parametrize(
    ("street", "number"),
    [
        ("Kirchstraße", "5a"),
        ("Kirchstr.", "5 a"),
        ("KIRCHSTRASSE", "5A"),
        ("Kirchstr", "05a"),
        ("Kirch-Straße", "Nr. 5a"),
        ("Kirchstraẞe", "5 A"),
        ("  kirchstrasse ", " 5a "),
    ],
)
def test_all_spellings_of_a_house_are_found(street: str, number: str) -> None:
    assert address_key(street, number, "33098") == address_key("Kirchstraße", "5a", "33098")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lütticher Straße", "Luetticher Str."),
        ("Lu\u0308tticher Straße", "Lütticher Straße"),
        ("St.-Josefs-Platz", "Sankt Josefs Pl."),
        ("Straße des 17. Juni", "Str. des 17. Juni"),
        ("Dr.-Rohn-Straße", "Dr. Rohn Str."),
        ("Chausséestraße", "Chausseestr."),
    ],
)
def test_streets_are_the_same_however_they_are_typed(one: str, other: str) -> None:
    assert address_key(one, "1", "52064") == address_key(other, "1", "52064")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Kirchstraße", "5", "33098"), ("Kirchstraße", "5a", "33098")),
        (("Kirchstraße", "5", "33098"), ("Kirchweg", "5", "33098")),
        (("Kirchstraße", "5", "33098"), ("Kirchstraße", "5", "33100")),
        (("Kirchstraße", "5-7", "33098"), ("Kirchstraße", "57", "33098")),
        (("Kirchstraße", "15", "33098"), ("Kirchstraße 1", "5", "33098")),
    ],
)
def test_different_houses_are_kept_apart(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert address_key(*one) != address_key(*other)


def test_without_a_postal_code_the_city_is_the_place() -> None:
    assert address_key("Am Markt", "1", "", "Stolberg (Rhld.)") == address_key("Am Markt", "1", "", "stolberg")


@pytest.mark.parametrize(
    ("street", "number", "code", "city"), [("", "1", "1", ""), ("A", "", "1", ""), ("A", "1", "", "")]
)
def test_a_missing_part_gives_no_key(street: str, number: str, code: str, city: str) -> None:
    assert address_key(street, number, code, city) == ""


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Jean-Vogel-Str. 36 a", ("Jean-Vogel-Str.", "36 a")),
        ("Straße des 17. Juni 135", ("Straße des 17. Juni", "135")),
        ("Netzestr. 12-14", ("Netzestr.", "12-14")),
        ("Am Markt", ("Am Markt", "")),
        ("Salierring 255", ("Salierring", "255")),
    ],
)
def test_a_line_is_split_into_street_and_number(line: str, parts: tuple[str, str]) -> None:
    assert split_house_number(line) == parts


def row(origin: str, source: str, point: Point, postal_code: str = "") -> Address:
    code_key, city_key = lookup_keys("Am Markt", "1", postal_code, "Aachen")
    return Address(code_key, city_key, "Am Markt", "1", postal_code, "Aachen", point, origin, source)  # type: ignore[arg-type]


def test_a_door_goes_before_a_building_before_a_lone_point() -> None:
    rows = [row("node", "n", P(50.0, 6.0)), row("entrance", "e", P(50.0, 6.0001)), row("building", "b", P(50.0, 6.0))]
    assert pick_address(rows, "52062") is rows[1]


def test_the_same_address_at_two_places_asks_a_person() -> None:
    rows = [row("node", "n", P(50.0, 6.0)), row("node", "m", P(50.01, 6.0))]
    assert pick_address(rows, "52062") is None


def test_the_postal_code_tells_two_places_apart() -> None:
    rows = [row("node", "n", P(50.0, 6.0), "52062"), row("node", "m", P(50.01, 6.0), "52064")]
    assert pick_address(rows, "52064") is rows[1]
    assert pick_address(rows, "52066") is None


@pytest.mark.parametrize("counted", ["range", "interpolated"])
def test_a_house_drawn_by_itself_goes_before_a_list_that_counts_it(counted: str) -> None:
    """Mattschö-Moll-Weg 28 in Aachen has its own place, and 24-28 stands at another door of the row, 90 m away."""
    drawn, listed = row("building", "28", P(50.0, 6.0)), row(counted, "24-28", P(50.0008, 6.0))
    assert pick_address([listed, drawn], "52062") is drawn
    far = row(counted, "24-28", P(50.01, 6.0))
    assert pick_address([far, drawn], "52062") is None, "more than a kilometre: hardly the same street"
    other = row(counted, "28-30", P(50.0016, 6.0))
    assert pick_address([listed, other], "52062") is None, "of two lists neither is the house"
    again = row("node", "28", P(50.0008, 6.0))
    assert pick_address([listed, drawn, again], "52062") is None, "two drawn houses are two places"

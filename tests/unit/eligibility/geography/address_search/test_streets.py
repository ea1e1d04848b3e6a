"""What people type, and which street they mean."""

import pytest
from geography.address_search.answers import answer
from geography.address_search.streets import StreetIndex, take_apart
from geography.model.records import Address, Street
from geography.model.types import Point

STREETS = [
    Street("Kirchstraße", "Paderborn", ("33100",)),
    Street("Kirchstraße", "Aachen", ("52062",)),
    Street("Kirchstraße", "Bielefeld", ()),
    Street("Kirschweg", "Paderborn", ("33102",)),
    Street("Straße des 17. Juni", "Köln", ("50667",)),
    Street("Lütticher Straße", "Aachen", ("52074",)),
    Street("Sankt-Josefs-Platz", "Münster", ("48143",)),
    Street("Am Alten Markt", "Bad Salzuflen", ("32105",)),
    Street("Hauptstraße", "Mülheim an der Ruhr", ("45468",)),
]


@pytest.fixture(scope="module")
def index() -> StreetIndex:
    return StreetIndex(STREETS)


@pytest.mark.parametrize(
    ("text", "street", "city"),
    [
        ("Kirchstr 5a pb", "Kirchstraße", "Paderborn"),
        ("kirchstrasse 5 a, 33100 paderborn", "Kirchstraße", "Paderborn"),
        ("Kirchstr. 5A 52062", "Kirchstraße", "Aachen"),
        ("Kirchstr 5 bielefeld", "Kirchstraße", "Bielefeld"),
        ("kirchstraße paderborn", "Kirchstraße", "Paderborn"),
        ("Paderborn, Kirchstraße 5", "Kirchstraße", "Paderborn"),
        ("33100 Paderborn Kirchstr 5", "Kirchstraße", "Paderborn"),
        ("Lüticher Str 38 Aachen", "Lütticher Straße", "Aachen"),
        ("luettichr str. 38 aach", "Lütticher Straße", "Aachen"),
        ("St. Josefsplatz 1 ms", "Sankt-Josefs-Platz", "Münster"),
        ("Straße des 17. Juni 5 köln", "Straße des 17. Juni", "Köln"),
        ("am alten markt 3 bad salzuflen", "Am Alten Markt", "Bad Salzuflen"),
        ("Kichstrasse 5 paderborn", "Kirchstraße", "Paderborn"),
        ("Hauptstr 1 mülheim", "Hauptstraße", "Mülheim an der Ruhr"),
    ],
)
def test_the_street_that_is_meant_comes_first(index: StreetIndex, text: str, street: str, city: str) -> None:
    first = index.find(take_apart(text))[0]
    assert (first.street.street, first.street.city) == (street, city)


def test_without_a_town_all_streets_of_the_name_are_proposed(index: StreetIndex) -> None:
    found = index.find(take_apart("Kirchstr 5"))
    assert [each.street.city for each in found[:3]] == ["Aachen", "Bielefeld", "Paderborn"]
    assert len({each.score for each in found[:3]}) == 1


@pytest.mark.parametrize(
    ("text", "number", "code"),
    [
        ("Kirchstr 5a pb", "5a", ""),
        ("Kirchstr. 5 A, 33100 PB", "5a", "33100"),
        ("Kirchstr 5-7", "5-7", ""),
        ("Straße des 17. Juni 5", "5", ""),
        ("Kirchstraße", "", ""),
        ("33100 Paderborn Kirchstr 12 b", "12b", "33100"),
    ],
)
def test_number_and_postal_code_are_taken_out(text: str, number: str, code: str) -> None:
    typed = take_apart(text)
    assert (typed.number, typed.postal_code) == (number, code)


@pytest.mark.parametrize("text", ["", "   ", "5", "33100", "xqzw 5 pb", "?!", "a" * 500])
def test_what_means_nothing_finds_nothing(index: StreetIndex, text: str) -> None:
    assert index.find(take_apart(text)) == []


def test_a_street_of_another_postal_code_is_a_misfit(index: StreetIndex) -> None:
    assert index.find(take_apart("Kirchstr 5, 33100 Paderborn"))[0].misfit is False
    (other,) = [each for each in index.find(take_apart("Kirchstr 5, 52074 Paderborn")) if each.street == STREETS[0]]
    assert other.misfit


def test_a_misfit_is_a_proposal_also_alone() -> None:
    street = STREETS[0]
    house = Address("", "k", street.street, "5", "", street.city, Point(51.7, 8.7), "node", "n")
    assert answer([(street, 1.0)], [(street, house)], "5", "", 8).question is None
    assert answer([(street, 1.0)], [(street, house)], "5", "", 8, misfits={street}).question is not None

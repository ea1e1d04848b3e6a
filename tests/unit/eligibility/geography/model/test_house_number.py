"""Different houses never share a key, the same house in two spellings always does: houses and spellings by chance."""

import unicodedata
from dataclasses import dataclass
from itertools import product

import pytest
from geography.model.address_key import address_key, postal_codes_of
from geography.model.house_number import houses_of, number_key
from hypothesis import given
from hypothesis import strategies as st

FRACTIONS = {
    "": [""],
    "1/2": [" 1/2", "½", " ½", " 1 / 2", " 1⁄2"],
    "1/4": [" 1/4", "¼", " ¼"],
    "3/4": [" 3/4", "¾", " 3∕4"],
}
DASHES = ["-", " - ", "–", "‑", "—", " − ", " bis "]
SLASHES = ["/", " / ", "⁄", "∕"]
JOINTS = [",", ", ", ";", "; ", "+", " + ", " u. ", " und ", " & "]
FLATS = ["", "", " // W 3", "//3", " Whg. 12", ", 2. OG", " App. 4", " Wohnung 5"]


@dataclass(frozen=True)
class One:
    """One number as it is, apart from how it is written."""

    number: int
    fraction: str
    suffix: str
    part: int
    raised: int

    def spelled(self, draw: st.DrawFn) -> str:
        blank = draw(st.sampled_from(["", " "]))
        letter = blank + draw(st.sampled_from([self.suffix, self.suffix.upper()])) if self.suffix else ""
        part = draw(st.sampled_from(SLASHES)) + str(self.part) if self.part else ""
        raised = "⁰¹²³"[self.raised] if self.raised else ""
        zeros = draw(st.sampled_from(["", "0", "00"]))
        return f"{zeros}{self.number}{draw(st.sampled_from(FRACTIONS[self.fraction]))}{letter}{part}{raised}"


NUMBERS = st.integers(1, 40) | st.sampled_from([111, 112, 211, 212, 311, 312, 1112])
ONES = st.builds(
    One, NUMBERS, st.sampled_from(list(FRACTIONS)), st.sampled_from(["", "", "a", "b", "x"]), st.integers(0, 12) | st.just(0),
    st.integers(0, 3) | st.just(0),
)  # fmt: skip
House = tuple[str, One, One | None]
KINDS = st.sampled_from(["one", "range", "list"])
HOUSES = st.tuples(KINDS, ONES, ONES).map(lambda house: (*house[:2], None) if house[0] == "one" else house)


@st.composite
def spelled(draw: st.DrawFn, house: House) -> str:
    kind, one, other = house
    joint = draw(st.sampled_from({"one": [""], "range": DASHES, "list": JOINTS}[kind]))
    whole = one.spelled(draw) + joint + (other.spelled(draw) if other else "")
    before, after = draw(st.sampled_from(["", "Nr. ", "Hausnr. ", " "])), draw(st.sampled_from(FLATS))
    return f"{before}{whole}{after}"


@given(st.data(), HOUSES, HOUSES)
def test_keys_tell_houses_apart_and_nothing_else(data: st.DataObject, one: House, other: House) -> None:
    first, again = data.draw(spelled(one)), data.draw(spelled(one))
    assert number_key(first) == number_key(again), (first, again)
    foreign = data.draw(spelled(other))
    assert (number_key(first) == number_key(foreign)) is (one == other), (first, foreign)


@given(st.data(), HOUSES)
def test_a_key_is_a_spelling_of_its_house(data: st.DataObject, house: House) -> None:
    key = number_key(data.draw(spelled(house)))
    assert number_key(key) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 1/2", "31/2"),
        ("21¹", "211"),
        ("3²", "32"),
        ("2₁", "21"),
        ("5/1", "51"),
        ("5.1", "51"),
        ("1½", "11/2"),
        ("1 1", "11"),
    ],
)
def test_numbers_that_were_taken_for_each_other(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


@pytest.mark.parametrize(
    ("number", "kind", "houses", "counted"),
    [
        ("7", "", "7", ""),
        ("12-16", "", "12 14 16", "12 14 16"),
        ("13‑17", "odd", "13 15 17", "13 15 17"),
        ("12-14", "all", "12 13 14", "12 13 14"),
        ("12-15", "", "12 15", "12 15"),
        ("12-14", "odd", "12 14", "12 14"),
        ("24; 24a; 26; 26a", "", "24 24a 26 26a", ""),
        ("20,30", "", "20 30", ""),
        ("19+21", "", "19 21", ""),
        ("10-12;12", "", "10 12", "10"),
        ("12a-c", "", "12a 12b 12c", "12a 12b 12c"),
        ("14a,b,c", "", "14a 14b 14c", ""),
        ("9-9a", "", "9 9a", "9 9a"),
        ("23/25", "", "23/25", ""),
        ("1-999", "", "1-999", ""),
        ("16-12", "", "16-12", ""),
    ],
)
def test_lists_and_ranges_are_houses(number: str, kind: str, houses: str, counted: str) -> None:
    found = houses_of(number, kind)
    assert [house for house, _ in found] == houses.split()
    counted_ones = {house for house, by_range in found if by_range}
    assert counted_ones <= set(counted.split())
    assert counted_ones or not counted or "," in number


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("52064", "D-52064", True),
        ("52064", "52 064", True),
        ("6291 GB", "6291GA", False),
        ("48000", "48000;48001", False),
    ],
)
def test_postal_codes_are_told_apart(one: str, other: str, same: bool) -> None:
    assert (address_key("A", "1", one) == address_key("A", "1", other)) is same


def test_a_list_of_postal_codes_is_a_list() -> None:
    assert postal_codes_of("48000; 48001,48000") == ("48000", "48001")


def test_no_sign_that_holds_a_digit_makes_another_house_of_a_number() -> None:
    """All of Unicode: what is no digit itself (①, ⒈, ⑵, 🄂, ㊿, ¹) stays apart from the number it is written at."""
    signs = [chr(code) for code in range(0x110000) if any(map(str.isdigit, unicodedata.normalize("NFKD", chr(code))))]
    other = [
        each for each in signs if unicodedata.category(each) != "Nd" and "⁄" not in unicodedata.normalize("NFKD", each)
    ]
    assert len(other) > 200
    for sign in other:
        digits = "".join(str(unicodedata.digit(each)) for each in unicodedata.normalize("NFKC", sign) if each.isdigit())
        for before, after in product(("5", "12", "7a"), ("", "3")):
            written = number_key(f"{before}{sign}{after}")
            assert "^" in written, sign
            assert written != number_key(f"{before}{digits}{after}"), sign
            assert not {each for each, _ in houses_of(f"{before}{sign}{after}")} & {f"{before}{digits}{after}"}, sign


@pytest.mark.parametrize(("one", "other"), [("5①", "51"), ("5⒈", "51"), ("3⑵", "32"), ("5㊿", "550"), ("1🄁", "10")])
def test_an_enclosed_digit_is_none_of_the_number(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)

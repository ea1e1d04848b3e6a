"""Days, numbers and money: the very bytes that notices and passes had when they were written by hand."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some
from shared.formats import (
    format_amount,
    format_day,
    format_euros,
    format_letter_day,
    format_moment,
    format_number,
    format_significant,
    read_cents,
    read_day,
)

GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
POINTS_FOR_COMMAS = str.maketrans(",.", ".,")


@given(some.dates(date(1000, 1, 1)))
def test_a_day_is_written_in_figures_in_german_and_with_its_month_in_english(day: date) -> None:
    assert format_day(day, "de") == f"{day.day:02}.{day.month:02}.{day.year}"
    assert format_day(day, "en") == f"{day.day} {ENGLISH[day.month - 1]} {day.year}"


@given(some.dates(date(1000, 1, 1)))
def test_over_a_letter_the_month_is_written_out(day: date) -> None:
    assert format_letter_day(day, "de") == f"{day.day}. {GERMAN[day.month - 1]} {day.year}"
    assert format_letter_day(day, "en") == format_day(day, "en")


def test_a_moment_is_told_by_the_clock_in_berlin() -> None:
    night = datetime(2026, 7, 31, 22, 5, tzinfo=UTC)
    assert format_moment(night, "de") == "01.08.2026, 00:05 Uhr"
    assert format_moment(night, "en") == "1 August 2026, 00:05"
    assert format_moment(datetime(2026, 12, 24, 14, 30, 59, tzinfo=UTC), "en") == "24 December 2026, 15:30"


@given(some.integers(0, 10**12))
def test_a_number_has_points_between_thousands_in_german_and_commas_in_english(number: int) -> None:
    assert format_number(number, "en") == f"{number:,}"
    assert format_number(number, "de") == f"{number:,}".translate(POINTS_FOR_COMMAS)


@given(some.integers(0, 10**12))
def test_an_amount_has_two_decimals_and_a_plain_space_before_the_word(cents: int) -> None:
    english = f"{cents // 100:,}.{cents % 100:02}"
    assert format_amount(cents, "en") == english
    assert format_euros(cents, "en") == f"{english} euros"
    assert format_euros(cents, "de") == f"{english.translate(POINTS_FOR_COMMAS)} Euro"


def test_one_euro_is_still_written_with_cents() -> None:
    assert format_euros(100, "en") == "1.00 euros"
    assert format_euros(0, "de") == "0,00 Euro"


@given(some.floats(0.001, 900_000))
def test_of_a_measured_figure_six_digits_are_shown(value: float) -> None:
    assert format_significant(value, "en") == f"{value:g}"
    assert format_significant(value, "de") == f"{value:g}".replace(".", ",")


@pytest.mark.parametrize("text", ["2026-11-24", "24.11.2026", "24. 11. 2026"])
def test_a_day_is_read_as_a_browser_sends_it_or_a_person_types_it(text: str) -> None:
    assert read_day(text) == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["", "morgen", "11.24.2026", "31.2.2026", "24.11.", "24/11/2026", "24.11.2026."])
def test_a_day_that_is_none_is_refused_and_never_turned_around(text: str) -> None:
    with pytest.raises(ValueError):
        read_day(text)


@given(some.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_that_was_written_is_read_again(day: date) -> None:
    assert read_day(format_day(day, "de")) == day


@pytest.mark.parametrize(
    ("text", "cents"),
    [("14", 1400), ("14,00", 1400), ("14.00", 1400), ("14,5", 1450), ("14,", 1400), ("0", 0), ("€ 14,00", 1400),
     ("14,00 Euro", 1400), ("14.00 euros", 1400), ("9999,99", 999_999), ("", None), ("€", None)],
)  # fmt: skip
def test_an_amount_is_read_with_either_sign_before_its_cents(text: str, cents: int | None) -> None:
    assert read_cents(text) == cents


@pytest.mark.parametrize("text", ["vierzehn", "1.234", "1.234,00", "14,005", "12345", ",50", "-14", "1 4", "14,00,00"])
def test_an_amount_that_might_be_another_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        read_cents(text)


@given(some.integers(0, 99_999))
def test_an_amount_that_was_written_is_read_again(cents: int) -> None:
    assert read_cents(format_euros(cents, "de")) == cents
    assert read_cents(format_euros(cents, "en")) == cents

"""Berlin's day and the school year."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some
from shared.calendar import BERLIN, SchoolYear, day_in_berlin, exists, first_whole_month, in_berlin, month_end


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 31, 21, 59, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, tzinfo=UTC), date(2026, 8, 1)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 8, 1, 5, tzinfo=timezone(timedelta(hours=9))), date(2026, 7, 31)),
    ],
)
def test_a_day_begins_at_midnight_in_berlin_summer_and_winter(moment: datetime, day: date) -> None:
    assert day_in_berlin(moment) == day


def test_a_moment_without_a_zone_is_berlins() -> None:
    assert in_berlin(datetime(2026, 8, 1, 0, 30)).isoformat() == "2026-08-01T00:30:00+02:00"
    assert day_in_berlin(datetime(2026, 8, 1, 0, 30)) == date(2026, 8, 1)


@pytest.mark.parametrize("fold", [0, 1])
def test_of_the_doubled_hour_each_half_stays_the_moment_that_it_was(fold: int) -> None:
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold).astimezone(UTC)
    assert moment.hour == fold
    assert in_berlin(moment).fold == fold
    assert in_berlin(moment).astimezone(UTC) == moment


def test_a_school_year_lasts_from_1_august_to_31_july() -> None:
    year = SchoolYear.parse("2026/27")
    assert year.span == (year.first_day, year.last_day) == (date(2026, 8, 1), date(2027, 7, 31))


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 7, 31), "2025/26"), (date(2026, 8, 1), "2026/27"), (date(2099, 9, 1), "2099/00")],
)
def test_a_day_lies_in_the_school_year_that_began_on_the_1_august_before_it(day: date, year: str) -> None:
    assert str(SchoolYear.of(day)) == year


def test_before_and_after_a_school_year_lie_its_neighbours_also_over_the_turn_of_the_century() -> None:
    assert str(SchoolYear.parse("2026/27").previous) == "2025/26"
    assert str(SchoolYear.parse("2026/27").next) == "2027/28"
    assert str(SchoolYear(2099)) == "2099/00"
    assert str(SchoolYear(2000).previous) == "1999/00"


@given(some.integers(2000, 2099))
def test_a_school_year_is_read_as_it_is_written(first: int) -> None:
    assert SchoolYear.parse(str(SchoolYear(first))) == SchoolYear(first)


@given(some.dates(date(2000, 8, 1), date(2099, 7, 31)))
def test_every_day_lies_in_exactly_one_school_year(day: date) -> None:
    year = SchoolYear.of(day)
    assert year.first_day <= day <= year.last_day
    assert year.previous.last_day + timedelta(days=1) == year.first_day
    assert year.last_day + timedelta(days=1) == year.next.first_day


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026/28", "2026/26", "2026/2027", "2026-27", "26/27", "1999/00", "2100/01", " 2026/27", "2026/27\n",
     "٢٠٢٦/٢٧"],
)  # fmt: skip
def test_what_is_not_two_consecutive_years_of_this_century_is_no_school_year(text: str) -> None:
    with pytest.raises(ValueError, match="is not a school year"):
        SchoolYear.parse(text)


@given(some.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_a_time_exists_unless_the_clocks_leave_it_out(wall: datetime) -> None:
    last_sunday = max(date(wall.year, 3, day) for day in range(25, 32) if date(wall.year, 3, day).weekday() == 6)
    left_out = wall.date() == last_sunday and wall.hour == 2
    assert exists(wall) == (not left_out)


def test_the_hour_that_the_clocks_leave_out_does_not_exist() -> None:
    assert not exists(datetime(2027, 3, 28, 2, 30)) and exists(datetime(2027, 3, 28, 3, 0))
    assert exists(datetime(2026, 10, 25, 2, 30)) and exists(datetime(2026, 10, 25, 2, 30, fold=1))


@pytest.mark.parametrize(
    ("day", "last", "first"),
    [
        (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 1)),
        (date(2028, 2, 1), date(2028, 2, 29), date(2028, 2, 1)),
        (date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 12, 2), date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_month_has_a_last_day_and_a_next_one_a_first(day: date, last: date, first: date) -> None:
    assert (month_end(day), first_whole_month(day)) == (last, first)

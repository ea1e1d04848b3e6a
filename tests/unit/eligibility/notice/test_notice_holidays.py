"""The holidays of NRW as the law lists them, held against the library that names them for the notice's periods."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from eligibility.notice.holidays import holidays, is_working_day, next_working_day

FIXED = ((1, 1), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26))
"""New Year, Labour Day, German Unity, All Saints, Christmas."""
FROM_EASTER = (-2, 1, 39, 50, 60)
"""Good Friday, Easter Monday, Ascension, Whit Monday, Corpus Christi: days after Easter Sunday."""


def easter(year: int) -> date:
    """Easter Sunday, Gregorian (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def listed_in_the_law(year: int) -> set[date]:
    """§ 2 Feiertagsgesetz NW, and the one day of 2017."""
    moving = {easter(year) + timedelta(days=days) for days in FROM_EASTER}
    once = {date(2017, 10, 31)} if year == 2017 else set()
    return {date(year, month, day) for month, day in FIXED} | moving | once


def test_easter_is_counted_as_the_church_does() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2027, 2038)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25),
    ]  # fmt: skip


@pytest.mark.parametrize("year", [*range(1995, 2020), *range(2020, 2061), 2099])
def test_the_holidays_are_those_of_the_law(year: int) -> None:
    assert holidays(year) == listed_in_the_law(year)


def test_what_is_a_holiday_elsewhere_is_a_working_day_here() -> None:
    assert is_working_day(date(2026, 1, 6))  # Epiphany: BW, BY, ST
    assert is_working_day(date(2027, 3, 8))  # Women's Day: BE, MV
    assert is_working_day(date(2025, 8, 15))  # Assumption: SL, parts of BY
    assert is_working_day(date(2027, 9, 20))  # Children's Day: TH
    assert is_working_day(date(2028, 10, 31))  # Reformation Day: the north and the east
    assert is_working_day(date(2026, 11, 18))  # Day of Repentance: SN
    assert not is_working_day(date(2026, 6, 4))  # Corpus Christi


def test_christmas_eve_and_new_years_eve_are_working_days() -> None:
    assert is_working_day(date(2026, 12, 24))
    assert is_working_day(date(2026, 12, 31))


def test_after_christmas_and_a_weekend_the_next_working_day_may_be_four_days_away() -> None:
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 24)
    assert next_working_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert next_working_day(date(2027, 1, 1)) == date(2027, 1, 4)
    assert next_working_day(date(2026, 4, 3)) == date(2026, 4, 7)


def test_the_library_is_loaded_by_the_first_period_that_is_counted_and_not_at_the_start() -> None:
    program = (
        "import sys, eligibility.main\n"
        "from datetime import date\n"
        "from eligibility.notice.remedy_period import end_of_period\n"
        "assert 'holidays' not in sys.modules\n"
        "assert end_of_period(date(2026, 3, 3), 1) == date(2026, 4, 7)\n"
        "assert 'holidays' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

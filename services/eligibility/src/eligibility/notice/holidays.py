"""General holidays of NRW (§ 2 Feiertagsgesetz NW): they move the end of a period (§ 222 ZPO). Pure."""

from datetime import date, timedelta
from functools import cache

FIXED = ((1, 1), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26))
"""New Year, Labour Day, German Unity, All Saints, Christmas."""
FROM_EASTER = (-2, 1, 39, 50, 60)
"""Good Friday, Easter Monday, Ascension, Whit Monday, Corpus Christi: days after Easter Sunday."""
ONCE = frozenset({date(2017, 10, 31)})
"""500 years of the Reformation, by a law of its own."""
SATURDAY = 5


def easter(year: int) -> date:
    """Easter Sunday, Gregorian (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in FROM_EASTER}
    return frozenset(
        {date(year, month, day) for month, day in FIXED} | moving | {each for each in ONCE if each.year == year}
    )


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def next_working_day(day: date) -> date:
    """`day` itself where it is one."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day

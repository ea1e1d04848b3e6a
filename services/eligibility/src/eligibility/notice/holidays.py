"""General holidays of NRW (§ 2 Feiertagsgesetz NW): they move the end of a period (§ 222 ZPO). Pure."""

from datetime import date, timedelta
from functools import cache

NRW = "NW"
"""Nordrhein-Westfalen as ISO 3166-2:DE names it."""
SATURDAY = 5


@cache
def holidays(year: int) -> frozenset[date]:
    """The eleven of § 2, and what a law of its own added once, as 31 October 2017: 500 years of the Reformation.

    New Year, Good Friday, Easter Monday, Labour Day, Ascension, Whit Monday, Corpus Christi, German Unity, All Saints
    and both days of Christmas. Easter and Whit Sunday are Sundays anyway; Christmas Eve and New Year's Eve are working
    days. Known from 1991 on.
    """
    from holidays import country_holidays  # loads all countries (0.4 s, 19 MB): only where a period is counted

    return frozenset(country_holidays("DE", subdiv=NRW, years=year, expand=False))


def is_working_day(day: date) -> bool:
    """Whether a period may end on it: no Saturday, no Sunday, no general holiday of NRW (§ 222 Abs. 2 ZPO)."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def next_working_day(day: date) -> date:
    """`day` itself where it is one."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_day_after(day: date, count: int) -> date:
    """The last of `count` working days that follow `day`, which is not counted (§ 187 Abs. 1 BGB)."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1))
    return day

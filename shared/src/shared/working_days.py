"""Working days: Saturdays, Sundays and a state's general holidays move the end of a period (§ 31 Abs. 3 VwVfG). Pure.

Holidays are written as a law names them, so that what was counted once is counted again: `10-03` each year, `easter+39`
days from Easter Sunday, `2017-10-31` once.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

OF_NRW = (
    "01-01", "easter-2", "easter+1", "05-01", "easter+39", "easter+50", "easter+60", "10-03", "11-01", "12-25", "12-26",
    "2017-10-31",
)  # fmt: skip
"""§ 2 Feiertagsgesetz NW, and 31 October 2017 by a law of its own: 500 years of the Reformation."""
_SATURDAY = 5
_WRITTEN = re.compile(r"easter(?P<from_easter>[+-][0-9]{1,3})|(?P<once>[0-9]{4}-[0-9]{2}-[0-9]{2})|[0-9]{2}-[0-9]{2}")


def holidays(year: int, written: Iterable[str]) -> frozenset[date]:
    """Those of that year.

    Raises:
        ValueError: for one that is not written as above.
    """
    return _holidays(year, tuple(written))


@lru_cache(maxsize=256)
def _holidays(year: int, written: tuple[str, ...]) -> frozenset[date]:
    days = (_day(each, year) for each in written)
    return frozenset(each for each in days if each.year == year)


def next_working_day(day: date, written: Iterable[str]) -> date:
    """`day` itself where it is one."""
    known = tuple(written)
    while day.weekday() >= _SATURDAY or day in holidays(day.year, known):
        day += timedelta(days=1)
    return day


def is_holiday(written: str) -> bool:
    """Whether it is written as above, and a day that each year has."""
    try:
        return bool(_day(written, 2001))
    except ValueError:
        return False


def _day(written: str, year: int) -> date:
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"{written!r} is no holiday such as 10-03, easter+39 or 2017-10-31")
    if found["from_easter"]:
        return easter(year) + timedelta(days=int(found["from_easter"]))
    return date.fromisoformat(written if found["once"] else f"{year:04d}-{written}")


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (J.-M. Oudin, 1940; Explanatory Supplement, 1992)."""
    century = year // 100
    golden = year % 19
    moon = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    from_21_march = moon - weekday
    month = 3 + (from_21_march + 40) // 44
    return date(year, month, from_21_march + 28 - 31 * (month // 4))

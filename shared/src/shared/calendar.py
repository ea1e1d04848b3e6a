"""Berlin's day and the school year: by these an authority counts, whatever the clock of the machine. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
"""German law counts in legal time (Gesetz über die Einheiten im Messwesen und die Zeitbestimmung, § 4)."""


def in_berlin(moment: datetime) -> datetime:
    """The same moment by Berlin's clock; without a zone it is taken as Berlin time."""
    return moment.replace(tzinfo=BERLIN) if moment.tzinfo is None else moment.astimezone(BERLIN)


def exists(wall: datetime) -> bool:
    """Whether Berlin's clocks show this time of a day, without a zone: one night a year they leave an hour out."""
    return in_berlin(wall).astimezone(UTC).astimezone(BERLIN).replace(tzinfo=None, fold=0) == wall.replace(fold=0)


def day_in_berlin(moment: datetime) -> date:
    """Which day it was in Berlin: an application of 31 July, 22:30 UTC, arrived on 1 August."""
    return in_berlin(moment).date()


def day_after(day: date) -> date:
    """The next day; of the last that there is, that day itself: dates of others may lie at the end of the calendar."""
    return day if day == date.max else day + timedelta(days=1)


def day_before(day: date) -> date:
    """The day before; of the first that there is, that day itself."""
    return day if day == date.min else day - timedelta(days=1)


def first_whole_month(day: date) -> date:
    """The first of the month that begins on that day or after it."""
    return day if day.day == 1 else day_after(month_end(day))


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """1 August to 31 July, at all schools in Germany (Hamburger Abkommen of 28 October 1964, § 1)."""

    first: int
    """The calendar year in which it begins."""

    @classmethod
    def parse(cls, text: str) -> "SchoolYear":
        """From `2026/27`, within this century.

        Raises:
            ValueError: for all else, also for `2026/28`.
        """
        match = re.fullmatch(r"(20[0-9]{2})/([0-9]{2})", text)
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise ValueError(f"{text!r} is not a school year such as 2026/27")
        return cls(int(match[1]))

    @classmethod
    def of(cls, day: date) -> "SchoolYear":
        """The one in which a day lies."""
        return cls(day.year if day.month >= 8 else day.year - 1)

    def __str__(self) -> str:
        return f"{self.first}/{(self.first + 1) % 100:02d}"

    @property
    def first_day(self) -> date:
        """1 August."""
        return date(self.first, 8, 1)

    @property
    def last_day(self) -> date:
        """31 July of the next year."""
        return date(self.first + 1, 7, 31)

    @property
    def span(self) -> tuple[date, date]:
        """First and last day."""
        return self.first_day, self.last_day

    @property
    def next(self) -> "SchoolYear":
        """The school year after this one."""
        return SchoolYear(self.first + 1)

    @property
    def previous(self) -> "SchoolYear":
        """The school year before this one."""
        return SchoolYear(self.first - 1)

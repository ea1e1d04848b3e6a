"""Birth dates of which only the year, or year and month, may be known (00.00.2015 in a residence title). Pure.

Written as `2015-00-00` and `2015-06-00`, shown as 2015 and 06.2015. Nobody fills in a day: where one decides, a person
is asked.
"""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Annotated, Any, NoReturn

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)


class PartlyKnownDate:
    """`month` is 0 where only the year is known. `assumed`: a day on which somebody goes through what it may be; it is
    neither written nor shown, and makes no other date of it. No dataclass: pydantic would take it apart where a model
    is dumped."""

    __slots__ = ("assumed", "month", "year")

    year: int
    month: int
    assumed: date | None

    def __init__(self, year: int, month: int = 0, assumed: date | None = None) -> None:
        if not (1 <= year <= 9999 and 0 <= month <= 12):
            raise ValueError("a year, and a month or 0")
        object.__setattr__(self, "year", year)
        object.__setattr__(self, "month", month)
        object.__setattr__(self, "assumed", assumed)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a date never changes")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PartlyKnownDate) and (self.year, self.month) == (other.year, other.month)

    def __hash__(self) -> int:
        return hash((PartlyKnownDate, self.year, self.month))

    def __repr__(self) -> str:
        return f"PartlyKnownDate({self.year}, {self.month})"

    def __reduce__(self) -> tuple[type["PartlyKnownDate"], tuple[int, int, date | None]]:
        return PartlyKnownDate, (self.year, self.month, self.assumed)

    def assuming(self, day: date) -> "PartlyKnownDate":
        """The same, as if it were that day."""
        return PartlyKnownDate(self.year, self.month, day)

    @property
    def earliest(self) -> date:
        """The first day that it may be."""
        return date(self.year, self.month or 1, 1)

    @property
    def latest(self) -> date:
        """The last day that it may be."""
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    def isoformat(self) -> str:
        """As events and databases write it: `2015-06-00`, or `2015-00-00` where the month is not known."""
        return f"{self.year:04d}-{self.month:02d}-00"

    def __str__(self) -> str:
        """As it is shown, in every language: 2015, 06.2015."""
        return f"{self.month:02d}.{self.year:04d}" if self.month else f"{self.year:04d}"


def earliest(born: date | PartlyKnownDate) -> date:
    """The first day that a birth date may be: itself where it is known."""
    return born.earliest if isinstance(born, PartlyKnownDate) else born


def latest(born: date | PartlyKnownDate) -> date:
    """The last day that a birth date may be: itself where it is known."""
    return born.latest if isinstance(born, PartlyKnownDate) else born


def may_be_the_same(one: date | PartlyKnownDate, other: date | PartlyKnownDate) -> bool:
    """Whether both may be one day."""
    return earliest(one) <= latest(other) and earliest(other) <= latest(one)


def better_known(one: date | PartlyKnownDate, other: date | PartlyKnownDate) -> date | PartlyKnownDate:
    """Of two that may be the same the one of which more is known."""
    return max(one, other, key=lambda each: sum(map(bool, known_parts(each))))


def known_parts(born: date | PartlyKnownDate) -> tuple[int, int, int]:
    """Year, month, day; 0 where it is not known."""
    return (born.year, born.month, born.day if isinstance(born, date) else 0)


def less_known(born: date | PartlyKnownDate) -> list[PartlyKnownDate]:
    """The dates, known in less, that may be this one."""
    year, month, day = known_parts(born)
    return [PartlyKnownDate(year, month)] * bool(day) + [PartlyKnownDate(year)] * bool(month)


def more_known(born: date | PartlyKnownDate) -> list[date | PartlyKnownDate]:
    """The dates, known in more, that this one may be."""
    if not isinstance(born, PartlyKnownDate):
        return []
    months = [PartlyKnownDate(born.year, month) for month in range(1, 13)] if not born.month else []
    days = (born.latest - born.earliest).days + 1
    return [*months, *(born.earliest + timedelta(days=each) for each in range(days))]


def parse_birth_date(text: str) -> date | PartlyKnownDate:
    """From `2015-03-01`, `2015-03-00` or `2015-00-00`.

    Raises:
        ValueError.
    """
    if len(text) == 10 and text[4] == text[7] == "-" and text[8:] != "00":
        return date.fromisoformat(text)  # nearly all are known in full, and every decision reads some
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError("not a date, and not a year or month")
    year, month, day = (int(each) for each in found.groups())
    return PartlyKnownDate(year, month) if day == 0 else date(year, month, day)


def _validated(value: Any) -> date | PartlyKnownDate:
    if isinstance(value, str):  # first: all that is read from JSON
        try:
            return parse_birth_date(value)
        except ValueError:
            pass
    elif isinstance(value, PartlyKnownDate) or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise PydanticCustomError("date_parsing", "a date such as 2015-03-01, or 2015-03-00, or 2015-00-00")


class _Schema:
    """One error for both forms, and `2015-00-00` in JSON."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda value: value.isoformat(), when_used="json")
        return core_schema.no_info_plain_validator_function(_validated, serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            "description": "A date; -00 for a day, -00-00 for month and day that are not known.",
        }


BirthDate = Annotated[date | PartlyKnownDate, _Schema]
"""In events, facts and forms."""

"""Days, numbers and amounts of money as people in Germany read and type them, in German or English. Pure.

How they are written is the Unicode consortium's data for Germany and Britain, by babel. Each text is made once and
kept, for babel takes 8 to 16 µs for one, and a decision, which has several, takes less than 50 as a whole.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import ParamSpec, cast

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from shared.birth_dates import PartlyKnownDate
from shared.calendar import in_berlin
from shared.errors import Language

LOCALES = {"de": "de_DE", "en": "en_GB"}
KEPT = 4096
"""Texts of one kind. Amounts, limits and the days of a school year repeat; birth dates are some 7,000."""
AMOUNT = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{0,2}))?")
CURRENCY = re.compile("€|Euro|euros")
Arguments = ParamSpec("Arguments")


def _keeping(write: Callable[Arguments, str]) -> Callable[Arguments, str]:
    return cast(Callable[Arguments, str], lru_cache(KEPT)(write))


@_keeping
def format_day(value: date, language: Language) -> str:
    """24.11.2026, 24 November 2026: in English the month is written out, for 08/01 is read in two ways."""
    return format_date(value, "medium" if language == "de" else "long", LOCALES[language])


def format_birth_date(value: date | PartlyKnownDate, language: Language) -> str:
    """The same; of a date that is known in part what is known: 2015, 06.2015."""
    return str(value) if isinstance(value, PartlyKnownDate) else format_day(value, language)


@_keeping
def format_letter_day(value: date, language: Language) -> str:
    """24. November 2026, 24 November 2026: as it stands over a letter."""
    return format_date(value, "long", LOCALES[language])


@_keeping
def format_month(value: date, language: Language) -> str:
    """November 2026."""
    return format_date(value, "LLLL y", LOCALES[language])


def format_moment(value: datetime, language: Language) -> str:
    """24.11.2026, 14:05 Uhr, by Berlin's clock."""
    local = in_berlin(value)
    time = format_time(local, "short", locale=LOCALES[language])
    return f"{format_day(local.date(), language)}, {time}{' Uhr' if language == 'de' else ''}"


@_keeping
def format_number(value: int, language: Language) -> str:
    """1.234, 1,234."""
    return format_decimal(value, "#,##0", LOCALES[language])


def format_significant(value: float, language: Language) -> str:
    """With six digits at most, and none that say nothing: 8,14286, 8.5."""
    return format_decimal(Decimal(value), "@#####", LOCALES[language])


@_keeping
def format_amount(cents: int, language: Language) -> str:
    """As it is typed: 1.234,00, 1,234.00."""
    return format_decimal(Decimal(cents).scaleb(-2), "#,##0.00", LOCALES[language])


@_keeping
def format_euros(cents: int, language: Language) -> str:
    """14,00 Euro, 14.00 euros: the word, where babel would write a sign, in English before the figure."""
    return f"{format_amount(cents, language)} {'Euro' if language == 'de' else 'euros'}"


def format_metres(value: float, limit: float | None = None) -> tuple[str, str]:
    """A distance in German and English, with one decimal, or as many as it takes to stay on its side of `limit`.

    2000.4 must not read as 2,000 where the decision was "more than 2,000", nor 2000.00000001 as 2,000.0.
    """
    digits = 1
    while limit is not None and digits < 16 and _side(float(f"{value:.{digits}f}"), limit) != _side(value, limit):
        digits += 1
    english = f"{value:,.{digits}f} m"
    return english.translate(_GERMAN), english


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)


_GERMAN = str.maketrans(",.", ".,")

# What is typed is not read by babel: in German it takes 14.00 for 1400, and 11.24.2026 for 24 November.


def read_day(text: str) -> date:
    """As browsers send it (2026-11-24) or as people type it without a calendar (24.11.2026).

    Raises:
        ValueError.
    """
    parts = text.split(".")
    return date(int(parts[2]), int(parts[1]), int(parts[0])) if len(parts) == 3 else date.fromisoformat(text)


def read_cents(text: str) -> int | None:
    """14, 14,00 or 14.00, also with the currency, below 10,000 euros; None where nothing is typed.

    1.234 is refused: it might be either.

    Raises:
        ValueError.
    """
    typed = CURRENCY.sub("", text).strip()
    if not typed:
        return None
    match = AMOUNT.fullmatch(typed)
    if match is None:
        raise ValueError(f"{text!r} is not an amount such as 14,00")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))

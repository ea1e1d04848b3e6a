"""Figures in words: never rounded so that they contradict the decision."""

from datetime import date


def metres(value: float, limit: float | None = None) -> tuple[str, str]:
    """A distance in German and English, with one decimal, or as many as it takes to stay on its side of `limit`.

    2000.4 must not read as 2,000 where the decision was "more than 2,000", nor 2000.00000001 as 2,000.0.
    """
    digits = 1
    while limit is not None and digits < 16 and _side(float(f"{value:.{digits}f}"), limit) != _side(value, limit):
        digits += 1
    english = f"{value:,.{digits}f} m"
    return english.translate(_GERMAN), english


def limit(value: int) -> tuple[str, str]:
    english = f"{value:,} m"
    return english.translate(_GERMAN), english


def euros(cents: int) -> tuple[str, str]:
    """14,00 Euro / 14.00 euros."""
    english = f"{cents // 100:,}.{cents % 100:02}"
    return f"{english.translate(_GERMAN)} Euro", f"{english} euros"


def day(value: date) -> tuple[str, str]:
    return f"{value.day:02}.{value.month:02}.{value.year}", f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def weeks(value: float) -> tuple[str, str]:
    english = f"{value:g}" if value == round(value, 4) else repr(value)
    return english.translate(_GERMAN), english


def _side(value: float, limit_: float) -> int:
    return (value > limit_) - (value < limit_)


_GERMAN = str.maketrans(",.", ".,")
_MONTHS = [
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

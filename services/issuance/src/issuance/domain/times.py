"""The first and the last moment of a ticket's days. Pure."""

from datetime import date, datetime, time

from shared.calendar import BERLIN

LAST_SECOND = time(23, 59, 58)
"""VDV-KA counts seconds in steps of two: this is the end of a day."""


def start_of(day: date) -> datetime:
    """00:00:00 in Berlin."""
    return datetime.combine(day, time(), BERLIN)


def end_of(day: date) -> datetime:
    """23:59:58 in Berlin, the last moment of a ticket's last day."""
    return datetime.combine(day, LAST_SECOND, BERLIN)

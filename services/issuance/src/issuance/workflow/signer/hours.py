"""What is counted by the hour of the clock, so that one stolen account has an end: kept, so that a restart forgets
nothing, and locked, so that two at once count one after the other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class HourStore(Protocol):
    def done_in(self, hour: datetime, what: str) -> Mapping[str, int]:
        """How often it was done in this hour, by whose it was; locked until the end of the transaction."""

    def count_done(self, hour: datetime, what: str, counts: Mapping[str, int]) -> None:
        """So many more."""


def hour_of(now: datetime) -> datetime:
    """When it began."""
    return now.replace(minute=0, second=0, microsecond=0)

"""What is counted by the hour of the clock, so that one stolen account has an end: kept, so that a restart forgets
nothing, and locked, so that two at once count one after the other.

In one order, so that no two wait for each other: first the hour, then tickets, and at the end the chains of acts.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class HourStore(Protocol):
    def lock_hour(self, hour: datetime, what: str) -> None:
        """Until the end of the transaction nobody else counts this. Before any ticket is locked."""

    def done_in(self, hour: datetime, what: str) -> Mapping[str, int]:
        """How often it was done in this hour, by whose it was. Locks nothing."""

    def count_done(self, hour: datetime, what: str, counts: Mapping[str, int]) -> None:
        """So many more."""


def hour_of(now: datetime) -> datetime:
    """When it began."""
    return now.replace(minute=0, second=0, microsecond=0)

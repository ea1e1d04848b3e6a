"""Where an event stands in its sender's outbox: epoch and position travel with it as headers."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared.bus.topology import sender_of

EPOCH, POSITION = "Schulticket-Epoch", "Schulticket-Position"
LONGEST = 18
"""Digits: more is no number that a database gives."""


class Place(NamedTuple):
    """One event has it, and no other ever: where two have, the sender's database went back."""

    sender: str
    epoch: int
    position: int

    @property
    def columns(self) -> dict[str, Any]:
        """The place as columns of the inbox."""
        return self._asdict()


def headers_of(epoch: int, position: int) -> dict[str, str]:
    """The headers with which an event of that epoch and position travels."""
    return {EPOCH: str(epoch), POSITION: str(position)}


def place_in(subject: str, headers: Mapping[str, str]) -> Place | None:
    """None of an event that was told before places were, or of something else in their stead.

    Args:
        subject: of a kind that is known here.
    """
    epoch, position = headers.get(EPOCH, ""), headers.get(POSITION, "")
    if not (_is_number(epoch) and _is_number(position)):
        return None
    return Place(sender_of(subject), int(epoch), int(position))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST

"""What an act of the audit trail is called: each service's acts are one enumeration, with what a person reads of each.

    class TicketAct(AuditAct):
        REVOKED = "revoked", "Ticket gesperrt", "Ticket revoked"

A stored string never changes: chains are hashed over it, and are kept for as long as their authority is. An act that is
written no more stays in its enumeration, for what was stored is still read.
"""

from enum import StrEnum
from typing import Self

from shared.errors import Text


class AuditAct(StrEnum):
    """An act as it is stored, with its text in both languages. A service derives its own acts from this."""

    text: Text

    def __new__(cls, stored: str, de: str, en: str) -> Self:
        act = str.__new__(cls, stored)
        act._value_ = stored
        act.text = Text(de, en)
        return act

    @classmethod
    def of(cls, stored: str) -> Self | None:
        """None: no act of this enumeration; a later program wrote it, or another part of the service."""
        return next((each for each in cls if each == stored), None)


def text_of(stored: str, *kinds: type[AuditAct]) -> Text:
    """What a person reads of a stored act: an unknown one, which a later program wrote, is shown as it is stored."""
    found = (act.text for kind in kinds if (act := kind.of(stored)) is not None)
    return next(found, Text(stored, stored))

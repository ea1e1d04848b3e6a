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


class TrailAct(AuditAct):
    """What the trail itself writes, in every service."""

    KEPT = "kept", "Zeilen geschrieben", "Rows written"
    """Rows that were written without an act of their own: the rules' own work."""
    ERASED = "erased", "Inhalte gelöscht", "Contents erased"
    """The act after which what earlier ones of the same chain and `about` held may be missing."""
    TAKEN_OVER = "taken over", "Bestand übernommen", "Existing rows taken over"
    DESPITE_HOLD = "erased despite a hold", "Trotz eines Grundes zur Aufbewahrung gelöscht", "Erased despite a hold"


class AuditMark(AuditAct):
    """The beginning of acts that go on with a name: what is stored is both. A service derives its own from this."""


class TrailMark(AuditMark):
    """What the trail writes with the name of a kind of rows, or of a version."""

    BEGAN = "began: ", "Aufzeichnung begonnen: ", "Record began: "
    LEFT = "left: ", "Tabellen an früheres Programm übergeben: ", "Tables left to an earlier program: "
    """An earlier program went on with these tables, which may have put nothing on record: then it begins once more."""


def text_of(stored: str, *kinds: type[AuditAct]) -> Text:
    """What a person reads of a stored act: of one of `kinds`, or of the trail itself. An unknown one, which a later
    program wrote, is shown as it is stored."""
    known: tuple[type[AuditAct], ...] = (*kinds, TrailAct, TrailMark)
    acts = [act for kind in known for act in kind]
    for act in acts:
        if act == stored:
            return act.text
    for act in acts:
        if isinstance(act, AuditMark) and (name := stored.removeprefix(act)) != stored:
            return Text(act.text.de + name, act.text.en + name)
    return Text(stored, stored)

"""The signer's tables, and the outbox row, in one transaction."""

from issuance.store.signer.hours import HourTables
from issuance.store.signer.lists import ListTables
from issuance.store.signer.tables import Row
from issuance.store.signer.tickets import TicketTables
from issuance.store.signer.waiting import WaitingTables


class SignerStore(WaitingTables, TicketTables, ListTables, HourTables):
    """One session's view of the signer's tables."""


__all__ = ["Row", "SignerStore"]

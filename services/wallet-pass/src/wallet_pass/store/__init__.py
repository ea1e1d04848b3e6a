"""Own tables, and the outbox rows, in one transaction."""

from wallet_pass.store.passes import PassTables
from wallet_pass.store.tables import Row
from wallet_pass.store.tickets import TicketTables


class PassStore(PassTables, TicketTables):
    """The service's view of its tables inside one transaction."""


__all__ = ["PassStore", "Row"]

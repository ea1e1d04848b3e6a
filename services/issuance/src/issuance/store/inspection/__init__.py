"""The public process's tables, and the outbox row, in one transaction."""

from issuance.store.inspection.lists import ListTables
from issuance.store.inspection.scan_log import ShownTables
from issuance.store.inspection.tables import Row
from issuance.store.inspection.tickets import TicketTables


class InspectionStore(TicketTables, ListTables, ShownTables):
    """One session's view of the API's tables."""


__all__ = ["InspectionStore", "Row"]

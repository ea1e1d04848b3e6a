"""Own tables, and the outbox rows, in one transaction."""

from application.store.applications import CoreTables, Row
from application.store.documents import DocumentTables
from application.store.openings import OpeningTable


class SqlStore(CoreTables, DocumentTables, OpeningTable):
    """Implements every port of the workflow on one transaction."""


__all__ = ["Row", "SqlStore"]

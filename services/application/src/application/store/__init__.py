"""Own tables, and the outbox rows, in one transaction."""

from application.store.core import CoreTables, Row
from application.store.documents import DocumentTables


class SqlStore(CoreTables, DocumentTables):
    """Implements every port of the workflow on one transaction."""


__all__ = ["Row", "SqlStore"]

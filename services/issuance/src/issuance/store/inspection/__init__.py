"""The public process's tables, and the outbox row, in one transaction."""

from shared.audit.chain import SignedHeads
from shared.audit.verify import Report, snapshot, verify

from issuance.store.inspection.erasure import ErasureTables
from issuance.store.inspection.heads import HeadTables
from issuance.store.inspection.lists import ListTables
from issuance.store.inspection.on_record import KINDS
from issuance.store.inspection.retention import RetentionTables
from issuance.store.inspection.scan_log import ScanEntryTables
from issuance.store.inspection.tables import Row
from issuance.store.inspection.tickets import TicketTables


class InspectionStore(TicketTables, ListTables, HeadTables, ScanEntryTables, RetentionTables, ErasureTables):
    """One session's view of the API's tables."""

    def verify_audit(self, only: str | None, signed: SignedHeads | None) -> Report:
        """Follows the chains of acts, all or `only` one, and holds them against heads that were signed."""
        return verify(snapshot(self.session), KINDS, signed=signed, only=only)


__all__ = ["InspectionStore", "Row"]

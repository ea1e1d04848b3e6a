"""The signer's tables, and the outbox row, in one transaction."""

from shared.audit.chain import SignedHeads
from shared.audit.verify import Report, snapshot, verify

from issuance.store.signer.audit_heads import AuditHeadTables
from issuance.store.signer.erasure import ErasureTables
from issuance.store.signer.hours import HourTables
from issuance.store.signer.on_record import KINDS, count_signatures
from issuance.store.signer.recovered import RecoveredTables
from issuance.store.signer.retention import RetentionTables
from issuance.store.signer.tables import Row


class SignerStore(RecoveredTables, HourTables, AuditHeadTables, RetentionTables, ErasureTables):
    """One session's view of the signer's tables."""

    def verify_audit(self, only: str | None, signed: SignedHeads | None) -> Report:
        """Follows the chains of acts, holds them against signed heads,
        and signatures against tickets (`counted`)."""
        return verify(snapshot(self.session), KINDS, signed=signed, only=only, more=count_signatures)


__all__ = ["Row", "SignerStore"]

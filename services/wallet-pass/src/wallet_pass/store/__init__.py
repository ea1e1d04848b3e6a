"""Own tables, and the outbox rows, in one transaction."""

from shared.audit.chain import SignedHeads
from shared.audit.verify import Report, snapshot, verify

from wallet_pass.store.certificates import CertificateTables
from wallet_pass.store.erasure import ErasureTables
from wallet_pass.store.google_callbacks import CallbackTables
from wallet_pass.store.links import LinkTables
from wallet_pass.store.on_record import KINDS
from wallet_pass.store.retention import RetentionTables
from wallet_pass.store.rotations import RotationTables
from wallet_pass.store.tables import Row
from wallet_pass.store.tickets import TicketTables


class PassStore(
    LinkTables, TicketTables, CertificateTables, RetentionTables, ErasureTables, CallbackTables, RotationTables
):
    """The service's view of its tables inside one transaction."""

    def verify_audit(self, only: str | None, signed: SignedHeads | None) -> Report:
        """Recompute the chains of acts and compare them with the rows on record.

        Args:
            only: one authority's chain, without its rows; None: all.
            signed: heads that the signer has signed, to be found in the chains; None: not compared.
        """
        return verify(snapshot(self.session), KINDS, signed=signed, only=only)


__all__ = ["PassStore", "Row"]

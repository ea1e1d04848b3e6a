"""Signs tickets and lists with the keys of a running issuer.

A ticket is signed from a Ticket that was written down, never from bytes of a caller: nothing here takes any.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from prometheus_client import Counter
from shared.calendar import day_in_berlin

from issuance.barcode.drafting import qr_ticket, vdv_message
from issuance.barcode.qr import ticket as qr_codec
from issuance.barcode.vdv import certificate
from issuance.barcode.vdv.certificate import Content, RecoveryCertificate
from issuance.barcode.vdv.envelope import Envelope
from issuance.domain.ticket import Refuse, SignedTicket, Ticket, module_id
from issuance.lists.audit_heads import AuditHeads
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.issued import IssuedPart
from issuance.lists.status_list import Shard, StatusList, subject_of
from issuance.signer.keys.keys import PointKey, RecoveringKey

log = structlog.get_logger("signing")
signatures = Counter("signatures_total", "Signatures of the signer by what was signed", ["kind"])


@dataclass(frozen=True)
class Signer:
    """The keys of a running issuer: module (SAM), ticket key of the QR code, key of the status lists."""

    module_key: RecoveringKey
    module_certificate: RecoveryCertificate
    module: Content
    """What the certificate says, opened under the sub-CA."""
    sub_ca: Content
    ticket_key: PointKey
    status_key: PointKey
    last_day: date
    """The last day on which all certificates and keys are valid: no ticket may outlive it."""
    lists_url: str
    """Where status lists are published."""
    is_test: bool
    is_stolen: bool = False
    """The module is on the list of stolen ones: it signs no more, until another one is there."""

    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        """Both barcodes.

        Args:
            shown_from: nobody sees these codes before; a module that is younger than the ticket may sign it anew.

        Raises:
            Refuse: where the ticket must not be signed.
        """
        if self.is_stolen:
            raise Refuse("module_compromised")
        # 1. Nothing outlives its certificates, and test keys sign in the test range only.
        if day_in_berlin(ticket.valid_until) > self.last_day:
            raise Refuse("outlives_certificates")
        if self.is_test != (ticket.terms.organisation_id >= 0x8000):
            raise Refuse("test_and_real_mixed")
        sam = certificate.parse_sam_holder(self.module.holder)
        first = max(ticket.valid_from, shown_from or ticket.valid_from)
        if day_in_berlin(first) < sam.valid_from:
            raise Refuse("older_than_certificates")
        # 2. The VDV code: message, signature with recovery, certificate, name of the sub-CA.
        try:
            message = vdv_message(ticket, sam.number).encode()
            signature, rest = self.module_key.sign_recoverable(message)
            vdv = Envelope(signature, rest, self.module_certificate, self.sub_ca.name).encode()
            # 3. The QR code: claims, COSE_Sign1, base45.
            qr = qr_codec.write(qr_ticket(ticket), self.ticket_key.key_id, self.ticket_key.sign)
        except (ValueError, OverflowError) as error:
            raise Refuse(f"cannot_be_written: {error}") from error
        # 4. Every signature leaves a trace, without the holder.
        log.info("ticket_signed", ticket_id=str(ticket.ticket_id), sha256=hashlib.sha256(vdv).hexdigest())
        signatures.labels("vdv").inc()
        signatures.labels("qr").inc()
        return SignedTicket(vdv, qr, self.module_id)

    @property
    def module_id(self) -> bytes:
        """Name of the sub-CA and number of the module, 11 bytes."""
        return module_id(self.sub_ca.name, certificate.parse_sam_holder(self.module.holder).number)

    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes:
        """What scanners follow: snapshots, deltas, filters of issued tickets."""
        signed = one.sign(self.status_key.key_id, self.status_key.sign)
        _leave_trace(type(one).__name__, one.head.shard, one.head.version, signed)
        return signed

    def sign_audit_heads(self, heads: AuditHeads) -> bytes:
        """How long a service's chains of acts are."""
        signed = heads.sign(self.status_key.key_id, self.status_key.sign)
        log.info("audit_heads_signed", service=heads.service, sha256=hashlib.sha256(signed).hexdigest())
        signatures.labels("AuditHeads").inc()
        return signed

    def sign_status_list(self, status: StatusList) -> bytes:
        """The list of one shard under its public address; its signature leaves a line in the log."""
        subject = subject_of(self.lists_url, status)
        signed = status.sign(subject, self.status_key.key_id, self.status_key.sign)
        _leave_trace("StatusList", status.shard, status.version, signed)
        return signed


def _leave_trace(kind: str, shard: Shard, version: int, signed: bytes) -> None:
    """Every signature is logged and counted."""
    log.info("list_signed", kind=kind, shard=str(shard), version=version, sha256=hashlib.sha256(signed).hexdigest())
    signatures.labels(kind).inc()

"""The keys and lists of a running signer, which change while it runs: a new trust list, the next key, another module.

The ceremony's commands write into the folder; the signer looks every few seconds. What it finds is opened and checked
as at the start, and must continue what it has (follow.py); only then it takes the place of the old, all at once. What
does not hold is refused, logged once, and the old goes on signing.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from prometheus_client import Counter, Gauge
from shared.calendar import in_berlin
from shared.errors import Unavailable

from issuance.barcode.refusal import Refusal
from issuance.domain.ticket import SignedTicket, Ticket, module_id
from issuance.domain.times import end_of
from issuance.lists.audit_heads import AuditHeads
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.follow import Pin, pin
from issuance.lists.issued import IssuedPart
from issuance.lists.status_list import StatusList
from issuance.lists.trust_list import TrustList
from issuance.signer import ceremony
from issuance.signer.ceremony import PublishedTrust
from issuance.signer.keys import KeyProblem, KeyStore, Signer
from issuance.verification import trust_folder
from issuance.verification.trust import Unusable
from issuance.verification.verifier import Verifier

log = structlog.get_logger("keys")
list_ends = Gauge("trust_list_expires_timestamp_seconds", "End of the trust list (renew: issuance key extend --help)")
certificates_end = Gauge("signer_certificates_end_timestamp_seconds", "Last day of which a ticket can be signed")
list_version = Gauge("trust_list_version", "Version of the trust list that the signer uses")
refused = Counter("signer_keys_refused_total", "New keys or lists in the folder that did not check out")
are_refused = Gauge("signer_keys_are_refused", "1 while what lies in the folder is not what the signer goes on with")

WARN_LIST = timedelta(days=90)
"""A renewal needs the persons of the root at one table."""
WARN_CERTIFICATES = timedelta(days=500)
"""In spring tickets are issued for the whole next school year: 16 months ahead."""


@dataclass(frozen=True)
class FolderState:
    """One state of the folder."""

    signer: Signer
    published: PublishedTrust
    listed: TrustList
    reader: Verifier
    fingerprint: bytes


class LiveSigner:
    """Signs and reads with what was taken last. `refresh` runs in one thread, the others may run in any."""

    def __init__(
        self,
        folder: Path,
        keys: KeyStore,
        lists_url: str,
        clock: Callable[[], datetime],
        require_active: Callable[[], None] = lambda: None,
    ) -> None:
        """Raises KeyProblem or Unusable: what does not hold at the start does not start.

        Args:
            require_active: asked before each signature; raises NotActive where another copy of this process signs.
        """
        self._folder, self._keys, self._lists_url, self._clock = folder, keys, lists_url, clock
        self._require_active = require_active
        self.now = self._load()
        self._refused = b""
        self._tell()

    def refresh(self) -> bool:
        """Take what is new in the folder. True where something was taken.

        Raises:
            Unavailable: while a token is away.
        """
        try:
            fingerprint = _fingerprint(self._folder)
            if fingerprint in (self.now.fingerprint, self._refused):
                are_refused.set(fingerprint != self.now.fingerprint)
                return False
            loaded = self._load()
            pin(Pin.of(self.now.listed), loaded.listed, self._clock())
        except Unavailable:
            raise
        except (KeyProblem, Unusable, Refusal, OSError) as problem:
            # half a copy looks like this too: it is looked at again when the folder has changed
            self._refused = fingerprint if not isinstance(problem, OSError) else b""
            refused.inc()
            are_refused.set(1)
            log.error("keys_refused", why=str(problem))
            return False
        self.now, self._refused = loaded, b""
        are_refused.set(0)
        self._tell()
        return True

    def warn(self) -> None:
        """Say in time what only persons can renew."""
        at = self._clock()
        if self.now.listed.expires_at - at < WARN_LIST:
            end = self.now.listed.expires_at.isoformat()
            log.warning("trust_list_ends_soon", expires_at=end, remedy="issuance key extend --help")
        if self.now.signer.last_day - in_berlin(at).date() < WARN_CERTIFICATES:
            last = self.now.signer.last_day.isoformat()
            log.warning("certificates_end_soon", last_day=last, remedy="issuance key import --help")

    def is_good(self) -> tuple[bool, str]:
        """Whether tickets of today can be signed, and until when, in words."""
        at, listed, signer = self._clock(), self.now.listed, self.now.signer
        if signer.is_stolen:
            return False, "the module is on the list of stolen ones"
        good = listed.expires_at > at and signer.last_day >= in_berlin(at).date()
        return good, f"certificates until {signer.last_day}, trust list until {listed.expires_at.date()}"

    # what was stolen

    @property
    def public(self) -> tuple[int, PublishedTrust]:
        """The version of the trust list, and what is published with it, as taken last."""
        return self.now.listed.version, self.now.published

    @property
    def stolen(self) -> tuple[list[bytes], list[bytes]]:
        """Keys and modules whose tickets can be signed anew now; none while the module that signs was stolen itself."""
        trust = self.now.published.trust
        if self.now.signer.is_stolen:
            return [], []
        keys = [key_id for key_id, key in trust.keys.items() if key.entry.compromised_since]
        return keys, [module_id(sub_ca, number) for sub_ca, number in trust.modules]

    @property
    def lists_from(self) -> datetime | None:
        """Lists from before this moment are published anew, because something was stolen. None where nothing was.

        It is when the theft was made known: a filter of issued tickets then has all honest ones, and what a stolen key
        of lists has signed is replaced.
        """
        trust = self.now.published.trust
        keys = (*trust.keys.values(), *trust.status_keys.values())
        is_stolen = bool(trust.modules) or any(key.entry.compromised_since for key in keys)
        return self.now.listed.issued_at if is_stolen else None

    # the ports of the workflow

    def sign_ticket(self, ticket: Ticket, shown_from: datetime | None = None) -> SignedTicket:
        """Both codes, by the keys that were taken last.

        Args:
            shown_from: nobody sees them before.
        """
        self._require_active()
        return self.now.signer.sign_ticket(ticket, shown_from)

    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2 | IssuedPart) -> bytes:
        """COSE_Sign1 by the key of status lists that was taken last."""
        self._require_active()
        return self.now.signer.sign_list(one)

    def sign_audit_heads(self, heads: AuditHeads) -> bytes:
        """COSE_Sign1 by the key that was taken last."""
        self._require_active()
        return self.now.signer.sign_audit_heads(heads)

    def sign_status_list(self, status: StatusList) -> bytes:
        """CWT by the key of status lists that was taken last."""
        self._require_active()
        return self.now.signer.sign_status_list(status)

    def confirm(self, ticket: Ticket, signed: SignedTicket, shown_from: datetime | None = None) -> None:
        """Reads both codes as a scanner would.

        Raises:
            Refuse: where they do not say what the ticket says.
        """
        self.now.reader.confirm(ticket, signed, shown_from)

    def issued_keys(self, vdv: bytes, qr: str) -> tuple[bytes, bytes]:
        """The keys of both codes in the list of issued tickets, 16 bytes each."""
        return self.now.reader.issued_keys(vdv, qr)

    def _load(self) -> FolderState:
        fingerprint = _fingerprint(self._folder)
        published = ceremony.published_trust(self._folder)
        signer = ceremony.signer_of(self._folder, self._keys, self._lists_url)
        if published.trust.trust_list is None:
            raise KeyProblem("there is no trust list")
        return FolderState(signer, published, published.trust.trust_list, Verifier(published.trust), fingerprint)

    def _tell(self) -> None:
        listed, signer = self.now.listed, self.now.signer
        list_ends.set(listed.expires_at.timestamp())
        certificates_end.set(end_of(signer.last_day).timestamp())
        list_version.set(listed.version)
        log.info(
            "keys_taken", version=listed.version, key=signer.ticket_key.key_id.hex(), module=signer.module_id.hex()
        )


def _fingerprint(folder: Path) -> bytes:
    """Of the public files: a few kB, read every few seconds."""
    files = [folder / ceremony.MODULE_FILE, folder / ceremony.PUBLIC / trust_folder.TRUST_LIST]
    files += sorted((folder / ceremony.PUBLIC).glob(f"*{trust_folder.SUFFIX}"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.name.encode() + b"\x00" + file.read_bytes()).digest())
    return digest.digest()

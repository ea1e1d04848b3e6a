"""The one file that holds keys. Keys lie encrypted in a folder; the passphrase lies in a file of its own.

A ticket is signed from a Ticket that was written down, never from bytes of a caller. RSA runs on GMP's constant-time
exponentiation (`powmod_sec`): ISO 9796-2 needs the raw private operation, which `cryptography` does not offer, and
Python's own `pow` takes ten times as long and a time that depends on the key.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from gmpy2 import mpz, powmod_sec  # type: ignore[import-untyped]
from prometheus_client import Counter

from issuance.barcode.qr import cose
from issuance.barcode.qr import ticket as qr_codec
from issuance.barcode.vdv import certificate, iso9796
from issuance.barcode.vdv.certificate import Content, Recoverable
from issuance.barcode.vdv.envelope import Envelope
from issuance.barcode.vdv.iso9796 import PublicKey
from issuance.domain import BERLIN, Refuse, SignedTicket, Ticket
from issuance.drafting import qr_ticket, vdv_message
from issuance.lists.delta import Delta, Snapshot
from issuance.lists.issued import IssuedPart
from issuance.lists.status_list import Shard, StatusList, subject_of

log = structlog.get_logger("signing")
signatures = Counter("signatures_total", "Signatures of the signer by what was signed", ["kind"])
LEAST_PASSPHRASE = 16


class KeyProblem(Exception):
    """Keys or passphrase are missing or do not fit. The text names files, never secrets."""


def make_passphrase(path: Path) -> None:
    """A new random passphrase, readable by its owner alone; what is there stays."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")


class RsaKey:
    """A private RSA key for the raw operation."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        numbers = key.private_numbers()
        self.public = PublicKey(numbers.public_numbers.n, numbers.public_numbers.e)
        self.pem_source = key
        self._p, self._q, self._dp, self._dq, self._q_inverse = (
            mpz(number) for number in (numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
        )

    @classmethod
    def generate(cls, bits: int) -> "RsaKey":
        return cls(rsa.generate_private_key(65537, bits))

    def apply(self, number: int) -> bytes:
        """number ^ d mod n by the Chinese remainder theorem, as long as the modulus.

        The result is opened again before it leaves: one faulty half would give the key away (Boneh, DeMillo, Lipton).
        """
        first = powmod_sec(mpz(number) % self._p, self._dp, self._p)
        second = powmod_sec(mpz(number) % self._q, self._dq, self._q)
        result = int(second + (self._q_inverse * (first - second)) % self._p * self._q)
        if iso9796.apply(result, self.public) != number:
            raise KeyProblem("an RSA operation went wrong; nothing was signed")
        return result.to_bytes(self.public.size, "big")

    def sign_recoverable(self, content: bytes) -> tuple[bytes, bytes]:
        """ISO 9796-2: the signature, and the rest that travels beside it."""
        number, rest = iso9796.block(content, self.public.size)
        return self.apply(number), rest

    def certify(self, content: Content) -> Recoverable:
        """A certificate in the recoverable form (SAM, sub-CA)."""
        return Recoverable(*self.sign_recoverable(content.encode()))

    def sign_appended(self, content: bytes) -> bytes:
        """PKCS#1 v1.5 with SHA-1: the form in which a root signs itself."""
        return self.apply(certificate.pkcs1_block(content, self.public.size))


class EcKey:
    """A private P-256 key for ES256."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self.pem_source = key
        self.point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
        self.key_id = hashlib.sha256(self.point).digest()[: cose.KEY_ID_BYTES]
        self._algorithm = ec.ECDSA(SHA256())

    @classmethod
    def generate(cls) -> "EcKey":
        return cls(ec.generate_private_key(ec.SECP256R1()))

    def sign(self, data: bytes) -> bytes:
        """r and s, 32 bytes each, with the lower s."""
        return cose.low_s(*decode_dss_signature(self.pem_source.sign(data, self._algorithm)))


class KeyFolder:
    """Encrypted PKCS#8 files, one a key, readable by their owner alone."""

    def __init__(self, folder: Path, *passphrase_files: Path) -> None:
        """More than one file: as many persons' secrets, in this order, are needed together."""
        self._folder = folder
        self._passphrase = b"\n".join(_passphrase(path) for path in passphrase_files)

    def save(self, name: str, key: RsaKey | EcKey) -> None:
        """Never writes over a key: it may have signed tickets."""
        encryption = BestAvailableEncryption(self._passphrase)
        pem = key.pem_source.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(name)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(pem)

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def rsa(self, name: str) -> RsaKey:
        key = self._load(name)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise KeyProblem(f"{self._path(name)} is no RSA key")
        return RsaKey(key)

    def ec(self, name: str) -> EcKey:
        key = self._load(name)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise KeyProblem(f"{self._path(name)} is no P-256 key")
        return EcKey(key)

    def _load(self, name: str) -> object:
        try:
            return load_pem_private_key(self._path(name).read_bytes(), self._passphrase)
        except (OSError, ValueError, TypeError) as error:
            raise KeyProblem(f"{self._path(name)} cannot be opened with this passphrase") from error

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.pem"


def _passphrase(path: Path) -> bytes:
    try:
        passphrase = path.read_bytes().strip()
    except OSError as error:
        raise KeyProblem(f"the passphrase file {path} cannot be read") from error
    if len(passphrase) < LEAST_PASSPHRASE:
        raise KeyProblem(f"the passphrase in {path} is shorter than {LEAST_PASSPHRASE} characters")
    return passphrase


@dataclass(frozen=True)
class Signer:
    """The keys of a running issuer: module (SAM), ticket key of the QR code, key of the status lists."""

    module_key: RsaKey
    module_certificate: Recoverable
    module: Content
    """What the certificate says, opened under the sub-CA."""
    sub_ca: Content
    ticket_key: EcKey
    status_key: EcKey
    last_day: date
    """The last day on which all certificates and keys are valid: no ticket may outlive it."""
    lists_url: str
    """Where status lists are published."""
    is_test: bool

    def sign_ticket(self, ticket: Ticket) -> SignedTicket:
        """Both barcodes. Raises Refuse where the ticket must not be signed."""
        # 1. Nothing outlives its certificates, and test keys sign in the test range only.
        if ticket.valid_until.astimezone(BERLIN).date() > self.last_day:
            raise Refuse("outlives_certificates")
        if self.is_test != (ticket.terms.organisation_id >= 0x8000):
            raise Refuse("test_and_real_mixed")
        sam = certificate.parse_sam_holder(self.module.holder)
        if ticket.valid_from.astimezone(BERLIN).date() < sam.valid_from:
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
        return SignedTicket(vdv, qr)

    def sign_list(self, one: Snapshot | Delta | IssuedPart) -> bytes:
        """What scanners follow: snapshots, deltas, filters of issued tickets."""
        signed = one.sign(self.status_key.key_id, self.status_key.sign)
        _leave_trace(type(one).__name__, one.head.shard, one.head.version, signed)
        return signed

    def sign_status_list(self, status: StatusList) -> bytes:
        subject = subject_of(self.lists_url, status.shard)
        signed = status.sign(subject, self.status_key.key_id, self.status_key.sign)
        _leave_trace("StatusList", status.shard, status.version, signed)
        return signed


def _leave_trace(kind: str, shard: Shard, version: int, signed: bytes) -> None:
    """Every signature is logged and counted."""
    log.info("list_signed", kind=kind, shard=str(shard), version=version, sha256=hashlib.sha256(signed).hexdigest())
    signatures.labels(kind).inc()

"""What a signing key must be able to do, wherever it lies."""

import hashlib
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from issuance.barcode.qr import cose
from issuance.barcode.vdv.iso9796 import PublicKey


class KeyProblem(Exception):
    """Keys, passphrase, PIN or token are missing or do not fit. The text names files and labels, never secrets."""


class RecoveringKey(Protocol):
    """An RSA key that signs with message recovery (ISO 9796-2): a module (SAM) of the VDV code."""

    @property
    def public(self) -> PublicKey:
        """Modulus and exponent."""

    def sign_recoverable(self, content: bytes) -> tuple[bytes, bytes]:
        """The signature, as long as the modulus, and the rest that travels beside it."""


class PointKey(Protocol):
    """A P-256 key for ES256."""

    @property
    def point(self) -> bytes:
        """x and y, 32 bytes each."""

    @property
    def key_id(self) -> bytes:
        """The first bytes of SHA-256 over the public point, as COSE names the key."""

    def sign(self, data: bytes) -> bytes:
        """r and s, 32 bytes each, with the lower s."""


class KeyStore(Protocol):
    """Where the signer's keys lie, by name. Every method raises KeyProblem where it cannot."""

    def has(self, name: str) -> bool:
        """Whether there is a private key of this name."""

    def module(self, name: str) -> RecoveringKey:
        """The RSA key of this name.

        Raises:
            KeyProblem: where it does not open or is another kind.
        """

    def point(self, name: str) -> PointKey:
        """The P-256 key of this name.

        Raises:
            KeyProblem: where it does not open or is another kind.
        """

    def make_module(self, name: str, bits: int) -> RecoveringKey:
        """A new RSA key. Never takes the place of one: it may have signed tickets."""

    def make_point(self, name: str) -> PointKey:
        """A new P-256 key. A `*` in the name stands for its id, which is known only then."""

    def keep_module(self, name: str, key: RSAPrivateKey) -> RecoveringKey:
        """Take in a key that was made elsewhere."""

    def rename(self, name: str, to: str) -> None:
        """Raises KeyProblem where `to` is taken."""

    def is_available(self) -> bool:
        """Could it sign just now?"""


def key_id_of(point: bytes) -> bytes:
    """The first bytes of SHA-256 over the public point."""
    return hashlib.sha256(point).digest()[: cose.KEY_ID_BYTES]

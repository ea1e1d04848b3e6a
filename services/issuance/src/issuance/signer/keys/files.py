"""Keys as encrypted files in a folder; the passphrase lies in a file of its own.

RSA runs on GMP's constant-time exponentiation (`powmod_sec`): ISO 9796-2 needs the raw private operation, which
`cryptography` does not offer, and Python's own `pow` takes ten times as long and a time that depends on the key.
"""

import secrets
from pathlib import Path

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
from shared.durable_files import make_folder, write_once

from issuance.barcode.qr import cose
from issuance.barcode.vdv import certificate, iso9796
from issuance.barcode.vdv.certificate import Content, RecoveryCertificate
from issuance.barcode.vdv.iso9796 import PublicKey
from issuance.signer.keys.keys import KeyProblem, key_id_of

LEAST_PASSPHRASE = 16


def make_passphrase(path: Path) -> None:
    """A new random passphrase, readable by its owner alone; what is there stays."""
    if not path.exists():
        make_folder(path.parent, mode=0o700)
        write_once(path, secrets.token_urlsafe(32))


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
        """A new key with the exponent 65537."""
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

    def certify(self, content: Content) -> RecoveryCertificate:
        """A certificate in the recoverable form (SAM, sub-CA)."""
        return RecoveryCertificate(*self.sign_recoverable(content.encode()))

    def sign_appended(self, content: bytes) -> bytes:
        """PKCS#1 v1.5 with SHA-1: the form in which a root signs itself."""
        return self.apply(certificate.pkcs1_block(content, self.public.size))


class EcKey:
    """A private P-256 key for ES256."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self.pem_source = key
        self.point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
        self.key_id = key_id_of(self.point)
        self._algorithm = ec.ECDSA(SHA256())

    @classmethod
    def generate(cls) -> "EcKey":
        """A new key on P-256."""
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
        make_folder(self._folder, mode=0o700)
        path = self._path(name)
        try:
            write_once(path, pem)
        except FileExistsError as error:
            raise KeyProblem(f"{path} exists already; a key is never written over") from error

    def has(self, name: str) -> bool:
        """Whether the file is there; it is not opened."""
        return self._path(name).exists()

    def make_module(self, name: str, bits: int) -> RsaKey:
        """A new RSA key, encrypted and saved.

        Raises:
            KeyProblem: where the name is taken.
        """
        key = RsaKey.generate(bits)
        self.save(name, key)
        return key

    def make_point(self, name: str) -> EcKey:
        """A new P-256 key, encrypted and saved; a `*` in the name becomes its key id in hex."""
        key = EcKey.generate()
        self.save(name.replace("*", key.key_id.hex()), key)
        return key

    def keep_module(self, name: str, key: rsa.RSAPrivateKey) -> RsaKey:
        """Take in a key that was made elsewhere."""
        self.save(name, RsaKey(key))
        return RsaKey(key)

    def rename(self, name: str, to: str) -> None:
        """Raises KeyProblem where `to` exists, or `name` does not."""
        if self.has(to) or not self.has(name):
            raise KeyProblem(f"{self._path(to)} exists already, or {self._path(name)} does not")
        self._path(name).rename(self._path(to))

    def is_available(self) -> bool:
        """Files were read when the signer opened them."""
        return True

    def module(self, name: str) -> RsaKey:
        """Decrypts an RSA key.

        Raises:
            KeyProblem: where there is none, or it is another kind.
        """
        key = self._load(name)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise KeyProblem(f"{self._path(name)} is no RSA key")
        return RsaKey(key)

    def point(self, name: str) -> EcKey:
        """Decrypts a P-256 key.

        Raises:
            KeyProblem: where there is none, or it is another kind.
        """
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

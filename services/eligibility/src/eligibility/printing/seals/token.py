"""A key in a token, by which a PDF is signed. The key stays there; the PIN is read from its file each time."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import pkcs11
from asn1crypto import pem
from asn1crypto.x509 import Certificate
from pkcs11.util.ec import encode_ecdsa_signature
from pyhanko.sign import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from eligibility.printing.seals.fault import Fault, SealFault
from eligibility.printing.seals.settings import SealSettings

LONGEST_SIGNATURE = 512
"""Bytes, of an RSA key of 4,096 bits."""


class TokenSigner(Signer):
    """Signs in an open session of a token."""

    def __init__(self, key: Any, chain: list[Certificate]) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(chain[1:])
        super().__init__(signing_cert=chain[0], cert_registry=store, embed_roots=False)
        self._key = key
        self.certificate = chain[0]

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """SHA-256 with RSA (PKCS #1 v1.5), or ECDSA."""
        if dry_run or digest_algorithm != "sha256":
            return bytes(LONGEST_SIGNATURE)
        if self._key.key_type == pkcs11.KeyType.RSA:
            return bytes(self._key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
        digest = hashlib.sha256(data).digest()
        return bytes(encode_ecdsa_signature(self._key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)))


@contextmanager
def open_signer(settings: SealSettings, pin: str, now: datetime) -> Iterator[TokenSigner]:
    """Signed in at the token, as long as the block runs. The library is started for it, and ended behind it: so it
    finds a token that was away, and no sign-in stays open. One thread at a time (PKCS#11 2.40, 5.4).

    Raises:
        SealFault.
    """
    library = _library(settings)
    try:
        with _signed_in(settings, library, pin) as session:
            chain = _chain(settings, session)
            if not chain[0].not_valid_before <= now <= chain[0].not_valid_after:
                raise SealFault(Fault.EXPIRED)
            yield TokenSigner(_key(settings, session), chain)
    finally:
        with suppress(pkcs11.PKCS11Error):
            library.finalize()


@contextmanager
def _signed_in(settings: SealSettings, library: Any, pin: str) -> Iterator[Any]:
    try:
        token = library.get_token(token_label=settings.token)
    except pkcs11.PKCS11Error:
        raise SealFault(Fault.TOKEN) from None
    try:
        session = token.open(user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked):
        raise SealFault(Fault.PIN) from None
    except pkcs11.PKCS11Error:
        raise SealFault(Fault.TOKEN) from None
    with session:
        yield session


def _library(settings: SealSettings) -> Any:
    try:
        library = pkcs11.lib(str(settings.module))
        if not library.initialized:
            library.initialize()
    except (RuntimeError, OSError, pkcs11.PKCS11Error):
        raise SealFault(Fault.MODULE) from None
    return library


def _key(settings: SealSettings, session: Any) -> Any:
    try:
        return session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=settings.key)
    except pkcs11.PKCS11Error:
        raise SealFault(Fault.KEY) from None


def _chain(settings: SealSettings, session: Any) -> list[Certificate]:
    try:
        if settings.certificate_file is not None:
            content = settings.certificate_file.read_bytes()
            found = [Certificate.load(each) for _, _, each in pem.unarmor(content, multiple=True)]
        else:
            attributes = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE, pkcs11.Attribute.LABEL: settings.key}
            found = [Certificate.load(each[pkcs11.Attribute.VALUE]) for each in session.get_objects(attributes)]
    except (OSError, ValueError, pkcs11.PKCS11Error):
        raise SealFault(Fault.CERTIFICATE) from None
    if not found:
        raise SealFault(Fault.CERTIFICATE)
    return found

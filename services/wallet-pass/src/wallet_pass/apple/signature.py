"""Apple's signature over a pass: CMS (RFC 5652), detached, with leaf and intermediate and the signing time inside."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from shared.errors import Text, Unavailable

from wallet_pass.apple.cms import MESSAGE_DIGEST, SIGNING_TIME, signer_info
from wallet_pass.apple.cms_template import CmsTemplate, SignatureParts, signing_time

OPTIONS = (
    pkcs7.PKCS7Options.DetachedSignature,
    pkcs7.PKCS7Options.Binary,  # or every line feed is hashed as CR LF, and readers find another digest
    pkcs7.PKCS7Options.NoCapabilities,
)
EXPIRED = Text(
    "Das Zertifikat für Wallet-Pässe gilt nicht mehr. Bitte ein neues einspielen.",
    "The certificate for wallet passes is not valid any more. Please install a new one.",
)


class NotSigned(Exception):
    """The signature does not fit: the text says what."""


@dataclass(frozen=True)
class Signer:
    """The pass certificate with its key, loaded once: loading checks the key's primes and takes 30 ms."""

    key: rsa.RSAPrivateKey
    leaf: x509.Certificate
    intermediate: x509.Certificate
    pass_type: str
    """The leaf's UID; pass.json must name the same, or phones refuse the pass."""
    team: str
    """The leaf's OU."""

    @classmethod
    def load(cls, key: Path, leaf: Path, intermediate: Path) -> "Signer":
        """From three PEM files.

        Raises:
            ValueError: where they do not belong together.
        """
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
        certificate = x509.load_pem_x509_certificate(leaf.read_bytes())
        issuer = x509.load_pem_x509_certificate(intermediate.read_bytes())
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError(f"{key}: Apple's pass certificates have RSA keys")
        if certificate.public_key() != private.public_key():
            raise ValueError(f"{key} is not the key of {leaf}")
        try:
            certificate.verify_directly_issued_by(issuer)
        except (ValueError, InvalidSignature) as error:
            raise ValueError(
                f"{leaf} was not issued by {intermediate}: take the intermediate that signed it"
            ) from error
        return cls.of(private, certificate, issuer)

    @classmethod
    def of(cls, key: rsa.RSAPrivateKey, leaf: x509.Certificate, intermediate: x509.Certificate) -> "Signer":
        """Of three that belong together.

        Raises:
            ValueError: where the leaf names no pass type or team.
        """
        return cls(key, leaf, intermediate, _name(leaf, NameOID.USER_ID), _name(leaf, NameOID.ORGANIZATIONAL_UNIT_NAME))

    @property
    def is_test(self) -> bool:
        """True where not Apple issued the certificate: no iPhone accepts such a pass."""
        return _name(self.intermediate, NameOID.ORGANIZATION_NAME) != "Apple Inc."

    @cached_property
    def _enclosed(self) -> tuple[bytes, bytes]:
        """Leaf and intermediate as they stand in a signature, in either order."""
        leaf, intermediate = (each.public_bytes(serialization.Encoding.DER) for each in (self.leaf, self.intermediate))
        return leaf + intermediate, intermediate + leaf

    @cached_property
    def _public_key(self) -> rsa.RSAPublicKey:
        return self.key.public_key()

    @cached_property
    def _days(self) -> tuple[datetime, datetime]:
        """First and last moment of the leaf, read once: each look makes new ones."""
        return self.leaf.not_valid_before_utc, self.leaf.not_valid_after_utc

    @cached_property
    def _template(self) -> CmsTemplate:
        """Made by `cryptography`, and checked as a stranger's signature is before it is used."""
        sample = (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(b"")
            .add_signer(self.leaf, self.key, hashes.SHA256())
            .add_certificate(self.intermediate)
            .sign(serialization.Encoding.DER, OPTIONS)
        )
        self._check_parsed(b"", sample)
        return CmsTemplate.of(sample)

    def sign(self, manifest: bytes, now: datetime) -> bytes:
        """The content of the file `signature`.

        Raises:
            Unavailable: where the certificate has run out.
        """
        first, last = self._days
        if not first <= now <= last:
            raise Unavailable(EXPIRED)
        time, digest = signing_time(now), sha256(manifest).digest()
        value = self.key.sign(self._template.signed(time, digest), padding.PKCS1v15(), hashes.SHA256())
        return self._template.fill(SignatureParts(time, digest, value))

    def check(self, manifest: bytes, signature: bytes) -> None:
        """As a reader would: both certificates, digest, signing time, signature.

        What has the structure of our own signatures, octet by octet, need not be parsed for it.

        Raises:
            NotSigned.
        """
        filling = self._template.read(signature)
        if filling is None:
            self._check_parsed(manifest, signature)
            return
        if filling.digest != sha256(manifest).digest():
            raise NotSigned("the digest is not the manifest's")
        self._verify(filling.value, self._template.signed(filling.time, filling.digest))

    def _check_parsed(self, manifest: bytes, signature: bytes) -> None:
        try:
            signer = signer_info(signature)
        except ValueError as error:
            raise NotSigned("the signature cannot be read") from error
        if signer.certificates not in self._enclosed:
            raise NotSigned("leaf and intermediate must be inside, and nothing else")
        if signer.attributes.get(MESSAGE_DIGEST) != sha256(manifest).digest():
            raise NotSigned("the digest is not the manifest's")
        if SIGNING_TIME not in signer.attributes:
            raise NotSigned("no signing time")
        self._verify(signer.value, signer.signed)

    def _verify(self, value: bytes, signed: bytes) -> None:
        try:
            self._public_key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise NotSigned("the signature is not the leaf's") from error


def name_in(certificate: x509.Certificate) -> str:
    """Whose it is, in one line."""
    return certificate.subject.rfc4514_string()


def _name(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    values = certificate.subject.get_attributes_for_oid(oid)
    if not values:
        raise ValueError(f"the certificate's subject has no {oid._name}: {certificate.subject.rfc4514_string()}")
    return str(values[0].value)

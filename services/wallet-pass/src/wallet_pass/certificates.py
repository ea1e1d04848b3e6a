"""The ceremony at set-up: a private certificate chain in the shape of Apple's, and a key in the shape of Google's.

With Apple's own pass certificate and Google's own service account, which come from their consoles, the files are
simply put in the place of these; nothing else changes. The keys of root and intermediate are forgotten at once:
nobody can make a second leaf, and the next ceremony makes a new chain.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from shared.durable_files import OWNER, make_folder, write_durably

ROOT, INTERMEDIATE, LEAF, KEY = "root.pem", "intermediate.pem", "pass.pem", "pass.key"
GOOGLE_ACCOUNT, GOOGLE_PUBLIC = "google-service-account.json", "google-public.pem"
ALL = (ROOT, INTERMEDIATE, LEAF, KEY, GOOGLE_ACCOUNT, GOOGLE_PUBLIC)

TEST_PASS_TYPE = "pass.de.schulticket.test"  # noqa: S105 an identifier
TEST_TEAM = "SCHULTICKT"
"""Ten characters, as Apple's team ids."""
TEST_GOOGLE_ISSUER = "3388000000000000000"
"""The form of Google's issuer ids; not one of theirs."""
TEST_GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 an address, not a secret

PASS_SIGNING = ObjectIdentifier("1.2.840.113635.100.4.14")
"""Apple's extended key usage for pass certificates."""
PASS_TYPE_EXTENSION = ObjectIdentifier("1.2.840.113635.100.6.1.16")
"""Apple's extension that repeats the pass type identifier."""
LEAF_LIFE = timedelta(days=366)
"""As Apple's: one year."""
UTF8_STRING = 0x0C


@dataclass(frozen=True)
class IssuedCertificate:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def complete(folder: Path) -> bool:
    """True where the folder holds all files of an earlier ceremony."""
    return all((folder / name).is_file() for name in ALL)


def hold_ceremony(folder: Path, now: datetime, *, pass_type: str = TEST_PASS_TYPE, team: str = TEST_TEAM) -> None:
    """Write all files of `ALL` into `folder`, the two with private keys readable for the owner only."""
    make_folder(folder)
    root = _authority("Schulticket Test Root CA", "Certification Authority", None, now, timedelta(days=20 * 365))
    intermediate = _authority("Schulticket Test Wallet Relations CA", "G1", root, now, timedelta(days=10 * 365))
    leaf = _leaf(pass_type, team, intermediate, now)
    pem = serialization.Encoding.PEM
    for name, issued in ((ROOT, root), (INTERMEDIATE, intermediate), (LEAF, leaf)):
        write_durably(folder / name, issued.certificate.public_bytes(pem))
    write_durably(folder / KEY, _private_pem(leaf.key), mode=OWNER)
    google = rsa.generate_private_key(65537, 2048)
    write_durably(folder / GOOGLE_ACCOUNT, json.dumps(_service_account(google), indent=2), mode=OWNER)
    public = google.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    write_durably(folder / GOOGLE_PUBLIC, public)


def _authority(
    name: str, unit: str, issuer: IssuedCertificate | None, now: datetime, life: timedelta
) -> IssuedCertificate:
    key = rsa.generate_private_key(65537, 2048)
    subject = _subject(name, unit)
    builder = (
        _builder(subject, key, issuer, now, life)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None if issuer is None else 0), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
    )
    return IssuedCertificate(builder.sign(key if issuer is None else issuer.key, hashes.SHA256()), key)


def _leaf(pass_type: str, team: str, issuer: IssuedCertificate, now: datetime) -> IssuedCertificate:
    """The subject as Apple writes it: UID = pass type identifier, OU = team (docs/sources/wallets.md, 1.1)."""
    key = rsa.generate_private_key(65537, 2048)
    user_id = x509.NameAttribute(NameOID.USER_ID, pass_type)
    subject = x509.Name([user_id, *_subject(f"Pass Type ID: {pass_type}", team)])
    usages = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION, PASS_SIGNING]
    identifier = pass_type.encode()
    builder = (
        _builder(subject, key, issuer, now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(
            x509.UnrecognizedExtension(PASS_TYPE_EXTENSION, bytes([UTF8_STRING, len(identifier)]) + identifier),
            critical=False,
        )
    )
    return IssuedCertificate(builder.sign(issuer.key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, key: rsa.RSAPrivateKey, issuer: IssuedCertificate | None, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    issuer_key = key if issuer is None else issuer.key
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks differ
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _subject(name: str, unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Schulticket (test, not Apple)"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
        ]
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _service_account(key: rsa.RSAPrivateKey) -> dict[str, str]:
    """The file that Google's console gives out for a service account, key by key."""
    address = "wallet@schulticket-test.iam.gserviceaccount.com"
    return {
        "type": "service_account",
        "project_id": "schulticket-test",
        "private_key_id": uuid4().hex,
        "private_key": _private_pem(key).decode(),
        "client_email": address,
        "client_id": "100000000000000000000",
        "token_uri": TEST_GOOGLE_TOKEN_URL,
        "universe_domain": "googleapis.com",
    }


def _private_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

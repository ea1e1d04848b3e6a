"""A seal of a made-up authority in SoftHSM, with a certificate of a made-up trust service."""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from eligibility.printing.seals import SealSettings
from support.issuance.soft_token import LIBRARY, Tokens

PIN = "4711-0815"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Seal:
    """`root_file`: whom a reader trusts."""

    settings: SealSettings
    root_file: Path


def make_seal(tokens: Tokens, label: str, now: datetime, *, curve: bool = False, days: int = 30) -> Seal:
    """In a token of its own. `days`: from a month ago until so many days from now."""
    tokens.new_token(label, PIN)
    key: Key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    root_key = ec.generate_private_key(ec.SECP384R1())
    begins, ends = now - timedelta(days=60), now + timedelta(days=days)
    root = _certificate("Vertrauensdienst", "Vertrauensdienst", root_key, root_key, (begins, now + timedelta(days=900)))
    own = _certificate("Stadt Musterstadt", "Vertrauensdienst", key, root_key, (begins, ends))
    chain, root_file, key_file = (tokens.folder / f"{label}{end}" for end in ("-chain.pem", "-root.pem", "-key.pem"))
    pem = serialization.Encoding.PEM
    root_file.write_bytes(root.public_bytes(pem))
    chain.write_bytes(own.public_bytes(pem) + root.public_bytes(pem))
    key_file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    utility = shutil.which("softhsm2-util")
    assert utility is not None
    options = ["--import", str(key_file), "--token", label, "--label", "siegel", "--id", "01", "--pin", PIN]
    subprocess.run([utility, *options], check=True, capture_output=True)
    key_file.unlink()
    pin_file = tokens.folder / f"{label}.pin"
    settings = SealSettings(module=LIBRARY, token=label, key="siegel", pin_file=pin_file, certificate_file=chain)
    return Seal(settings, root_file)


def _certificate(name: str, issuer: str, key: Key, signed_by: Key, good: tuple[datetime, datetime]) -> x509.Certificate:
    def named(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    is_root = name == issuer
    made = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer)).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(good[0]).not_valid_after(good[1])
    made = made.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=not is_root, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return made.add_extension(usage, critical=True).sign(signed_by, hashes.SHA256())


def utc_now() -> datetime:
    return datetime.now(UTC)

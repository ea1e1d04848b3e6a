"""A seal of a made-up authority in SoftHSM, with a certificate of a made-up trust service."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pkcs11
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.tsp import TimeStampReq
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from eligibility.printing.seals import SealSettings
from pyhanko.sign.timestamps import DummyTimeStamper
from support.issuance.soft_token import LIBRARY, Tokens, open_tokens

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


@contextmanager
def seal_tokens(folder: Path) -> Iterator[Tokens]:
    """Tokens of a folder of their own. Other tests of this process may have the library open, on theirs: it is ended
    before and behind, and starts again with their settings."""
    before = os.environ.get("SOFTHSM2_CONF")
    _end_library()
    with open_tokens(folder) as tokens:
        yield tokens
        _end_library()
    if before is not None:
        os.environ["SOFTHSM2_CONF"] = before


def _end_library() -> None:
    library = pkcs11.lib(str(LIBRARY))
    if library.initialized:
        library.finalize()


@contextmanager
def time_stamps(now: datetime) -> Iterator[str]:
    """The address of a time stamp service (RFC 3161)."""
    key = rsa.generate_private_key(65537, 2048)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zeitstempeldienst")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    der = made.add_extension(purpose, critical=True).sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    stamper = DummyTimeStamper(Certificate.load(der), PrivateKeyInfo.load(private))

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            body = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def utc_now() -> datetime:
    return datetime.now(UTC)

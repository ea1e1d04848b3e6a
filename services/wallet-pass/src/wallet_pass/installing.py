"""A certificate of Apple's is put into the folder of the service, after everything was checked that would otherwise be
noticed by a family whose phone refuses its pass."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from shared.durable_files import OWNER, make_folder, write_durably

from wallet_pass.apple.signature import Signer, name_in
from wallet_pass.certificates import INTERMEDIATE, KEY, LEAF

LEAST_BITS = 2048
"""Apple's pass certificates have as many; more are not documented to be accepted by phones."""
PROBE = b"{}"


class Unfit(ValueError):
    """Why this certificate is not installed, and what to do."""


@dataclass(frozen=True)
class Bundle:
    """What belongs together, read."""

    leaf: x509.Certificate
    intermediate: x509.Certificate
    key: rsa.RSAPrivateKey


def read_bundle(certificate: bytes, key: bytes | None, intermediate: bytes, passphrase: bytes | None) -> Bundle:
    """From what Apple's portal and the Mac's keychain give out.

    Args:
        certificate: PEM, DER (.cer), or PKCS#12 (.p12), which holds the key too.
        key: PEM; None where the certificate's file holds it.
        intermediate: PEM or DER.
        passphrase: of the key or of the PKCS#12 file.

    Raises:
        Unfit.
    """
    issuer = _certificate(intermediate, "the intermediate")
    try:
        if key is None:
            found, leaf, _ = pkcs12.load_key_and_certificates(certificate, passphrase)
        else:
            found, leaf = serialization.load_pem_private_key(key, passphrase), _certificate(certificate, "the file")
    except (ValueError, TypeError) as error:
        raise Unfit(
            f"the key cannot be read: give its passphrase, or --key beside the certificate ({error})"
        ) from error
    if leaf is None or not isinstance(found, rsa.RSAPrivateKey):
        raise Unfit("certificate and RSA key must both be there")
    return Bundle(leaf, issuer, found)


def check_bundle(bundle: Bundle, now: datetime) -> Signer:
    """As the service and a phone would.

    Raises:
        Unfit: with the first reason.
    """
    leaf, issuer = bundle.leaf, bundle.intermediate
    if leaf.public_key() != bundle.key.public_key():
        raise Unfit("the key is not the certificate's: take the one by which it was requested")
    if bundle.key.key_size < LEAST_BITS:
        raise Unfit(f"a key of {bundle.key.key_size} bits is too short")
    try:
        leaf.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature) as error:
        wanted = leaf.issuer.rfc4514_string()
        raise Unfit(f"another intermediate issued it: take the one named {wanted}") from error
    _check_issuer(issuer)
    for named, each in (("the certificate", leaf), ("the intermediate", issuer)):
        if now > each.not_valid_after_utc:
            raise Unfit(f"{named} ran out on {each.not_valid_after_utc.date()}: get a new one from Apple")
        if now < each.not_valid_before_utc:
            raise Unfit(
                f"{named} is not valid before {each.not_valid_before_utc.date()}: is this machine's clock right?"
            )
    try:
        signer = Signer.of(bundle.key, leaf, issuer)
    except ValueError as error:
        raise Unfit(f"this is no Pass Type ID certificate: {error}") from error
    if not signer.pass_type.startswith("pass."):
        raise Unfit(f"{signer.pass_type} is no pass type: a Pass Type ID certificate is needed, not one of an app")
    signer.check(PROBE, signer.sign(PROBE, now))
    return signer


def install(
    folder: Path, bundle: Bundle, before: Signer | None, now: datetime, *, another_type: bool = False
) -> Signer:
    """Write the files, durably; the key for its owner alone.

    Args:
        before: what is there now.
        another_type: whether passes may come under another pass type or team, which no phone takes for the same.

    Raises:
        Unfit: and nothing is written.
    """
    signer = check_bundle(bundle, now)
    if before is not None and not another_type and (before.pass_type, before.team) != (signer.pass_type, signer.team):
        raise Unfit(
            f"it is for {signer.pass_type} of {signer.team}, and passes are out for {before.pass_type} of "
            f"{before.team}: phones could not update them (--another-type if that is meant)"
        )
    make_folder(folder)
    pem = serialization.Encoding.PEM
    private = bundle.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_durably(folder / KEY, private, mode=OWNER)
    write_durably(folder / INTERMEDIATE, bundle.intermediate.public_bytes(pem))
    write_durably(folder / LEAF, bundle.leaf.public_bytes(pem))
    return signer


def _check_issuer(issuer: x509.Certificate) -> None:
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        constraints = x509.BasicConstraints(ca=False, path_length=None)
    if not constraints.ca:
        raise Unfit(f"{name_in(issuer)} may issue no certificates: take Apple's intermediate")


def _certificate(content: bytes, what: str) -> x509.Certificate:
    read = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
    try:
        return read(content)
    except ValueError as error:
        raise Unfit(f"{what} is no certificate in PEM or DER ({error})") from error

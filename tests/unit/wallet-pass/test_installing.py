"""A certificate from Apple's portal goes into place after all was checked that a phone would refuse, or nothing does."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from shared.runtime.check import Check
from typer.testing import CliRunner
from wallet_pass import certificates, credentials
from wallet_pass.apple.signature import Signer
from wallet_pass.certificates import INTERMEDIATE, KEY, LEAF
from wallet_pass.commands import app
from wallet_pass.installing import Unfit, check_bundle, install, read_bundle

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
NOW = datetime.now(UTC)
"""The command looks at the real clock."""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Apple gave out for the pass type that is in use."""
    folder = tmp_path_factory.mktemp("portal")
    certificates.hold_ceremony(folder, NOW)
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("other")
    certificates.hold_ceremony(folder, NOW, pass_type="pass.of.another")
    return folder


def _files(folder: Path) -> tuple[bytes, bytes, bytes]:
    return (folder / LEAF).read_bytes(), (folder / KEY).read_bytes(), (folder / INTERMEDIATE).read_bytes()


def _der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(DER)


def _p12(folder: Path, passphrase: bytes) -> bytes:
    leaf, key, _ = _files(folder)
    private = serialization.load_pem_private_key(key, None)
    assert isinstance(private, rsa.RSAPrivateKey)
    how = serialization.BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(b"pass", private, x509.load_pem_x509_certificate(leaf), None, how)


FORMS: dict[str, Callable[[Path], tuple[bytes, bytes | None, bytes, bytes | None]]] = {
    "PEM": lambda portal: (*_files(portal), None),
    "DER": lambda portal: (_der(_files(portal)[0]), _files(portal)[1], _der(_files(portal)[2]), None),
    "PKCS#12": lambda portal: (_p12(portal, b"secret"), None, _files(portal)[2], b"secret"),
}


@pytest.mark.parametrize("form", FORMS)
def test_it_is_taken_in_each_form_that_apple_and_the_keychain_give_out(portal: Path, tmp_path: Path, form: str) -> None:
    install(tmp_path, read_bundle(*FORMS[form](portal)), None, NOW)
    assert credentials.load_signer(tmp_path).pass_type == certificates.TEST_PASS_TYPE
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda leaf, key, issuer, theirs: (leaf, theirs[1], issuer), "the key is not the certificate's"),
        (lambda leaf, key, issuer, theirs: (leaf, key, theirs[2]), "another intermediate issued it: take .*Wallet Relations"),
        (lambda leaf, key, issuer, theirs: (issuer, key, issuer), "the key is not the certificate's"),
        (lambda leaf, key, issuer, theirs: (b"\x30\x82", key, issuer), "no certificate in PEM or DER"),
        (lambda leaf, key, issuer, theirs: (b"", key, issuer), "no certificate in PEM or DER"),
        (lambda leaf, key, issuer, theirs: (leaf, key, b"x" * 100), "the intermediate is no certificate"),
        (lambda leaf, key, issuer, theirs: (leaf, b"no key", issuer), "the key cannot be read"),
        (lambda leaf, key, issuer, theirs: (leaf, None, issuer), "the key cannot be read"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_reason(
    portal: Path,
    other: Path,
    tmp_path: Path,
    change: Callable[..., tuple[bytes, bytes | None, bytes]],
    reason: str,
) -> None:
    with pytest.raises(Unfit, match=reason):
        install(tmp_path, read_bundle(*change(*_files(portal), _files(other)), None), None, NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        (NOW + timedelta(days=400), "the certificate ran out on"),
        (NOW + timedelta(days=4000), "ran out on"),
        (NOW - timedelta(days=1), "is not valid before"),
    ],
)
def test_one_that_is_over_or_not_yet_good_is_refused_with_its_day(portal: Path, when: datetime, reason: str) -> None:
    bundle = read_bundle(*_files(portal), None)
    with pytest.raises(Unfit, match=reason):
        check_bundle(bundle, when)


def test_one_of_another_pass_type_is_installed_only_where_that_is_meant(
    portal: Path, other: Path, tmp_path: Path
) -> None:
    before = install(tmp_path, read_bundle(*_files(portal), None), None, NOW)
    bundle = read_bundle(*_files(other), None)
    with pytest.raises(Unfit, match="phones could not update them"):
        install(tmp_path, bundle, before, NOW)
    assert credentials.load_signer(tmp_path).pass_type == before.pass_type
    install(tmp_path, bundle, before, NOW, another_type=True)
    assert credentials.load_signer(tmp_path).pass_type == "pass.of.another"


def test_the_command_says_what_it_did_or_why_not(portal: Path, other: Path, tmp_path: Path) -> None:
    given = ["--certificate", str(portal / LEAF), "--intermediate", str(portal / INTERMEDIATE), "--key"]
    done = CliRunner().invoke(app, ["certificates-import", str(tmp_path), *given, str(portal / KEY)])
    assert done.exit_code == 0
    assert re.search(r"pass.de.schulticket.test of SCHULTICKT, good until \d{4}-\d\d-\d\d", done.output)
    assert "iPhones refuse" in done.output
    refused = CliRunner().invoke(app, ["certificates-import", str(tmp_path), *given, str(other / KEY)])
    assert refused.exit_code == 2
    assert "not installed: the key is not the certificate's" in refused.output
    missing = CliRunner().invoke(app, ["certificates-import", str(tmp_path), *given, str(tmp_path / "none")])
    assert (missing.exit_code, "none" in missing.output) == (2, True)


async def _look(signer: Signer, now: datetime) -> Check:
    return await credentials.look_at_certificate(signer, lambda: now)()


@pytest.mark.parametrize(
    ("days", "is_well", "says"),
    [(61, True, False), (59.9, True, True), (31, True, True), (29, True, True), (6.9, False, True), (-1, False, True)],
)
def test_its_end_is_told_60_30_and_7_days_before(portal: Path, days: float, is_well: bool, says: bool) -> None:
    signer = credentials.load_signer(portal)
    now = signer.leaf.not_valid_after_utc - timedelta(days=days)
    check = asyncio.run(_look(signer, now))
    assert (check.ok, credentials.REMEDY in check.detail, check.blocks) == (is_well, says, False)
    credentials.warn_of_end(signer.leaf, now)
    assert credentials.days_left._value.get() == pytest.approx(days)

"""The certificates of a pass type: in Apple's shape, the owner's alone, and refused where they do not belong together."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from wallet_pass import certificates, credentials
from wallet_pass.apple.package import AppleWallet
from wallet_pass.google.wallet import GoogleWallet


def test_the_certificate_has_the_shape_of_apples(ceremony: Path) -> None:
    leaf = x509.load_pem_x509_certificate((ceremony / certificates.LEAF).read_bytes())
    intermediate = x509.load_pem_x509_certificate((ceremony / certificates.INTERMEDIATE).read_bytes())
    root = x509.load_pem_x509_certificate((ceremony / certificates.ROOT).read_bytes())
    assert leaf.subject.get_attributes_for_oid(NameOID.USER_ID)[0].value == certificates.TEST_PASS_TYPE
    assert leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value == certificates.TEST_TEAM
    leaf.verify_directly_issued_by(intermediate)
    intermediate.verify_directly_issued_by(root)
    assert intermediate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_secret_files_are_the_owners_alone(ceremony: Path) -> None:
    for name in (certificates.KEY, certificates.GOOGLE_ACCOUNT):
        assert (ceremony / name).stat().st_mode & 0o777 == 0o600


def test_a_key_of_another_certificate_is_refused_at_the_start(ceremony: Path, tmp_path: Path) -> None:
    certificates.hold_ceremony(tmp_path, datetime(2026, 1, 1, tzinfo=UTC))
    shutil.copyfile(ceremony / certificates.KEY, tmp_path / certificates.KEY)
    with pytest.raises(ValueError, match="not the key"):
        credentials.load_signer(tmp_path)


def test_an_intermediate_that_did_not_sign_the_leaf_is_refused(ceremony: Path, tmp_path: Path) -> None:
    certificates.hold_ceremony(tmp_path, datetime(2026, 1, 1, tzinfo=UTC))
    shutil.copyfile(ceremony / certificates.INTERMEDIATE, tmp_path / certificates.INTERMEDIATE)
    with pytest.raises(ValueError, match="not issued by"):
        credentials.load_signer(tmp_path)


def test_a_private_key_never_shows_in_a_picture_of_the_object(
    apple: AppleWallet, google: GoogleWallet, ceremony: Path
) -> None:
    assert "PRIVATE" not in repr(google.account)
    assert json.loads((ceremony / certificates.GOOGLE_ACCOUNT).read_text())["private_key"][40:80] not in repr(google)

"""The quick check of a package that was just made notices what the whole check notices, and more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from shared.errors import Text
from wallet_pass.apple import package as package_module
from wallet_pass.apple.archive import Block, archive, block
from wallet_pass.apple.archive_reader import files_behind
from wallet_pass.apple.cms import SIGNING_TIME, signer_info
from wallet_pass.apple.cms_template import CmsTemplate, signing_time
from wallet_pass.apple.package import AppleWallet, BadPass
from wallet_pass.apple.signature import OPTIONS, Signer
from wallet_pass.domain.designs import DEFAULT_DESIGN, Design
from wallet_pass.domain.passes import Pass

MANIFEST = b'{"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}'
KNOWN = block([("icon.png", b"\x89PNG" * 9), ("de.lproj/pass.strings", b"\xfe\xff")])
NEW = {"pass.json": b'{"a":1}', "manifest.json": b"{}", "signature": b"\x30\x80"}
PACKAGE = archive(KNOWN, block(NEW.items(), after=KNOWN))


def _by_cryptography(signer: Signer, manifest: bytes) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(manifest).add_signer(signer.leaf, signer.key, hashes.SHA256())
    return builder.add_certificate(signer.intermediate).sign(Encoding.DER, OPTIONS)


def test_the_filled_template_is_octet_by_octet_what_cryptography_makes(apple: AppleWallet) -> None:
    theirs = _by_cryptography(apple.signer, MANIFEST)
    time = datetime.strptime(signer_info(theirs).attributes[SIGNING_TIME].decode(), "%y%m%d%H%M%SZ")
    assert apple.signer.sign(MANIFEST, time.replace(tzinfo=UTC)) == theirs


def test_the_signing_time_is_the_moment_of_making(apple: AppleWallet, now: datetime) -> None:
    (signer,) = cms.ContentInfo.load(apple.signer.sign(MANIFEST, now), strict=True)["content"]["signer_infos"]
    times = [each["values"][0].native for each in signer["signed_attrs"] if each["type"].native == "signing_time"]
    assert times == [now]


@pytest.mark.parametrize("year", [1949, 2050])
def test_a_year_that_the_form_cannot_say_is_not_written_as_another(year: int) -> None:
    with pytest.raises(ValueError, match=str(year)):
        signing_time(datetime(year, 6, 1, tzinfo=UTC))
    signing_time(datetime(year + (1 if year < 2000 else -1), 6, 1, tzinfo=UTC))


def test_what_is_no_signature_of_this_structure_makes_no_template(apple: AppleWallet) -> None:
    theirs = _by_cryptography(apple.signer, MANIFEST)
    with pytest.raises(ValueError):
        CmsTemplate.of(theirs + b"\x00")


def test_a_signature_of_another_certificate_is_parsed_and_refused(apple: AppleWallet, now: datetime) -> None:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.USER_ID, "pass.other"), x509.NameAttribute(NameOID.COMMON_NAME, "o")])
    leaf = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    other = Signer(key, leaf, apple.signer.intermediate, "pass.other", "TEAM")
    with pytest.raises(Exception, match="leaf and intermediate"):
        apple.signer.check(MANIFEST, other.sign(MANIFEST, now))


def test_the_reader_of_archives_finds_what_was_laid_behind() -> None:
    assert files_behind(KNOWN, PACKAGE) == NEW
    assert files_behind(Block(0, b"", b"", 0), PACKAGE) == {
        "icon.png": b"\x89PNG" * 9,
        "de.lproj/pass.strings": b"\xfe\xff",
        **NEW,
    }


@pytest.mark.parametrize("flipped", [0x01, 0x80, 0xFF])
def test_no_octet_of_an_archive_can_be_another(flipped: int) -> None:
    for place in range(len(PACKAGE)):
        damaged = PACKAGE[:place] + bytes([PACKAGE[place] ^ flipped]) + PACKAGE[place + 1 :]
        with pytest.raises(ValueError):
            files_behind(KNOWN, damaged)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        PACKAGE[:-1],
        PACKAGE + b"\x00",
        b"\x00" + PACKAGE,
        archive(KNOWN, block([*NEW.items(), ("pass.json", b"{}")], after=KNOWN)),
        archive(block(NEW.items())),
    ],
    ids=["empty", "cut off", "longer", "moved", "a file twice", "without the known ones"],
)
def test_an_archive_of_another_form_is_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        files_behind(KNOWN, damaged)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_package_that_goes_wrong_in_the_making_never_gets_out(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime, data: st.DataObject
) -> None:
    def damaged(*blocks: Block) -> bytes:
        made = bytearray(archive(*blocks))
        place = data.draw(st.integers(0, len(made) - 1))
        made[place] ^= data.draw(st.integers(1, 255))
        return bytes(made)

    apple.make(make_pass(), DEFAULT_DESIGN, now)  # or the design's own files would be damaged
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_module, "archive", damaged)
        with pytest.raises(BadPass):
            apple.make(make_pass(), DEFAULT_DESIGN, now)


def test_a_file_too_many_behind_the_designs_is_noticed(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime
) -> None:
    def longer(files: tuple[tuple[str, bytes], ...], after: Block) -> Block:
        return block((*files, ("more", b"x")), after=after)

    apple.make(make_pass(), DEFAULT_DESIGN, now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_module, "block", longer)
        with pytest.raises(BadPass, match="manifest"):
            apple.make(make_pass(), DEFAULT_DESIGN, now)


def test_the_files_of_a_design_are_read_back_by_a_stranger_before_they_are_used(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_module, "archive", lambda each: archive(block([("icon.png", b"x")])))
        with pytest.raises(BadPass, match="design"):
            apple.make(make_pass(), Design(Text("Never used before", "Never used before")), now)


def test_the_whole_check_takes_what_the_quick_one_took(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime
) -> None:
    package = apple.make(make_pass(), DEFAULT_DESIGN, now)
    apple.check(package, make_pass(), now)
    with ZipFile(BytesIO(package)) as reader:
        assert reader.namelist()[-3:] == ["pass.json", "manifest.json", "signature"]

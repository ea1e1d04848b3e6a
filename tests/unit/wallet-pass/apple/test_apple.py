"""The .pkpass: read with tools that share nothing with the code that made it."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from shared.errors import Invalid, Text, Unavailable
from support import needs
from support.wallet_pass.tickets import NOW
from wallet_pass import certificates
from wallet_pass.acceptance.specimen import SPECIMEN_ORGANISATION
from wallet_pass.apple.archive import archive, block
from wallet_pass.apple.artwork import large_logo, pictures
from wallet_pass.apple.package import AppleWallet, BadPass
from wallet_pass.apple.signature import NotSigned
from wallet_pass.apple.strings import strings_file
from wallet_pass.domain.designs import DEFAULT_DESIGN, Colour, Design
from wallet_pass.domain.passes import Pass

names = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
    st.sampled_from(
        ['"', "\\", '\\"', "%@", "السَّلَام", "שָׁלוֹם", "👩‍👧‍👦", "A̋́̈", "Ж", "\u202eabc", "D̦oǧan", "O’Connor", "=;", "/*"]
    ),
)


@pytest.fixture(scope="module")
def package(apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime) -> bytes:
    return apple.make(make_pass(), DEFAULT_DESIGN, now)


def files_of(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as reader:
        assert reader.testzip() is None
        return {name: reader.read(name) for name in reader.namelist()}


def read_strings(content: bytes) -> dict[str, str]:
    """A strings file as a property list reader takes it: quoted, with backslash escapes."""
    text, found, position = content.decode("utf-16"), {}, 0

    def quoted(start: int) -> tuple[str, int]:
        assert text[start] == '"'
        result, at = [], start + 1
        while text[at] != '"':
            if text[at] == "\\":
                at += 1
                result.append({"n": "\n", "r": "\r", "t": "\t"}.get(text[at], text[at]))
            else:
                result.append(text[at])
            at += 1
        return "".join(result), at + 1

    while position < len(text):
        key, position = quoted(position)
        assert text[position : position + 3] == " = "
        value, position = quoted(position + 3)
        assert text[position : position + 2] == ";\n"
        found[key], position = value, position + 2
    return found


def test_the_manifest_lists_exactly_the_files_with_their_digests(package: bytes) -> None:
    files = files_of(package)
    manifest = json.loads(files["manifest.json"])
    assert manifest == {
        name: hashlib.sha1(content).hexdigest()
        for name, content in files.items()
        if name not in ("manifest.json", "signature")
    }


def test_a_pass_has_what_wallet_needs_and_stays_small(package: bytes) -> None:
    names_inside = set(files_of(package))
    assert {
        "pass.json",
        "icon.png",
        "icon@2x.png",
        "icon@3x.png",
        "logo.png",
        "logo@2x.png",
        "logo@3x.png",
    } <= names_inside
    assert {"de.lproj/pass.strings", "en.lproj/pass.strings"} <= names_inside
    assert len(package) < 20_000
    assert all(entry.compress_type == ZIP_STORED for entry in ZipFile(BytesIO(package)).infolist())


@needs.program("openssl", package="openssl")
def test_openssl_verifies_signature_chain_and_signing_time(package: bytes, ceremony: Path, tmp_path: Path) -> None:
    with ZipFile(BytesIO(package)) as reader:
        reader.extractall(tmp_path)
    root = ceremony / certificates.ROOT
    arguments = ["-inform", "DER", "-in", f"{tmp_path}/signature", "-content", f"{tmp_path}/manifest.json", "-binary"]
    verify = ["openssl", "cms", "-verify", *arguments, "-CAfile", str(root), "-out", f"{tmp_path}/out"]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = subprocess.run(
        ["openssl", "cms", "-cmsout", "-print", "-noout", *arguments[:4]], capture_output=True, text=True, check=True
    )
    assert "signingTime" in shown.stdout
    assert shown.stdout.count("d.certificate") == 2
    (tmp_path / "manifest.json").write_bytes((tmp_path / "manifest.json").read_bytes() + b" ")
    assert subprocess.run(verify, capture_output=True, check=False).returncode != 0


def test_the_barcode_is_one_aztec_with_the_tickets_bytes(package: bytes, make_pass: Callable[..., Pass]) -> None:
    document = json.loads(files_of(package)["pass.json"])
    (barcode,) = document["barcodes"]
    assert barcode["format"] == "PKBarcodeFormatAztec"
    assert barcode["message"].encode(barcode["messageEncoding"]) == make_pass().ticket.vdv
    assert barcode["altText"] == "2099643"
    assert "barcode" not in document


def test_the_pass_says_how_it_behaves(package: bytes) -> None:
    document = json.loads(files_of(package)["pass.json"])
    assert document["formatVersion"] == 1
    assert document["passTypeIdentifier"] == certificates.TEST_PASS_TYPE
    assert document["teamIdentifier"] == certificates.TEST_TEAM
    assert document["sharingProhibited"] is True
    assert document["expirationDate"] == "2027-07-31T23:59:58+02:00"
    assert document["webServiceURL"] == "https://pass.example/apple"
    assert len(document["authenticationToken"]) >= 16
    assert "relevantDate" not in document  # iOS archived season tickets after that date


def test_keys_of_fields_are_unique_and_no_change_message_is_empty(package: bytes) -> None:
    generic = json.loads(files_of(package)["pass.json"])["generic"]
    fields = [field for part in generic.values() for field in part]
    assert len({field["key"] for field in fields}) == len(fields)
    for field in fields:
        assert field.get("changeMessage", "%@").count("%@") == 1
        assert field["value"]


def test_without_https_there_is_no_web_service(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime
) -> None:
    local = AppleWallet(apple.signer, "http://127.0.0.1:8000")
    document = json.loads(files_of(local.make(make_pass(), DEFAULT_DESIGN, now))["pass.json"])
    assert "webServiceURL" not in document
    assert "authenticationToken" not in document


def test_every_german_word_in_the_pass_has_an_english_one(package: bytes) -> None:
    files = files_of(package)
    english, german = (read_strings(files[f"{language}.lproj/pass.strings"]) for language in ("en", "de"))
    document = json.loads(files["pass.json"])
    labels = {field["label"] for part in document["generic"].values() for field in part}
    assert labels | {document["description"]} <= english.keys() == german.keys()
    assert german["Gültig bis"] == "Gültig bis"
    assert english["Gültig bis"] == "Valid until"


@settings(max_examples=40, deadline=None)
@given(first=st.one_of(st.just(""), names), last=names)
def test_every_name_is_kept_as_written(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime, first: str, last: str
) -> None:
    package = apple.make(make_pass(first_name=first, last_name=last), DEFAULT_DESIGN, now)
    document = json.loads(files_of(package)["pass.json"])
    assert document["generic"]["primaryFields"][0]["value"] == (f"{first} {last}" if first else last)


@settings(max_examples=60, deadline=None)
@given(german=names, english=names)
def test_strings_files_survive_every_text(german: str, english: str) -> None:
    content = strings_file([Text(german, english)], "en")
    assert content.startswith(b"\xfe\xff")
    assert read_strings(content) == {german: english}


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.text("abcä/.@", min_size=1, max_size=9), st.binary(max_size=300), max_size=9))
def test_the_archive_is_read_by_any_zip_reader(files: dict[str, bytes]) -> None:
    fixed = block(list(files.items())[:4])
    package = archive(fixed, block(list(files.items())[4:], after=fixed))
    assert files_of(package) == files


@needs.program("unzip", package="unzip")
def test_unzip_finds_no_fault(package: bytes, tmp_path: Path) -> None:
    (tmp_path / "pass.zip").write_bytes(package)
    assert subprocess.run(["unzip", "-tqq", tmp_path / "pass.zip"], capture_output=True, check=False).returncode == 0


class TestTheCheckBeforeItGoesOut:
    def spoilt(self, package: bytes, **changes: bytes) -> bytes:
        files = files_of(package) | changes
        return archive(block(files.items()))

    def refused(self, apple: AppleWallet, package: bytes, wallet_pass: Pass, now: datetime = NOW) -> None:
        with pytest.raises(BadPass):
            apple.check(package, wallet_pass, now)

    def test_takes_a_good_pass(self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass]) -> None:
        apple.check(package, make_pass(), NOW)

    def test_notices_another_tickets_barcode(
        self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass]
    ) -> None:
        self.refused(apple, package, make_pass(vdv=make_pass().ticket.vdv + b"\x00"))

    def test_notices_a_file_that_is_not_in_the_manifest(
        self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass]
    ) -> None:
        self.refused(apple, self.spoilt(package, more=b"x"), make_pass())

    def test_notices_a_changed_picture(
        self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass]
    ) -> None:
        self.refused(apple, self.spoilt(package, **{"icon.png": b"x"}), make_pass())

    def test_notices_a_changed_manifest(
        self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass]
    ) -> None:
        self.refused(apple, self.spoilt(package, **{"manifest.json": b"{}"}), make_pass())

    def test_notices_a_live_barcode_on_a_revoked_pass(
        self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass], now: datetime
    ) -> None:
        self.refused(apple, package, make_pass(revoked_at=now))

    def test_notices_a_live_barcode_on_a_suspended_pass(
        self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass]
    ) -> None:
        self.refused(apple, package, replace(make_pass(), suspended=True))

    def test_notices_a_live_barcode_after_the_end(
        self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass], now: datetime
    ) -> None:
        self.refused(apple, package, make_pass(), now + timedelta(days=400))

    def test_notices_a_broken_archive(self, apple: AppleWallet, package: bytes, make_pass: Callable[..., Pass]) -> None:
        self.refused(apple, package[:-30], make_pass())

    @pytest.mark.parametrize("place", [10, 200, 2000, -5])
    def test_notices_a_changed_signature(self, apple: AppleWallet, package: bytes, place: int) -> None:
        files = files_of(package)
        signature = bytearray(files["signature"])
        signature[place] ^= 1
        with pytest.raises(NotSigned):
            apple.signer.check(files["manifest.json"], bytes(signature))


def test_an_expired_certificate_signs_nothing(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime
) -> None:
    with pytest.raises(Unavailable):
        apple.make(make_pass(), DEFAULT_DESIGN, now + timedelta(days=400))


def test_pictures_have_apples_sizes() -> None:
    files = pictures(DEFAULT_DESIGN.background, DEFAULT_DESIGN.foreground)
    sizes = {name: Image.open(BytesIO(content)).size for name, content in files.items()}
    assert [sizes[f"icon{scale}.png"] for scale in ("", "@2x", "@3x")] == [(29, 29), (58, 58), (87, 87)]
    assert [sizes[f"logo{scale}.png"] for scale in ("", "@2x", "@3x")] == [(50, 50), (100, 100), (150, 150)]
    assert Image.open(BytesIO(large_logo(DEFAULT_DESIGN.background, DEFAULT_DESIGN.foreground))).size == (660, 660)


def test_a_design_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Invalid):
        Design(foreground=Colour(20, 70, 100))
    with pytest.raises(Invalid):
        Design(issuer=Text("x" * 101, "x"))
    with pytest.raises(Invalid):
        Colour.from_hex("0b3c5d")


def test_specimens_are_in_the_test_range() -> None:
    assert SPECIMEN_ORGANISATION == 0x8000


def test_a_revoked_pass_says_so_in_a_field_that_the_phone_knew_before(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime
) -> None:
    def status(wallet_pass: Pass) -> dict[str, str]:
        generic = json.loads(files_of(apple.make(wallet_pass, DEFAULT_DESIGN, now))["pass.json"])["generic"]
        return next(field for field in generic["backFields"] if field["key"] == "status")

    assert status(make_pass())["value"] == "Ausgestellt"
    assert status(make_pass(revoked_at=now)) | {"changeMessage": "Ihr Ticket: %@"} == status(make_pass(revoked_at=now))
    assert "Gesperrt" in status(make_pass(revoked_at=now))["value"]
    assert "Ausgesetzt" in status(replace(make_pass(), suspended=True))["value"]


def test_a_long_issuer_is_cut_between_words_only_where_a_line_is_short(
    apple: AppleWallet, make_pass: Callable[..., Pass], now: datetime
) -> None:
    name = "Städteregion Aachen, Amt für Schulentwicklung"
    package = apple.make(make_pass(), Design(Text(name, name)), now)
    document = json.loads(files_of(package)["pass.json"])
    assert document["logoText"] == "Städteregion Aachen, Amt für…"
    assert document["organizationName"] == name
    assert Design(Text("x" * 40, "y")).short_issuer.de == "x" * 29 + "…"

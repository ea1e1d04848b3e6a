"""The whole .pkpass: made, signed, and checked as a reader would check it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha1
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from wallet_pass.apple.archive import Block, archive, block
from wallet_pass.apple.archive_reader import files_behind
from wallet_pass.apple.front import Document
from wallet_pass.apple.pass_json import pass_json, texts
from wallet_pass.apple.pictures_of_pass import picture_files
from wallet_pass.apple.signature import NotSigned, Signer
from wallet_pass.apple.strings import strings_file
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass, State

UNLISTED = {"manifest.json", "signature"}
_COMPACT = json.JSONEncoder(separators=(",", ":"))
CHANGING = 3
"""Files that differ from pass to pass: pass.json and the unlisted ones."""
DESIGNS_KEPT = 256
"""In memory, each in a state. Our own choice: few authorities' passes are made at the same time."""


class BadPass(Exception):
    """A pass that a reader would refuse, or that does not bear its ticket. Must never get out."""


@dataclass(frozen=True)
class AppleWallet:
    """Makes passes with one certificate. Safe to use from several threads."""

    signer: Signer
    public_url: str
    web_service_url: str | None = None
    """From which phones fetch newer passes: Wallet accepts https alone. None: they stay as they were made."""

    def make(self, wallet_pass: Pass, design: Design, now: datetime) -> bytes:
        """The signed .pkpass.

        Raises:
            Unavailable: where the certificate has run out.
            BadPass: where the check fails.
        """
        return self.make_all([(wallet_pass, design)], now)[0]

    def make_all(self, passes: Sequence[tuple[Pass, Design]], now: datetime) -> list[bytes]:
        """The signed .pkpass of each.

        Each step for all of them before the next: a signature empties the processor's caches, and what follows it takes
        twice as long (tests/bench/passes.py).

        1. say what the pass shows
        2. list every file with its digest
        3. sign the list
        4. pack
        5. read it back as a phone does

        Raises:
            Unavailable: where the certificate has run out.
            BadPass: where the check of one fails.
        """
        # 1.
        contents = [_COMPACT.encode(self._document(*each, now)).encode() for each in passes]
        # 2.
        fixed = [_fixed_files(design, wallet_pass.state(now)) for wallet_pass, design in passes]
        manifests = [known.manifest % _sha1(each).encode() for known, each in zip(fixed, contents, strict=True)]
        # 3.
        signatures = [self.signer.sign(manifest, now) for manifest in manifests]
        # 4.
        files = zip(contents, manifests, signatures, strict=True)
        packages = [_packed(known, *each) for known, each in zip(fixed, files, strict=True)]
        # 5.
        for package, known, (wallet_pass, _) in zip(packages, fixed, passes, strict=True):
            self._check_made(package, known, wallet_pass, now)
        return packages

    def _document(self, wallet_pass: Pass, design: Design, now: datetime) -> Document:
        return pass_json(
            wallet_pass,
            design,
            wallet_pass.state(now),
            pass_type=self.signer.pass_type,
            team=self.signer.team,
            public_url=self.public_url,
            web_service_url=self.web_service_url,
        )

    def accepts(self, pass_type: str) -> bool:
        """Whether passes of this type are signed here: a phone names the type in its request."""
        return pass_type == self.signer.pass_type

    def check(self, package: bytes, wallet_pass: Pass, now: datetime) -> None:
        """Raises BadPass unless a reader accepts `package` and finds in it exactly this pass's ticket as of `now`."""
        try:
            files = _read(package)
            manifest: dict[str, str] = json.loads(files["manifest.json"])
            self._check_signed(files, wallet_pass, now)
        except (BadZipFile, KeyError, ValueError, NotSigned) as error:
            raise BadPass(str(error)) from error
        if manifest != _listed(files):
            raise BadPass("the manifest does not list exactly the files")

    def _check_made(self, package: bytes, fixed: "_FixedFiles", wallet_pass: Pass, now: datetime) -> None:
        """The same of a package that was made with `fixed`, whose octets were read once: they are compared, and what is
        behind them is read."""
        try:
            files = files_behind(fixed.block, package)
            self._check_signed(files, wallet_pass, now)
        except (KeyError, ValueError, NotSigned) as error:
            raise BadPass(str(error)) from error
        listed = fixed.manifest % _sha1(files["pass.json"]).encode()
        if len(files) != CHANGING or files["manifest.json"] != listed:
            raise BadPass("the manifest does not list exactly the files")

    def _check_signed(self, files: dict[str, bytes], wallet_pass: Pass, now: datetime) -> None:
        """What differs from pass to pass."""
        document: dict[str, Any] = json.loads(files["pass.json"])
        self.signer.check(files["manifest.json"], files["signature"])
        identity = (document["passTypeIdentifier"], document["teamIdentifier"], document["serialNumber"])
        if identity != (self.signer.pass_type, self.signer.team, wallet_pass.serial_number):
            raise BadPass("the pass names another certificate or serial number")
        barcodes = [
            (barcode["format"], barcode["message"].encode(barcode["messageEncoding"]))
            for barcode in document.get("barcodes", [])
        ]
        if barcodes != ([("PKBarcodeFormatAztec", wallet_pass.ticket.vdv)] if wallet_pass.shows_barcode(now) else []):
            raise BadPass("the barcode is not the ticket")
        if document.get("voided", False) is not (wallet_pass.revoked_at is not None):
            raise BadPass("void, but not revoked, or the other way round")


@dataclass(frozen=True)
class _FixedFiles:
    """What is the same in all passes of one design in one state: pictures and translations."""

    block: Block
    manifest: bytes
    """manifest.json with `%s` where the digest of pass.json belongs."""


@lru_cache(maxsize=DESIGNS_KEPT)
def _fixed_files(design: Design, state: State) -> _FixedFiles:
    """Laid out once, and read back once with a reader that is not ours.

    Raises:
        BadPass: where that finds anything else.
    """
    files = picture_files(design, state) | {
        f"{language}.lproj/pass.strings": strings_file(texts(design, state), language) for language in ("de", "en")
    }
    fixed = block(files.items())
    listed = _listed(files)
    if _read(archive(fixed)) != files:
        raise BadPass("the design's files cannot be read back")
    digests = {"pass.json": "%s"} | listed
    return _FixedFiles(fixed, _COMPACT.encode(digests).encode())


def _packed(fixed: _FixedFiles, content: bytes, manifest: bytes, signature: bytes) -> bytes:
    files = (("pass.json", content), ("manifest.json", manifest), ("signature", signature))
    return archive(fixed.block, block(files, after=fixed.block))


def _read(package: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(package)) as reader:
        return {path: reader.read(path) for path in reader.namelist()}


def _listed(files: dict[str, bytes]) -> dict[str, str]:
    """As the manifest must list them."""
    return {path: _sha1(content) for path, content in files.items() if path not in UNLISTED}


def _sha1(content: bytes) -> str:
    """Apple's manifest knows SHA-1 only; the signature over the manifest is made with SHA-256."""
    return sha1(content, usedforsecurity=False).hexdigest()

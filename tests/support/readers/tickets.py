"""What scanners, operators and other programs hand in: codes, pictures, lists, certificates, keys."""

import asyncio
import base64
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import cbor2
from fastapi.exceptions import RequestValidationError
from issuance.api import verifications
from issuance.barcode import picture
from issuance.barcode.refusal import Refusal
from issuance.inspection.picture_child import answer as of_picture
from issuance.lists import compact, delta, delta_v2, issued, status_list, trust_list
from issuance.lists.status_list import Shard, StatusList, bits_of
from issuance.signer import ceremony
from issuance.verification import reading, remembered, trust_folder
from issuance.verification.trust import Trust, Unusable, assemble
from issuance.verification.verifier import Verifier
from shared.errors import Problem
from support.readers.trial import Reader
from wallet_pass.acceptance.specimen import read_spec, ticket_number
from wallet_pass.domain.pictures import PictureKind
from wallet_pass.pictures.child import answer as of_upload

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PKI = ceremony.make(ceremony.Period.around(date(2026, 11, 23)), NOW)
VERIFIER = Verifier(assemble(PKI.certificates.values(), PKI.trust_list, ()))
HEAD = delta.Head(Shard(32838, 416), 1, NOW, NOW + timedelta(days=7))
BITS = bits_of(range(0, 1 << 20, 4001))
STATUS = PKI.signer.sign_status_list(StatusList(Shard(32838, 416), 1, NOW, NOW + timedelta(days=7), BITS))
KEY = PKI.signer.status_key
CODE = 4096


def on_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Of a command that is given a file."""

    def written(content: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            return read(path)

    return written


def either(*reads: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """Several readers of one kind; the first one's refusal is passed on."""

    def each(content: bytes) -> None:
        refused: Exception | None = None
        for read in reads:
            try:
                read(content)
            except (Refusal, Unusable) as error:
                refused = refused or error
        if refused:
            raise refused

    return each


def verified(name: str) -> Callable[[bytes], object]:
    return lambda content: (
        reading.read_file(VERIFIER, name, content, NOW), reading.details(VERIFIER, name, content)
    )  # fmt: skip


def lists(content: bytes) -> None:
    either(
        lambda data: trust_list.parse(trust_list.unwrap(data).payload),
        lambda data: status_list.parse(status_list.unwrap(data).payload),
        lambda data: status_list.parse_v2(status_list.unwrap_v2(data).payload),
        lambda data: delta.parse_snapshot(delta.unwrap_snapshot(data).payload),
        lambda data: delta.parse_delta(delta.unwrap_delta(data).payload),
        lambda data: delta_v2.parse_snapshot(delta_v2.unwrap_snapshot(data).payload),
        lambda data: delta_v2.parse_delta(delta_v2.unwrap_delta(data).payload),
        lambda data: issued.parse(issued.unwrap(data).payload),
    )(content)


def payloads(content: bytes) -> None:
    either(
        trust_list.parse, status_list.parse, status_list.parse_v2, delta.parse_snapshot, delta.parse_delta,
        delta_v2.parse_snapshot, delta_v2.parse_delta, issued.parse,
    )(content)  # fmt: skip


def of_logo(content: bytes) -> bytes:
    return of_upload(content, PictureKind.LOGO)


def base45_of_qr(content: bytes) -> None:
    ticket_number("S1:" + content.decode("latin-1"))


def folder(name: str) -> Callable[[bytes], object]:
    def with_it(content: bytes) -> Trust:
        with tempfile.TemporaryDirectory() as place:
            trust_folder.write(Path(place), PKI.certificates, PKI.trust_list, {})
            (Path(place) / name).write_bytes(content)
            return trust_folder.read(Path(place))

    return with_it


REFUSED = (Refusal, Unusable)
CERTIFICATE = next(iter(PKI.certificates.values()))

TICKETS: dict[str, Reader] = {
    "verification": Reader(
        lambda content: asyncio.run(verifications.read(content)),
        b'{"qr": "S1:A"}',
        (Problem, RequestValidationError),
        150,
    ),
    "verification of a picture": Reader(
        lambda content: asyncio.run(verifications.read(b'{"image": "' + content + b'"}')),
        base64.b64encode(bytes(100_000)),
        (Problem, RequestValidationError),
        150,
        2_000_000,
    ),
    "picture": Reader(of_picture, picture.qr_png("S1:A"), (), 3000, 2_000_000),
    "code as VDV": Reader(partial(VERIFIER.verify_vdv, at=NOW), bytes.fromhex("9e8180") + bytes(128), (), 50, CODE),
    "code as text": Reader(lambda content: reading.read_text(VERIFIER, content, NOW), b"S1:ABC", (), 50, CODE),
    "code of any kind": Reader(
        lambda content: reading.read_code(VERIFIER, content, NOW), b"#UT01" + bytes(90), (), 50, CODE
    ),
    "file to verify": Reader(verified("a.bin"), b"\x9e\x81\x80" + bytes(128), (), 1000),
    "written code to verify": Reader(verified("a.txt"), b"S1:ABC\r\n", (), 1000),
    "named a picture": Reader(verified("a.png"), picture.qr_png("S1:A"), (), 3000, 1_000_000),
    "signed lists": Reader(lists, STATUS, REFUSED, 2000, 1_000_000),
    "lists' claims": Reader(payloads, cbor2.dumps({1: 2, 3: b"x"}, canonical=True), REFUSED, 2000, 1_000_000),
    "compact places": Reader(compact.decode, compact.encode(range(0, 1 << 20, 97)), REFUSED, 4000, 1_000_000),
    "what was seen": Reader(remembered.parse, remembered.NOTHING.encode(), REFUSED, 200),
    "pinned root": Reader(remembered.parse_root, b"aa" * 64, REFUSED, 200),
    "folder: certificates": Reader(folder("certs.ldif"), trust_folder.ldif(PKI.certificates).encode(), REFUSED, 3000),
    "folder: a certificate": Reader(folder("4555564456100106.vdv-cert"), CERTIFICATE, REFUSED, 1000),
    "folder: trust list": Reader(folder(trust_folder.TRUST_LIST), PKI.trust_list, REFUSED, 1000),
    "picture of a pass": Reader(of_logo, picture.qr_png("S1:A"), (), 3000, 2_000_000),
    "wallet specimen": Reader(on_file("spec.json", read_spec), json.dumps([]).encode(), (ValueError,), 1000),
    "ticket's number": Reader(base45_of_qr, b"ABC", (ValueError,), 1000, CODE),
}

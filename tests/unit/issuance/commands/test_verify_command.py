"""`issuance verify`: files as people keep them, and a folder that is another's, older, or lacks a list."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from issuance.barcode import picture
from issuance.commands import app
from issuance.domain.ticket import SignedTicket, Ticket
from issuance.lists import trust_list, two_bits
from issuance.lists.status_list import StatusList, bits_of, shard_of
from issuance.lists.two_bits import Places
from issuance.signer.ceremony import Pki
from issuance.verification import trust_folder
from issuance.verification.trust import public_key
from PIL import Image
from support.issuance.example import DURING, make_pki
from typer.testing import CliRunner

AT = "2026-11-23T12:00"
LASTS = timedelta(days=7)


def folder_of(
    folder: Path, pki: Pki, ticket: Ticket, *, version: int = 1, epoch: int = 1, dead: tuple[int, ...] = ()
) -> Path:
    shard = shard_of(ticket.terms.organisation_id, ticket.number)
    sign = pki.signer.sign_status_list
    one = sign(StatusList(shard, version, DURING, DURING + LASTS, bits_of(dead)))
    two = sign(StatusList(shard, version, DURING, DURING + LASTS, two_bits.bits_of(Places(dead, [])), epoch))
    name = str(shard)
    trust_folder.write(folder, pki.certificates, pki.trust_list, {name: one}, statuses_v2={name: two})
    return folder


@pytest.fixture
def trust_of(tmp_path: Path, pki: Pki, ticket: Ticket) -> Callable[..., Path]:
    count = iter(range(100))
    return lambda **changes: folder_of(tmp_path / f"trust-{next(count)}", pki, ticket, **changes)


def verify(file: Path, trust: Path, *more: str | Path) -> tuple[int, dict[str, object]]:
    arguments = ["verify", str(file), "--trust", str(trust), "--at", AT, "--json", *map(str, more)]
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, json.loads(result.stdout)


def picture_of(signed: SignedTicket, kind: str) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture.qr_png(signed.qr))).convert("L").save(out, kind)
    return out.getvalue()


def written(signed: SignedTicket) -> dict[str, bytes]:
    qr, vdv = signed.qr, signed.vdv
    return {
        "bom.txt": b"\xef\xbb\xbf" + qr.encode(), "notepad.txt": qr.encode("utf-16"), "utf16le.txt": qr.encode("utf-16-le"),
        "utf16be.txt": (qr + "\r\n").encode("utf-16-be"), "blank.txt": b"  \t" + qr.encode() + b"  \r\n\r\n", "quotes.txt": f'"{qr}"\n'.encode(),
        "german.txt": f"„{qr}“".encode(), "cr.txt": qr.encode() + b"\r", "tab.txt": qr.encode() + b"\t", "lf": qr.encode() + b"\n",
        "lines.txt": b"\r\n".join(qr.encode()[at : at + 76] for at in range(0, len(qr), 76)),
        "base64.txt": base64.b64encode(vdv), "mime.b64": base64.encodebytes(vdv), "url.txt": base64.urlsafe_b64encode(vdv).rstrip(b"="),
        "hex.txt": vdv.hex().encode(), "upper.hex": vdv.hex(" ").upper().encode() + b"\r\n", "colons.txt": vdv.hex(":").encode(),
        "base64.bin": base64.b64encode(vdv), "text.bin": qr.encode(), "bytes.dat": vdv, "bytes.txt": vdv,
        "shot.webp": picture_of(signed, "WEBP"), "shot.gif": picture_of(signed, "GIF"), "named-wrong.png": picture_of(signed, "WEBP"),
        "no-ending": picture_of(signed, "PNG"),
    }  # fmt: skip


def test_what_people_keep_of_a_code_is_read(
    tmp_path: Path, trust_of: Callable[..., Path], signed: SignedTicket
) -> None:
    trust = trust_of()
    for name, data in written(signed).items():
        (tmp_path / name).write_bytes(data)
        assert verify(tmp_path / name, trust)[1]["verdict"] == "valid", name


def others(signed: SignedTicket) -> dict[str, bytes]:
    box = b"\0\0\0\x20ftypavif\0\0\0\0"
    return {
        "a.bmp": picture_of(signed, "BMP"), "a.tiff": picture_of(signed, "TIFF"), "a.avif": box, "a.heic": box, "notice.pdf": b"%PDF-1.7\n%\xe2",
        "pass.pkpass": b"PK\x03\x04" + bytes(40), "a.svg": b"<svg xmlns='x'/>", "a.html": b"<!doctype html>", "a.bin": b"%PDF-1.7", "a.txt": b"PK\x03\x04\0",
        "a.png": picture_of(signed, "BMP"), "noise": bytes(range(256)), "empty": b"",
    }  # fmt: skip


def test_files_of_another_kind_are_named_for_what_they_are_and_no_wrong_ticket(
    tmp_path: Path, trust_of: Callable[..., Path], signed: SignedTicket
) -> None:
    trust = trust_of()
    for name, data in others(signed).items():
        (tmp_path / name).write_bytes(data)
        assert verify(tmp_path / name, trust) == (
            2,
            {"verdict": "unreadable", "reasons": ["unsupported_file"], "ticket": None},
        ), name


def test_what_is_text_or_a_damaged_picture_keeps_its_own_reason(
    tmp_path: Path, trust_of: Callable[..., Path], signed: SignedTicket
) -> None:
    trust = trust_of()
    line_end = signed.vdv + b"\r\n"
    for name, data, reason in (
        ("a.txt", b"https://example.org", "not_a_schulticket_qr"), ("a", b"https://example.org", "not_a_ticket"), ("a.txt", b"\xff\xfe\xfd", "not_a_schulticket_qr"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "not_a_picture"), ("a.bin", b"#UT01", "not_a_vdv_ticket"), ("a.bin", line_end, "line_end_after_code"), ("a", line_end, "line_end_after_code"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(data)
        code, answer = verify(tmp_path / name, trust)
        assert (code, answer["verdict"], answer["reasons"]) == (2, "unreadable", [reason]), (name, data)


# folders


@pytest.fixture
def code(tmp_path: Path, signed: SignedTicket) -> Path:
    (tmp_path / "t.bin").write_bytes(signed.vdv)
    return tmp_path / "t.bin"


def test_whoever_leaves_out_a_list_makes_no_revoked_ticket_green(
    code: Path, trust_of: Callable[..., Path], ticket: Ticket
) -> None:
    trust = trust_of(dead=(ticket.number & 0xFFFFF,))
    assert verify(code, trust)[0] == 1 and verify(code, trust)[1]["verdict"] == "revoked"
    for folder in ("status", "status-v2"):
        for file in (trust / folder).iterdir():
            file.unlink()
        expected = "revoked" if folder == "status" else "status_unchecked"
        assert verify(code, trust)[1]["verdict"] == expected and verify(code, trust)[0] == 1
    assert verify(code, trust, "--status", "optional") == (0, {**verify(code, trust)[1], "verdict": "valid"})


def test_a_root_is_pinned_in_any_of_its_forms(
    tmp_path: Path, code: Path, trust_of: Callable[..., Path], pki: Pki
) -> None:
    trust, point = trust_of(), pki.trust_root.point
    pem = public_key(point).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content in (point, point.hex().encode() + b"\n", pem, pki.trust_list):
        (tmp_path / "root").write_bytes(content)
        assert verify(code, trust, "--root", tmp_path / "root")[0] == 0
    (tmp_path / "root").write_bytes(make_pki().trust_list)
    status, answer = verify(code, trust, "--root", tmp_path / "root")
    assert (status, answer["error"]) == (3, "other_issuer")
    (tmp_path / "root").write_bytes(b"no root")
    assert verify(code, trust, "--root", tmp_path / "root")[1]["error"] == "root_unreadable"
    (tmp_path / "root").write_bytes(point)
    (trust / "trust-list.cose").unlink()
    for folder in ("status", "status-v2"):
        for file in (trust / folder).iterdir():
            file.unlink()
    assert verify(code, trust, "--root", tmp_path / "root")[1]["error"] == "trust_list_missing"


def test_older_lists_than_were_seen_are_refused_and_what_was_seen_stays(
    tmp_path: Path, code: Path, trust_of: Callable[..., Path], pki: Pki
) -> None:
    state = tmp_path / "seen.json"

    def told(trust: Path) -> str:
        status, answer = verify(code, trust, "--state", state)
        assert status == (3 if "error" in answer else 0)
        return str(answer.get("error", answer.get("verdict")))

    old = trust_of(version=4)
    assert [told(old), told(trust_of(version=5)), told(old)] == ["valid", "valid", "rollback"]
    kept = state.read_bytes()
    assert told(trust_of(version=5, dead=(9,))) == "fork"
    assert told(trust_of(version=6, epoch=2)) == "valid" and told(trust_of(version=7, epoch=1)) == "rollback"
    assert state.read_bytes() != kept
    newer = replace(trust_list.parse(trust_list.unwrap(pki.trust_list).payload), version=2)
    trust = trust_of(version=8, epoch=2)
    plain = (trust / "trust-list.cose").read_bytes()
    (trust / "trust-list.cose").write_bytes(newer.sign(pki.trust_root.key_id, pki.trust_root.sign))
    assert told(trust) == "valid"
    (trust / "trust-list.cose").write_bytes(plain)
    assert told(trust) == "rollback"
    state.write_text("{}")
    assert told(trust) == "state_unreadable"


def test_a_folder_of_another_issuer_is_refused_by_what_was_seen(
    tmp_path: Path, code: Path, trust_of: Callable[..., Path], ticket: Ticket
) -> None:
    state = tmp_path / "seen.json"
    assert verify(code, trust_of(), "--state", state)[0] == 0
    stranger = folder_of(tmp_path / "stranger", make_pki(), ticket)
    assert verify(code, stranger, "--state", state)[1]["error"] == "other_issuer"

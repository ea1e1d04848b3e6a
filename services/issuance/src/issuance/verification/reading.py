"""From what a scanner or a command is given (bytes, text, picture) to a verdict."""

from datetime import datetime
from typing import Any

from issuance.barcode import picture
from issuance.barcode.qr.ticket import PREFIX
from issuance.barcode.refusal import Refusal
from issuance.barcode.vdv import envelope, message
from issuance.barcode.vdv.describe import describe
from issuance.barcode.vdv.envelope import MARK, SEVERAL, Envelope
from issuance.domain.verdict import Finding, Verdict, most_serious
from issuance.verification.verifier import Verifier

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


def read_picture(verifier: Verifier, data: bytes, at: datetime) -> Finding:
    """The worst ticket among the codes of a PNG or JPEG picture."""
    try:
        contents = picture.read(data)
    except Refusal as refusal:
        return Finding(Verdict.UNREADABLE, (refusal.reason,))
    return most_serious([read_code(verifier, content, at) for content in contents])


def read_code(verifier: Verifier, content: bytes, at: datetime) -> Finding:
    """The content of one code: a VDV ticket by its first bytes, else the text of a QR code."""
    if content.startswith((MARK, SEVERAL)):
        return verifier.verify_vdv(content, at)
    if content.startswith(PREFIX.encode()):
        return read_text(verifier, content, at)
    return Finding(Verdict.UNREADABLE, ("not_a_ticket",))


def read_text(verifier: Verifier, content: bytes, at: datetime) -> Finding:
    """A QR code's text. A line end that an editor added is taken away; spaces belong to base45 and stay."""
    try:
        text = content.decode("ascii").rstrip("\r\n")
    except UnicodeDecodeError:
        return Finding(Verdict.UNREADABLE, ("not_a_schulticket_qr",))
    return verifier.verify_qr(text, at)


def read_file(verifier: Verifier, name: str, data: bytes, at: datetime) -> Finding:
    """A file by its ending: .txt is QR text, .bin a code's bytes, .png, .jpg, .jpeg pictures; others by content."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("png", "jpg", "jpeg") or data.startswith((_PNG, _JPEG)):
        return read_picture(verifier, data, at)
    if ending == "txt":
        return read_text(verifier, data, at)
    if ending == "bin":
        return verifier.verify_vdv(data, at)
    return read_code(verifier, data, at)


def details(verifier: Verifier, name: str, data: bytes) -> list[dict[str, Any]]:
    """Every field of the VDV tickets of a file, by signature genuine; none for what is not. No verdict."""
    found = []
    for content in picture.read(data) if name.lower().endswith((".png", ".jpg", ".jpeg")) else (data,):
        try:
            for outer in envelope.parse_all(content):
                if isinstance(outer, Envelope):
                    opened, module = verifier.open_vdv(outer)
                    found.append(describe(message.parse(opened), module))
        except Refusal:
            continue
    return found

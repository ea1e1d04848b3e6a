"""From what a scanner or a command is given (bytes, text, picture) to a verdict."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from issuance.barcode import picture
from issuance.barcode.qr.ticket import PREFIX
from issuance.barcode.refusal import Refusal
from issuance.barcode.vdv import envelope, message
from issuance.barcode.vdv.describe import describe
from issuance.barcode.vdv.envelope import MARK, SEVERAL, Envelope
from issuance.domain.verdict import Verdict, VerificationResult, most_serious
from issuance.verification import written
from issuance.verification.verifier import Verifier

_PICTURE_NAMES = ("png", "jpg", "jpeg", "webp", "gif")
_LINE_END = b"\r\n\t"
_UIC = re.compile(rb"#UT0[12][0-9A-Za-z]{4}|[\x01\x81]\x55[\x62-\x65]")
"""How railways' tickets begin: UIC 918.3 with its company's number, and the newer ones in packed bits (`U1`, `U2`)."""


def read_picture(
    verifier: Verifier, data: bytes, at: datetime, read: Callable[[bytes], tuple[bytes, ...]] = picture.read
) -> VerificationResult:
    """The worst ticket among the codes of a picture (PNG, JPEG, WEBP, GIF).

    Args:
        read: where pictures are decoded.
    """
    if written.is_other_file(data) and not picture.is_picture(data):
        return VerificationResult(Verdict.UNREADABLE, ("unsupported_file",))
    try:
        contents = read(data)
    except Refusal as refusal:
        return VerificationResult(Verdict.UNREADABLE, (refusal.reason,))
    return most_serious([read_code(verifier, content, at) for content in contents])


def read_code(verifier: Verifier, content: bytes, at: datetime) -> VerificationResult:
    """The content of one code: a VDV ticket by its first bytes, else the text of a QR code.

    A railway's ticket (UIC) is another issuer's, which nobody can check here; that is no fault of its bearer.
    """
    if content.startswith((MARK, SEVERAL)):
        return verifier.verify_vdv(content, at)
    if content.startswith(PREFIX.encode()):
        return read_text(verifier, content, at)
    if _UIC.match(content):
        return VerificationResult(Verdict.UNKNOWN_ISSUER, ("uic_ticket",))
    return VerificationResult(Verdict.UNREADABLE, ("not_a_ticket",))


def read_text(verifier: Verifier, content: bytes, at: datetime) -> VerificationResult:
    """A QR code's text. A line end that editors and scanners add is taken away; spaces belong to base45, and stay."""
    try:
        text = content.decode("ascii").rstrip(_LINE_END.decode())
    except UnicodeDecodeError:
        return VerificationResult(Verdict.UNREADABLE, ("not_a_schulticket_qr",))
    return verifier.verify_qr(text, at)


def read_file(verifier: Verifier, name: str, data: bytes, at: datetime) -> VerificationResult:
    """A picture, a code's bytes or what was written down of a code, by content; the name's ending decides the rest.

    What is none of them is not called a wrong ticket: `unsupported_file`.
    """
    ending = name.lower().rpartition(".")[2]
    # 1. What the first bytes say.
    if picture.is_picture(data):
        return read_picture(verifier, data, at)
    if written.is_other_file(data):
        return VerificationResult(Verdict.UNREADABLE, ("unsupported_file",))
    if written.is_vdv(data):
        return verifier.verify_vdv(data, at)
    if _UIC.match(data):
        return read_code(verifier, data, at)
    # 2. What somebody wrote down of a code: its text, or its bytes in base64 or hex.
    content = written.code_of(data)
    if content is not None:
        return read_code(verifier, content, at)
    # 3. By its name it should be one of these, and says that it is damaged.
    if ending in _PICTURE_NAMES:
        return read_picture(verifier, data, at)
    if ending == "txt":
        return VerificationResult(Verdict.UNREADABLE, ("not_a_schulticket_qr",))
    if ending == "bin":
        return verifier.verify_vdv(data, at)
    return VerificationResult(Verdict.UNREADABLE, ("not_a_ticket" if written.text_of(data) else "unsupported_file",))


def details(verifier: Verifier, name: str, data: bytes) -> list[dict[str, Any]]:
    """Every field of the VDV tickets of a file, by signature genuine; none for what is not. No verdict."""
    found = []
    for content in _contents(name, data):
        try:
            for outer in envelope.parse_all(content):
                if isinstance(outer, Envelope):
                    opened, module = verifier.open_vdv(outer)
                    found.append(describe(message.parse(opened), module))
        except Refusal:
            continue
    return found


def _contents(name: str, data: bytes) -> tuple[bytes, ...]:
    if not picture.is_picture(data) and not name.lower().endswith(_PICTURE_NAMES):
        return (written.code_of(data) or data,)
    try:
        return picture.read(data)
    except Refusal:
        return ()

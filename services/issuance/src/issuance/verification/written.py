"""What people keep of a code in a file: its text as editors and scanners write it, or its bytes in base64 or hex. Pure.

And which files are of another kind altogether: a wallet's pass or a PDF is no forged ticket.
"""

import base64
import codecs
import re

from issuance.barcode.qr.ticket import PREFIX
from issuance.barcode.vdv.envelope import MARK, SEVERAL

MOST_TEXT_BYTES = 64_000
_OTHERS = re.compile(
    rb"%PDF|PK\x03\x04|BM..\0\0|BM....\0\0\0\0|II\x2a\0|MM\0\x2a|....ftyp|\0\0\x01\0|8BPS|<svg|<\?xml|<!DOCTYPE|<html|Rar!"
    rb"|7z\xbc\xaf|\x1f\x8b|\xff\x0a|\0\0\0\x0cJXL |RIFF|ID3|\x7fELF|MZ|\{\\rtf|%!PS",
    re.DOTALL | re.IGNORECASE,
)
"""First bytes of PDF, ZIP (.pkpass, .docx), BMP, TIFF, AVIF and HEIC, ICO, PSD, SVG, HTML and what else is sent."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_QUOTES = "\"'`´„“”‚‘’«»‹›"
_BREAKS = str.maketrans("", "", "\r\n\t\f\v\0")


def is_other_file(data: bytes) -> bool:
    """Whether it begins like a file of another kind (a picture, a PDF): then it is no written code."""
    return _OTHERS.match(data) is not None


def is_vdv(data: bytes) -> bool:
    """The mark at the beginning of a text in UTF-8 begins like several tickets in one code, but never is one."""
    return data.startswith((MARK, SEVERAL)) and not data.startswith(codecs.BOM_UTF8)


def code_of(data: bytes) -> bytes | None:
    """The code that a text file holds, or None: what follows `S1:`, or a VDV ticket's bytes in hex or base64."""
    text = text_of(data)
    if text is None:
        return None
    # base45 has spaces, but neither at its beginning nor at its end (no group of a ticket's length ends with one)
    plain = text.translate(_BREAKS).strip(" \u00a0" + _QUOTES)
    if plain.startswith(PREFIX):
        return plain.encode("ascii", "replace")
    compact = re.sub(r"[\s:]", "", plain).removeprefix("0x")
    for decode in (bytes.fromhex, _base64):
        try:
            content = decode(compact)
        except ValueError:
            continue
        if is_vdv(content):
            return content
    return None


def text_of(data: bytes) -> str | None:
    """UTF-8 or UTF-16, with or without a mark at its beginning; None for what is no text."""
    if not data or len(data) > MOST_TEXT_BYTES:
        return None
    encoding, start = _encoding_of(data)
    try:
        text = data[start:].decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if all(letter.isprintable() or letter.isspace() for letter in text) else None


def _encoding_of(data: bytes) -> tuple[str, int]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:64]
    if len(data) >= 4 and not any(head[1::2]):
        return "utf-16-le", 0
    if len(data) >= 4 and not any(head[::2]):
        return "utf-16-be", 0
    return "utf-8", 0


def _base64(text: str) -> bytes:
    standard = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)

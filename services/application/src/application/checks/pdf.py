"""A PDF, read as bytes: a parser of the whole format would itself be what a hostile file aims at. Pure.

Found are the names that active content cannot do without (ISO 32000-2, 12.6, 7.11.4, 12.7.8), also written with escapes
and inside compressed streams. Readers take a header within the first 1,024 bytes and look for the end mark from behind
(ISO 32000-1, annex H, notes 13 and 18), so what a mail program, web server or printer wrote around it is no fault.
"""

import re
import zlib
from collections.abc import Iterator

from application.checks.faults import Fault
from application.checks.second_files import is_another_file, is_text

LONGEST_INFLATED = 8 * 1024 * 1024
LONGEST_INFLATED_IMAGE = 256 * 1024
LONGEST_INFLATED_TOGETHER = 64 * 1024 * 1024
"""Bytes. Our own choice: a bomb of compressed nothing costs at most about half a second."""
LONGEST_AROUND = 1024
"""Bytes that may stand before the header, and behind the end apart from filling."""

ACTIVE = frozenset(
    (b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"XFA", b"SubmitForm", b"ImportData",
     b"Rendition")
)  # fmt: skip

_HEADER = re.compile(rb"%PDF-[12]\.")
_FILLING = b"\0\t\n\f\r \x1a"
_OBJECT = re.compile(rb"\d+ \d+ obj\b")
_NAME = re.compile(rb"/((?:[A-Za-z0-9]|#[0-9A-Fa-f]{2}){2,60})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_STRING = re.compile(rb"\([^()<>\\\r\n]*\)")
"""A literal string so plain that a reader cannot take it for anything else: without line break (it would end a comment
that hides the bracket), without `<` and `>` (an action is a dictionary), brackets and escapes."""


def header_at(content: bytes) -> int | None:
    """Where the header stands, if only text stands before it."""
    found = _HEADER.search(content, 0, LONGEST_AROUND + 8)
    if found is None:
        return None
    before = content[: found.start()]
    return found.start() if is_text(before) and not is_another_file(before) else None


def fault_of_pdf(content: bytes) -> Fault | None:
    if fault := _fault_of_end(content):
        return fault
    if fault := _fault_of_names(content):
        return fault
    together = 0
    for dictionary, body in _streams(content):
        found = _names(dictionary)
        packed = b"FlateDecode" in found or b"Fl" in found
        if b"ObjStm" in found and not (packed and b"DecodeParms" not in found and b"ASCII85Decode" not in found):
            return Fault.PACKED
        if not packed:
            continue
        most = LONGEST_INFLATED_IMAGE if b"Image" in found else LONGEST_INFLATED
        inflated, all_of_it = _inflated(body, most)
        together += len(inflated)
        if together > LONGEST_INFLATED_TOGETHER or not (all_of_it or b"Image" in found):
            return Fault.PACKED
        if fault := _fault_of_names(inflated):
            return fault
    return None


def _fault_of_end(content: bytes) -> Fault | None:
    """An end mark with its pointer before it, and behind it nothing but filling and a little text."""
    end = content.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in content[max(0, end - 2 * LONGEST_AROUND) : end]:
        return Fault.CUT_OFF
    rest = content[end + 5 :].strip(_FILLING)
    if is_another_file(rest):
        return Fault.TWO_IN_ONE
    if _OBJECT.search(rest):  # a change was appended, and its end is missing
        return Fault.CUT_OFF
    return None if len(rest) <= LONGEST_AROUND and is_text(rest) else Fault.MORE_BEHIND


def _fault_of_names(text: bytes) -> Fault | None:
    found = _names(_STRING.sub(b"()", text))
    if b"Encrypt" in found:
        return Fault.LOCKED
    return Fault.ACTIVE if found & ACTIVE else None


def _names(text: bytes) -> set[bytes]:
    """PDF names, their escapes (`/J#61vaScript`) undone."""
    found = set(_NAME.findall(text))
    return {_ESCAPE.sub(lambda each: bytes((int(each[1], 16),)), name) for name in found}


def _streams(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The dictionary before each stream, and its body."""
    at = 0
    while begin := _STREAM.search(content, at):
        end = content.find(b"endstream", begin.end())
        end = len(content) if end < 0 else end
        yield content[max(at, begin.start() - 4096) : begin.start()], content[begin.end() : end]
        at = end + len(b"endstream")


def _inflated(body: bytes, most: int) -> tuple[bytes, bool]:
    """As far as it can be unpacked, at most `most` bytes; and whether that was all."""
    unpacking = zlib.decompressobj()
    try:
        return unpacking.decompress(body, most), not unpacking.unconsumed_tail
    except zlib.error:
        return b"", True

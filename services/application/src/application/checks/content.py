"""What a file is, by its content alone: name and announced type are only said. Pure.

Allowed are PDF, JPEG, PNG and HEIC. A file that is two things at once (a picture with an archive behind it), that is
cut off, or that could act when it is opened is refused. A PDF is read as bytes, not by a parser of the whole format: a
parser would itself be what a hostile file aims at. Found are the names that active content cannot do without
(ISO 32000-2, 12.6, 7.11.4, 12.7.8), also written with escapes and inside compressed streams. What is kept is offered
as a download all the same, never inside a page.
"""

import re
import zlib
from collections.abc import Iterator
from enum import Enum

LONGEST_INFLATED = 8 * 1024 * 1024
LONGEST_INFLATED_IMAGE = 256 * 1024
LONGEST_INFLATED_TOGETHER = 64 * 1024 * 1024
"""Bytes. Our own choice: a bomb of compressed nothing costs at most about half a second."""
HEAD = 1024
"""Bytes at the beginning in which readers look for a format's mark."""

PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
MEDIA_TYPES = (PDF, JPEG, PNG, HEIC)
ACTIVE = frozenset(
    (b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"XFA", b"SubmitForm", b"ImportData",
     b"Rendition")
)  # fmt: skip
HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"))
"""ISO/IEC 23008-12: still pictures and sequences coded by HEVC. `mif1` and `msf1` alone do not say by what."""

_NAME = re.compile(rb"/((?:[A-Za-z0-9]|#[0-9A-Fa-f]{2}){2,60})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_MARKUP = re.compile(rb"<(?:script|html|!doctype|svg|iframe|\?php)", re.IGNORECASE)


class Fault(Enum):
    EMPTY = "empty"
    UNKNOWN = "unknown"
    CUT_OFF = "cut_off"
    TWO_IN_ONE = "two_in_one"
    ACTIVE = "active"
    """A PDF with a program, an attachment or a form that sends itself."""
    LOCKED = "locked"
    """A PDF with a password: nobody could read it, and nothing can be checked."""
    PACKED = "packed"
    """So packed that it cannot be checked."""


def examine(content: bytes) -> str | Fault:
    """The media type, or what speaks against the file."""
    if not content:
        return Fault.EMPTY
    for begins, media_type, fault_of in (
        (content.startswith((b"%PDF-1.", b"%PDF-2.")), PDF, _fault_of_pdf),
        (content.startswith(b"\xff\xd8\xff"), JPEG, _fault_of_jpeg),
        (content.startswith(b"\x89PNG\r\n\x1a\n"), PNG, _fault_of_png),
        (content[4:8] == b"ftyp" and _is_heic(content), HEIC, _fault_of_heic),
    ):
        if begins:
            return _second_nature(content, media_type) or fault_of(content) or media_type
    return Fault.UNKNOWN


def _second_nature(content: bytes, media_type: str) -> Fault | None:
    head = content[:HEAD]
    if _MARKUP.search(head) or (media_type != PDF and b"%PDF-" in head) or _ends_as_archive(content):
        return Fault.TWO_IN_ONE
    return None


def _ends_as_archive(content: bytes) -> bool:
    """A ZIP is found by its end record, whose comment reaches to the end of the file."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 22 - 65_535))
    if at < 0 or at + 22 > len(content):
        return False
    return at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") == len(content)


def _fault_of_jpeg(content: bytes) -> Fault | None:
    """Marker by marker to the picture's data, and an end of image behind it. Phones put more behind that end (a depth
    map, a second's film), so it may."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        at += 2 + length
        if marker == 0xDA:
            return None if content.find(b"\xff\xd9", at) >= 0 else Fault.CUT_OFF
    return Fault.CUT_OFF


def _fault_of_png(content: bytes) -> Fault | None:
    """Chunk by chunk with its checksum; nothing stands behind IEND."""
    at = 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        end = at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            return Fault.CUT_OFF
        if content[at + 4 : at + 8] == b"IEND":
            return None if end == len(content) else Fault.TWO_IN_ONE
        at = end
    return Fault.CUT_OFF


def _is_heic(content: bytes) -> bool:
    size = int.from_bytes(content[:4], "big")
    brands = {content[at : at + 4] for at in (8, *range(16, min(size, 256), 4))}
    return 16 <= size <= len(content) and bool(brands & HEIC_BRANDS)


def _fault_of_heic(content: bytes) -> Fault | None:
    """Box by box (ISO/IEC 14496-12) exactly to the end."""
    at, kinds = 0, set()
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        kinds.add(kind)
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0:
            at = len(content)
        elif size < 8:
            return Fault.CUT_OFF
        else:
            at += size
    return None if at == len(content) and b"meta" in kinds else Fault.CUT_OFF


def _fault_of_pdf(content: bytes) -> Fault | None:
    end = content.rfind(b"%%EOF", max(0, len(content) - HEAD))
    if end < 0 or b"startxref" not in content[-2 * HEAD :]:
        return Fault.CUT_OFF
    if content[end + 5 :].strip(b"\0\t\n\f\r "):
        return Fault.TWO_IN_ONE
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


def _fault_of_names(text: bytes) -> Fault | None:
    found = _names(text)
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

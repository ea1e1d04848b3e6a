"""What a picture carries beside itself (place, time, owner, a film, what was cropped), taken out undecoded. Pure.

A photograph of a certificate shows what the authority needs; where the family's telephone was is nobody's business
(Art. 5 (1) (c) GDPR). Kept are the picture's own data, its colours, and which side is up. In a PDF only the pictures
are looked at, byte for byte in place, and nothing where it is signed.
"""

import re
import zlib

from application.checks import heic, pictures
from application.checks.content import HEIC, JPEG, PDF, PNG

_COLOURS = frozenset(
    (
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"bKGD",
        b"pHYs",
        b"hIST",
        b"sPLT",
        b"cICP",
        b"mDCV",
        b"cLLI",
    )
)
"""PNG's chunks (third edition, 11.3) that say how the picture looks; others say what was noted about it."""
_PICTURE_BOXES = frozenset((b"ftyp", b"meta", b"mdat", b"free", b"skip"))
_NOTED_ITEMS = (b"Exif", b"mime", b"uri ")
_ORIENTATION = 0x0112
_EMPTY_TIFF = b"MM\0*\0\0\0\x08\0\0\0\0\0\0"
_PDF_JPEG = re.compile(rb"stream\r?\n(?=\xff\xd8\xff)")


def without_private_data(content: bytes, media_type: str) -> bytes:
    """For a file in which `examine` found no fault. Once more changes nothing."""
    return {JPEG: _jpeg, PNG: _png, HEIC: _heic, PDF: _pdf}[media_type](content)


def _jpeg(content: bytes) -> bytes:
    parts, up = [], 1
    found = pictures.jpeg_segments(content)
    for each in found:
        part = content[each.start : each.end]
        if each.marker == 0xE1 and part[4:10] == b"Exif\0\0":
            up = _orientation(part[10:]) or up
        if _is_picture(each.marker, part):
            parts.append(part)
    if found[-1].marker != pictures.END:  # a scan that cannot be followed: as it is
        parts.append(content[found[-1].end :])
    if up != 1:
        exif = b"Exif\0\0" + _tiff(up)
        head = 2 if len(parts) > 1 and parts[1][1] == 0xE0 else 1
        parts.insert(head, b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif)
    return b"".join(parts)


def _is_picture(marker: int, part: bytes) -> bool:
    """Not what was noted about it; colour profile, colour transform and the mark of the format belong to it."""
    if 0xE0 <= marker <= 0xEF:
        return part[4:].startswith({0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}.get(marker, b"none\0"))
    return marker != 0xFE


def _png(content: bytes) -> bytes:
    parts = [pictures.PNG_MARK]
    for each in pictures.png_chunks(content) or ():
        part = content[each.start : each.end]
        if each.kind == b"eXIf" and (up := _orientation(part[8:-4])) and up != 1:
            parts.append(_chunk(b"eXIf", _tiff(up)))
        elif each.kind[0] & 0x20 == 0 or each.kind in _COLOURS:
            parts.append(part)
    return b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return len(data).to_bytes(4, "big") + kind + data + checksum.to_bytes(4, "big")


def _heic(content: bytes) -> bytes:
    """In place, because the table of items counts bytes from the beginning; what lies behind the boxes goes."""
    top = list(heic.boxes(content))
    kept = bytearray(content[: top[-1].end])
    for box in top:
        if box.kind not in _PICTURE_BOXES:
            kept[box.start + 4 : box.start + 8] = b"free"
            kept[box.content : box.end] = bytes(box.end - box.content)
    noted, picture = _told_apart(heic.items(content, top))
    for kind, begin, end in noted:
        is_ours = any(box.content <= begin and end <= box.end for box in top if box.kind in (b"mdat", b"meta"))
        if is_ours and not any(start < end and begin < stop for start, stop in picture):
            filling = b"\0\0\0\0" + _EMPTY_TIFF if kind == b"Exif" and end - begin >= 18 else b""
            kept[begin:end] = filling.ljust(end - begin, b" " if kind == b"mime" else b"\0")
    return bytes(kept)


def _told_apart(items: list[heic.Item]) -> tuple[list[tuple[bytes, int, int]], list[tuple[int, int]]]:
    """What was noted about the picture, with its kind; and the picture's own bytes, which are never touched."""
    noted = [(item.kind, *each) for item in items if item.kind in _NOTED_ITEMS for each in item.extents]
    return noted, [each for item in items if item.kind not in _NOTED_ITEMS for each in item.extents]


def _pdf(content: bytes) -> bytes:
    if b"/ByteRange" in content:  # a signature is over the bytes as they are
        return content
    kept = bytearray(content)
    for begin in _PDF_JPEG.finditer(content):
        if b"/DCT" not in content[max(0, begin.start() - 4096) : begin.start()]:
            continue
        end = content.find(b"endstream", begin.end())
        for each in pictures.jpeg_segments(content[begin.end() : end if end >= 0 else len(content)]):
            start, stop = begin.end() + each.start, begin.end() + each.end
            if each.marker not in (pictures.START, pictures.END) and not _is_picture(each.marker, content[start:stop]):
                kept[start + 4 : stop] = bytes(stop - start - 4)
    return bytes(kept)


def _orientation(tiff: bytes) -> int | None:
    """1 to 8 (Exif 2.32, table 4), from the first directory."""
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return None

    def number(at: int, width: int) -> int:
        return int.from_bytes(tiff[at : at + width], "little" if tiff[:1] == b"I" else "big")

    first = number(4, 4)
    for at in range(first + 2, first + 2 + 12 * number(first, 2), 12):
        if number(at, 2) == _ORIENTATION:
            found = number(at + 8, 2)
            return found if 1 <= found <= 8 else None
        if at > len(tiff):
            return None
    return None


def _tiff(up: int) -> bytes:
    """A directory that says nothing else."""
    return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + up.to_bytes(2, "big") + b"\0\0\0\0\0\0"

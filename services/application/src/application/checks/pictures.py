"""JPEG and PNG, part by part, without decoding the picture. Pure.

Telephones put more behind the end (a depth map, a second's film, the rest of a picture that was cropped): it is no
fault, and it is not kept (`private_data`).
"""

import re
import zlib
from dataclasses import dataclass

from application.checks.faults import Fault

PNG_MARK = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 250_000_000
"""The largest cameras of telephones have 200 million."""
FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers that say how large the picture is: all of the row but tables, one that is reserved, and arithmetic's."""
START, END, SCAN = 0xD8, 0xD9, 0xDA
"""Markers of JPEG (ISO/IEC 10918-1, table B.1)."""

_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
"""In a scan's data: neither a stuffed byte nor a restart."""


@dataclass(frozen=True)
class Segment:
    """Of a JPEG, from its 0xFF on; a scan with its data."""

    marker: int
    start: int
    end: int


@dataclass(frozen=True)
class Chunk:
    """Of a PNG, with length and checksum."""

    kind: bytes
    start: int
    end: int


def jpeg_segments(content: bytes) -> list[Segment]:
    """To the end of the image (the last one is END then), or as far as they can be followed."""
    found, at = [Segment(START, 0, 2)], 2
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker, end = content[at + 1], at + 2
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == END:
            return [*found, Segment(END, at, end)]
        length = int.from_bytes(content[end : end + 2], "big")
        if length < 2:  # it counts itself
            break
        end += length
        if marker == SCAN and (behind := _MARKER.search(content, end)):
            end = behind.start()
        if end > len(content):
            break
        found.append(Segment(marker, at, end))
        at = end
    return found


def fault_of_jpeg(content: bytes) -> Fault | None:
    """Marker by marker to the picture's data, and an end of image behind it."""
    segments = jpeg_segments(content)
    scan = next((each for each in segments if each.marker == SCAN), None)
    if not scan or content.find(b"\xff\xd9", scan.start) < 0:
        return Fault.CUT_OFF
    sizes = (content[each.start + 5 : each.start + 9] for each in segments if each.marker in FRAMES)
    too_many = any(_pixels(each[:2], each[2:]) > MOST_PIXELS for each in sizes)
    return Fault.TOO_MANY_PIXELS if too_many else None


def png_chunks(content: bytes) -> list[Chunk] | None:
    """Each with a right checksum, to the end of the picture; None where it does not come to that."""
    found, at = [], len(PNG_MARK)
    while at + 12 <= len(content):
        kind, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4], "big")
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            return None
        found.append(Chunk(kind, at, end))
        if kind == b"IEND":
            return found
        at = end
    return None


def fault_of_png(content: bytes) -> Fault | None:
    """None: every chunk is there, down to the last, and the picture has no more than MOST_PIXELS."""
    if not png_chunks(content):
        return Fault.CUT_OFF
    return Fault.TOO_MANY_PIXELS if _pixels(content[16:20], content[20:24]) > MOST_PIXELS else None


def _pixels(one_side: bytes, other: bytes) -> int:
    return int.from_bytes(one_side, "big") * int.from_bytes(other, "big")

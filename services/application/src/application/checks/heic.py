"""HEIC, box by box (ISO/IEC 14496-12, 23008-12), without decoding the picture. Pure.

Telephones put more behind the last box (Samsung's directory of facts about the picture, a film, XMP as text): it is no
fault, and it is not kept (`private_data`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from application.checks.faults import Fault

BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"))
"""ISO/IEC 23008-12: still pictures and sequences coded by HEVC. `mif1` and `msf1` alone do not say by what."""
KNOWN = frozenset((b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid", b"mpvd", b"sefd", b"pdin", b"styp"))
"""Boxes at the top: where one of these does not fit in, the file is cut off."""

_KIND = re.compile(rb"[A-Za-z0-9 ]{4}")


@dataclass(frozen=True)
class Box:
    kind: bytes
    start: int
    content: int
    """Where its content begins."""
    end: int


@dataclass(frozen=True)
class Item:
    """Of a `meta` box: the picture, its tiles, what was noted about it."""

    number: int
    kind: bytes
    extents: tuple[tuple[int, int], ...]
    """From and to, in bytes of the file."""


def boxes(content: bytes, at: int = 0, end: int | None = None) -> Iterator[Box]:
    """One after the other; ends where what follows is no box, or does not fit in."""
    end = len(content) if end is None else end
    while at + 8 <= end:
        size, kind, head = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        if size == 0:
            size = end - at
        if size < head or at + size > end or not _KIND.fullmatch(kind):
            return
        yield Box(kind, at, at + head, at + size)
        at += size


def is_heic(content: bytes) -> bool:
    """By the brands of its first box: that it is coded by HEVC. Whether the file is whole `fault_of_heic` says."""
    size = int.from_bytes(content[:4], "big")
    brands = {content[at : at + 4] for at in (8, *range(16, min(size, 256), 4))}
    return content[4:8] == b"ftyp" and 16 <= size <= len(content) and bool(brands & BRANDS)


def fault_of_heic(content: bytes) -> Fault | None:
    """Whole as far as its boxes go, with a table of its items, and with the bytes of each of them in a box."""
    found = list(boxes(content))
    end, kinds = found[-1].end, {each.kind for each in found}
    if b"meta" not in kinds or content[end + 4 : end + 8] in KNOWN:
        return Fault.CUT_OFF
    if any(extent[1] > end for each in items(content, found) for extent in each.extents):
        return Fault.CUT_OFF
    return None


def items(content: bytes, top: list[Box]) -> list[Item]:
    """None where there is no table that can be read: then no reader finds what it names either."""
    meta = next((each for each in top if each.kind == b"meta"), None)
    if meta is None:
        return []
    inner = {each.kind: each for each in boxes(content, meta.content + 4, meta.end)}
    if b"iinf" not in inner or b"iloc" not in inner:
        return []
    data = inner[b"idat"].content if b"idat" in inner else None
    kinds = dict(_kinds(content, inner[b"iinf"]))
    return [Item(number, kinds.get(number, b""), where) for number, where in _places(content, inner[b"iloc"], data)]


def _kinds(content: bytes, table: Box) -> Iterator[tuple[int, bytes]]:
    at = table.content + (6 if content[table.content : table.content + 1] == b"\0" else 8)
    for entry in boxes(content, at, table.end):
        read = _Reader(content, entry)
        version = read.number(4) >> 24
        if version >= 2:
            wide = 2 if version == 2 else 4
            number, _protection = read.number(wide), read.number(2)
            yield number, read.number(4).to_bytes(4, "big")


class _Reader:
    """Numbers of a box, one after the other; behind its end all are 0."""

    def __init__(self, content: bytes, box: Box) -> None:
        self._content, self._at, self._end = content, box.content, box.end

    @property
    def more(self) -> bool:
        return self._at < self._end

    def number(self, width: int) -> int:
        part = self._content[self._at : min(self._at + width, self._end)]
        self._at += width
        return int.from_bytes(part, "big")


def _places(content: bytes, table: Box, data: int | None) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
    read = _Reader(content, table)
    version = read.number(4) >> 24
    sizes, more = read.number(1), read.number(1)
    offset, length, base, index = sizes >> 4, sizes & 15, more >> 4, more & 15 if version else 0
    for _ in range(read.number(2 if version < 2 else 4)):
        if not read.more:
            return
        number = read.number(2 if version < 2 else 4)
        method = read.number(2) & 15 if version else 0
        outside, start = read.number(2), read.number(base)
        found = []
        for _ in range(read.number(2)):
            if not read.more:
                return
            read.number(index)
            begin = start + read.number(offset) + (data or 0 if method == 1 else 0)
            found.append((begin, begin + read.number(length)))
        if outside == 0 and method < 2 and not (method == 1 and data is None):
            yield number, tuple(found)

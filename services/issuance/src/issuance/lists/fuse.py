"""Binary fuse filter with 16 bits a key (Graf and Lemire 2022, 3-wise), own and small, for any language. Pure.

A filter answers "surely not in" or "in, but for one of 65,536": 2.3 bytes a key. SHA-256 in the place of the paper's
mixing function, because every language has it:

    h = SHA-256(seed (8 bytes) | key)
    segment = (u32(h[0:4]) * segments) >> 32                 all numbers big-endian
    place i = (segment + i) * length + (u32(h[4+4i : 8+4i]) mod length)       for i = 0, 1, 2
    key is in  <=>  cell[place 0] xor cell[place 1] xor cell[place 2] = u16(h[16:18])

`length` is a power of two; cells are 16 bits, (segments + 2) * length of them.
"""

import math
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import count

from issuance.barcode.refusal import Unreadable

MOST_KEYS = 1 << 17
"""A part of this many keys is 300 kB, and passes the broker as one message (512 kB in base64)."""
_MOST_CELLS = 1 << 22
_unpack = struct.Struct(">IIIIH").unpack_from


@dataclass(frozen=True)
class Fuse16:
    seed: bytes
    length: int
    segments: int
    cells: bytes
    """16 bits each, big-endian."""

    def __contains__(self, key: bytes) -> bool:
        (one, two, three), print_ = _places(self.seed, self.length, self.segments, key)
        cells = self._numbers
        return cells[one] ^ cells[two] ^ cells[three] == print_

    @cached_property
    def _numbers(self) -> "array[int]":
        numbers = array("H", self.cells)
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers

    @classmethod
    def checked(cls, seed: bytes, length: int, segments: int, cells: bytes) -> "Fuse16":
        """From a list.

        Args:
            length: cells of a segment.
            segments: how many segments there are.

        Raises:
            Unreadable: `filter`.
        """
        is_power = length > 0 and length & (length - 1) == 0
        fits = is_power and 0 < segments < _MOST_CELLS and (segments + 2) * length * 2 == len(cells)
        if not fits or len(seed) != 8 or len(cells) > 2 * _MOST_CELLS:
            raise Unreadable("filter")
        return cls(seed, length, segments, cells)


def build(keys: Iterable[bytes]) -> Fuse16:
    """A filter of these keys (doubles count once). Deterministic."""
    members = sorted(set(keys))
    length, segments = _sizes(len(members))
    for attempt in count():
        seed = attempt.to_bytes(8, "big")
        cells = _assign([_places(seed, length, segments, key) for key in members], (segments + 2) * length)
        if cells is not None:
            return Fuse16(seed, length, segments, cells)
    raise AssertionError


def _sizes(keys: int) -> tuple[int, int]:
    """Length and count of segments, by the authors' formulas."""
    known = max(keys, 2)
    length = min(1 << math.floor(math.log(known) / math.log(3.33) + 2.25), 1 << 18)
    factor = max(1.125, 0.875 + 0.25 * math.log(1_000_000) / math.log(known))
    return length, max(math.ceil(known * factor / length) - 2, 1)


def _places(seed: bytes, length: int, segments: int, key: bytes) -> tuple[tuple[int, int, int], int]:
    at, first, second, third, print_ = _unpack(sha256(seed + key).digest())
    start, mask = (at * segments >> 32) * length, length - 1
    return (start + (first & mask), start + length + (second & mask), start + 2 * length + (third & mask)), print_


def _assign(hashed: Sequence[tuple[tuple[int, int, int], int]], size: int) -> bytes | None:
    """Peel off keys that are alone in a cell; then fill in the other order. None where a core remains."""
    users, mixed = array("B", bytes(size)), array("L", bytes(size * array("L").itemsize))
    for number, (places, _) in enumerate(hashed):
        for place in places:
            if users[place] == 255:
                return None
            users[place] += 1
            mixed[place] ^= number
    alone = [place for place in range(size) if users[place] == 1]
    order: list[tuple[int, int]] = []
    while alone:
        own = alone.pop()
        if users[own] != 1:
            continue
        number = mixed[own]
        order.append((number, own))
        for place in hashed[number][0]:
            users[place] -= 1
            mixed[place] ^= number
            if users[place] == 1:
                alone.append(place)
    if len(order) != len(hashed):
        return None
    cells = array("H", bytes(2 * size))
    for number, own in reversed(order):
        (one, two, three), print_ = hashed[number]
        cells[own] = 0
        cells[own] = print_ ^ cells[one] ^ cells[two] ^ cells[three]
    if sys.byteorder == "little":
        cells.byteswap()
    return cells.tobytes()

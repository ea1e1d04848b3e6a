"""The state of a shard in two bits a place, as a Token Status List has it: good, revoked, suspended. Pure.

262,144 bytes; place 0 is in the lowest two bits of byte 0. The fourth value is nobody's: a list that has it is refused.
"""

from collections.abc import Sequence
from typing import NamedTuple

from issuance.barcode.refusal import Unreadable
from issuance.lists import compact
from issuance.lists.compact import PLACES

GOOD, REVOKED, SUSPENDED = 0, 1, 2
SIZE = PLACES // 4
_FIRST_BITS = int.from_bytes(b"\x55" * SIZE, "little")


class Places(NamedTuple):
    """Who in a shard is not good, and how."""

    revoked: Sequence[int]
    suspended: Sequence[int]

    def encode(self) -> tuple[bytes, bytes]:
        """Both in compact form."""
        return compact.encode(self.revoked), compact.encode(self.suspended)


def bits_of(places: Places) -> bytes:
    """Raises ValueError where a place is in both."""
    bits = bytearray(SIZE)
    for value, some in ((REVOKED, places.revoked), (SUSPENDED, places.suspended)):
        for place in some:
            if bits[place >> 2] >> 2 * (place & 3) & 3:
                raise ValueError("a place twice")
            bits[place >> 2] |= value << 2 * (place & 3)
    return bytes(bits)


def decode(revoked: bytes, suspended: bytes) -> bytes:
    """The bit list of two sets in compact form.

    Raises:
        Unreadable: `compact`.
    """
    try:
        return bits_of(Places(compact.decode(revoked), compact.decode(suspended)))
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("compact", "a place in two sets") from error


def check(bits: bytes) -> bytes:
    """Raises Unreadable `status_list` where a place has the fourth value."""
    number = int.from_bytes(bits, "little")
    if number & number >> 1 & _FIRST_BITS:
        raise Unreadable("status_list", "a value that nobody uses")
    return bits


def value_of(bits: bytes, place: int) -> int:
    """The two bits of a place, four places a byte, the first in the lowest bits."""
    return bits[place >> 2] >> 2 * (place & 3) & 3


def places_of(bits: bytes) -> Places:
    """Of a checked bit list, both in order."""
    found: tuple[list[int], list[int]] = [], []
    for at, byte in enumerate(bits):
        if byte:
            for lane in range(4):
                value = byte >> 2 * lane & 3
                if value:
                    found[value - 1].append(at * 4 + lane)
    return Places(*found)

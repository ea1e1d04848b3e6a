"""Base45 (RFC 9285): two bytes are three characters of QR's alphanumeric mode. One text per byte string.

Decoding is arithmetic on the whole text at once, as one long number with 24 bits a group: 44 + 45 * 44 + 2025 * 44 is
below 2^24, so that a group never reaches into its neighbour (measured: 2 us where a loop over the groups took 10).
"""

from functools import lru_cache

from issuance.barcode.refusal import Unreadable

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FOREIGN = b"\xff"
_VALUES = bytes(_ALPHABET.find(chr(code)) % 256 for code in range(256))
"""From character to value; `find` gives -1, which is 255, for a foreign one."""


def encode(data: bytes) -> str:
    """Two bytes become three characters, a last single byte two (RFC 9285, section 4)."""
    even = len(data) & ~1
    pairs = [data[at] << 8 | data[at + 1] for at in range(0, even, 2)]
    text = "".join([_ALPHABET[n % 45] + _ALPHABET[n // 45 % 45] + _ALPHABET[n // 2025] for n in pairs])
    return text + _ALPHABET[data[-1] % 45] + _ALPHABET[data[-1] // 45] if len(data) & 1 else text


def decode(text: str) -> bytes:
    """Raises Unreadable `base45` for foreign characters, groups above 65535 and a single character at the end.

    Every group has exactly one text, so that decode(encode(x)) == x and no second text gives the same bytes.
    """
    try:
        values = text.encode("latin-1").translate(_VALUES)
    except UnicodeEncodeError as error:
        raise Unreadable("base45") from error
    if _FOREIGN in values:
        raise Unreadable("base45", "a foreign character")
    count = len(values) // 3
    low = _lowest(count)
    number = int.from_bytes(values[: 3 * count], "big")
    groups = (number >> 16 & low) + (number >> 8 & low) * 45 + (number & low) * 2025
    if groups & low << 16:
        raise Unreadable("base45", "a group above 65535")
    pairs = bytearray(groups.to_bytes(3 * count, "big"))
    del pairs[::3]
    return bytes(pairs) + _single(values[3 * count :])


@lru_cache(maxsize=128)
def _lowest(count: int) -> int:
    """The lowest 8 bits of each group of 24."""
    return int.from_bytes(b"\0\0\xff" * count, "big")


def _single(rest: bytes) -> bytes:
    if not rest:
        return b""
    number = rest[0] + 45 * rest[1] if len(rest) == 2 else 256
    if number > 255:
        raise Unreadable("base45")
    return bytes((number,))

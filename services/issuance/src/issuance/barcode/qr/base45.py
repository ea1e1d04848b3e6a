"""Base45 (RFC 9285): two bytes are three characters of QR's alphanumeric mode. One text per byte string.

Decoding is arithmetic on three slices of the text: a table of all 65,536 groups misses the processor's cache.
"""

import struct
from functools import cache

from issuance.barcode.refusal import Unreadable

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FOREIGN = 255
_VALUES = bytes(_ALPHABET.find(chr(code)) % 256 for code in range(256))
"""From character to value; `find` gives -1, which is 255, for a foreign one."""
_pack = cache(lambda count: struct.Struct(f">{count}H").pack)


def encode(data: bytes) -> str:
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
        if values and max(values) == _FOREIGN:
            raise Unreadable("base45", "a foreign character")
        whole = len(values) - len(values) % 3
        groups = zip(values[0:whole:3], values[1:whole:3], values[2:whole:3], strict=True)
        pairs = _pack(whole // 3)(*[one + 45 * two + 2025 * three for one, two, three in groups])
        return pairs + _single(values[whole:])
    except (UnicodeEncodeError, struct.error) as error:
        raise Unreadable("base45") from error


def _single(rest: bytes) -> bytes:
    if not rest:
        return b""
    number = rest[0] + 45 * rest[1] if len(rest) == 2 else 256
    if number > 255:
        raise Unreadable("base45")
    return bytes((number,))

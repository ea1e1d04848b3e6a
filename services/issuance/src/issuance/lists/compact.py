"""Sets of places in the fewest bytes: the smallest of three encodings, named by the first byte. Pure.

    0  zlib of the bit list (128 KiB; place 0 is the lowest bit of byte 0)
    1  k (one byte), count (LEB128), gaps in Rice code: quotient in ones, a zero, k bits; highest bit first
       (zeros fill the last byte)
    2  zlib of the gaps as LEB128

A gap is the number of places between two members (before the first: its place). Rice wins where the members lie at
random (measured: 0.4 % above the entropy bound), zlib where they come in clusters,
as classes that are revoked together.
"""

import zlib
from collections.abc import Iterable, Sequence

from issuance.barcode.refusal import Unreadable

PLACES = 1 << 20
"""Of a shard."""
_BITS, _RICE, _VARINT = 0, 1, 2
_MOST_K = 20


def encode(places: Iterable[int]) -> bytes:
    """`places`: in any order, each once, below PLACES."""
    members = sorted(places)
    if members and not 0 <= members[0] <= members[-1] < PLACES:
        raise ValueError("a place outside the shard")
    gaps = [place - before - 1 for before, place in zip([-1, *members], members, strict=False)]
    if any(gap < 0 for gap in gaps):
        raise ValueError("a place twice")
    found = [_rice(gaps), bytes((_VARINT,)) + zlib.compress(b"".join(map(_leb128, gaps)), 9)]
    if len(members) > 1000:  # below that 128 KiB of mostly zeros never win
        found.append(bytes((_BITS,)) + zlib.compress(bits_of(members), 9))
    return min(found, key=len)


def decode(data: bytes) -> list[int]:
    """The places in order. Bounded in time and memory.

    Raises:
        Unreadable: `compact`.
    """
    if not data:
        raise _refused("empty")
    if data[0] == _BITS:
        return places_of(_inflate(data[1:], PLACES // 8, exact=True))
    if data[0] == _RICE:
        return _places(_rice_gaps(data))
    if data[0] == _VARINT:
        return _places(_varint_gaps(_inflate(data[1:], 3 * PLACES, exact=False)))
    raise _refused("unknown encoding")


def bits_of(places: Iterable[int]) -> bytes:
    """The bit list of a shard, 128 KiB.

    Args:
        places: within the shard, below PLACES.
    """
    bits = bytearray(PLACES // 8)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def places_of(bits: bytes) -> list[int]:
    """The members of a bit list, in order."""
    return [at * 8 + bit for at, byte in enumerate(bits) if byte for bit in range(8) if byte >> bit & 1]


def _rice(gaps: Sequence[int]) -> bytes:
    near = (sum(gaps) // max(len(gaps), 1)).bit_length()
    choices = range(max(near - 2, 0), min(near + 2, _MOST_K + 1))
    k = min(choices, key=lambda k: sum(gap >> k for gap in gaps) + len(gaps) * (k + 1))
    low = (1 << k) - 1
    text = "".join("1" * (gap >> k) + "0" + (f"{gap & low:0{k}b}" if k else "") for gap in gaps)
    text += "0" * (-len(text) % 8)
    body = int(text, 2).to_bytes(len(text) // 8, "big") if text else b""
    return bytes((_RICE, k)) + _leb128(len(gaps)) + body


def _rice_gaps(data: bytes) -> list[int]:
    k = data[1] if len(data) > 1 else _MOST_K + 1
    count, start = _read_leb128(data, 2)
    if k > _MOST_K or count > PLACES or count * (k + 1) > (len(data) - start) * 8:
        raise _refused("rice head")
    size = (len(data) - start) * 8
    text = f"{int.from_bytes(data[start:], 'big'):0{size}b}" if size else ""
    gaps, at = [], 0
    for _ in range(count):
        zero = text.find("0", at)
        end = zero + 1 + k
        if zero < 0 or end > size:
            raise _refused("rice end")
        gaps.append((zero - at << k) + (int(text[zero + 1 : end], 2) if k else 0))
        at = end
    if size - at >= 8 or "1" in text[at:]:
        raise _refused("rice trailing")
    return gaps


def _varint_gaps(packed: bytes) -> list[int]:
    gaps, at = [], 0
    while at < len(packed):
        gap, at = _read_leb128(packed, at)
        gaps.append(gap)
    return gaps


def _places(gaps: Iterable[int]) -> list[int]:
    found, place = [], -1
    for gap in gaps:
        place += gap + 1
        if place >= PLACES:
            raise _refused("outside the shard")
        found.append(place)
    return found


def _leb128(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read_leb128(data: bytes, at: int) -> tuple[int, int]:
    """The number and where it ends; three bytes at most (21 bits), in the shortest form."""
    number = 0
    for shift in (0, 7, 14):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if byte == 0 and shift:
                break
            return number, at
    raise _refused("number")


def _inflate(packed: bytes, most: int, *, exact: bool) -> bytes:
    try:
        machine = zlib.decompressobj()
        data = machine.decompress(packed, most + 1)
    except zlib.error as error:
        raise _refused("compression") from error
    if len(data) > most or (exact and len(data) != most) or not machine.eof or machine.unused_data:
        raise _refused("size")
    return data


def _refused(detail: str) -> Unreadable:
    return Unreadable("compact", detail)

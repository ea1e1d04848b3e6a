"""CBOR, base45, compact lists and TLVs, as the document says."""

import zlib
from typing import TypedDict

from support.json import Json, walked

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
PLACES = 1 << 20


Ticket = TypedDict(
    "Ticket",
    {
        "number": int, "organisation_id": int, "product": int, "from": float | None, "until": float | None,
        "first_name": str, "last_name": str, "birth_date": str | None,
    },
)  # fmt: skip


class Stop(Exception):
    """The check ends here, with a verdict and its reasons."""

    def __init__(self, verdict: str, *reasons: str) -> None:
        super().__init__(verdict, *reasons)
        self.verdict, self.reasons = verdict, list(reasons)


class Tag:
    def __init__(self, number: int, value: object) -> None:
        self.number, self.value = number, value


def whole(value: object, limit: int, least: int = 0) -> bool:
    """True and false are no numbers."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < limit


def cbor(data: bytes) -> Json:
    item, rest = _item(data, 0)
    if rest:
        raise Stop("unreadable", "not_cbor")
    return walked(item)


def sequence(data: bytes) -> list[bytes]:
    items = []
    while data:
        _, rest = _item(data, 0)
        items.append(data[: len(data) - len(rest)])
        data = rest
    return items


def _item(data: bytes, depth: int) -> tuple[object, bytes]:
    bad = Stop("unreadable", "not_cbor")
    if not data or depth > 16:
        raise bad
    kind, short, data = data[0] >> 5, data[0] & 31, data[1:]
    if kind == 7:
        if short not in (20, 21, 22):
            raise bad
        return {20: False, 21: True, 22: None}[short], data
    size = short
    if short >= 24:
        width = {24: 1, 25: 2, 26: 4, 27: 8}.get(short)
        if width is None or len(data) < width:
            raise bad
        size, data = int.from_bytes(data[:width], "big"), data[width:]
        if size < (24 if width == 1 else 256 ** (width // 2)):
            raise bad
    if kind in (0, 1):
        return (size if kind == 0 else -1 - size), data
    if kind in (2, 3):
        if size > len(data):
            raise bad
        value, data = data[:size], data[size:]
        try:
            return (value if kind == 2 else value.decode("utf-8")), data
        except UnicodeDecodeError:
            raise bad from None
    if kind == 6:
        tagged, data = _item(data, depth + 1)
        return Tag(size, tagged), data
    if kind == 4:
        items = []
        for _ in range(size):
            item, data = _item(data, depth + 1)
            items.append(item)
        return items, data
    return _map(data, size, depth)


def _map(data: bytes, size: int, depth: int) -> tuple[dict[object, object], bytes]:
    found: dict[object, object] = {}
    last = (0, b"")
    for _ in range(size):
        key, rest = _item(data, depth + 1)
        order = len(data) - len(rest), data[: len(data) - len(rest)]
        if not (isinstance(key, str) or whole(key, 1 << 53, 1 - (1 << 53))) or order <= last:
            raise Stop("unreadable", "not_cbor")
        last = order
        found[key], data = _item(rest, depth + 1)
    return found, data


def base45(text: str) -> bytes:
    out = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        if len(group) == 1 or any(letter not in ALPHABET for letter in group):
            raise Stop("unreadable", "base45")
        value = sum(ALPHABET.index(letter) * 45**place for place, letter in enumerate(group))
        if value >= 256 ** (len(group) - 1):
            raise Stop("unreadable", "base45")
        out += value.to_bytes(len(group) - 1, "big")
    return bytes(out)


def inflate(data: bytes, size: int | None = None) -> bytes:
    machine = zlib.decompressobj()
    try:
        out = machine.decompress(data, (size or 3 * PLACES) + 1)
    except zlib.error:
        raise ValueError("zlib") from None
    if not machine.eof or machine.unused_data or (size is not None and len(out) != size):
        raise ValueError("size")
    return out


def compact(data: bytes) -> list[int]:
    """The places. Raises ValueError."""
    if data[:1] == b"\0":
        bits = inflate(data[1:], PLACES // 8)
        return [place for place in range(PLACES) if bits[place // 8] >> place % 8 & 1]
    if data[:1] == b"\2":
        gaps, rest = [], inflate(data[1:])
        while rest:
            gap, rest = leb128(rest)
            gaps.append(gap)
        return _places(gaps)
    if data[:1] != b"\1" or data[1] > 20:
        raise ValueError("encoding")
    return _places(_rice(data[1], *leb128(data[2:])))


def _rice(k: int, count: int, data: bytes) -> list[int]:
    bits = "".join(f"{byte:08b}" for byte in data)
    gaps, at = [], 0
    for _ in range(count):
        zero = bits.index("0", at)
        low = bits[zero + 1 : zero + 1 + k]
        if len(low) < k:
            raise ValueError("cut")
        gaps.append((zero - at << k) + int(low or "0", 2))
        at = zero + 1 + k
    if len(bits) - at > 7 or "1" in bits[at:]:
        raise ValueError("end")
    return gaps


def _places(gaps: list[int]) -> list[int]:
    places, place = [], -1
    for gap in gaps:
        place += gap + 1
        places.append(place)
    if place >= PLACES:
        raise ValueError("place")
    return places


def leb128(data: bytes) -> tuple[int, bytes]:
    number = 0
    for at in range(3):
        number |= (data[at] & 127) << 7 * at
        if data[at] < 128:
            if at and not data[at]:
                break
            return number, data[at + 1 :]
    raise ValueError("number")


def tlv(data: bytes, at: int) -> tuple[int, bytes, int]:
    """Tag, value, end."""
    try:
        tag, at = data[at], at + 1
        if tag & 31 == 31:
            tag, at = tag << 8 | data[at], at + 1
        size, at = data[at], at + 1
        if size >= 128:
            width = size - 128
            if width not in (1, 2):
                raise Stop("unreadable", "tlv_length")
            if at + width > len(data):
                raise IndexError
            size, at = int.from_bytes(data[at : at + width], "big"), at + width
            if size < (128 if width == 1 else 256):
                raise Stop("unreadable", "tlv_length")
    except IndexError:
        raise Stop("unreadable", "tlv_cut") from None
    if at + size > len(data):
        raise Stop("unreadable", "tlv_cut")
    return tag, data[at : at + size], at + size


def tlvs(data: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(data):
        tag, value, at = tlv(data, at)
        found.append((tag, value))
    return found

"""CBOR (RFC 8949), canonical or refused: shortest heads, definite lengths, map keys sorted and each once. Pure.

Knows what tickets and lists are made of: integers, byte and text strings, arrays, maps, booleans, null, and tags; all
else, floats too, is refused. The same rules as the scanner page's cbor.js: two readers that take different things for
CBOR would call one ticket by two names.
"""

from dataclasses import dataclass
from typing import TypeGuard

from issuance.barcode.refusal import Unreadable

_MOST_DEPTH = 16
_MOST_KEY = 2**53 - 1
_SIMPLE = {0xF4: False, 0xF5: True, 0xF6: None}


@dataclass(frozen=True)
class TaggedItem:
    tag: int
    value: object


def decode(data: bytes) -> object:
    """The item in `data`, nothing after it.

    Raises:
        Unreadable: `not_cbor`.
    """
    item, end = _item(data, 0, 0)
    if end != len(data):
        raise _refused("bytes after the item")
    return item


def is_whole(value: object, limit: int, least: int = 0) -> TypeGuard[int]:
    """A whole number of this range; True and False are none.

    Args:
        limit: the first number that is too large.
        least: the smallest that counts.
    """
    return type(value) is int and least <= value < limit


def _item(data: bytes, at: int, depth: int) -> tuple[object, int]:
    """The item that begins there, and where it ends."""
    if depth > _MOST_DEPTH:
        raise _refused("too deep")
    if at >= len(data):
        raise _refused("cut")
    kind = data[at] >> 5
    if kind == 7:
        if data[at] not in _SIMPLE:
            raise _refused("simple value or float")
        return _SIMPLE[data[at]], at + 1
    size, at = _head(data, at)
    match kind:
        case 0:
            return size, at
        case 1:
            return -1 - size, at
        case 2:
            return _taken(data, at, size)
        case 3:
            return _text(data, at, size)
        case 4:
            return _array(data, at, size, depth)
        case 5:
            return _map(data, at, size, depth)
        case _:
            item, at = _item(data, at, depth + 1)
            return TaggedItem(size, item), at


def _head(data: bytes, at: int) -> tuple[int, int]:
    """The number in an item's head (a length, an integer or a tag), in its shortest form, and where it ends."""
    short = data[at] & 0x1F
    at += 1
    if short < 24:
        return short, at
    if short > 27:
        raise _refused("indefinite length")
    width = 1 << short - 24
    value = int.from_bytes(data[at : at + width], "big")
    if at + width > len(data):
        raise _refused("cut")
    if value < (24 if width == 1 else 1 << 4 * width):
        raise _refused("not the shortest form")
    return value, at + width


def _taken(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if size > len(data) - at:
        raise _refused("cut")
    return data[at : at + size], at + size


def _text(data: bytes, at: int, size: int) -> tuple[str, int]:
    taken, at = _taken(data, at, size)
    try:
        return taken.decode(), at
    except UnicodeDecodeError as error:
        raise _refused("no UTF-8") from error


def _array(data: bytes, at: int, size: int, depth: int) -> tuple[list[object], int]:
    items = []
    for _ in range(size):
        item, at = _item(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, size: int, depth: int) -> tuple[dict[object, object], int]:
    items: dict[object, object] = {}
    before = (0, b"")
    for _ in range(size):
        start = at
        key, at = _item(data, at, depth + 1)
        if not isinstance(key, str) and not is_whole(key, _MOST_KEY + 1, -_MOST_KEY):
            raise _refused("key")
        encoded = at - start, data[start:at]
        if encoded <= before:  # the shorter first, else by bytes (4.2.3)
            raise _refused("keys not in order")
        before = encoded
        items[key], at = _item(data, at, depth + 1)
    return items, at


def _refused(detail: str) -> Unreadable:
    return Unreadable("not_cbor", detail)

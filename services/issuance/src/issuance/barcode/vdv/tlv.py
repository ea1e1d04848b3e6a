"""BER tag-length-value, as far as VDV-KA uses it: tags of one or two bytes, definite lengths in their shortest form."""

from typing import NamedTuple

from issuance.barcode.refusal import Unreadable


class Element(NamedTuple):
    tag: int
    value: bytes
    end: int
    """Offset of the first byte after this element."""


def write(tag: int, value: bytes) -> bytes:
    """One element. Lengths up to 65,535 bytes.

    Args:
        tag: of one byte or two.
    """
    head = tag.to_bytes(1 if tag < 0x100 else 2, "big")
    size = len(value)
    if size < 0x80:
        return head + bytes((size,)) + value
    if size < 0x100:
        return head + bytes((0x81, size)) + value
    return head + b"\x82" + size.to_bytes(2, "big") + value


def read(data: bytes, start: int = 0) -> Element:
    """The element that begins at `start`.

    Raises:
        Unreadable: `tlv_cut` or `tlv_length`.
    """
    offset = start
    tag = _byte(data, offset)
    offset += 1
    if tag & 0x1F == 0x1F:  # the low five bits all set: a second tag byte follows
        tag = tag << 8 | _byte(data, offset)
        offset += 1
    size = _byte(data, offset)
    offset += 1
    if size >= 0x80:
        size, offset = _long_length(data, offset, size & 0x7F)
    end = offset + size
    if end > len(data):
        raise Unreadable("tlv_cut", f"element {tag:02X} at {start} wants {size} bytes")
    return Element(tag, data[offset:end], end)


def _long_length(data: bytes, offset: int, count: int) -> tuple[int, int]:
    if count not in (1, 2):
        raise Unreadable("tlv_length", f"length of {count} bytes at {offset}")
    size = _byte(data, offset)
    if count == 2:
        size = size << 8 | _byte(data, offset + 1)
    # Two encodings of one ticket would be two strings for one right: only the shortest is taken.
    if size < (0x80 if count == 1 else 0x100):
        raise Unreadable("tlv_length", f"length at {offset} is not in its shortest form")
    return size, offset + count


def _byte(data: bytes, offset: int) -> int:
    if offset >= len(data):
        raise Unreadable("tlv_cut", f"nothing at {offset}")
    return data[offset]


def read_all(data: bytes) -> tuple[Element, ...]:
    """Elements that fill `data` exactly."""
    elements = []
    offset = 0
    while offset < len(data):
        element = read(data, offset)
        elements.append(element)
        offset = element.end
    return tuple(elements)

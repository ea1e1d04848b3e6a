"""Reads what a check needs out of a CMS signature (RFC 5652, section 5). Knows only the DER that we write ourselves."""

from collections.abc import Iterator
from dataclasses import dataclass

OBJECT_IDENTIFIER, SEQUENCE, SET, CONTEXT_0 = 0x06, 0x30, 0x31, 0xA0
# object identifiers of RFC 5652: id-signedData, and id-data with nothing behind it, which is what "detached" means
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
DETACHED = bytes.fromhex("06092a864886f70d010701")


class Malformed(Exception):
    """Not the structure that was expected."""


@dataclass(frozen=True)
class SignerInfo:
    certificates: tuple[bytes, ...]
    """DER, in the order of the file."""
    attributes: dict[bytes, bytes]
    """Signed attributes: the object identifier's octets -> the octets of the (only) value, without tag and length."""
    signed: bytes
    """The octets that were signed: the attributes as a SET (RFC 5652, 5.4)."""
    value: bytes
    """The signature."""


def signer_info(signature: bytes) -> SignerInfo:
    """The one signer of a detached signature. Raises Malformed."""
    kind, content = _elements(_only(signature, SEQUENCE))
    signed_data = list(_elements(_only(_only(content.whole, CONTEXT_0), SEQUENCE)))
    if kind.content != SIGNED_DATA or signed_data[2].content != DETACHED:
        raise Malformed("not a detached signature")
    certificates = next((part for part in signed_data if part.tag == CONTEXT_0), None)
    signer = list(_elements(_only(signed_data[-1].content, SEQUENCE)))
    attributes = next((part for part in signer if part.tag == CONTEXT_0), None)
    if certificates is None or attributes is None:
        raise Malformed("no certificates or no signed attributes")
    return SignerInfo(
        certificates=tuple(part.whole for part in _elements(certificates.content)),
        attributes=dict(_attribute(part) for part in _elements(attributes.content)),
        signed=bytes([SET]) + attributes.whole[1:],
        value=signer[-1].content,
    )


@dataclass(frozen=True)
class _Element:
    tag: int
    content: bytes
    whole: bytes


def _attribute(element: _Element) -> tuple[bytes, bytes]:
    identifier, values = _elements(element.content)
    if identifier.tag != OBJECT_IDENTIFIER or values.tag != SET:
        raise Malformed("not an attribute")
    return identifier.content, next(_elements(values.content)).content


def _only(octets: bytes, tag: int) -> bytes:
    elements = list(_elements(octets))
    if len(elements) != 1 or elements[0].tag != tag:
        raise Malformed(f"expected one element with tag {tag:#x}")
    return elements[0].content


def _elements(octets: bytes) -> Iterator[_Element]:
    position = 0
    while position < len(octets):
        if position + 2 > len(octets):
            raise Malformed("cut short")
        tag, length, start = octets[position], octets[position + 1], position + 2
        if length >= 0x80:
            size = length & 0x7F
            length = int.from_bytes(octets[start : start + size])
            start += size
        if start + length > len(octets):
            raise Malformed("cut short")
        yield _Element(tag, octets[start : start + length], octets[position : start + length])
        position = start + length

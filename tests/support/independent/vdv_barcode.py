"""A reader of the VDV-KA barcode written from the byte facts alone: only `pow` and hashlib, nothing of the service.

It is as strict as the strictest readers in the field: the root's signature is checked, the sub-CA and the module must
have the recoverable form with a 7-byte OID, the trailer is looked for right after 106 bytes or the content.
"""

import hashlib
from typing import TypedDict

Key = tuple[int, int]
"""Modulus and exponent."""
Moment = tuple[int, int, int, int, int, int]
"""Year, month, day, hour, minute, second."""
Fields = TypedDict(
    "Fields",
    {
        "number": int, "organisation": int, "product": int, "owner": int, "from": Moment, "until": Moment,
        "passenger": int, "basic_size": int, "birth_date": str, "name": str, "area": str, "seller": int,
        "extra": bytes, "issue_module": bytes, "message_size": int,
    },
)  # fmt: skip


class Facts(Fields):
    """Of a ticket, and of the certificates that vouch for it."""

    sub_ca_end: str
    module_end: str
    module: bytes


def tlv(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """Tag, value, and where the next one begins."""
    tag = data[at]
    at += 1
    if tag in (0x7F, 0x5F):
        tag = tag << 8 | data[at]
        at += 1
    size = data[at]
    at += 1
    if size & 0x80:
        count = size & 0x7F
        size = int.from_bytes(data[at : at + count], "big")
        at += count
    assert at + size <= len(data)
    return tag, data[at : at + size], at + size


def power(signature: bytes, key: Key) -> bytes:
    modulus, exponent = key
    size = (modulus.bit_length() + 7) // 8
    assert len(signature) == size
    return pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big")


def recover(signature: bytes, rest: bytes, key: Key) -> bytes:
    block = power(signature, key)
    assert block[0] == 0x6A and block[-1] == 0xBC
    message = block[1:-21] + rest
    assert hashlib.sha1(message).digest() == block[-21:-1]
    return message


def certificate_key(content: bytes, oid_bytes: int, modulus_bytes: int) -> Key:
    assert len(content) == 32 + oid_bytes + modulus_bytes + 4
    start = 32 + oid_bytes
    modulus = int.from_bytes(content[start : start + modulus_bytes], "big")
    return modulus, int.from_bytes(content[-4:], "big")


def root_key(data: bytes) -> Key:
    tag, value, end = tlv(data)
    assert tag == 0x7F21 and end == len(data)
    tag, content, at = tlv(value)
    assert tag == 0x5F4E and len(content) == 293
    tag, signature, end = tlv(value, at)
    assert tag == 0x5F37 and end == len(value) and len(signature) == 248
    assert content[1:9] == content[13:21] == bytes.fromhex("4555564456100106") and content[9:13] == bytes(4)
    assert content[0] == 7 and content[32:41] == bytes.fromhex("2A864886F70D010105")
    key = certificate_key(content, 9, 248)
    digest = bytes.fromhex("3021300906052B0E03021A05000414") + hashlib.sha1(content).digest()
    assert power(signature, key) == b"\x00\x01" + b"\xff" * (248 - 3 - len(digest)) + b"\x00" + digest
    return key


def open_recoverable(value: bytes, key: Key) -> tuple[bytes, int, int]:
    """The content, and the lengths of signature and rest."""
    tag, signature, at = tlv(value)
    assert tag == 0x5F37
    tag, rest, end = tlv(value, at)
    assert tag == 0x5F38 and end == len(value)
    return recover(signature, rest, key), len(signature), len(rest)


def compact(number: int) -> Moment:
    return (
        1990 + (number >> 25),
        number >> 21 & 15,
        number >> 16 & 31,
        number >> 11 & 31,
        number >> 5 & 63,
        (number & 31) * 2,
    )


def read(barcode: bytes, root: bytes, sub_ca: bytes) -> Facts:
    """The ticket's facts. `root` and `sub_ca` are the published certificates."""
    assert len(barcode) >= 352 and barcode[:3] == bytes.fromhex("9E8180")
    tag, signature, at = tlv(barcode)
    assert tag == 0x9E and len(signature) == 128
    tag, rest, at = tlv(barcode, at)
    assert tag == 0x9A and rest[-5:-2] == b"VDV"
    tag, module, at = tlv(barcode, at)
    assert tag == 0x7F21 and len(module) == 0xC8
    tag, issuer, at = tlv(barcode, at)
    assert tag == 0x42 and len(issuer) == 8 and at == len(barcode)

    _, sub_ca_value, _ = tlv(sub_ca)
    content, size, rest_size = open_recoverable(sub_ca_value, root_key(root))
    assert (size, rest_size, len(content)) == (248, 9, 235)
    assert content[0] == 3 and content[1:9] == bytes.fromhex("4555564456100106")
    assert content[9:21] == bytes(4) + issuer and content[21:28] == b"VDV_KA\x30"
    assert content[32:39] == bytes.fromhex("2B240304020201")
    sub_ca_end = content[28:32].hex()

    sam, size, rest_size = open_recoverable(module, certificate_key(content, 7, 192))
    assert (size, rest_size, len(sam)) == (192, 1, 171)
    assert sam[0] == 4 and sam[1:9] == issuer and sam[21:28] == b"VDV_KA\x22"
    assert sam[32:39] == bytes.fromhex("2B240304020201")

    message = recover(signature, rest, certificate_key(sam, 7, 128))
    return {**fields(message), "sub_ca_end": sub_ca_end, "module_end": sam[28:32].hex(), "module": sam[18:21]}


def fields(message: bytes) -> Fields:
    inner = max(len(message) - 5, 106)
    assert message[inner : inner + 3] == b"VDV" and len(message) == inner + 5
    number = int.from_bytes(message[0:4], "big")
    tag, product, at = tlv(message, 18)
    assert tag == 0x85
    elements: dict[int, bytes] = {}
    inside = 0
    while inside < len(product):
        element, value, inside = tlv(product, inside)
        elements[element] = value
    transaction = message[at : at + 17]
    tag, extra, at = tlv(message, at + 17)
    assert tag == 0x8A
    issue = message[at : at + 12]
    assert not any(message[at + 12 : inner])
    return {
        "number": number,
        "organisation": int.from_bytes(message[4:6], "big"),
        "product": int.from_bytes(message[6:8], "big"),
        "owner": int.from_bytes(message[8:10], "big"),
        "from": compact(int.from_bytes(message[10:14], "big")),
        "until": compact(int.from_bytes(message[14:18], "big")),
        "passenger": elements[0xDA][1],
        "basic_size": len(elements[0xDA]),
        "birth_date": elements[0xDB][1:5].hex(),
        "name": elements[0xDB][5:].decode("latin-1"),
        "area": elements[0xDC].hex(),
        "seller": int.from_bytes(transaction[0:2], "big"),
        "extra": extra,
        "issue_module": issue[9:12],
        "message_size": len(message),
    }

"""COSE_Sign1 (RFC 9052) with ES256: the envelope of the ticket, in one fixed form, and of the lists, tagged.

The algorithm is never taken from the header: it belongs to the key in the trust list. A high `s` is refused: of the
two signatures that ECDSA allows for one text (s and n-s) only the lower one counts, so that nobody can make a second
valid string from a ticket.
"""

from collections.abc import Callable
from typing import NamedTuple

import cbor2

from issuance.barcode.qr.cbor import TaggedItem, decode, is_whole
from issuance.barcode.refusal import NotGenuine, Unreadable

SIGNATURE_BYTES = 64
KEY_ID_BYTES = 4
ES256 = -7
_HALF_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 // 2
"""Half the order of P-256."""
_HIGHEST_S = _HALF_ORDER.to_bytes(32, "big")

# A ticket: [ << {1: -7, 4: kid} >>, {}, << payload of 24 to 255 bytes >>, signature ], untagged.
_HEAD = bytes.fromhex("8449A201260444")
_AFTER_KEY_ID = b"\xa0\x58"
_BEFORE_SIGNATURE = b"\x58\x40"
_BEFORE_PROTECTED = b"\x84\x6aSignature1\x49"
_FIXED = len(_HEAD) + KEY_ID_BYTES + len(_AFTER_KEY_ID) + 1 + len(_BEFORE_SIGNATURE) + SIGNATURE_BYTES


class SignedPayload(NamedTuple):
    key_id: bytes
    payload: bytes
    signature: bytes
    """r and s, 32 bytes each."""
    to_be_signed: bytes
    """Sig_structure, RFC 9052 section 4.4."""


def sign_ticket(key_id: bytes, payload: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """`sign` takes Sig_structure and gives r and s (64 bytes). Payload of 24 to 255 bytes."""
    if not 24 <= len(payload) <= 255:
        raise ValueError(f"a payload of {len(payload)} bytes")
    protected = _HEAD[2:] + key_id
    signature = sign(_sig_structure(protected, payload))
    return _HEAD + key_id + _AFTER_KEY_ID + bytes((len(payload),)) + payload + _BEFORE_SIGNATURE + signature


def open_ticket(data: bytes) -> SignedPayload:
    """Takes the one form that sign_ticket writes, byte for byte; checks no signature.

    Raises:
        Unreadable: `not_cose` where the form is another.
        NotGenuine: `trailing_bytes` or `not_canonical`.
    """
    if len(data) < _FIXED or data[:7] != _HEAD or data[11:13] != _AFTER_KEY_ID:
        raise Unreadable("not_cose")
    size = data[13]
    end = 14 + size
    if size < 24 or len(data) < _FIXED + size or data[end : end + 2] != _BEFORE_SIGNATURE:
        raise Unreadable("not_cose")
    if len(data) != _FIXED + size:
        raise NotGenuine("trailing_bytes")
    if data[-32:] > _HIGHEST_S:
        raise NotGenuine("not_canonical", "high s")
    # header and payload stand in the ticket as they stand in Sig_structure, but for the empty byte string between them
    to_be_signed = _BEFORE_PROTECTED + data[2:11] + b"\x40" + data[12:end]
    return SignedPayload(data[7:11], data[14:end], data[end + 2 :], to_be_signed)


def low_s(r: int, s: int) -> bytes:
    """r and s as COSE writes them, with the lower s."""
    order = 2 * _HALF_ORDER + 1
    return r.to_bytes(32, "big") + min(s, order - s).to_bytes(32, "big")


def sign_list(key_id: bytes, kind: str, payload: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """A list as tagged COSE_Sign1 (18). `kind` is its media type, in header 16 (`typ`, RFC 9596)."""
    protected = cbor2.dumps({1: -7, 4: key_id, 16: kind}, canonical=True)
    signature = sign(_sig_structure(protected, payload))
    return cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]), canonical=True)


def open_list(data: bytes, kind: str) -> SignedPayload:
    """Takes what sign_list writes, and nothing else.

    Raises:
        Unreadable: `not_cose` or `list_kind`.
    """
    tagged = decode(data)
    if not isinstance(tagged, TaggedItem) or tagged.tag != 18 or not isinstance(tagged.value, list):
        raise Unreadable("not_cose")
    match tagged.value:
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)] if not unprotected:
            header = decode(protected)
        case _:
            raise Unreadable("not_cose")
    if not isinstance(header, dict) or header.keys() != {1, 4, 16} or not isinstance(header[4], bytes):
        raise Unreadable("not_cose", "header")
    # the algorithm is the key's, never the header's; a header that names another is not of the one form
    if not is_whole(header[1], ES256 + 1, ES256):
        raise Unreadable("not_cose", "algorithm")
    if header[16] != kind:
        raise Unreadable("list_kind", "another kind of list")
    if len(signature) != SIGNATURE_BYTES:
        raise Unreadable("not_cose", "signature")
    return SignedPayload(header[4], payload, signature, _sig_structure(protected, payload))


def _sig_structure(protected: bytes, payload: bytes) -> bytes:
    return b"\x84\x6aSignature1" + _byte_string(protected) + b"\x40" + _byte_string(payload)


def _byte_string(data: bytes) -> bytes:
    """CBOR byte string with the shortest head."""
    size = len(data)
    if size < 24:
        return bytes((0x40 + size,)) + data
    if size < 0x100:
        return bytes((0x58, size)) + data
    if size < 0x10000:
        return b"\x59" + size.to_bytes(2, "big") + data
    return b"\x5a" + size.to_bytes(4, "big") + data

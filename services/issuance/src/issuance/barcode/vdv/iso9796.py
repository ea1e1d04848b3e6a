"""ISO 9796-2 scheme 1 with partial recovery and SHA-1 (section 2): the signature carries the message's beginning.

SHA-1 is what every reader in the field expects; a forger needs a second preimage or a chosen-prefix collision inside
a message that our own signer writes, so the length limits and fixed fields of the message are part of the defence.
"""

import hashlib
from typing import NamedTuple

from gmpy2 import powmod  # type: ignore[import-untyped]  # 6 times faster than pow()

from issuance.barcode.refusal import NotGenuine, Unreadable

_HEADER = 0x6A
_TRAILER = 0xBC
_HASH_BYTES = 20


class PublicKey(NamedTuple):
    modulus: int
    exponent: int

    @property
    def size(self) -> int:
        """Length of the modulus, and of every signature, in bytes."""
        return (self.modulus.bit_length() + 7) // 8


def capacity(key_bytes: int) -> int:
    """How many bytes of the message travel inside the signature: 106 for RSA-1024."""
    return key_bytes - _HASH_BYTES - 2


def block(message: bytes, key_bytes: int) -> tuple[int, bytes]:
    """What the private key is applied to (as a number), and the rest of the message that travels beside it.

    Raises:
        ValueError: where the message is not longer than the capacity: no reader knows the padded form.
    """
    room = capacity(key_bytes)
    if len(message) <= room:
        raise ValueError(f"the message must be longer than {room} bytes")
    content = bytes((_HEADER,)) + message[:room] + sha1(message) + bytes((_TRAILER,))
    return int.from_bytes(content, "big"), message[room:]


def recover(signature: bytes, rest: bytes, key: PublicKey) -> bytes:
    """The whole message, checked. `rest` is what travelled beside the signature.

    Raises:
        Unreadable: `signature_length`.
        NotGenuine: `signature_wrong` (opens to nothing) or `hash_wrong` (altered).
    """
    if len(signature) != key.size:
        raise Unreadable("signature_length", f"{len(signature)} bytes under a key of {key.size}")
    number = int.from_bytes(signature, "big")
    if number >= key.modulus:  # number + modulus would open to the same message: one ticket, one string
        raise NotGenuine("signature_wrong", "not smaller than the modulus")
    content = apply(number, key).to_bytes(key.size, "big")
    if content[0] != _HEADER or content[-1] != _TRAILER:
        raise NotGenuine("signature_wrong", "opens to nothing under this key")
    message = content[1 : -_HASH_BYTES - 1] + rest
    if sha1(message) != content[-_HASH_BYTES - 1 : -1]:
        raise NotGenuine("hash_wrong", "the message was altered")
    return message


def apply(number: int, key: PublicKey) -> int:
    """The public operation of RSA, number ^ exponent mod modulus."""
    return int(powmod(number, key.exponent, key.modulus))


def sha1(message: bytes) -> bytes:
    """SHA-1, as VDV-KA prescribes it for signatures and certificates."""
    return hashlib.sha1(message, usedforsecurity=False).digest()

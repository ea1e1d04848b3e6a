"""An encrypted value: which key it takes, a nonce, and AES-256-GCM of the content, bound to its place in the tables.

As bytes it begins with MAGIC; as text with WORD, and the rest is base64. What begins otherwise was written before
values were encrypted, and is read as it is.
"""

import base64
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.encryption.errors import WrongPlace

MAGIC = b"\x93SFK1\r\n\x1a"
WORD = "SFK1."
ID_BYTES, NONCE_BYTES, TAG_BYTES = 16, 12, 16
OVERHEAD = len(MAGIC) + ID_BYTES + NONCE_BYTES + TAG_BYTES
"""Bytes that encrypting adds to a content."""


@dataclass(frozen=True)
class Cell:
    """Where a value stands: it can be read there alone. `row`: the key of the row, with its parts in order."""

    table: str
    column: str
    row: tuple[str, ...]

    @property
    def associated_data(self) -> bytes:
        """What is authenticated with the content. No part has the byte between them."""
        return "\x1f".join((self.table, self.column, *self.row)).encode()


def is_encrypted(value: str | bytes) -> bool:
    """Else it was kept before values were encrypted."""
    return value.startswith(WORD) if isinstance(value, str) else value.startswith(MAGIC)


def encrypt(key_id: UUID, key: bytes, content: bytes, cell: Cell) -> bytes:
    """`key`: 32 bytes. The nonce is drawn at random: a key encrypts few values, those of one family."""
    nonce = os.urandom(NONCE_BYTES)
    packed = AESGCM(key).encrypt(nonce, content, cell.associated_data)
    return b"".join((MAGIC, key_id.bytes, nonce, packed))


def key_id_in(value: bytes) -> UUID:
    """Which key a value takes."""
    return UUID(bytes=value[len(MAGIC) : len(MAGIC) + ID_BYTES])


def decrypt(key: bytes, value: bytes, cell: Cell) -> bytes:
    """Raises WrongPlace for a value of another cell, and for one that was changed or is under another key."""
    at = len(MAGIC) + ID_BYTES
    nonce, packed = value[at : at + NONCE_BYTES], value[at + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, packed, cell.associated_data)
    except InvalidTag:
        raise WrongPlace(f"a value of {cell.table}.{cell.column} was not encrypted for its row") from None


def as_text(value: bytes) -> str:
    """For columns of text."""
    return WORD + base64.b64encode(value[len(MAGIC) :]).decode()


def as_bytes(value: str) -> bytes:
    """The other way."""
    return MAGIC + base64.b64decode(value[len(WORD) :])

"""The file of wrapping keys: a key a line, 64 hexadecimal digits, the newest first. They wrap the keys of families."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.durable_files import OWNER, write_durably
from shared.encryption.errors import KeysUnusable

KEY_BYTES = 32
NONCE_BYTES = 12
NAME_DIGITS = 16
REMEDY = "`application keys wrapping-key FILE` makes one; a file that was lost is put back from where it is kept apart"


@dataclass(frozen=True)
class WrappingKey:
    """`name`: by which rows say which one wraps them; it says nothing of the key."""

    name: str
    key: bytes

    @classmethod
    def of(cls, key: bytes) -> "WrappingKey":
        """Named by its digest."""
        return cls(hashlib.sha256(b"wrapping key of family keys" + key).hexdigest()[:NAME_DIGITS], key)

    def wrap(self, key_id: UUID, key: bytes) -> bytes:
        """A family's key, so that it can lie in a database."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, key, key_id.bytes)

    def unwrap(self, key_id: UUID, wrapped: bytes) -> bytes:
        """Raises KeysUnusable where the row was changed, or belongs to another key."""
        try:
            return AESGCM(self.key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.bytes)
        except InvalidTag:
            raise KeysUnusable(f"the key {key_id} of the key store was changed: put the key store back") from None


def read_wrapping_keys(file: Path) -> tuple[WrappingKey, ...]:
    """The newest first.

    Raises:
        KeysUnusable: for a file that is missing or none; the text has nothing of what it says.
    """
    try:
        lines = [bytes.fromhex(line) for line in file.read_text(encoding="ascii").split()]
    except OSError as error:
        raise KeysUnusable(f"{file}: {error.strerror}; {REMEDY}") from None
    except ValueError:
        raise KeysUnusable(f"{file} is no file of wrapping keys: a key a line, 64 hexadecimal digits") from None
    if not lines or any(len(each) != KEY_BYTES for each in lines):
        raise KeysUnusable(f"{file} is no file of wrapping keys: a key a line, 64 hexadecimal digits; {REMEDY}")
    return tuple(map(WrappingKey.of, lines))


def add_wrapping_key(file: Path) -> None:
    """A new one before those that are there, readable by the owner alone."""
    earlier = file.read_text(encoding="ascii") if file.exists() else ""
    write_durably(file, f"{secrets.token_hex(KEY_BYTES)}\n{earlier}", mode=OWNER)


def keep_newest(file: Path) -> int:
    """Take all but the first out of the file. Returns how many went."""
    first, *others = file.read_text(encoding="ascii").split()
    write_durably(file, f"{first}\n", mode=OWNER)
    return len(others)

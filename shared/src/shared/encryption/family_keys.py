"""The keys of families in use: new ones, encrypting and decrypting, and those that were used last, kept in memory."""

import threading
from collections import OrderedDict, deque
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from shared.encryption import values
from shared.encryption.key_store import KeyStore
from shared.encryption.values import Cell, is_encrypted
from shared.encryption.wrapping_keys import read_wrapping_keys

IN_MEMORY = 4096
"""Keys that were used last: 32 bytes each, less than a megabyte together."""
MADE_AT_ONCE = 32
"""New keys: written together, so that an application does not wait for a disk of its own. What is left of them when the
process ends encrypts nothing."""


class FamilyKeys:
    """Of one key store. Several threads may use it."""

    def __init__(self, store: KeyStore, in_memory: int = IN_MEMORY) -> None:
        self.store, self._in_memory = store, in_memory
        self._lock = threading.Lock()
        self._known: OrderedDict[UUID, bytes] = OrderedDict()
        self._new: deque[UUID] = deque()

    def new(self) -> UUID:
        """A key that nothing was encrypted under yet. It is on the disk."""
        with self._lock:
            if not self._new:
                for key_id, key in self.store.make(MADE_AT_ONCE):
                    self._new.append(key_id)
                    self._known[key_id] = key
            return self._new.popleft()

    def encrypt(self, key_id: UUID, content: bytes, cell: Cell) -> bytes:
        """For a column of bytes.

        Raises:
            KeyDestroyed.
        """
        return values.encrypt(key_id, self._key(key_id), content, cell)

    def encrypt_text(self, key_id: UUID, text: str, cell: Cell) -> str:
        """For a column of text.

        Raises:
            KeyDestroyed.
        """
        return values.as_text(self.encrypt(key_id, text.encode(), cell))

    def decrypt(self, value: bytes, cell: Cell) -> bytes:
        """What was kept before values were encrypted is what it is.

        Raises:
            KeyDestroyed.
            WrongPlace: where it stood in another cell.
        """
        if not is_encrypted(value):
            return value
        return values.decrypt(self._key(values.key_id_in(value)), value, cell)

    def decrypt_text(self, value: str, cell: Cell) -> str:
        """The same for a column of text."""
        return self.decrypt(values.as_bytes(value), cell).decode() if is_encrypted(value) else value

    def destroy(self, key_ids: Collection[UUID], now: datetime) -> bool:
        """For good, here and in the key store. False: what is left of them is to be dropped once more."""
        with self._lock:
            for each in key_ids:
                self._known.pop(each, None)
        self.store.destroy(key_ids, now)
        return self.drop_remains()

    def drop_remains(self) -> bool:
        """What is left of keys that were destroyed, in the key store's files. False: somebody reads just now."""
        return self.store.drop_remains()

    def still_there(self, key_ids: Collection[UUID]) -> set[UUID]:
        """Those of them that are not destroyed."""
        return self.store.still_there(key_ids)

    def has_heard_of(self, key_id: UUID) -> bool:
        """Whether the key store has this key, or had it until it was destroyed."""
        return self.store.has_heard_of(key_id)

    def pages_of_destroyed(self) -> Iterator[list[UUID]]:
        """All that were ever destroyed, by id."""
        return self.store.pages_of_destroyed()

    def _key(self, key_id: UUID) -> bytes:
        with self._lock:
            key = self._known.get(key_id)
            if key is not None:
                self._known.move_to_end(key_id)
                return key
        key = self.store.get(key_id)
        with self._lock:
            self._known[key_id] = key
            while len(self._known) > self._in_memory:
                self._known.popitem(last=False)
        return key


def open_family_keys(url: str, file: Path) -> FamilyKeys:
    """By the settings of a service.

    Args:
        url: of the key store.
        file: of the wrapping keys.

    Raises:
        KeysUnusable.
    """
    return FamilyKeys(KeyStore.open(url, read_wrapping_keys(file)))

"""Keys of families that are erased are destroyed, and what a restore brings back of them goes once more.

The erasure and the end of its key are written down in one transaction. The key is destroyed after it: whatever is cut
off between the two is done at the next start. Both databases keep what was destroyed: the one that is put back to an
older copy learns it from the other.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from shared.database import Transactions
from shared.encryption import KeysUnusable
from shared.events import ApplicationFamilyErased, Event, head
from shared.events.base import OfApplication

from application.domain.ids import ApplicationId

STEP = 500
SOME = 5
"""Keys that are looked up to see whether database and key store belong together."""
OTHER_STORE = (
    "the key store (APPLICATION_KEYS_URL) does not know the keys of this database: name the one that belongs to it, or "
    "put the newest copy of it back"
)


class KeysInStore(Protocol):
    def destroy(self, key_ids: Collection[UUID], now: datetime) -> bool:
        """For good. False: what is left of them is to be dropped once more."""
        ...

    def drop_remains(self) -> bool:
        """What is left of keys that were destroyed. False: somebody reads just now."""
        ...

    def pages_of_destroyed(self) -> Iterator[list[UUID]]:
        """All that were ever destroyed."""
        ...

    def still_there(self, key_ids: Collection[UUID]) -> set[UUID]:
        """Those of them that are not destroyed."""
        ...

    def has_heard_of(self, key_id: UUID) -> bool:
        """It has this key, or had it."""
        ...


class EndedKeyStore(Protocol):
    def keys_to_destroy(self, limit: int) -> Sequence[UUID]:
        """Whose rows are gone."""
        ...

    def page_of_ended_keys(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """All that were ever ended, by id."""
        ...

    def note_destroyed(self, key_ids: Collection[UUID], now: datetime) -> None:
        """In the key store they are gone."""

    def keys_in_use(self, limit: int) -> Sequence[UUID]:
        """Some that rows are encrypted under."""
        ...

    def applications_under(self, key_ids: Collection[UUID]) -> Sequence[OfApplication]:
        """That are encrypted under them."""
        ...

    def erase_drafts_under(self, key_ids: Collection[UUID]) -> int:
        """Drafts that are encrypted under them; returns how many went."""
        ...

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application."""

    def erase(self, application_id: ApplicationId, now: datetime) -> object:
        """The application, and all that goes with it."""
        ...

    def emit(self, *events: Event) -> None:
        """In this order."""


class EndedKeys:
    """Of one database and its key store."""

    def __init__(self, database: Transactions[EndedKeyStore], keys: KeysInStore) -> None:
        self._database, self._keys = database, keys
        self._has_remains = True  # of before this process, as far as anybody knows

    def destroy(self, now: datetime) -> int:
        """What was ended since the last time. Returns how many keys."""
        count = 0
        while ids := self._database.read_now(lambda store: store.keys_to_destroy(STEP)):
            self._destroy(ids, now)
            count += len(ids)
        if self._has_remains:
            self._has_remains = not self._keys.drop_remains()
        return count

    def _destroy(self, ids: Sequence[UUID], now: datetime) -> None:
        self._has_remains = not self._keys.destroy(ids, now)
        self._database.write_now(lambda store: store.note_destroyed(ids, now))

    def play_again(self, now: datetime) -> int:
        """At a start, before anybody is served: what either database has forgotten by a restore. Returns how many
        applications and drafts went once more.

        Raises:
            KeysUnusable: where the key store is another one's.
        """
        # 1. They belong together.
        used = self._database.read_now(lambda store: store.keys_in_use(SOME))
        if used and not any(self._keys.has_heard_of(each) for each in used):
            raise KeysUnusable(OTHER_STORE)
        # 2. The key store was put back: what was destroyed is destroyed again.
        for ids in self._pages_of_ended():
            if left := self._keys.still_there(ids):
                self._destroy(sorted(left), now)
        # 3. The database was put back: whose key was destroyed is erased again, and the others are told again.
        return sum(self._erase_under(page, now) for page in self._keys.pages_of_destroyed())

    def _pages_of_ended(self) -> Iterator[Sequence[UUID]]:
        ids: Sequence[UUID] = ()
        while ids := self._database.read_now(partial(_page_after, ids[-1] if ids else None)):
            yield ids

    def _erase_under(self, page: Sequence[UUID], now: datetime) -> int:
        def write(store: EndedKeyStore) -> int:
            found = store.applications_under(page)
            for each in found:
                store.note_erased(each, now)
                store.erase(ApplicationId(each.application_id), now)
                store.emit(ApplicationFamilyErased(**head(each, now)))
            return len(found) + store.erase_drafts_under(page)

        return self._database.write_now(write)


def _page_after(after: UUID | None, store: EndedKeyStore) -> Sequence[UUID]:
    return store.page_of_ended_keys(after, STEP)

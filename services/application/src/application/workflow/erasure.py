"""A family is erased: all that is kept of its applications and drafts goes, and the others are told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from shared.database import Transactions
from shared.events import ApplicationFamilyErased, Event, head
from shared.events.base import OfApplication

from application.domain.application import Application
from application.domain.ids import ApplicationId, Owner

ErasedRows = Mapping[str, int]
"""By table: how many rows went."""


class ErasureStore(Protocol):
    def find_application(self, application_id: ApplicationId, *, lock: bool = False) -> Application | None:
        """`lock`: nobody else changes it until this transaction ends."""
        ...

    def applications_of_account(self, owner: Owner) -> Sequence[ApplicationId]:
        """All of them, oldest first."""
        ...

    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""

    def erase(self, application_id: ApplicationId, now: datetime) -> ErasedRows:
        """The application, and all that goes with it."""
        ...

    def erase_account(self, owner: Owner) -> ErasedRows:
        """What the account has begun and not handed in."""
        ...

    def emit(self, *events: Event) -> None:
        """In this order."""


class Erasure:
    def __init__(self, database: Transactions[ErasureStore]) -> None:
        self._database = database

    async def of_application(self, application_id: ApplicationId, now: datetime) -> ErasedRows:
        """Of one application. Erased already, or never there: nothing goes, and nobody is told."""
        return await self._database.write(lambda store: erase_application(store, application_id, now))

    async def of_account(self, owner: Owner, now: datetime) -> ErasedRows:
        """Of all applications of an account, an application in each transaction, and then of its drafts."""
        gone: Counter[str] = Counter()
        for application_id in await self._database.read(lambda store: store.applications_of_account(owner)):
            gone.update(await self.of_application(application_id, now))
        gone.update(await self._database.write(lambda store: store.erase_account(owner), wake=False))
        return dict(sorted(gone.items()))


def erase_application(store: ErasureStore, application_id: ApplicationId, now: datetime) -> ErasedRows:
    """Within the caller's transaction: all that is kept of it goes, and the others are told that they do the same."""
    application = store.find_application(application_id, lock=True)
    if application is None:
        return {}
    # 1. Nothing more is taken of it, and what was told of it before is not kept.
    store.note_erased(application, now)
    # 2. It goes.
    gone = store.erase(application_id, now)
    # 3. The others hear it. The event names the application alone.
    store.emit(ApplicationFamilyErased(**head(application, now)))
    return gone

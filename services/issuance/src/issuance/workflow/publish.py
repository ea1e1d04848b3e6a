"""What scanners need is told in time: status lists when they change and every few hours, the trust list every day."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.database import Step
from shared.events import EVERY_AUTHORITY, Event, StatusListPublished, TrustListPublished

from issuance.lists.status_list import Shard, StatusList, bits_of

FRESH_FOR = timedelta(hours=4)
"""Lists older than 24 hours turn scanners amber; this leaves room for a night's outage and for devices that sleep."""
LIST_LASTS = timedelta(days=7)
ANNOUNCE_EVERY = timedelta(days=1)
WAITING_LASTS = timedelta(days=180)
BATCH = 16


@dataclass(frozen=True)
class Due:
    """A shard whose list is to be published. `revision` counts its changes."""

    shard: Shard
    version: int
    """Of the list that was published last; 0 before the first."""
    revision: int


class Store(Protocol):
    def due_shards(self, before: datetime, limit: int) -> Sequence[Due]:
        """Shards that have changed since they were published, or were published before `before`."""

    def dead_places(self, shard: Shard) -> Sequence[int]: ...
    def stamp_published(self, due: Due, version: int, now: datetime) -> None: ...
    def forget_old(self, before: datetime) -> None:
        """Erase holders, grants and notes of ended applications that have waited since `before`."""

    def emit(self, event: Event) -> None: ...


class AnnouncementStore(Protocol):
    def announced(self, version: int, since: datetime) -> bool: ...
    def stamp_announced(self, version: int, now: datetime) -> None: ...
    def emit(self, event: Event) -> None: ...


class BothStores(Store, AnnouncementStore, Protocol):
    """What the signer's store is to this file."""


class Transactions(Protocol):
    async def write(self, step: Step[BothStores, None]) -> None: ...
    async def read(
        self, query: Step[BothStores, Sequence[tuple[Due, Sequence[int]]]]
    ) -> Sequence[tuple[Due, Sequence[int]]]: ...


class ListSigner(Protocol):
    def sign_status_list(self, status: StatusList) -> bytes: ...


@dataclass(frozen=True)
class Publishing:
    transactions: Transactions
    signer: ListSigner
    clock: Callable[[], datetime]

    async def publish_due(self) -> int:
        """Publish the next status lists that are due. Returns how many."""
        now = self.clock()
        # 1. Which shards, and who in them is revoked, seen in one transaction.
        found = await self.transactions.read(
            lambda store: [(due, store.dead_places(due.shard)) for due in store.due_shards(now - FRESH_FOR, BATCH)]
        )
        if not found:
            return 0
        # 2. Build and sign away from the event loop.
        lists = [StatusList(due.shard, due.version + 1, now, now + LIST_LASTS, bits_of(dead)) for due, dead in found]
        signed = await asyncio.to_thread(lambda: [self.signer.sign_status_list(one) for one in lists])

        # 3. Tell of them. A change that came meanwhile has raised the revision: the shard stays due.
        def step(store: BothStores) -> None:
            for (due, _), one, data in zip(found, lists, signed, strict=True):
                store.stamp_published(due, one.version, now)
                store.emit(
                    StatusListPublished(
                        occurred_at=now,
                        authority_id=EVERY_AUTHORITY,
                        shard=str(one.shard),
                        version=one.version,
                        published_at=now,
                        status_list=data,
                    )
                )

        await self.transactions.write(step)
        return len(found)

    async def announce_trust(self, version: int, trust_list: bytes, certificates: Mapping[str, bytes]) -> None:
        """Tell of the trust list once when it is new, and every day for who may have lost it."""
        now = self.clock()
        event = TrustListPublished(
            occurred_at=now,
            authority_id=EVERY_AUTHORITY,
            version=version,
            trust_list=trust_list,
            certificates=dict(certificates),
        )

        def step(store: BothStores) -> None:
            if not store.announced(version, now - ANNOUNCE_EVERY):
                store.stamp_announced(version, now)
                store.emit(event)

        await self.transactions.write(step)

    async def forget_old(self) -> None:
        """Names that have waited for 180 days wait in vain."""
        before = self.clock() - WAITING_LASTS
        await self.transactions.write(lambda store: store.forget_old(before))

"""What scanners need is told in time: status lists when they change and every few hours, the trust list every day."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.database import Transactions
from shared.events import EVERY_AUTHORITY, Event, StatusListPublished, TrustListPublished
from shared.runtime.backlog import Backlog

from issuance.lists import compact
from issuance.lists.delta import Delta, Head, Snapshot
from issuance.lists.status_list import Shard, StatusList, bits_of

FRESH_FOR = timedelta(hours=4)
"""Lists older than 24 hours turn scanners amber; this leaves room for a night's outage and for devices that sleep."""
LIST_LASTS = timedelta(days=7)
ANNOUNCE_EVERY = timedelta(days=1)
WAITING_LASTS = timedelta(days=180)
PUBLISHING = "publishing"
"""The worker's name."""
BATCH = 16


@dataclass(frozen=True)
class Due:
    """A shard whose list is to be published. `revision` counts its changes."""

    shard: Shard
    version: int
    """Of the list that was published last; 0 before the first."""
    revision: int


class Store(Protocol):
    def due_shards(self, before: datetime, limit: int, now: datetime) -> Sequence[Due]:
        """Shards that have changed since they were published, or were published before `before`; without those that
        failed and are not to be tried now."""

    def dead_places(self, shard: Shard) -> Sequence[int]: ...
    def places_published(self, shard: Shard, version: int) -> Sequence[int] | None:
        """As `version` had them; None where that is not known."""

    def keep_published(self, shard: Shard, version: int, places: bytes) -> None: ...
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


class ListSigner(Protocol):
    def sign_status_list(self, status: StatusList) -> bytes: ...
    def sign_list(self, one: Snapshot | Delta) -> bytes: ...


class Public(Protocol):
    """What a ceremony has published."""

    @property
    def trust_list(self) -> bytes: ...
    @property
    def certificates(self) -> Mapping[str, bytes]:
        """By CAR in hex."""


@dataclass(frozen=True)
class Found:
    """A shard that is due: who in it is revoked, and who was when it was published last."""

    due: Due
    dead: Sequence[int]
    before: Sequence[int] | None


@dataclass(frozen=True)
class Made:
    """The three forms of a status list, signed."""

    status: StatusList
    signed: bytes
    snapshot: bytes
    delta: bytes
    """Empty where nothing is known to begin at."""
    places: bytes


@dataclass(frozen=True)
class Publishing:
    transactions: Transactions[BothStores]
    signer: ListSigner
    clock: Callable[[], datetime]
    backlog: Backlog

    async def publish_due(self, lists_from: datetime | None = None) -> int:
        """Publish the next status lists that are due, and those from before `lists_from`. Returns how many."""
        now = self.clock()
        before = max(now - FRESH_FOR, lists_from or now - FRESH_FOR)
        # 1. Which shards, and who in them is revoked, seen in one transaction.
        found = await self.transactions.read(
            lambda store: [
                Found(due, store.dead_places(due.shard), store.places_published(due.shard, due.version))
                for due in store.due_shards(before, BATCH, now)
            ]
        )
        if found:
            await self.backlog.together(found, lambda one: str(one.due.shard), lambda some: self._publish(some, now))
        return len(found)

    async def _publish(self, found: Sequence[Found], now: datetime) -> None:
        # 2. Build and sign away from the event loop.
        lists = await asyncio.to_thread(lambda: [self._make(one, now) for one in found])

        # 3. Tell of them. A change that came meanwhile has raised the revision: the shard stays due.
        def step(store: BothStores) -> None:
            for one, made in zip(found, lists, strict=True):
                shard, version = made.status.shard, made.status.version
                store.stamp_published(one.due, version, now)
                store.keep_published(shard, version, made.places)
                store.emit(
                    StatusListPublished(
                        occurred_at=now,
                        authority_id=EVERY_AUTHORITY,
                        shard=str(shard),
                        version=version,
                        published_at=now,
                        status_list=made.signed,
                        snapshot=made.snapshot,
                        delta=made.delta,
                    )
                )

        await self.transactions.write(step)

    def _make(self, found: Found, now: datetime) -> Made:
        due = found.due
        head = Head(due.shard, due.version + 1, now, now + LIST_LASTS)
        bits = bits_of(found.dead)
        status = StatusList(head.shard, head.version, head.published_at, head.expires_at, bits)
        delta = b""
        if found.before is not None:
            delta = self.signer.sign_list(Delta.between(head, bits_of(found.before), bits))
        signed = self.signer.sign_status_list(status), self.signer.sign_list(Snapshot(head, bits))
        return Made(status, *signed, delta, compact.encode(found.dead))

    async def announce_trust(self, version: int, public: Public) -> None:
        """Tell of the trust list once when it is new, and every day for who may have lost it."""
        now = self.clock()
        event = TrustListPublished(
            occurred_at=now,
            authority_id=EVERY_AUTHORITY,
            version=version,
            trust_list=public.trust_list,
            certificates=dict(public.certificates),
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

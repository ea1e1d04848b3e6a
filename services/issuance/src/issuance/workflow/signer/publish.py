"""What scanners need is told in time: status lists when they change and every few hours, the trust list every day."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.database import Transactions
from shared.events import EVERY_AUTHORITY, Event, StatusListPublished, StatusListV2Published, TrustListPublished
from shared.runtime.backlog import Backlog

from issuance.lists import two_bits
from issuance.lists.delta import Delta, Head, Snapshot
from issuance.lists.delta_v2 import DeltaV2, SnapshotV2
from issuance.lists.status_list import Shard, StatusList, bits_of
from issuance.lists.two_bits import Places

FRESH_FOR = timedelta(hours=4)
"""Lists older than 24 hours turn scanners amber; this leaves room for a night's outage and for devices that sleep."""
LIST_LASTS = timedelta(days=7)
ANNOUNCE_EVERY = timedelta(days=1)
WAITING_LASTS = timedelta(days=180)
PUBLISHING = "publishing"
"""The worker's name."""
BATCH = 16


@dataclass(frozen=True)
class DueShard:
    """A shard whose list is to be published. `revision` counts its changes."""

    shard: Shard
    version: int
    """Of the list that was published last; 0 before the first."""
    revision: int
    epoch: int = 1
    """Of the signer's database; it rises where an older copy of it was taken up again."""


class Store(Protocol):
    def due_shards(self, before: datetime, limit: int, now: datetime) -> Sequence[DueShard]:
        """Shards that have changed since they were published, or were published before `before`; without those that
        failed and are not to be tried now."""

    def dead_places(self, shard: Shard) -> Sequence[int]:
        """Of the list of one bit: suspended tickets too."""

    def suspended_places(self, shard: Shard) -> Sequence[int]:
        """Places that are suspended and not revoked."""

    def places_published(self, shard: Shard, version: int) -> "State | None":
        """As `version` had them; None where that is not known."""

    def keep_published(self, shard: Shard, version: int, state: "State") -> None:
        """What this version said: the next delta begins at it."""

    def stamp_published(self, due: DueShard, version: int, now: datetime) -> None:
        """The shard is not due any more, unless it has changed since `due` was read."""

    def forget_old(self, before: datetime) -> None:
        """Erase holders, grants and notes of ended applications that have waited since `before`."""

    def emit(self, event: Event) -> None:
        """Puts the event into the outbox, in this transaction."""


class AnnouncementStore(Protocol):
    def announced(self, version: int, since: datetime) -> bool:
        """Whether this version of the trust list was announced after `since`."""

    def stamp_announced(self, version: int, now: datetime) -> None:
        """Notes that this version was announced now."""

    def emit(self, event: Event) -> None:
        """Puts the event into the outbox, in this transaction."""


class BothStores(Store, AnnouncementStore, Protocol):
    """What the signer's store is to this file."""


class ListSigner(Protocol):
    def sign_status_list(self, status: StatusList) -> bytes:
        """CWT (Token Status List)."""

    def sign_list(self, one: Snapshot | Delta | SnapshotV2 | DeltaV2) -> bytes:
        """COSE_Sign1."""


class Public(Protocol):
    """What a ceremony has published."""

    @property
    def trust_list(self) -> bytes:
        """Signed, as it is published."""

    @property
    def certificates(self) -> Mapping[str, bytes]:
        """By CAR in hex."""


@dataclass(frozen=True)
class State:
    """Who in a shard is not good."""

    dead: Sequence[int]
    """Revoked or suspended."""
    suspended: Sequence[int] | None
    """None of a state that was written down before lists had two bits."""

    def places(self) -> Places | None:
        """Of the list of two bits. Whoever is suspended is not counted as revoked."""
        if self.suspended is None:
            return None
        suspended = frozenset(self.suspended)
        return Places([place for place in self.dead if place not in suspended], self.suspended)


@dataclass(frozen=True)
class ShardChange:
    """A shard that is due: who in it is not good, and who was not when it was published last."""

    due: DueShard
    now: State
    before: State | None


@dataclass(frozen=True)
class SignedLists:
    """A status list in its three forms (list, snapshot, delta), signed; of one bit and of two.

    A delta is empty where nothing is known to begin at.
    """

    head: Head
    one_bit: Mapping[str, bytes]
    two_bits: Mapping[str, bytes]
    state: State


@dataclass(frozen=True)
class ListPublisher:
    transactions: Transactions[BothStores]
    signer: ListSigner
    clock: Callable[[], datetime]
    backlog: Backlog

    async def publish_due(self, lists_from: datetime | None = None) -> int:
        """Publish the next status lists that are due, and those from before `lists_from`. Returns how many."""
        now = self.clock()
        before = max(now - FRESH_FOR, lists_from or now - FRESH_FOR)
        # 1. Which shards, and who in them is not good, seen in one transaction.
        found = await self.transactions.read(
            lambda store: [
                ShardChange(due, _state_of(store, due.shard), store.places_published(due.shard, due.version))
                for due in store.due_shards(before, BATCH, now)
            ]
        )
        if found:
            await self.backlog.together(found, lambda one: str(one.due.shard), lambda some: self._publish(some, now))
        return len(found)

    async def _publish(self, found: Sequence[ShardChange], now: datetime) -> None:
        # 2. Build and sign away from the event loop.
        lists = await asyncio.to_thread(lambda: [self._make(one, now) for one in found])

        # 3. Tell of them. A change that came meanwhile has raised the revision: the shard stays due.
        def step(store: BothStores) -> None:
            for one, made in zip(found, lists, strict=True):
                head = made.head
                store.stamp_published(one.due, head.version, now)
                store.keep_published(head.shard, head.version, made.state)
                base = {"occurred_at": now, "authority_id": EVERY_AUTHORITY, "published_at": now}
                base |= {"shard": str(head.shard), "version": head.version}
                store.emit(StatusListPublished.model_validate({**base, **made.one_bit}))
                store.emit(StatusListV2Published.model_validate({**base, "epoch": head.epoch, **made.two_bits}))

        await self.transactions.write(step)

    def _make(self, found: ShardChange, now: datetime) -> SignedLists:
        due = found.due
        head = Head(due.shard, due.version + 1, now, now + LIST_LASTS, due.epoch)
        return SignedLists(head, self._one_bit(head, found), self._two_bits(head, found), found.now)

    def _one_bit(self, head: Head, found: ShardChange) -> Mapping[str, bytes]:
        sign, bits = self.signer.sign_list, bits_of(found.now.dead)
        delta = sign(Delta.between(head, bits_of(found.before.dead), bits)) if found.before is not None else b""
        status = StatusList(head.shard, head.version, head.published_at, head.expires_at, bits)
        signed = self.signer.sign_status_list(status)
        return {"status_list": signed, "snapshot": sign(Snapshot(head, bits)), "delta": delta}

    def _two_bits(self, head: Head, found: ShardChange) -> Mapping[str, bytes]:
        sign, bits = self.signer.sign_list, two_bits.bits_of(found.now.places() or Places((), ()))
        before = found.before.places() if found.before is not None else None
        delta = sign(DeltaV2.between(head, two_bits.bits_of(before), bits)) if before is not None else b""
        status = StatusList(head.shard, head.version, head.published_at, head.expires_at, bits, head.epoch)
        signed = self.signer.sign_status_list(status)
        return {"status_list": signed, "snapshot": sign(SnapshotV2(head, bits)), "delta": delta}

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


def _state_of(store: BothStores, shard: Shard) -> State:
    return State(store.dead_places(shard), store.suspended_places(shard))

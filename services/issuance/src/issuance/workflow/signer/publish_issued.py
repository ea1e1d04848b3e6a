"""The filter of issued tickets, published in the night and when a key was stolen."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.database import Transactions
from shared.events import EVERY_AUTHORITY, Event, IssuedListPublished

from issuance.lists import issued
from issuance.lists.delta import Head
from issuance.lists.issued import FORMS, IssuedPart
from issuance.lists.status_list import Shard

EVERY = timedelta(days=1)
CHANGED_EVERY = timedelta(hours=6)
"""A filter of 130,000 tickets takes a second of one core."""
LASTS = timedelta(days=30)


@dataclass(frozen=True)
class DueIssued:
    shard: Shard
    version: int
    """Of the filter that was published last; 0 before the first."""
    tickets: int


class Store(Protocol):
    def due_issued(self, before: datetime, changed_before: datetime) -> Sequence[DueIssued]: ...
    def issued_codes(self, shard: Shard) -> Iterable[tuple[bytes, str]]:
        """Both codes of every ticket that was ever signed."""

    def stamp_issued(self, due: DueIssued, version: int, now: datetime) -> None: ...
    def emit(self, event: Event) -> None: ...


Codes = Sequence[tuple[bytes, str]]


class PartSigner(Protocol):
    def sign_list(self, one: IssuedPart) -> bytes: ...


class Reader(Protocol):
    def issued_keys(self, vdv: bytes, qr: str) -> tuple[bytes, bytes]:
        """What the filter holds of both codes."""


@dataclass(frozen=True)
class PublishingIssued:
    transactions: Transactions[Store]
    signer: PartSigner
    reader: Reader
    clock: Callable[[], datetime]

    async def publish(self, stolen_since: datetime | None = None) -> int:
        """Publish the filters that are due; all that are older than the latest theft. Returns how many shards."""
        now = self.clock()
        before = max(now - EVERY, stolen_since) if stolen_since is not None else now - EVERY
        # 1. Which shards, and what was issued there.
        due = await self.transactions.read(
            lambda store: [
                (one, list(store.issued_codes(one.shard))) for one in store.due_issued(before, now - CHANGED_EVERY)[:1]
            ]
        )
        if not due:
            return 0
        for one, codes in due:
            # 2. Build and sign away from the event loop.
            parts = await asyncio.to_thread(self._build, one, codes, now)
            # 3. Tell of every part.
            await self.transactions.write(lambda store, one=one, parts=parts: _tell(store, one, parts, now))  # type: ignore[misc]
        return len(due) + await self.publish(stolen_since)

    def _build(self, due: DueIssued, codes: Codes, now: datetime) -> list[tuple[IssuedPart, bytes]]:
        head = Head(due.shard, due.version + 1, now, now + LASTS)
        keys = [self.reader.issued_keys(*one) for one in codes]
        parts = [
            part for at, form in enumerate(FORMS) for part in issued.build(head, form, (both[at] for both in keys))
        ]
        return [(part, self.signer.sign_list(part)) for part in parts]


def _tell(store: Store, due: DueIssued, parts: Sequence[tuple[IssuedPart, bytes]], now: datetime) -> None:
    store.stamp_issued(due, due.version + 1, now)
    for part, data in parts:
        store.emit(
            IssuedListPublished(
                occurred_at=now,
                authority_id=EVERY_AUTHORITY,
                shard=str(part.head.shard),
                form=part.form,
                part=part.part,
                parts=part.parts,
                version=part.head.version,
                issued_list=data,
            )
        )

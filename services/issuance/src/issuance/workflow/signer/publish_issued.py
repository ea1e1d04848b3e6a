"""The filter of issued tickets, published in the night and when a key was stolen."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

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


Codes = Sequence[tuple[bytes, str]]
KEY_BYTES = 16


@dataclass(frozen=True)
class DueFilter:
    shard: Shard
    version: int
    """Of the filter that was published last; 0 before the first."""
    tickets: int
    """In that one."""
    published_at: datetime | None
    keys: bytes | None
    """What it held, as `FilterContent` has it; None: to be read from all tickets."""


@dataclass(frozen=True)
class FilterContent:
    """What a filter holds: pairs of keys of 16 bytes, of the VDV code and of the QR code."""

    keys: bytes
    tickets: int
    listed: Sequence[UUID]
    """Tickets that are in a filter for the first time."""


@dataclass(frozen=True)
class Work:
    """A filter that is due, and the codes whose keys are to be read for it."""

    due: DueFilter
    unlisted: Sequence[UUID]
    codes: Codes
    before: bytes
    """Keys that are known, and stay."""


class Store(Protocol):
    def due_issued(self, before: datetime, changed_before: datetime) -> Sequence[DueFilter]:
        """Filters published before `before`, or before `changed_before` where tickets were signed since."""

    def issued_codes(self, shard: Shard) -> Iterable[tuple[bytes, str]]:
        """Both codes of every ticket that was ever signed."""

    def unlisted(self, shard: Shard) -> Sequence[UUID]:
        """Tickets that were signed since the filter was published."""

    def codes_of(self, ticket_ids: Sequence[UUID]) -> Iterable[tuple[bytes, str]]:
        """VDV and QR code of those of them that are signed."""

    def stamp_issued(self, due: DueFilter, made: FilterContent, now: datetime) -> None:
        """The next version is out, and holds this."""

    def emit(self, event: Event) -> None:
        """Puts the event into the outbox, in this transaction."""


Parts = Sequence[tuple[IssuedPart, bytes]]


class PartSigner(Protocol):
    def sign_list(self, one: IssuedPart) -> bytes:
        """COSE_Sign1."""


class Reader(Protocol):
    def issued_keys(self, vdv: bytes, qr: str) -> tuple[bytes, bytes]:
        """What the filter holds of both codes."""


@dataclass(frozen=True)
class IssuedListPublisher:
    transactions: Transactions[Store]
    signer: PartSigner
    reader: Reader
    clock: Callable[[], datetime]

    async def publish(self, stolen_since: datetime | None = None) -> int:
        """Publish the filters that are due; all that are older than the latest theft. Returns how many shards."""
        now = self.clock()
        before = max(now - EVERY, stolen_since) if stolen_since is not None else now - EVERY
        done: set[Shard] = set()
        # 1. Which shard, and what was issued there since; after a theft, what was ever issued there.
        while work := await self.transactions.read(
            lambda store: _next(store, before, now - CHANGED_EVERY, stolen_since, done)
        ):
            # 2. Build and sign away from the event loop.
            made, parts = await asyncio.to_thread(self._build, work, now)
            # 3. Tell of every part.
            step = partial(_tell, due=work.due, made=made, parts=parts, now=now)
            await self.transactions.write(step)
            done.add(work.due.shard)
        return len(done)

    def _build(self, work: Work, now: datetime) -> tuple[FilterContent, Parts]:
        head = Head(work.due.shard, work.due.version + 1, now, now + LASTS)
        keys = work.before + b"".join(b"".join(self.reader.issued_keys(*one)) for one in work.codes)
        parts = [part for at, form in enumerate(FORMS) for part in issued.build(head, form, _keys_of(keys, at))]
        tickets = len(keys) // (KEY_BYTES * len(FORMS))
        return FilterContent(keys, tickets, work.unlisted), [(part, self.signer.sign_list(part)) for part in parts]


def _next(  # of which store, since when
    store: Store,
    before: datetime,
    changed_before: datetime,
    stolen_since: datetime | None,
    done: Collection[Shard],
) -> Work | None:
    for due in store.due_issued(before, changed_before):
        if due.shard in done:
            continue  # by a clock that is behind the theft's, it would be due for ever
        unlisted = store.unlisted(due.shard)
        is_old = stolen_since is not None and (due.published_at is None or due.published_at < stolen_since)
        if due.keys is None or is_old:
            return Work(due, unlisted, list(store.issued_codes(due.shard)), b"")
        return Work(due, unlisted, list(store.codes_of(unlisted)), due.keys)
    return None


def _keys_of(pairs: bytes, form: int) -> Iterator[bytes]:
    for start in range(form * KEY_BYTES, len(pairs), KEY_BYTES * len(FORMS)):
        yield pairs[start : start + KEY_BYTES]


def _tell(store: Store, due: DueFilter, made: FilterContent, parts: Parts, now: datetime) -> None:
    store.stamp_issued(due, made, now)
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

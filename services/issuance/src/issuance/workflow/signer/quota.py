"""How many tickets of one authority are signed in an hour: one stolen account of its desk cannot have a million signed.

Hours are those of the clock. What is beyond waits as it is, with its reason, takes nobody else's place, and goes out by
itself when the hour has passed. A signature for a key that was stolen is none of them: nobody at a desk asks for it.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from shared.events import Event, TicketQuotaReached

from issuance.domain.ticket import Order
from issuance.workflow.signer.hours import HourStore, hour_of

log = structlog.get_logger("issuing")
SIGNED = "signed"
HOUR = timedelta(hours=1)
QUOTA_REACHED = "signature_quota"
"""Why a ticket waits."""


class QuotaStore(HourStore, Protocol):
    def emit(self, *events: Event) -> None:
        """Puts the events into the outbox, in this transaction."""

    def let_wait(self, authority_ids: Collection[str], reason: str) -> None:
        """What is approved of these authorities says why it waits."""


@dataclass(frozen=True)
class Quota:
    """`per_hour` of one authority; 0: as many as come."""

    per_hour: int = 0

    def lock(self, store: HourStore, now: datetime) -> None:
        """For who will count: before it looks."""
        if self.per_hour:
            store.lock_hour(hour_of(now), SIGNED)

    def now(self, store: HourStore, now: datetime) -> "Hour":
        """This hour, with what was signed in it; without a quota nothing is counted."""
        hour = hour_of(now)
        return Hour(self.per_hour, hour, Counter(store.done_in(hour, SIGNED) if self.per_hour else {}))


NO_QUOTA = Quota()


class Hour:
    """What was signed in it, and what may still be."""

    def __init__(self, per_hour: int, begins: datetime, signed: Counter[str]) -> None:
        self._per_hour, self._begins, self._signed = per_hour, begins, signed

    @property
    def used_up(self) -> frozenset[str]:
        """Authorities of which nothing more is signed."""
        return frozenset(one for one, count in self._signed.items() if self._per_hour and count >= self._per_hour)

    def of(self, orders: Sequence[Order]) -> list[Order]:
        """Those that may be signed, the oldest of an authority first."""
        if not self._per_hour:
            return list(orders)
        counts, chosen = Counter(self._signed), []
        for order in orders:
            if counts[order.authority_id] < self._per_hour:
                counts[order.authority_id] += 1
                chosen.append(order)
        return chosen

    def let_wait(self, store: QuotaStore) -> None:
        """What is beyond."""
        if used_up := self.used_up:
            store.let_wait(used_up, QUOTA_REACHED)

    def count(self, store: QuotaStore, signed: Sequence[Order], now: datetime) -> None:
        """These were signed. Logged, and told to the authority's desk, when it is the last of the hour."""
        if not self._per_hour or not signed:
            return
        before, new = self.used_up, Counter(order.authority_id for order in signed)
        store.count_done(self._begins, SIGNED, new)
        self._signed.update(new)
        for authority in sorted(self.used_up - before):
            log.error("signature_quota_reached", authority_id=authority, per_hour=self._per_hour)
            store.emit(TicketQuotaReached(occurred_at=now, authority_id=authority, until=self._begins + HOUR))

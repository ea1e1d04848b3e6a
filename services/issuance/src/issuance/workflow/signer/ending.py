"""Grants that end on a day to come: until then their tickets are good, and from the next day on they are revoked.

What is signed says how long a ticket holds, and cannot be made shorter; so the day is kept in a table, and a worker
looks at it: whatever stops the signer, it goes on where it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from shared.calendar import day_in_berlin
from shared.database import Transactions
from shared.runtime.backlog import Backlog, row_key

from issuance.workflow.signer import revoke

ENDING = "ending"
"""The worker's name."""
BATCH = 64


class Store(revoke.Store, Protocol):
    def ends_due(self, today: date, limit: int, now: datetime) -> Sequence[UUID]:
        """Decisions whose last day is over, the oldest first, without those that failed and are not to be tried now."""


@dataclass(frozen=True)
class Ending:
    transactions: Transactions[Store]
    revoking: revoke.TicketRevocation
    clock: Callable[[], datetime]
    backlog: Backlog

    async def end_due(self) -> int:
        """End what is over, a transaction each. Returns how many were looked at; 0 when nothing is left."""
        now = self.clock()
        due = await self.transactions.read(lambda store: store.ends_due(day_in_berlin(now), BATCH, now))
        await self.backlog.each(due, row_key, self._end)
        return len(due)

    async def _end(self, decision_id: UUID) -> None:
        await self.transactions.write(lambda store: self.revoking.end_now(store, decision_id))

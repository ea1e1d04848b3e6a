"""What scanners showed to inspectors, sent later: counted for the operator, and a warning for copies.

Kept is what was shown, to the minute, with a mark of the ticket that changes every day: two inspections of one ticket
on one day are known as such, on two days they are not. No name, no number, no place: no child's movements.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from shared.database import Step
from shared.identity import Caller

from issuance.domain import Verdict, in_berlin

KEPT_FOR = timedelta(days=30)
CLOCK_TOLERANCE = timedelta(minutes=10)
MANY_SCANNERS = 5
"""A ticket that more inspectors met on one day than a child's ways explain: there and back, with a change each."""


@dataclass(frozen=True)
class Shown:
    """One verdict on a scanner's screen."""

    id: UUID
    """Drawn by the scanner: what is sent twice counts once."""
    shown_at: datetime
    """To the minute."""
    verdict: Verdict
    colour: str
    format: str | None
    organisation_id: int | None
    ticket: str | None
    """Mark of the ticket for the day."""


@dataclass(frozen=True)
class Count:
    day: date
    organisation_id: int | None
    verdict: str
    colour: str
    count: int


@dataclass(frozen=True)
class Copy:
    """A ticket that too many scanners met on one day."""

    day: date
    organisation_id: int | None
    ticket: str
    scanners: int


class ShownStore(Protocol):
    def keep_shown(self, shown: Shown, day: date, scanner: str) -> None:
        """Once by its id. `scanner`: a mark of who sent it, for this day."""

    def forget_shown(self, before: date) -> None: ...
    def counts(self, since: date) -> Sequence[Count]: ...
    def copies(self, since: date, least: int) -> Sequence[Copy]: ...


class Transactions(Protocol):
    def write(self, step: Step[ShownStore, Any], *, wake: bool = True) -> Awaitable[Any]: ...
    def read(self, query: Step[ShownStore, Any]) -> Awaitable[Any]: ...


@dataclass(frozen=True)
class Recording:
    transactions: Transactions
    clock: Callable[[], datetime]

    async def record(self, caller: Caller, log: Sequence[Shown]) -> int:
        """Keep a scanner's log. Entries from the future or older than 30 days are left out. Returns how many count."""
        # 1. Only inspectors send logs.
        caller.require("inspector")
        now = self.clock()
        kept = [one for one in log if now - KEPT_FOR <= one.shown_at <= now + CLOCK_TOLERANCE]

        def step(store: ShownStore) -> None:
            # 2. Every entry once, to the minute.
            for one in kept:
                day = in_berlin(one.shown_at).date()
                store.keep_shown(one, day, _scanner(caller.subject, day))
            # 3. What is older than 30 days goes.
            store.forget_shown(in_berlin(now - KEPT_FOR).date())

        await self.transactions.write(step, wake=False)
        return len(kept)

    async def report(self, caller: Caller) -> tuple[Sequence[Count], Sequence[Copy]]:
        """Counts a day, and tickets that look copied, of the last 30 days."""
        caller.require("operator")
        since = in_berlin(self.clock() - KEPT_FOR).date()
        found: tuple[Sequence[Count], Sequence[Copy]] = await self.transactions.read(
            lambda store: (store.counts(since), store.copies(since, MANY_SCANNERS))
        )
        return found


def _scanner(subject: str, day: date) -> str:
    """Who scanned is nobody's business the day after, either."""
    return sha256(f"{day}|{subject}".encode()).hexdigest()[:16]

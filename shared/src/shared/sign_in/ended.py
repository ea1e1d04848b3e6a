"""Who has signed out: a copy of the cookie does not count any more, in no process of the service.

A cookie is not kept on the server; what is kept is which ones are over, until they would be over by themselves. Every
process has them in memory: its own at once, those of the others with the next look.
"""

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Protocol

from shared.database import Transactions
from shared.sign_in.session import Session

LOOK_SECONDS = 5.0
"""So long a copy may count in another process."""
LONGEST = timedelta(minutes=720)
"""No session is longer (`StaffSettings.desk_session_minutes`)."""


class EndedStore(Protocol):
    def end_session(self, digest: str, until: datetime) -> None:
        """Once.

        Args:
            until: then it would be over by itself.
        """

    def ended_sessions(self, now: datetime) -> Collection[str]:
        """Those that are not over by themselves; the others are forgotten."""


class EndedSessions:
    def __init__(self, transactions: Transactions[EndedStore], now: Callable[[], datetime]) -> None:
        self._transactions, self._now = transactions, now
        self._digests: frozenset[str] = frozenset()

    def is_over(self, session: Session) -> bool:
        """Whether somebody signed out of this session, as far as this process has heard."""
        return _digest(session) in self._digests

    async def end(self, session: Session) -> None:
        """All windows of this browser, and every copy of its cookie."""
        digest, until = _digest(session), self._now() + LONGEST
        await self._transactions.write(lambda store: store.end_session(digest, until))
        self._digests |= {digest}

    async def look(self) -> int:
        """What other processes have ended: for a worker."""
        now = self._now()
        self._digests = frozenset(await self._transactions.write(lambda store: store.ended_sessions(now), wake=False))
        return 0


def _digest(session: Session) -> str:
    """By what a session keeps from its first sign-in to its last; of no use to whoever reads the table."""
    return hashlib.sha256(f"ended {session.csrf}".encode()).hexdigest()

"""What every service forgets: what the broker has forgotten too, and what failed and was never met again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from shared.bus import inbox, outbox
from shared.bus.topology import MAX_AGE_SECONDS
from shared.database import SessionStore, Transactions
from shared.runtime import backlog
from shared.runtime.worker import Worker

EVERY_SECONDS = 3600.0


def retention(database: Transactions[SessionStore], clock: Callable[[], datetime]) -> Worker:
    """The worker that does it. Made when the service starts: rows that failed before then are tried once more."""
    started_at = clock()

    async def work() -> None:
        await database.write(partial(_forget, started_at, clock()), wake=False)

    return Worker("retention", work, EVERY_SECONDS)


def _forget(started_at: datetime, now: datetime, store: SessionStore) -> None:
    before = now - timedelta(seconds=MAX_AGE_SECONDS)
    # 1. Outbox payloads, and inbox ids a day later than the stream forgets the messages.
    outbox.purge(store.session, before)
    inbox.purge(store.session, before - timedelta(days=1))
    # 2. Rows that failed: each once more after a start, and gone where nobody has met them since.
    backlog.try_again(store.session, now, failed_before=started_at)
    backlog.purge(store.session, before)

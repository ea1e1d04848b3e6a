"""At SQLite a service has one copy: a second one would do all background work once more, and count limits for itself
(at PostgreSQL copies take turns, and count together)."""

import contextlib
import time
from collections.abc import Iterator
from typing import IO

from shared.copies.machine_lock import take_beside
from shared.database.engine import is_sqlite

PATIENCE_SECONDS, LOOK_SECONDS = 5.0, 0.1


class OtherCopy(RuntimeError):
    """Another process serves with this database."""


@contextlib.contextmanager
def only_copy(url: str, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Nobody else has the SQLite database for its own while this lasts; at PostgreSQL it means nothing.

    Args:
        patience_seconds: so long one that is about to end is waited for.

    Raises:
        OtherCopy: another process has it.
        OSError: its folder cannot be written.
    """
    if not is_sqlite(url):
        yield
        return
    with _wait_for(url, time.monotonic() + patience_seconds):
        yield


def _wait_for(url: str, until: float) -> IO[bytes]:
    while (held := take_beside(url)) is None:
        if time.monotonic() >= until:
            raise OtherCopy(
                "another process serves with this SQLite database, and nothing was changed. End it before this one is "
                "started; for several copies name a PostgreSQL database in …_DATABASE_URL"
            )
        time.sleep(LOOK_SECONDS)
    return held

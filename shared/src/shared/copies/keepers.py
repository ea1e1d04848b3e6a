"""How a copy becomes the active one: by a lock of PostgreSQL, or at SQLite of the machine."""

from datetime import UTC, datetime
from typing import IO
from uuid import uuid4

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from shared.copies.fence import LOST_AFTER_SECONDS, Claim, Keeper, is_own
from shared.copies.machine_lock import take_beside
from shared.copies.tables import beat, fence
from shared.database.engine import is_sqlite, open_engine
from shared.row_security.asking import work_as

log = structlog.get_logger("fence")

LOCK = 0x5C_7E_4C_E0
"""Among the advisory locks of a database, of which each process has its own: nothing else takes it for a session."""
SECONDS = 2.0
"""So long a statement of this takes at most: who cannot beat must know it soon."""
_RAISE = (
    fence.update()
    .where(fence.c.id == 1)
    .values(number=fence.c.number + 1, holder=sa.bindparam("copy"), taken_at=sa.bindparam("now"))
    .returning(fence.c.number)
)
_CLOCK = sa.func.clock_timestamp()
_BEGIN_BEAT = beat.update().values(number=sa.bindparam("own"), beat_at=_CLOCK)
_BEAT = beat.update().where(beat.c.number == sa.bindparam("own")).values(beat_at=_CLOCK)
_TAKE = sa.text("SELECT pg_try_advisory_lock(:lock)")
_IS_SILENT = sa.text("SELECT beat_at < clock_timestamp() - make_interval(secs => :patience) FROM fence_beat")
_END_SILENT = sa.text(
    """
    SELECT count(pg_terminate_backend(pid)) FROM (
        SELECT DISTINCT pid FROM pg_locks
        WHERE pid <> pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (
            (locktype = 'advisory' AND classid = 0 AND objid = :lock AND objsubid = 1)
            OR (locktype = 'relation' AND relation = 'fence'::regclass AND mode = 'RowShareLock')
        )
    ) AS sessions
    """
)
"""The session by which the silent copy holds the lock, and its transactions that look at the fence."""


def keeper_of(url: str) -> Keeper:
    """For the database that all copies share."""
    return FileKeeper(url) if is_sqlite(url) else SessionKeeper(url)


class SessionKeeper:
    """PostgreSQL: an advisory lock on a session of its own, which leads to the server itself, or to a pooler that gives
    whole sessions."""

    def __init__(self, url: str, lost_after: float = LOST_AFTER_SECONDS) -> None:
        self._engine = open_engine(url, connections=1, lock_seconds=SECONDS, statement_seconds=SECONDS)
        self._copy = uuid4()
        self._lost_after = lost_after
        self._session: sa.Connection | None = None

    def claim(self, own: int | None) -> Claim:
        """As the port says. What goes wrong ends the session, and with it the lock."""
        try:
            with work_as("fence"):  # here, as it is done in a thread of its own
                return Claim(self._claim(own))
        except BaseException:
            self.release()
            raise

    def _claim(self, own: int | None) -> int | None:
        if own is not None and self._session is not None:
            with self._session.begin():
                is_own = self._session.execute(_BEAT, {"own": own}).rowcount > 0
            if is_own:
                return own
            self.release()  # another one has taken over
        session = self._open()
        # 1. The lock, which a copy that died does not have any more.
        with session.begin():
            is_free = session.execute(_TAKE, {"lock": LOCK}).scalar_one()
            is_silent = session.execute(_IS_SILENT, {"patience": self._lost_after}).scalar_one()
        # 2. Of one that lives and keeps silent, the sessions end: it may hold the lock, or the fence's row.
        if is_silent:
            with session.begin():
                ended = session.execute(_END_SILENT, {"lock": LOCK}).scalar_one()
            if ended:
                log.warning("silent_copy_replaced", sessions=ended)
        if not is_free:
            return None
        # 3. The number, for which all transactions of the one before must have ended.
        with session.begin():
            raised = {"copy": self._copy, "now": datetime.now(UTC)}
            number = int(session.execute(_RAISE, raised).scalar_one())
            session.execute(_BEGIN_BEAT, {"own": number})
        return number

    def _open(self) -> sa.Connection:
        if self._session is None:
            self._session = self._engine.connect()
        return self._session

    def check(self, session: Session, own: int) -> bool:
        """The row is locked, shared with other transactions of this copy: who wants to raise the number waits."""
        return is_own(session, self._copy, own, locked=True)

    def release(self) -> None:
        """Ends the session."""
        session, self._session = self._session, None
        if session is not None:
            session.invalidate()
            session.close()


class FileKeeper:
    """SQLite: a lock on a file beside the database. All copies are on one machine, which gives the lock back when its
    holder ends; one that is paused keeps it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._copy = uuid4()
        self._held: IO[bytes] | None = None

    def claim(self, own: int | None) -> Claim:
        """As the port says."""
        if own is not None and self._held is not None:
            return Claim(own)
        held = take_beside(self._url)
        if held is None:
            return Claim(None)
        try:
            number = self._raise()
        except BaseException:
            held.close()
            raise
        self._held = held
        return Claim(number)

    def _raise(self) -> int:
        engine = open_engine(self._url, connections=1)
        try:
            with engine.connect().execution_options(writes=True) as connection, connection.begin():
                return int(connection.execute(_RAISE, {"copy": self._copy, "now": datetime.now(UTC)}).scalar_one())
        finally:
            engine.dispose()

    def check(self, session: Session, own: int) -> bool:
        """A transaction that writes is alone."""
        return is_own(session, self._copy, own, locked=False)

    def release(self) -> None:
        """Closes the file, and with it the lock ends."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

"""Work lists whose rows are worked one by one: a row that fails again and again is put aside and holds up no other.

A row that fails is tried again after pauses, by the same rule as a worker, and is put aside after `ATTEMPTS`: logged
once, counted in `work_put_aside`, told by `/readyz`. What is kept is the row's key and the kind of the last error, in
the table `failed_work` of the service's own database; a row that succeeds at once costs no statement.

When a service starts, every row that failed before is tried once more, and put aside again if it still fails: a start
brings new code or new settings, which may have mended it, and is what people try first. A work list leaves out what is
not to be tried now by `may_be_tried`.

What comes from outside is no row's fault (`Unavailable`, and what a worker adds): it ends the round, and the worker
pauses. What may pass and may be one row's (`PASSING_ERRORS`: a full disk, a file or memory that is not there) pauses
the row alone, so that it blocks no other, but is never put aside for it.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from shared.bus.tables import failed_work as table
from shared.database import SessionStore, Transactions, UtcDateTime
from shared.database.dialect import insert_of
from shared.errors import Unavailable, place_of
from shared.runtime.worker import BACKOFF, failed_total

log = structlog.get_logger("worker")
Row = TypeVar("Row")

OUTER_ERRORS: tuple[type[Exception], ...] = (Unavailable,)
PASSING_ERRORS: tuple[type[Exception], ...] = (OSError, MemoryError)
ATTEMPTS = 10
"""So often a row is tried before it is put aside, as often as a message; with these pauses that takes 8.5 minutes."""

_NOT_NOW = sa.or_(table.c.next_try_at.is_(None), table.c.next_try_at > sa.bindparam("now", type_=UtcDateTime))
_COUNT_FAILING = (
    sa.select(table.c.worker, sa.func.count(), sa.func.count(table.c.next_try_at))
    .where(_NOT_NOW)
    .group_by(table.c.worker)
)


class Backlog:
    """The rows that one worker works off. `worker` is its name, under which `may_be_tried` asks too."""

    def __init__(
        self,
        worker: str,
        database: Transactions[SessionStore],
        clock: Callable[[], datetime],
        outer_errors: tuple[type[Exception], ...] = (),
        *,
        puts_aside: bool = True,
    ) -> None:
        """`outer_errors`: what is no row's fault here, beside what never is. `puts_aside=False` for rows that come back
        for life and must not be given up, such as a list that is published anew: they are tried at each pause."""
        self._worker = worker
        self._database = database
        self._clock = clock
        self._outer = (*OUTER_ERRORS, *outer_errors)
        self._puts_aside = puts_aside
        self._failed: set[str] | None = None
        """Keys of the rows that have failed and not succeeded since; None before the table was asked."""

    async def each(
        self, rows: Iterable[Row], key: Callable[[Row], str], work: Callable[[Row], Awaitable[object]]
    ) -> None:
        """Work on every row by itself, whatever becomes of the others. Raises outer errors alone."""
        for row in rows:
            try:
                await work(row)
            except self._outer:
                raise
            except Exception as error:
                await self._note(key(row), error)
            else:
                await self.succeeded([key(row)])

    async def together(
        self, rows: Sequence[Row], key: Callable[[Row], str], work: Callable[[Sequence[Row]], Awaitable[object]]
    ) -> None:
        """Work on all rows at once; where that fails, on each by itself. Raises outer errors alone.

        For rows that share a transaction, where one fails for all: `work` must leave nothing behind when it raises.
        """
        try:
            await work(rows)
        except self._outer:
            raise
        except Exception as error:
            if len(rows) == 1:
                await self._note(key(rows[0]), error)
                return
            self.log_apart(error)
            await self.each(rows, key, lambda row: work([row]))
        else:
            await self.succeeded([key(row) for row in rows])

    def log_apart(self, error: Exception) -> None:
        """Rows that failed together are worked each by itself."""
        log.warning("rows_worked_apart", worker=self._worker, error=type(error).__name__, place=place_of(error))

    async def succeeded(self, keys: Collection[str]) -> None:
        """Forget earlier failures of these rows. Costs a statement only where there are some."""
        if self._failed is None:
            self._failed = await self._database.read(lambda store: keys_of(store.session, self._worker))
        gone = self._failed.intersection(keys)
        if gone:
            await self._database.write(lambda store: forget(store.session, self._worker, gone), wake=False)
            self._failed -= gone

    async def try_again(self) -> None:
        """Have every row that has failed tried once more: what it failed of may have changed."""
        now = self._clock()
        await self._database.write(lambda store: try_again(store.session, now, worker=self._worker), wake=False)

    async def _note(self, key: str, error: Exception) -> None:
        """One more failure of this row: it comes again later, or not before the next start."""
        gives_up = self._puts_aside and not isinstance(error, PASSING_ERRORS)
        step = partial(_note, self._worker, key, error, self._clock(), gives_up)
        attempts = await self._database.write(step, wake=False)
        if self._failed is not None:
            self._failed.add(key)
        failed_total.labels(self._worker).inc()
        kind, place = type(error).__name__, place_of(error)
        if attempts < ATTEMPTS or not gives_up:
            log.warning("row_failed", worker=self._worker, row=key, error=kind, place=place, attempts=attempts)
        else:
            log.error("row_put_aside", worker=self._worker, row=key, error=kind, place=place, attempts=attempts)


def row_key(row_id: UUID) -> str:
    """The key of a row that is known by a UUID."""
    return row_id.hex


def key_column(row_id: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[str]:
    """`row_key` in SQL, of a UUID's column or of a text with a UUID: 32 digits, however the database keeps it."""
    return sa.func.replace(sa.cast(row_id, sa.String), "-", "", type_=sa.String)


def may_be_tried(worker: str, key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The condition of a work list's statement: not put aside, and no pause of this row is running at its parameter
    `now`. Build the statement once: building took 0.4 ms at each look, running it as long as without the condition."""
    return ~sa.exists().where(table.c.worker == worker, table.c.row_key == key, _NOT_NOW)


def keys_of(session: Session, worker: str) -> set[str]:
    """The rows of a worker's list that have failed and not succeeded since."""
    return set(session.execute(sa.select(table.c.row_key).where(table.c.worker == worker)).scalars())


def forget(session: Session, worker: str, keys: Collection[str] | sa.Select[Any]) -> None:
    """Earlier failures of these rows: they have succeeded, or have changed so that it is another piece of work."""
    session.execute(table.delete().where(table.c.worker == worker, table.c.row_key.in_(keys)))


def count_failing(session: Session, now: datetime) -> Mapping[str, tuple[int, int]]:
    """By worker: how many rows are put aside, and how many wait for their next try."""
    rows = session.connection().execute(_COUNT_FAILING, {"now": now})
    return {worker: (count - waiting, waiting) for worker, count, waiting in rows}


def try_again(
    session: Session, now: datetime, *, failed_before: datetime | None = None, worker: str | None = None
) -> None:
    """Have rows that have failed tried once more: all, those that last failed before a time, or a worker's."""
    chosen = table.update().values(next_try_at=now)
    if failed_before is not None:
        chosen = chosen.where(table.c.failed_at < failed_before)
    if worker is not None:
        chosen = chosen.where(table.c.worker == worker)
    session.execute(chosen)


def purge(session: Session, before: datetime) -> None:
    """Forget rows that nobody has met since: they were erased, or another process has done them."""
    session.execute(table.delete().where(table.c.failed_at < before, table.c.next_try_at.is_not(None)))


def _note(worker: str, key: str, error: Exception, now: datetime, gives_up: bool, store: SessionStore) -> int:  # noqa: PLR0917
    """Returns how often the row has failed."""
    session = store.session
    mine = (table.c.worker == worker) & (table.c.row_key == key)
    attempts = (session.execute(sa.select(table.c.attempts).where(mine).with_for_update()).scalar() or 0) + 1
    pause = timedelta(seconds=BACKOFF.pause_after(attempts))
    values = {
        "attempts": attempts,
        "error": type(error).__name__[:120],
        "failed_at": now,
        "next_try_at": now + pause if attempts < ATTEMPTS or not gives_up else None,
    }
    statement = insert_of(session)(table).values(worker=worker, row_key=key, first_failed_at=now, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["worker", "row_key"], set_=values))
    return attempts

"""What a policy hides of what a query's own filter lets through: each statement that a request sends to PostgreSQL is
sent once more as a worker, who sees all rows. Where the two differ the query would have been answered with less than
it asks for, and without a word.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple
from unittest.mock import patch

import psycopg
import sqlalchemy as sa
from shared.http.gate import Gate
from shared.row_security.asking import PREFIX, now_asks
from starlette.types import Message, Receive, Scope, Send

LONGEST = 2000
"""Letters of a fault."""
LOOKED_AT = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_SAID = f"SELECT coalesce(current_setting('{PREFIX}worker', true), '')"
_SAY = f"SELECT set_config('{PREFIX}worker', %s, true)"


Connection = psycopg.Connection[tuple[object, ...]]
Cursor = psycopg.Cursor[tuple[object, ...]]


class Told(NamedTuple):
    """What a statement found, or how many rows it touched; or the error that it ended with."""

    rows: Counter[str]
    touched: int
    error: str = ""


@dataclass
class Hidden:
    """What was seen while statements were looked at."""

    faults: list[str] = field(default_factory=list)
    looked_at: Counter[str] = field(default_factory=Counter)
    """Statements by kind."""
    _noted: int = 0
    _asked: set[tuple[str, str, str]] = field(default_factory=set)
    """The same question of the same asker is looked at once."""

    def look(
        self,
        connection: sa.Connection,
        _cursor: object,
        statement: str,
        parameters: Mapping[str, object] | Sequence[Mapping[str, object]],
        *_: object,
    ) -> None:
        """Before a statement is sent; whatever is tried here is taken back."""
        who, kind = now_asks(), statement.lstrip()[:6].strip().upper()
        if who is None or connection.dialect.name == "sqlite" or kind not in LOOKED_AT or "set_config" in statement:
            return
        question = statement, repr(parameters), repr(who.values)
        if kind == "SELECT" and question in self._asked:
            return
        self._asked.add(question)
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, psycopg.Connection)
        if who.worker or raw.execute(_SAID).fetchone() != ("",):
            return
        self.looked_at[kind] += 1

        def send(cursor: Cursor) -> object:
            if isinstance(parameters, Mapping):
                return cursor.execute(statement.encode(), parameters)
            return cursor.executemany(statement.encode(), parameters)

        walled, whole = (self._tried(raw, kind, worker, send) for worker in ("", "all rows"))
        if walled != whole:
            found = _of_request.get()
            (self.faults if found is None else found).append(
                f"{statement}: {walled} for {who.values}, {whole} for a worker"[:LONGEST]
            )

    def note(self, place: str) -> None:
        """What was seen since the last time was seen there."""
        self.faults[self._noted :] = [f"{place}: {each}" for each in self.faults[self._noted :]]
        self._noted = len(self.faults)

    @staticmethod
    def _tried(raw: Connection, kind: str, worker: str, send: Callable[[Cursor], object]) -> Told:
        raw.execute("SAVEPOINT looked")
        raw.execute(_SAY, (worker,))
        try:
            with raw.cursor() as cursor:
                send(cursor)
                rows = Counter(map(repr, cursor.fetchall())) if cursor.description else Counter[str]()
                if kind == "INSERT":  # a number is given once, also where the row that has it is taken back
                    rows = Counter({"returned": rows.total()})
                return Told(rows, cursor.rowcount)
        except psycopg.Error as error:
            return Told(Counter(), 0, type(error).__name__)
        finally:
            raw.execute("ROLLBACK TO SAVEPOINT looked")


_of_request: ContextVar[list[str] | None] = ContextVar("hidden_of_request", default=None)
"""What was hidden within the request that is answered now."""


@contextmanager
def answers_that_count(seen: Hidden) -> Iterator[None]:
    """While it is open a request that is refused has no fault: whose a row is may be asked after it was read, and then
    both walls say no. What a test was to reach it asks for itself. Nor has one beside which others were answered: they
    change what is there between two looks."""
    admitted, open_now = Gate.__call__, 0

    async def answer(gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal open_now
        counts = open_now == 0

        async def note(message: Message) -> None:
            nonlocal counts
            counts = counts and open_now == 1 and message.get("status", 0) < HTTPStatus.BAD_REQUEST
            await send(message)

        found: list[str] = []
        token = _of_request.set(found)
        open_now += 1
        try:
            await admitted(gate, scope, receive, note)
        finally:
            open_now -= 1
            _of_request.reset(token)
        if counts:
            seen.faults += [f"{scope['method']} {scope['path']}: {each}" for each in found]

    with patch.object(Gate, "__call__", answer):
        yield


@contextmanager
def looking_for_hidden_rows() -> Iterator[Hidden]:
    """While it is open each statement to PostgreSQL is looked at, of whichever database."""
    seen = Hidden()
    sa.event.listen(sa.Engine, "before_cursor_execute", seen.look)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", seen.look)

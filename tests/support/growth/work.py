"""Which statements a piece of code sends to a database, and how much of the tables each of them goes through there.

Rows and steps are counted, not seconds: what a statement does is the same on a busy machine.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

import sqlalchemy as sa
from support.json import Json, number

MOST_STEPS = 60_000
"""Of SQLite's machine. Whoever walks 50,000 rows takes three for each at least; a page of 500 wide rows takes 30,000."""
MOST_ROWS = 3_000
"""Of big tables, touched by one statement in PostgreSQL: the largest step of a job, with its look-ups, takes so many."""
EVERY = 500
LOOKED_AT = ("SELECT", "UPDATE", "DELETE", "WITH", "INSERT")

Parameters = tuple[object, ...] | dict[str, object]
"""Of a statement, as the driver takes them."""


@dataclass
class Recording:
    """Statements as the driver got them, each with the values of the first and the last time."""

    sent: dict[str, list[Parameters]] = field(default_factory=dict)

    def note(self, statement: str, values: Parameters) -> None:
        if not statement.startswith(LOOKED_AT) or (statement.startswith("INSERT") and "SELECT" not in statement):
            return
        kept = self.sent.setdefault(statement, [])
        if len(kept) < 2:
            kept.append(values)
        else:
            kept[1] = values


@contextmanager
def recorded() -> Iterator[Mapping[str, Recording]]:
    """By the database's URL, of all that are open meanwhile."""
    recordings: dict[str, Recording] = defaultdict(Recording)

    def note(
        connection: sa.Connection,
        _: object,
        statement: str,
        values: Parameters | Sequence[Parameters],
        __: object,
        many: bool,
    ) -> None:
        url = connection.engine.url.render_as_string(hide_password=False)
        recordings[url].note(statement, cast(Sequence[Parameters], values)[0] if many else cast(Parameters, values))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield recordings
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def heavy(engine: sa.Engine, recording: Recording, big: Collection[str]) -> Mapping[str, str]:
    """The statements that go through a big table, each with what shows it: counted steps or rows, and the plan."""
    look = _on_sqlite if engine.dialect.name == "sqlite" else _on_postgresql
    found: dict[str, str] = {}
    with engine.connect() as connection:
        for statement, times in recording.sent.items():
            for values in times:
                fault = look(connection, statement, values, big)
                connection.rollback()
                if fault:
                    found[" ".join(statement.split())] = fault
    return found


def sqlite_of(connection: sa.Connection) -> sqlite3.Connection:
    """The driver's own."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _on_sqlite(connection: sa.Connection, statement: str, values: Parameters, big: Collection[str]) -> str:
    raw = sqlite_of(connection)
    plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    count = 0

    def turn() -> int:
        nonlocal count
        count += EVERY
        return 0

    connection.exec_driver_sql("SELECT 1")  # a transaction, which is rolled back
    raw.set_progress_handler(turn, EVERY)
    try:
        with suppress(sqlite3.IntegrityError):  # what was written once is there
            raw.execute(statement, values).fetchall()
    finally:
        raw.set_progress_handler(None, 0)
    walked = [line for line in plan if _walks(line, big)] if "LIMIT" not in statement else []
    return f"{count} steps: {'; '.join(plan)}" if count > MOST_STEPS or walked else ""


def _walks(line: str, big: Collection[str]) -> bool:
    """A whole table; an index that holds what waits is walked to find it."""
    words = line.split()
    return words[0] == "SCAN" and words[1] in big and "USING" not in words


def _on_postgresql(connection: sa.Connection, statement: str, values: Parameters, big: Collection[str]) -> str:
    try:
        plan = _explain(connection, "ANALYZE, TIMING OFF, ", statement, values)
    except sa.exc.IntegrityError:  # what was written once is there
        connection.rollback()
        plan = _explain(connection, "", statement, values)
    touched = 0.0
    said = []
    for node in _nodes(plan):
        table = node.get("Relation Name")
        if table not in big:
            continue
        removed = number(node.get("Rows Removed by Filter", 0)) + number(node.get("Rows Removed by Index Recheck", 0))
        rows = (number(node.get("Actual Rows", 0)) + removed) * number(node.get("Actual Loops", 0))
        touched += rows
        how = node.get("Index Cond") or node.get("Recheck Cond") or node.get("Filter")
        said.append(f"{node['Node Type']} {table} {node.get('Index Name', '')} {rows} by {how}")
    return f"{touched} rows: {'; '.join(said)}" if touched > MOST_ROWS else ""


def _explain(connection: sa.Connection, how: str, statement: str, values: Parameters) -> Json:
    explain = f"EXPLAIN ({how}FORMAT JSON, COSTS OFF) {statement}"
    plan: Json = connection.exec_driver_sql(explain, values).scalar_one()[0]["Plan"]
    return plan


def _nodes(plan: Json) -> Iterator[Json]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)

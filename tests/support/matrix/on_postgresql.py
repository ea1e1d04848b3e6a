"""The matrix of rights at PostgreSQL, with a service that runs as a role that owns nothing."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

import psycopg
from psycopg import sql
from shared.http import gate
from shared.http.gate import operations
from shared.row_security.asking import request_begins
from sqlalchemy.engine import make_url
from support.matrix.actors import ACTORS, Actor
from support.matrix.matrix import NOT_ASKED, Matrix, Target, targets
from support.matrix.places import FILL
from support.matrix.services import ELSEWHERE, built
from support.postgresql import administrator_url


class Rows:
    """All rows of a database, to be put back as often as it takes."""

    def __init__(self, url: str) -> None:
        parsed = make_url(administrator_url(url)).set(drivername="postgresql")
        self._server = psycopg.connect(parsed.render_as_string(hide_password=False), autocommit=True)
        self._server.execute("SET session_replication_role = replica")  # without a look at foreign keys
        names = self._server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        self._rows = {name: self._copy_out(name) for (name,) in names.fetchall()}
        each = sql.SQL("SELECT {}, md5(string_agg(each::text, ' ' ORDER BY each::text)) FROM {} AS each")
        self._look = sql.SQL(" UNION ALL ").join(
            each.format(sql.Literal(name), sql.Identifier(name)) for name in self._rows
        )
        self._digests = self._looked()

    def put_back(self) -> None:
        """As they were, by the server's superuser."""
        for name in self._changed():
            self._server.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            with self._server.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                copy.write(self._rows[name])

    def changes(self) -> dict[str, int]:
        """Since they were put back: of each table that is not as it was, how many rows are new, other or gone."""
        changed: dict[str, int] = {}
        for name in self._changed():
            before, now = (Counter(each.splitlines()) for each in (self._rows[name], self._copy_out(name)))
            changed[name] = (before - now).total() + (now - before).total()
        return changed

    def close(self) -> None:
        self._server.close()

    def _changed(self) -> list[str]:
        now = self._looked()
        return [name for name in self._rows if now[name] != self._digests[name]]

    def _looked(self) -> dict[str, str | None]:
        return dict(self._server.execute(self._look).fetchall())

    def _copy_out(self, name: str) -> bytes:
        with self._server.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
            return b"".join(bytes(each) for each in copy)


@asynccontextmanager
async def matrix_on_postgresql(
    name: str, folder: Path, new_database: Callable[[], str]
) -> AsyncIterator[tuple[Matrix, Rows]]:
    """A service that is built and filled, and what its database holds then."""
    ELSEWHERE[folder, name] = url = new_database()
    try:
        places = await asyncio.to_thread(FILL[name], folder)
        with built(folder, name) as services:
            rows = Rows(url)
            yield await Matrix.of(services[name], places, folder), rows
            rows.close()
    finally:
        del ELSEWHERE[folder, name]


async def ask_for_own(matrix: Matrix, rows: Rows) -> None:
    """Whoever may, reaches its own, from the same state each time: the answer and what is written are those of the same
    request without a second wall. Else a row that no policy shows would be missed without a word."""
    asked = [each for each in operations(matrix.app) if each not in NOT_ASKED]
    guarded = [each for each in asked if matrix.policy[each].way in ("token", "session")]
    for operation in sorted(guarded, key=lambda each: not each.startswith("GET")):
        if matrix.policy[operation].works_as:
            continue
        for actor in ACTORS:
            if actor.caller is None or not actor.caller.counting & matrix.policy[operation].roles:
                continue
            for target in targets(operation, matrix.places, actor):
                if target.is_own:
                    walled = await _outcome(matrix, rows, operation, actor, target)
                    with patch.object(gate, "request_begins", lambda worker: request_begins(worker or "test")):
                        open_to_all = await _outcome(matrix, rows, operation, actor, target)
                    if walled != open_to_all:
                        matrix._fault(operation, actor, "otherwise behind the wall", (walled, open_to_all))


async def _outcome(
    matrix: Matrix, rows: Rows, operation: str, actor: Actor, target: Target
) -> tuple[int, int, dict[str, int]]:
    """Status, how much was answered to who only looks, and how many rows of each table were written, changed or deleted."""
    rows.put_back()
    answer = await matrix._ask(operation, actor, target)
    matrix._reached(operation, actor, answer)
    packed = answer.headers.get("content-type", "").startswith(("application/pdf", "application/zip"))
    length = len(answer.body) if operation.startswith("GET") and not packed else 0
    return answer.status, length, rows.changes()


def every_own(matrix: Matrix) -> Iterator[tuple[str, Actor, Target]]:
    """Every operation for every actor, whether or not it needs a sign-in, of what is the actor's own."""
    for operation in operations(matrix.app):
        for actor in ACTORS:
            for target in targets(operation, matrix.places, actor):
                if target.is_own and operation not in NOT_ASKED:
                    yield operation, actor, target

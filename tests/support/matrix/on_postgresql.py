"""The matrix of rights at PostgreSQL, with a service that runs as a role that owns nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from shared.http.gate import operations
from sqlalchemy.engine import make_url
from support.matrix.matrix import BY_ACCOUNT_TOO, NOT_ASKED, Matrix
from support.matrix.places import FILL
from support.matrix.services import ELSEWHERE, built
from support.postgresql import administrator_url


class Rows:
    """All rows of a database, to be put back as often as it takes."""

    def __init__(self, url: str) -> None:
        parsed = make_url(administrator_url(url)).set(drivername="postgresql")
        self._server = parsed.render_as_string(hide_password=False)
        with psycopg.connect(self._server) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            self._rows = {name: _copy_out(connection, name) for (name,) in names.fetchall()}

    def put_back(self) -> None:
        """As they were; by the server's superuser, without a look at foreign keys."""
        with psycopg.connect(self._server) as connection:
            connection.execute("SET session_replication_role = replica")
            for name, content in self._rows.items():
                if _copy_out(connection, name) != content:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                        copy.write(content)


def _copy_out(connection: psycopg.Connection, name: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
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
            yield await Matrix.of(services[name], places, folder), Rows(url)
    finally:
        del ELSEWHERE[folder, name]


async def ask_for_own(matrix: Matrix, rows: Rows) -> None:
    """Whoever may, reaches its own, from the same state each time, and no answer names what is another's."""
    asked = [each for each in operations(matrix.app) if each not in NOT_ASKED]
    guarded = [each for each in asked if matrix.policy[each].way in ("token", "session")]
    for operation in sorted(guarded, key=lambda each: not each.startswith("GET")):
        await matrix._inside(operation, rows.put_back)
    for operation in (each for each in asked if BY_ACCOUNT_TOO in each and each not in guarded):
        await matrix._opens(operation, rows.put_back)

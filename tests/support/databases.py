"""Tests of what differs between the two databases; and empty ones with their tables, for which migrations run once."""

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from shared.database.engine import is_sqlite, open_engine
from shared.database.migration import upgrade
from sqlalchemy.engine import make_url
from support.postgresql import OWNER, RUNNING, administrator_url, owner_url

_FILES: dict[tuple[str, str], bytes] = {}
"""What SQLite's file holds after the migrations of a package's folder."""
_TEMPLATES: dict[tuple[str, str, str], str] = {}
"""The database of a PostgreSQL server to which they were applied, by server, package and folder."""


def on_both(fixture: str) -> pytest.MarkDecorator:
    """The test runs on SQLite and on PostgreSQL. `fixture`: that makes the database, by its parameter."""
    return pytest.mark.parametrize(fixture, ["sqlite", "postgresql"], indirect=True)


def make_tables(url: str, package: str, folder: str = "migrations") -> None:
    """As `upgrade` does with an empty database, but the second of a kind in this process is a copy of the first."""
    if not is_sqlite(url):
        _copy_on_server(url, package, folder)
        return
    path = Path(str(make_url(url).database))
    content = _FILES.get((package, folder))
    if content is None:
        upgrade(url, package, folder)
        _FILES[package, folder] = path.read_bytes()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def owner_of(url: str) -> str:
    """The same database by who may make and change its tables; SQLite has nobody else."""
    return url if is_sqlite(url) else owner_url(url)


def administrator_of(url: str) -> str:
    """The same database by who sees past all policies, as at SQLite everybody."""
    return url if is_sqlite(url) else administrator_url(url)


def upgrade_at(url: str, package: str, folder: str = "migrations") -> None:
    """As `SERVICE migrate`: by the role that owns the tables, with rights for the one of the URL."""
    if is_sqlite(url):
        upgrade(url, package, folder)
    else:
        upgrade(owner_url(url), package, folder, role=RUNNING)


def _copy_on_server(url: str, package: str, folder: str) -> None:
    parsed = make_url(administrator_url(url))
    server = parsed.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    key = server, package, folder
    name = f"made_{len(_TEMPLATES)}"
    with psycopg.connect(server, autocommit=True) as connection:
        if key not in _TEMPLATES:
            upgrade_at(url, package, folder)
            connection.execute(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{parsed.database}"'.encode())
            _TEMPLATES[key] = name
            return
    _copy(_TEMPLATES[key], url)


def copy_database(source: str, target: str) -> None:
    """At PostgreSQL: what is there goes into another database, in place of what that had. Nobody is at either."""
    _copy(str(make_url(source).database), target)


def _copy(source: str, target: str) -> None:
    parsed = make_url(administrator_url(target))
    server = parsed.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{parsed.database}"'.encode())
        connection.execute(f'CREATE DATABASE "{parsed.database}" OWNER {OWNER} TEMPLATE "{source}"'.encode())


def rows_of_all_tables(url: str) -> dict[str, int]:
    """How many rows each table has."""
    engine = open_engine(administrator_of(url), connections=1)
    with engine.connect() as connection:
        tables = sorted(sa.inspect(connection).get_table_names())
        counted = {each: sa.select(sa.func.count()).select_from(sa.table(each)) for each in tables}
        found = {name: int(connection.execute(query).scalar_one()) for name, query in counted.items()}
    engine.dispose()
    return found

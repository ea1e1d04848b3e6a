"""Where the journey is measured: on one machine's files, on a PostgreSQL, or on a cluster; and what was read there."""

import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from local.cluster import running_cluster
from local.cluster.plan import ClusterPlan, database_of, roles_of
from local.cluster.postgresql import DatabaseServer, PostgreSql, make_databases, prepare_postgresql, server_user
from local.ports import kept_ports
from local.report import Report
from local.system import System, running_system
from local.system.plan import SERVICES, plain_environment
from support.families import WIDE
from support.json import whole

SQLITE, POSTGRESQL, CLUSTER = "sqlite", "postgresql", "cluster"
WHERE = {
    SQLITE: "one of each process, SQLite",
    POSTGRESQL: "one of each process, PostgreSQL",
    CLUSTER: "two of each process, PostgreSQL, three servers of the bus",
}
TICKS = os.sysconf("SC_CLK_TCK")
ABROAD = 0o711
"""PostgreSQL is another user than root, who goes through the folder and reads nothing in it."""
PATIENCE_SECONDS = 240.0
SETTLED_PERCENT = 12.0
"""Of one core: so far apart two measurements of processes that only idle may lie."""


@dataclass(frozen=True)
class Place:
    """A running system, and how its databases and its processes are asked."""

    name: str
    system: System
    postgresql: PostgreSql | None = None
    servers: Mapping[str, int] = field(default_factory=dict)
    """Process ids of what was started beside the system's own processes."""

    def rows(self, service: str, query: str) -> list[tuple[object, ...]]:
        """Of a service's own database."""
        if self.postgresql is not None:
            with self.postgresql.connect(database=database_of(service)) as connection:
                return connection.execute(query.encode()).fetchall()
        path = self.system.plan.database(service)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
            return database.execute(query).fetchall()

    def cpu_seconds(self) -> dict[str, float]:
        """User and system time of each process with those that it started; copies of a service together."""
        found: defaultdict[str, float] = defaultdict(float)
        ticks = _ticks()
        pids = {name: process.pid for name, process in self.system.processes.items()} | dict(self.servers)
        for name, pid in pids.items():
            found[name.rstrip("0123456789").removesuffix("-")] += _seconds(pid, ticks)
        return dict(found)

    def idle_percent(self, seconds: float = 2.0) -> float:
        """CPU of all processes together, in percent of one core, while nothing is asked of them."""
        before = sum(self.cpu_seconds().values())
        time.sleep(seconds)
        return 100 * (sum(self.cpu_seconds().values()) - before) / seconds

    def passes(self) -> dict[str, datetime]:
        """Application -> when the broker had its pass.ready."""
        found = self.rows(
            "wallet-pass",
            "SELECT ordering_key, published_at FROM outbox WHERE subject = 'pass.ready.v1' AND published_at IS NOT NULL",
        )
        return {str(key): moment(at) for key, at in found}

    def count_passes(self) -> int:
        """How many the broker has."""
        query = "SELECT count(*) FROM outbox WHERE subject = 'pass.ready.v1' AND published_at IS NOT NULL"
        return whole(self.rows("wallet-pass", query)[0][0])

    def accepted(self) -> dict[str, datetime]:
        """Application -> when it was submitted."""
        return {
            str(key): moment(at) for key, at in self.rows("application", "SELECT id, submitted_at FROM application")
        }

    def wait_for_passes(self, count: int) -> None:
        """Until so many are told; SystemExit where that takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (there := self.count_passes()) < count:
            if time.monotonic() > deadline:
                raise SystemExit(f"{there} of {count} passes after {PATIENCE_SECONDS:.0f} s")
            time.sleep(0.1)

    def wait_until_quiet(self) -> float:
        """Until all notices are printed, which is after the pass, and the processes use as much as they do by
        themselves. Returns how much that is, in percent of one core."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        unprinted = "SELECT count(*) FROM notice WHERE pdf_digest IS NULL"
        before = float("inf")
        while True:
            now = self.idle_percent()
            if not self.rows("eligibility", unprinted)[0][0] and abs(before - now) <= SETTLED_PERCENT:
                return min(before, now)
            if time.monotonic() > deadline:
                raise SystemExit(f"the processes are still busy after {PATIENCE_SECONDS:.0f} s")
            before = now


@contextmanager
def running(where: str, folder: Path) -> Iterator[Place]:
    """One of WHERE, with its data in the folder."""
    if where == CLUSTER:
        with running_cluster(folder, None, Report(quiet=True), WIDE) as system:
            plan = system.plan
            assert isinstance(plan, ClusterPlan)
            for name in ("application", "eligibility"):
                _wait_until_answered(system.urls[name])
            yield Place(where, system, plan.postgresql)
        return
    if where == SQLITE:
        with running_system(folder, None, Report(quiet=True), WIDE) as system:
            yield Place(where, system)
        return
    with _postgresql(folder) as (server, process):
        urls = {f"{each.settings}_{kind}": url for name, each in SERVICES.items() for kind, url in _urls(server, name)}
        with running_system(folder, None, Report(quiet=True), {**WIDE, **urls}) as system:
            yield Place(where, system, server, {POSTGRESQL: process.pid})


def _wait_until_answered(url: str) -> None:
    """By the balancer, which looks at its copies by itself."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while httpx.get(f"{url}/readyz", timeout=10).status_code != httpx.codes.OK:
        if time.monotonic() > deadline:
            raise SystemExit(f"{url} does not answer")
        time.sleep(0.2)


@contextmanager
def _postgresql(folder: Path) -> Iterator[tuple[PostgreSql, DatabaseServer]]:
    """As a cluster has it, by itself: what it has acknowledged is on the disk."""
    folder.mkdir(parents=True)
    folder.chmod(ABROAD)
    for private in ("keys", "logs"):
        (folder / private).mkdir(mode=0o700)
    server = PostgreSql(folder / "postgresql", kept_ports(folder / "postgresql-port", 1)[0], folder / "keys")
    prepare_postgresql(server)
    log = folder / "logs" / "postgresql.log"
    user = server_user() or ""
    process = DatabaseServer(POSTGRESQL, server.command, plain_environment(), log, "", user=user, postgresql=server)
    process.start()
    try:
        process.wait_ready()
        make_databases(server, {database_of(name): roles_of(name) for name in SERVICES})
        yield server, process
    finally:
        process.ask_to_stop()
        process.wait_stopped(time.monotonic() + 20)


def _urls(server: PostgreSql, name: str) -> Iterator[tuple[str, str]]:
    roles = roles_of(name)
    yield "DATABASE_URL", server.url(roles.running, database_of(name))
    yield "MIGRATION_URL", server.url(roles.owner, database_of(name))


def _ticks() -> dict[int, tuple[int, int]]:
    """Of each process of the machine: its parent, and its ticks with those of children that have ended."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            fields = stat.read_text().rsplit(")", 1)[1].split()
            found[int(stat.parent.name)] = int(fields[1]), sum(int(each) for each in fields[11:15])
    return found


def cpu_of(pid: int) -> float:
    """Seconds of user and system time of a process with those that it started."""
    return _seconds(pid, _ticks())


def _seconds(pid: int, ticks: Mapping[int, tuple[int, int]]) -> float:
    """With those that it started."""
    children = [each for each, (parent, _) in ticks.items() if parent == pid]
    return ticks[pid][1] / TICKS + sum(_seconds(each, ticks) for each in children)


def moment(said: object) -> datetime:
    """A time as either database gives it."""
    at = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    return at.replace(tzinfo=at.tzinfo or UTC)

"""Databases that are locked, full, failing at single statements, or put back to an older copy."""

import resource
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from chaos.world import World
from local.backup.command import show_backup, show_restore
from local.system.plan import SERVICES

NOT_TOUCHED = ("alembic", "sqlite")
TABLES_AT_ONCE = 6
OPERATIONS = ("INSERT", "UPDATE", "DELETE")


def locked(world: World, luck: Random) -> None:
    """Another process holds the write lock: a request waits, or is told to come later."""
    name = luck.choice(list(SERVICES))
    with closing(sqlite3.connect(world.database(name), timeout=10, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            world.sleep(luck.uniform(2, 8))
        finally:
            other.execute("ROLLBACK")


def triggers(world: World, luck: Random) -> None:
    """Statements fail with a chance of one in two to four, in tables drawn at random and always in outbox and inbox."""
    name = luck.choice(list(SERVICES))
    tables = [row[0] for row in world.rows(name, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    mine = [each for each in tables if not each.startswith(NOT_TOUCHED)]
    chosen = {("outbox", "INSERT"), ("inbox", "INSERT")}
    chosen |= {(luck.choice(mine), luck.choice(OPERATIONS)) for _ in range(TABLES_AT_ONCE)}
    made = []
    with closing(sqlite3.connect(world.database(name), timeout=20, isolation_level=None)) as other:
        for table, operation in sorted(chosen):
            made.append(f"chaos_{table}_{operation}")
            other.execute(
                f"CREATE TRIGGER {made[-1]} BEFORE {operation} ON {table} WHEN abs(random()) % {luck.randint(2, 4)} = 0"
                " BEGIN SELECT RAISE(ABORT, 'chaos'); END"
            )
        try:
            world.sleep(luck.uniform(1.5, 3))
        finally:
            for each in made:
                other.execute(f"DROP TRIGGER IF EXISTS {each}")


def disk_full(world: World, luck: Random) -> None:
    """No file of this process may grow beyond a bound: what the kernel then says is EFBIG in place of ENOSPC, and needs
    no mount. Logs stay below the bound."""
    name = luck.choice(list(SERVICES))
    if name in world.down:
        return
    log, wal = world.system.plan.log(name), world.database(name).with_name(f"{name}.sqlite-wal")
    most = log.stat().st_size + 64_000
    if wal.exists():
        most = max(most, wal.stat().st_size)
    pid = world.system.process(name).pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))
    try:
        world.sleep(luck.uniform(2, 5))
    finally:
        if world.system.process(name).alive:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


def restore(world: World, luck: Random) -> None:
    """A copy is made, the world goes on, and one database (now and then all) is put back to the copy, by the commands
    that an operator has."""
    only = luck.choice([*SERVICES, *SERVICES, None])
    said: list[str] = []
    with TemporaryDirectory() as folder:
        if show_backup(said.append, world.system.folder, Path(folder), None):
            world.journal.violated(f"local backup: {said}")
            return
        world.sleep(luck.uniform(2, 5))
        world.stop_everything()
        if show_restore(said.append, world.system.folder, Path(folder), only):
            world.journal.violated(f"local restore: {said}")
        world.start_everything()
    world.journal.restored |= set(SERVICES if only is None else (only,))
    world.wait_ready(*SERVICES)
    if only in ("signer", None):
        done = world.system.command("signer", "recover", check=False)
        if done.returncode:
            world.journal.violated(f"issuance recover: exit {done.returncode}: {(done.stderr or done.stdout)[-300:]}")
    if only in ("application", None):
        world.reconcile()

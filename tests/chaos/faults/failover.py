"""PostgreSQL stands still, and a standby that has all that was acknowledged takes its place."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from shutil import chown, rmtree

from chaos.cluster_world import ClusterWorld
from chaos.faults.cluster import cluster, signal_all
from chaos.wires import DATABASE
from chaos.world import World
from local.cluster.postgresql import ADMIN, DatabaseServer, PostgreSql, programs, server_user
from local.ports import free_ports
from local.process import DidNotStart
from local.system.plan import plain_environment

COPY_SECONDS, SYNCHRONOUS_SECONDS = 120.0, 60.0
BEHIND_SECONDS = 3.0
"""So far the standby of a control run is behind."""
ASYNCHRONOUS = "CHAOS_ASYNCHRONOUS"
"""Set: nobody waits for the standby, which is behind when it takes over. What was acknowledged is lost: a control."""


def failed_over(world: World, luck: Random) -> None:
    """A standby is made, and every commit waits for it; the server stands still, the standby is promoted and services
    are led to it. The server of before is killed before it can go on: two that both write are what a failover must
    prevent, and that is not ours to prove."""
    here = cluster(world)
    before = here.system.plan.postgresql
    with _standby(here, before) as standby:
        _follow(world, before)
        world.sleep(luck.uniform(1, 4))
        if os.environ.get(ASYNCHRONOUS):
            _stop_following(standby.postgresql)
            world.sleep(BEHIND_SECONDS)
        world.down.add(DATABASE)
        paused = here.database_server.pids()
        signal_all(paused, signal.SIGSTOP)
        try:
            world.sleep(luck.uniform(0, 6))
            with standby.postgresql.connect() as connection:
                connection.execute("SELECT pg_promote()")
            here.database_server.kill()
        finally:
            signal_all(paused, signal.SIGCONT)
            if here.database_server.alive:
                world.down.discard(DATABASE)
        here.system.processes[DATABASE] = standby
        here.system.plan = replace(here.system.plan, postgresql=standby.postgresql)
        here.wires.lead_to(standby.postgresql.port, DATABASE)
        world.down.discard(DATABASE)
    rmtree(before.folder)


@contextmanager
def _standby(here: ClusterWorld, of: PostgreSql) -> Iterator[DatabaseServer]:
    """Ended where it has not become the server."""
    own = replace(of, folder=_next_folder(of), port=free_ports(1)[0])
    user = server_user()
    _copy(of, own, user)
    log = here.system.plan.log(DATABASE)
    standby = DatabaseServer(DATABASE, own.command, plain_environment(), log, "", user=user or "", postgresql=own)
    standby.start()
    try:
        standby.wait_ready()
        yield standby
    finally:
        if here.system.processes[DATABASE] is not standby:
            standby.kill()
            rmtree(own.folder, ignore_errors=True)


def _next_folder(of: PostgreSql) -> Path:
    stem, _, number = of.folder.name.partition("-")
    return of.folder.with_name(f"{stem}-{int(number or 1) + 1}")


def _copy(of: PostgreSql, own: PostgreSql, user: str | None) -> None:
    """With the password of its administrator: with it the standby follows."""
    own.folder.mkdir(mode=0o700)
    command = [str(programs() / "pg_basebackup"), "-h", "127.0.0.1", "-p", str(of.port), "-U", ADMIN]
    command += ["-D", str(own.data), "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf"]
    password = of.password_file(ADMIN).read_text(encoding="utf-8").strip().rpartition(":")[2]
    environment = plain_environment() | {"PGPASSWORD": password}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=COPY_SECONDS)
    if done.returncode:
        raise DidNotStart(f"pg_basebackup: {done.stderr[-500:]}")
    if user is not None:
        for each in (own.folder, *own.folder.rglob("*")):
            chown(each, user)
    subprocess.run(["sync", "--file-system", str(own.folder)], check=True)  # the power may be cut next


def _follow(world: World, of: PostgreSql) -> None:
    """From now on no commit is acknowledged that the standby has not on its disk."""
    if os.environ.get(ASYNCHRONOUS):
        return
    deadline = time.monotonic() + SYNCHRONOUS_SECONDS
    with of.connect() as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        connection.execute("SELECT pg_reload_conf()")
        while connection.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone() is None:
            if time.monotonic() > deadline:
                raise TimeoutError("the standby does not follow")
            world.sleep(0.1)


def _stop_following(standby: PostgreSql) -> None:
    """As of one whose network is slower than its server."""
    with standby.connect() as connection:
        connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
        connection.execute("SELECT pg_reload_conf()")

"""What chaos does to a cluster's PostgreSQL, while somebody writes: what was acknowledged is there afterwards; and a
control run, in which it must not be, shows that the harm is real."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg
import pytest
from chaos.cluster_world import ClusterWorld
from chaos.disks import disks_in
from chaos.faults.failover import ASYNCHRONOUS, failed_over
from chaos.faults.power import power_cut_of_all
from chaos.journal import Journal
from chaos.planted.cluster_defects import commit_unsynced
from chaos.wires import DATABASE, Wires
from local.cluster.plan import ClusterPlan
from local.cluster.postgresql import DatabaseServer, Roles, make_databases, prepare_postgresql, programs, server_user
from local.cluster.running import Cluster
from local.system.authority import read_authority
from local.system.inputs import town

Prepare = Callable[[Cluster], None]
BEFORE_SECONDS = 1.0
ROLE = "application"
loop_devices = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("losetup") or subprocess.run(["losetup", "-f"], check=False).returncode != 0,
    reason="only root mounts disks, and not without a loop device",
)


@dataclass
class Writer:
    """Writes one number after the other by a wire, each in a commit of its own."""

    connect: Callable[[], psycopg.Connection]
    acknowledged: list[int] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        number = 0
        while not self._over.is_set():
            try:
                with self.connect() as connection:
                    while not self._over.is_set():
                        number += 1
                        connection.execute("INSERT INTO written VALUES (%s)", (number,))
                        self.acknowledged.append(number)
            except psycopg.Error:
                time.sleep(0.05)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self.write, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join(30)


@contextmanager
def _world(folder: Path, *, with_disks: bool = False, prepare: Prepare = lambda _: None) -> Iterator[ClusterWorld]:
    """Of a cluster that has nothing but its database."""
    for each in (folder, *folder.parents, *programs().parents):  # another user than root goes through them
        if each.stat().st_mode & 0o011 != 0o011:
            each.chmod(each.stat().st_mode | 0o011)
    inputs = town(folder / "town")
    with disks_in(folder / "disks") as disks:
        wires = Wires()
        plan = ClusterPlan.of(folder, inputs)
        plan = wires.lead(disks.lead(plan) if with_disks else plan)
        for private in ("keys", "logs"):
            (folder / private).mkdir(mode=0o700)
        prepare_postgresql(plan.postgresql)
        system = Cluster(plan, read_authority(inputs))
        prepare(system)
        system.processes[DATABASE] = DatabaseServer(
            DATABASE,
            plan.postgresql.command,
            dict(os.environ),
            plan.log(DATABASE),
            "",
            user=server_user() or "",
            postgresql=plan.postgresql,
        )
        system.process(DATABASE).start()
        world = ClusterWorld(
            system, Journal(), Random(1), down=set(plan.serving), wires=wires, disks=disks if with_disks else None
        )
        try:
            world.wait_ready(DATABASE)
            make_databases(plan.postgresql, {ROLE: Roles(ROLE, ROLE)})
            with plan.postgresql.connect(ROLE, ROLE) as connection:
                connection.execute("CREATE TABLE written (number integer)")
            yield world
        finally:
            system.process(DATABASE).ask_to_stop()
            system.process(DATABASE).wait_stopped(time.monotonic() + 20)


def _lost_by(fault: Callable[[], None], world: ClusterWorld) -> tuple[int, set[int]]:
    """How much was acknowledged, and what of it is not there any more."""
    url = world.system.plan.postgresql.url(ROLE, ROLE)
    plain = url.replace("postgresql+psycopg", "postgresql")
    writer = Writer(lambda: psycopg.connect(plain, connect_timeout=5, autocommit=True))
    with writer.at_work():
        world.sleep(BEFORE_SECONDS)
        fault()
        world.wait_ready(DATABASE)
        at = len(writer.acknowledged)
        deadline = time.monotonic() + 20
        while len(writer.acknowledged) < at + 10 and time.monotonic() < deadline:
            world.sleep(0.1)
        assert len(writer.acknowledged) >= at + 10, "nobody writes any more"
    with world.system.plan.postgresql.connect(ROLE, ROLE) as connection:
        there = {row[0] for row in connection.execute("SELECT number FROM written")}
    return len(writer.acknowledged), set(writer.acknowledged) - there


def test_a_failover_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with _world(tmp_path) as world:
        count, lost = _lost_by(lambda: failed_over(world, Random(1)), world)
        again, lost_again = _lost_by(lambda: failed_over(world, Random(2)), world)

    assert min(count, again) > 20
    assert lost | lost_again == set()
    assert world.journal.violations == []


def test_a_failover_to_a_standby_that_nobody_waits_for_loses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ASYNCHRONOUS, "yes")
    with _world(tmp_path) as world:
        _, lost = _lost_by(lambda: failed_over(world, Random(1)), world)

    assert lost


@loop_devices
def test_a_cut_of_the_power_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with _world(tmp_path, with_disks=True) as world:
        count, lost = _lost_by(lambda: _cut_database(world), world)

    assert count > 20
    assert lost == set()


@loop_devices
def test_a_cut_of_the_power_loses_what_was_acknowledged_before_it_was_synced(tmp_path: Path) -> None:
    with _world(tmp_path, with_disks=True, prepare=commit_unsynced) as world:
        _, lost = _lost_by(lambda: _cut_database(world), world)

    assert lost


def _cut_database(world: ClusterWorld) -> None:
    """Its machine alone is there."""
    assert world.disks is not None
    for server in world.system.plan.brokers:
        world.disks.take_away(server)
    power_cut_of_all(world, Random(1))

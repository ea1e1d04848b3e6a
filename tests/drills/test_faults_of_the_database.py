"""What chaos does to a cluster's PostgreSQL, while somebody writes: what was acknowledged is there afterwards; and a
control run, in which it must not be, shows that the harm is real."""

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
from chaos.faults.failover import ASYNCHRONOUS, failed_over
from chaos.faults.power import power_cut_of_all
from chaos.planted.cluster_defects import commit_unsynced
from chaos.wires import DATABASE
from local.cluster.postgresql import Roles, make_databases
from support.part_of_a_cluster import loop_devices, part_of_a_cluster, wait_until

BEFORE_SECONDS = 1.0
ROLE = "application"
MORE = 10


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


def _lost_by(fault: Callable[[ClusterWorld, Random], None], world: ClusterWorld) -> tuple[int, set[int]]:
    """How much was acknowledged, and what of it is not there any more."""
    postgresql = world.system.plan.postgresql
    make_databases(postgresql, {ROLE: Roles(ROLE, ROLE)})
    with postgresql.connect(ROLE, ROLE) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS written (number integer)")
        connection.execute("TRUNCATE written")
    url = postgresql.url(ROLE, ROLE).replace("postgresql+psycopg", "postgresql")
    writer = Writer(lambda: psycopg.connect(url, connect_timeout=5, autocommit=True))
    with writer.at_work():
        world.sleep(BEFORE_SECONDS)
        fault(world, Random(1))
        world.wait_ready(DATABASE)
        at = len(writer.acknowledged)
        wait_until(world, lambda: len(writer.acknowledged) >= at + MORE)
    with world.system.plan.postgresql.connect(ROLE, ROLE) as connection:
        there = {row[0] for row in connection.execute("SELECT number FROM written")}
    return len(writer.acknowledged), set(writer.acknowledged) - there


def test_a_failover_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with part_of_a_cluster(tmp_path, [DATABASE]) as world:
        count, lost = _lost_by(failed_over, world)
        again, lost_again = _lost_by(failed_over, world)  # by a standby of the one that was a standby

    assert min(count, again) > MORE
    assert lost | lost_again == set()
    assert world.journal.violations == []


def test_a_failover_to_a_standby_that_nobody_waits_for_loses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ASYNCHRONOUS, "yes")
    with part_of_a_cluster(tmp_path, [DATABASE]) as world:
        _, lost = _lost_by(failed_over, world)

    assert lost


@loop_devices
def test_a_cut_of_the_power_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with part_of_a_cluster(tmp_path, [DATABASE], with_disks=True) as world:
        count, lost = _lost_by(power_cut_of_all, world)

    assert count > MORE
    assert lost == set()


@loop_devices
def test_a_cut_of_the_power_loses_what_was_acknowledged_before_it_was_synced(tmp_path: Path) -> None:
    with part_of_a_cluster(tmp_path, [DATABASE], with_disks=True, prepare=commit_unsynced) as world:
        _, lost = _lost_by(power_cut_of_all, world)

    assert lost

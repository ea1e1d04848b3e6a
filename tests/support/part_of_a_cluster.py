"""Some processes of a cluster, as chaos does harm to them, without the services."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from chaos.cluster_world import ClusterWorld
from chaos.disks import disks_in, has_disks
from chaos.journal import Journal
from chaos.wires import DATABASE, Wires
from local.cluster.plan import ClusterPlan
from local.cluster.postgresql import prepare_postgresql, programs
from local.cluster.running import Cluster
from local.process import stop_all
from local.system.authority import read_authority
from local.system.inputs import town
from support.needs import DISKS, missing

loop_devices = pytest.mark.skipif(not has_disks(), reason=missing("a disk whose power can be cut", DISKS))


def _nothing(_cluster: Cluster) -> None:
    pass


@contextmanager
def part_of_a_cluster(
    folder: Path, names: Sequence[str], *, with_disks: bool = False, prepare: Callable[[Cluster], None] = _nothing
) -> Iterator[ClusterWorld]:
    """Ready, and stopped again. `prepare`: done to it before it starts."""
    for each in (folder, *folder.parents, *programs().parents):  # PostgreSQL's user goes through them
        if each.stat().st_mode & 0o011 != 0o011:
            each.chmod(each.stat().st_mode | 0o011)
    inputs = town(folder / "town")
    with disks_in(folder / "disks") as disks:
        wires = Wires()
        plan = ClusterPlan.of(folder, inputs)
        plan = wires.lead(disks.lead(plan) if with_disks else plan)
        for private in ("keys", "logs"):
            (folder / private).mkdir(mode=0o700)
        plan.prepare_brokers()
        if DATABASE in names:
            prepare_postgresql(plan.postgresql)
        system = Cluster(plan, read_authority(inputs))
        prepare(system)
        system.processes = {name: each for name, each in plan.make_processes().items() if name in names}
        for absent in set(disks.names) - set(names):
            disks.take_away(absent)
        disks_of_it = disks if with_disks else None
        world = ClusterWorld(system, Journal(), Random(1), set(plan.serving), wires=wires, disks=disks_of_it)
        try:
            world.start(*names)
            world.wait_ready(*names)
            yield world
        finally:
            stop_all(system.processes.values())


def wait_until(world: ClusterWorld, is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not after {seconds:.0f} s"
        world.sleep(0.1)

"""The power of machines is cut: what was synced is there afterwards, and nothing else."""

import signal
from random import Random

from chaos.disks import Disks
from chaos.faults.broker import HEARERS
from chaos.faults.cluster import cluster, signal_all
from chaos.world import World
from local.cluster.plan import copies_of
from local.cluster.postgresql import DatabaseServer


def power_cut(world: World, luck: Random) -> None:
    """Of one machine with a disk, or in half of all cases of all of them at one moment."""
    disks = _disks(world)
    _cut(world, luck, list(disks.names) if luck.random() < 0.5 else [luck.choice(disks.names)])


def power_cut_of_all(world: World, luck: Random) -> None:
    """Of all machines with a disk, at one moment; with events on them that nobody has heard."""
    deaf = [copy for copy in copies_of(luck.choice(HEARERS)) if copy in world.system.processes]
    world.kill(*deaf)
    world.sleep(luck.uniform(1, 3))
    _cut(world, luck, list(_disks(world).names))
    world.start(*deaf)


def _disks(world: World) -> Disks:
    disks = cluster(world).disks
    assert disks is not None, "started without disks"
    return disks


def _cut(world: World, luck: Random, names: list[str]) -> None:
    here, disks = cluster(world), _disks(world)
    signal_all(_pids(world, names), signal.SIGSTOP)
    disks.cut(*names)
    here.kill(*names)
    disks.mend(*names)
    here.sleep(luck.uniform(0, 2))
    here.start(*luck.sample(names, len(names)))


def _pids(world: World, names: list[str]) -> list[int]:
    found = []
    for process in map(world.system.process, names):
        found += process.pids() if isinstance(process, DatabaseServer) else [process.pid]
    return found

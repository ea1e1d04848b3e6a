"""What only a cluster has: a quorum, several disks, wires between machines, one database server for all."""

import os
import shutil
import signal
from pathlib import Path
from random import Random

from chaos.cluster_world import ClusterWorld
from chaos.wires import DATABASE
from chaos.world import World
from local.cluster.plan import copies_of
from local.system.plan import SERVICES

AWAY_SECONDS = 24.0
"""Longer than a silent connection is held for a good one."""


def third(world: World, luck: Random) -> None:
    """A third of all processes at once, back in any order."""
    names = luck.sample(world.all, len(world.all) // 3)
    world.kill(*names)
    for name in luck.sample(names, len(names)):
        world.sleep(luck.uniform(0, 0.8))
        world.start(name)


def copy_paused(world: World, luck: Random) -> None:
    """One copy stands still for longer than others wait for it, and goes on as if nothing had been: with its
    connections, its transactions, and what it had read before."""
    name = luck.choice(world.system.plan.serving)
    world.signal(name, signal.SIGSTOP)
    try:
        world.sleep(luck.uniform(3, 12))
    finally:
        world.signal(name, signal.SIGCONT)


def quorum_lost(world: World, luck: Random) -> None:
    """Two of three servers of the bus are away: nobody may be told that it took anything."""
    names = luck.sample(list(world.system.plan.brokers), 2)
    world.kill(*names)
    world.sleep(luck.uniform(2, 8))
    world.start(*names)


def disk_wiped(world: World, luck: Random) -> None:
    """One server of the bus comes back with an empty disk, and is given all by the others before another one goes."""
    brokers = world.system.plan.brokers
    world.wait_ready(*brokers)
    name = luck.choice(list(brokers))
    world.kill(name)
    for each in brokers[name].store.iterdir():  # the folder itself may be where a disk is mounted
        shutil.rmtree(each)
    world.sleep(luck.uniform(0, 2))
    world.start(name)
    world.wait_ready(*brokers)


def bit_flipped(world: World, luck: Random) -> None:
    """One bit of what one server of the bus keeps of a stream is another, as of a disk that ages; it is found when that
    server reads it, and the others have it whole."""
    brokers = world.system.plan.brokers
    world.wait_ready(*brokers)
    name = luck.choice(list(brokers))
    world.kill(name)
    blocks = [each for each in sorted(brokers[name].store.rglob("*.blk")) if each.stat().st_size]
    if blocks:
        _flip(luck.choice(blocks), luck)
    world.sleep(luck.uniform(0, 2))
    world.start(name)
    world.wait_ready(*brokers)


def server_away(world: World, luck: Random) -> None:
    """One server of the bus is away for as long as a machine is mended; the two others are enough for everybody."""
    name = luck.choice(list(world.system.plan.brokers))
    world.wait_ready(*world.system.plan.brokers)
    world.kill(name)
    world.sleep(AWAY_SECONDS)
    cluster(world).note_waiting(f"while {name} was away", older_than=AWAY_SECONDS / 2)
    world.start(name)


def service_away(world: World, luck: Random) -> None:
    """All copies of one service at once; what has come in meanwhile is divided between them when they are back."""
    names = copies_of(luck.choice(list(SERVICES)))
    world.kill(*names)
    world.sleep(luck.uniform(2, 6))
    world.start(*names)


def database_paused(world: World, luck: Random) -> None:
    """PostgreSQL stands still with all its children: connections stay, nothing is answered."""
    here = cluster(world)
    pids = here.database_server.pids()
    signal_all(pids, signal.SIGSTOP)
    try:
        world.sleep(luck.uniform(2, 9))
    finally:
        signal_all(pids, signal.SIGCONT)


def database_killed(world: World, luck: Random) -> None:
    """All services lose theirs at one moment."""
    world.kill(DATABASE)
    world.sleep(luck.uniform(0.5, 4))
    world.start(DATABASE)


def partition(world: World, luck: Random) -> None:
    """One server of the bus hears neither the others nor its clients; or, in half of all cases, its clients alone."""
    wires = cluster(world).wires
    name = luck.choice(list(world.system.plan.brokers))
    cut = wires.around(name) if luck.random() < 0.5 else [name]
    wires.cut(*cut)
    try:
        world.sleep(luck.uniform(3, 12))
    finally:
        wires.mend(*cut)


def database_partition(world: World, luck: Random) -> None:
    """Nobody reaches PostgreSQL, which knows nothing of it: what was under way there ends one way or the other."""
    wires = cluster(world).wires
    wires.cut(DATABASE)
    try:
        world.sleep(luck.uniform(2, 8))
    finally:
        wires.mend(DATABASE)


def latency(world: World, luck: Random) -> None:
    """Each message between machines takes its time, as between two data centres and worse."""
    wires = cluster(world).wires
    names = luck.sample(list(wires.wires), len(wires.wires) // 2)
    wires.slow(luck.uniform(0.02, 0.25), *names)
    try:
        world.sleep(luck.uniform(3, 10))
    finally:
        wires.mend(*names)


def _flip(file: Path, luck: Random) -> None:
    content = bytearray(file.read_bytes())
    place = luck.randrange(len(content) * 8)
    content[place // 8] ^= 1 << place % 8
    file.write_bytes(content)


def cluster(world: World) -> ClusterWorld:
    assert isinstance(world, ClusterWorld)
    return world


def signal_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue  # a connection that has ended meanwhile

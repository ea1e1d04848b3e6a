"""kill -9, SIGSTOP and SIGTERM of every process."""

import contextlib
import signal
import time
from random import Random

from chaos.world import World
from local.process import GRACE_SECONDS, DidNotStart
from local.system.plan import SERVICES


def kill(world: World, luck: Random) -> None:
    """One process, and again after a while."""
    name = luck.choice(world.all)
    world.kill(name)
    world.sleep(luck.uniform(0.2, 2))
    world.start(name)
    world.sleep(luck.uniform(0, 1.5))


def pause(world: World, luck: Random) -> None:
    """One process stands still: it keeps its connections, its locks and its turn."""
    name = luck.choice(world.all)
    world.signal(name, signal.SIGSTOP)
    try:
        world.sleep(luck.uniform(1, 6))
    finally:
        world.signal(name, signal.SIGCONT)


def storm(world: World, luck: Random) -> None:
    """Several at once, back in any order."""
    names = luck.sample(world.all, luck.randint(2, len(world.all)))
    world.kill(*names)
    for name in luck.sample(names, len(names)):
        world.sleep(luck.uniform(0, 0.8))
        world.start(name)


def sigterm(world: World, luck: Random) -> None:
    """Under load, and now and then with a broker that stands still: it goes by itself in time, with exit code 0."""
    name, with_broker = luck.choice(list(SERVICES)), luck.random() < 0.7
    process = world.system.process(name)
    with contextlib.suppress(DidNotStart):  # a process that has yet to import its libraries ends by the signal itself
        process.wait_ready(15)
    if not with_broker:
        world.signal("nats", signal.SIGSTOP)
    try:
        world.down.add(name)
        process.ask_to_stop()
        gone = process.wait_stopped(time.monotonic() + GRACE_SECONDS)
    finally:
        if not with_broker:
            world.signal("nats", signal.SIGCONT)
    code = process._running.returncode if process._running else None
    if not gone or code != 0:
        world.journal.violated(f"{name} at SIGTERM: {'exit ' + str(code) if gone else 'had to be killed'}")
    world.start(name)

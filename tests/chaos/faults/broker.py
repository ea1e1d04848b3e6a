"""The broker is away, or has lost what it acknowledged.

No user of the broker may delete a stream, a message or a consumer; so it is done as a disk or a hand does it, in the
store of a broker that is stopped.
"""

import shutil
from pathlib import Path
from random import Random

from chaos.world import World
from shared.bus.topology import DURABLES, STREAMS

HEARERS = ("eligibility", "signer", "wallet-pass", "issuance")


def down(world: World, luck: Random) -> None:
    """For long; and meanwhile the front door starts anew, and accepts all the same."""
    world.kill("nats")
    world.sleep(luck.uniform(2, 5))
    if luck.random() < 0.7:
        world.kill("application")
        world.start("application")
    world.sleep(luck.uniform(2, 6))
    world.start_broker(with_streams=False)


def store_deleted(world: World, luck: Random) -> None:
    """With events in it that nobody has heard."""
    deaf = luck.sample(HEARERS, luck.randint(1, 2))
    world.kill(*deaf)
    world.sleep(luck.uniform(1, 3))
    world.kill("nats")
    shutil.rmtree(world.system.plan.broker.store)
    _back(world, luck, deaf)


def stream_lost(world: World, luck: Random) -> None:
    """One stream is not there any more, with its hearers' places."""
    name, deaf = luck.choice(STREAMS).name, [luck.choice(HEARERS)]
    world.kill(*deaf)
    world.sleep(luck.uniform(1, 2))
    world.kill("nats")
    for folder in _streams(world, name):
        shutil.rmtree(folder)
    _back(world, luck, deaf)


def stream_emptied(world: World, luck: Random) -> None:
    """The stream and its hearers are there, its messages are not."""
    name, deaf = luck.choice(STREAMS).name, [luck.choice(HEARERS)]
    world.kill(*deaf)
    world.sleep(luck.uniform(1, 2))
    world.kill("nats")
    for folder in _streams(world, name):
        shutil.rmtree(folder / "msgs", ignore_errors=True)
    _back(world, luck, deaf)


def consumers_deleted(world: World, luck: Random) -> None:
    """Hearers are forgotten; the admin makes them anew after a while, and they hear all once more."""
    world.kill("nats")
    for durable in luck.sample(DURABLES, luck.randint(1, 4)):
        for folder in _streams(world, durable.stream):
            shutil.rmtree(folder / "obs" / durable.name, ignore_errors=True)
    _back(world, luck, [])


def _back(world: World, luck: Random, deaf: list[str]) -> None:
    """The admin's step comes at once or late; the hearers before it or after."""
    late = luck.random() < 0.5
    world.start_broker(with_streams=not late)
    if late:
        world.sleep(luck.uniform(0.5, 3))
        if luck.random() < 0.5:
            world.start(*deaf)
            world.sleep(1)
        world.make_streams()
    world.start(*(name for name in deaf if name in world.down))


def _streams(world: World, name: str) -> list[Path]:
    return list(world.system.plan.broker.store.glob(f"jetstream/*/streams/{name}"))

"""An upgrade that is under way, and is taken back: copies of the program of before and of this one work side by side."""

import time
from collections.abc import Mapping
from random import Random

from chaos.earlier import earlier_program
from chaos.faults.cluster import cluster
from chaos.world import World
from local.cluster.plan import copies_of

ORDER = ("wallet-pass", "issuance", "signer", "eligibility", "application")
"""Hearers before senders (CONTRIBUTING.md, Deployability); and back the other way."""
LONGEST_SECONDS = 60.0
"""A service drains for 20 s; five of them at once, on a few busy cores, take longer to end."""


def mixed_versions(world: World, luck: Random) -> None:
    """One copy of each service becomes the program of before, while the other stays; both work for some seconds, one
    process is killed meanwhile, and all become this program again."""
    earlier = earlier_program().environment()
    names = [luck.choice(copies_of(service)) for service in reversed(ORDER)]
    before = {name: world.system.process(name).environment.get("PYTHONPATH", "") for name in names}
    _become(world, names, dict.fromkeys(names, earlier))
    try:
        world.sleep(luck.uniform(3, 8))
        killed = luck.choice(world.system.plan.serving)
        world.kill(killed)
        world.sleep(luck.uniform(0.2, 2))
        world.start(killed)
        world.sleep(luck.uniform(3, 6))
    finally:
        _become(world, list(reversed(names)), {name: {"PYTHONPATH": before[name]} for name in names})


def _become(world: World, names: list[str], environments: Mapping[str, Mapping[str, str]]) -> None:
    """As a rolling upgrade does it: asked to end, and started as another program, which is waited for."""
    world.down |= set(names)
    for name in names:
        world.system.process(name).ask_to_stop()
    for name in names:
        process = world.system.process(name)
        if not process.wait_stopped(time.monotonic() + LONGEST_SECONDS):
            world.journal.violated(f"{name} did not end by itself for its upgrade")
        process.environment.update(environments[name])
        world.start(name)
    cluster(world).wait_ready(*names)

"""One seed: families apply, harm is done, all heals by itself, and then it is looked whether anybody was harmed."""

import itertools
import sqlite3
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from random import Random

import httpx
import psycopg
from chaos import checker
from chaos.faults import EVERY_FAULT
from chaos.load import Load
from chaos.world import World
from local.journey.cases import pick
from local.journey.desk import Desk
from local.journey.forms import bodies
from local.process import DidNotStart
from local.region import read_region
from local.system import System
from shared.calendar import day_in_berlin

FIRST_SECONDS = 1.5
"""Without a fault, so that something is under way."""
SHOWN = 40
AWAY = (psycopg.Error, sqlite3.Error, httpx.HTTPError, OSError)
NOT_DONE = "not done:"
"""Of a fault that failed itself: it says nothing of the system."""


def forms_of(system: System) -> dict[str, dict[str, object]]:
    """An application that is granted, one that is refused, and one that a person must look at."""
    region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
    return bodies(pick(region, Desk(system).measure, seed=5), day_in_berlin(datetime.now(UTC)))


def one_seed(world: World, load: Load, faults: Sequence[str], seconds: float, seed: int) -> list[str]:
    # 1. Families apply, and harm is done, each kind before any comes again.
    end = time.monotonic() + seconds
    load.start()
    world.sleep(FIRST_SECONDS)
    for name in _in_turn(faults, world.random):
        if time.monotonic() > end:
            break
        print(f"  seed {seed}: {name}", flush=True)
        world.journal.faults[name] += 1
        try:
            EVERY_FAULT[name](world, world.random)
        except DidNotStart as error:
            world.journal.violated(f"{name}: {error}")
        except Exception as error:  # a command that hangs, a disk that cannot be mounted
            world.journal.violated(f"{NOT_DONE} {name}: {type(error).__name__}: {error}")
        world.sleep(world.random.uniform(0.2, 1.5))
    return heal_and_check(world, load, f"seed {seed}")


def heal_and_check(world: World, load: Load, title: str) -> list[str]:
    """What was harmed by what has been done."""
    # 2. It ends, and all must heal by itself.
    load.stop()
    world.make_whole()
    load.join()
    quiet = world.wait_until_quiet()
    try:
        found = _settle_and_check(world, load)
    except AWAY as error:  # a database or service that has not come back: nothing can be read
        found = [*world.journal.violations, f"nobody answers at the end: {type(error).__name__}: {error}"]
    print(f"  {title}: quiet after {quiet:.1f} s, {len(found)} violations", flush=True)
    for each in found[:SHOWN]:
        print(f"    {each}", flush=True)
    return found


def _settle_and_check(world: World, load: Load) -> list[str]:
    if load.decide_the_rest():
        world.wait_until_quiet()
    if "application" in world.journal.restored:
        world.reconcile()
    if "eligibility" in world.journal.restored:
        world.name_lost_acts()
    # 3. Nobody was harmed?
    return checker.check(world)


def _in_turn(faults: Sequence[str], luck: Random) -> Iterable[str]:
    return itertools.chain.from_iterable(luck.sample(list(faults), len(faults)) for _ in itertools.count())

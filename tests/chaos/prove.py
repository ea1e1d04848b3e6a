"""Whether the checker finds what it must: one planted defect after the other, each on the system as it was set up."""

import itertools
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

from chaos.journal import Journal
from chaos.load import Load
from chaos.planted.defects import DEFECTS, PLANT
from chaos.rounds import forms_of, one_seed
from chaos.world import ALL, World
from local.system import System
from local.system.plan import SERVICES

PLANTED = Path(__file__).parent / "planted"
SEEDS = 5
"""Within so many a defect must be found."""
QUIET_SECONDS, SETTLED_SECONDS = 12.0, 3.0
"""A defect may keep the system busy for good: enough to see it."""


def environment_of(defect: str) -> dict[str, str]:
    """A service that starts with it has the defect: Python runs `sitecustomize` before anything else."""
    path = os.pathsep.join(filter(None, [str(PLANTED), os.environ.get("PYTHONPATH", "")]))
    return {PLANT: defect, "PYTHONPATH": path}


def prove(system: System, defects: Sequence[str], seconds: float, rate: float) -> int:
    """Prints what found each; the last line is one JSON object. 0 where all were found."""
    forms = forms_of(system)
    told: dict[str, dict[str, object]] = {}
    untouched = _keep(World(system, Journal(), Random(0)))
    for defect in defects:
        for name in SERVICES:
            system.process(name).environment.update(environment_of(defect))
        journal, numbers, found = Journal(), itertools.count(), []
        _put_back(World(system, journal, Random(0)), untouched)
        for seed in range(1, SEEDS + 1):
            world = World(system, journal, Random(seed), quiet_seconds=QUIET_SECONDS, settled_seconds=SETTLED_SECONDS)
            load = Load(world, forms, seed, rate, numbers)
            found = one_seed(world, load, DEFECTS[defect].faults, seconds, seed)
            if found:
                break
        by = sorted({each.partition(":")[0] for each in found})
        told[defect] = {"found": bool(found), "seed": seed, "violations": len(found), "by": by}
        print(f"{defect}: {'found' if found else 'NOT FOUND'} with seed {seed}", flush=True)
    missed = [defect for defect in defects if not told[defect]["found"]]
    print(json.dumps({"defects": told, "missed": missed}, ensure_ascii=False))
    return 1 if missed else 0


def _keep(world: World) -> Path:
    """What the set-up has made, of a system that has stopped."""
    world.stop_everything()
    folder = world.system.folder
    kept = folder / "untouched"
    shutil.copytree(folder / "data", kept / "data")
    shutil.copytree(world.system.plan.broker.store, kept / "store")
    world.start("identity")
    world.wait_ready("identity")
    return kept


def _put_back(world: World, kept: Path) -> None:
    world.kill(*ALL)
    folder = world.system.folder
    for name, there in (("data", folder / "data"), ("store", world.system.plan.broker.store)):
        shutil.rmtree(there)
        shutil.copytree(kept / name, there)
    for log in (folder / "logs").iterdir():
        log.write_bytes(b"")
    world.start_everything()
    world.wait_ready(*world.system.processes)

"""Whether the checker finds what it must: one planted defect after the other, each on the system as it was set up."""

import itertools
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from chaos.journal import Journal
from chaos.load import Load
from chaos.planted.defect import PLANT, Defect
from chaos.planted.defects import EVERY_DEFECT
from chaos.rounds import NOT_DONE, forms_of, one_seed
from chaos.untouched import Untouched
from chaos.world import World
from local.cluster import Cluster

PLANTED = Path(__file__).parent / "planted"
SEEDS = 5
"""Within so many a defect must be found."""
QUIET_SECONDS, SETTLED_SECONDS = 12.0, 3.0
"""A defect may keep the system busy for good: enough to see it. On one machine; a cluster on few cores takes its time."""

NOT_QUIET = "not quiet"
"""That alone is not enough: a busy machine is not quiet in time without any defect."""
MakeWorld = Callable[[Journal, int], World]


def environment_of(defect: str) -> dict[str, str]:
    """A service that starts with it has the defect: Python runs `sitecustomize` before anything else."""
    places = [str(PLANTED), str(PLANTED.parents[1]), os.environ.get("PYTHONPATH", "")]
    return {PLANT: defect, "PYTHONPATH": os.pathsep.join(filter(None, places))}


def prove(make_world: MakeWorld, defects: Sequence[str], seconds: float, rate: float) -> int:
    """Prints what found each; the last line is one JSON object. 0 where all were found."""
    first = make_world(Journal(), 0)
    forms = forms_of(first.system)
    told: dict[str, dict[str, object]] = {}
    untouched = Untouched(first)
    for name in defects:
        defect = EVERY_DEFECT[name]
        untouched.put_back()
        if isinstance(first.system, Cluster):
            defect.prepare(first.system)
        for each in first.system.plan.serving:
            first.system.process(each).environment.update(environment_of(name))
        untouched.start()
        with _environment(defect.environment):
            told[name] = _try(make_world, defect, forms, seconds, rate)
        print(f"{name}: {'found' if told[name]['found'] else 'NOT FOUND'} with seed {told[name]['seed']}", flush=True)
    missed = [name for name in defects if not told[name]["found"]]
    print(json.dumps({"defects": told, "missed": missed}, ensure_ascii=False))
    return 1 if missed else 0


def _try(
    make_world: MakeWorld, defect: Defect, forms: dict[str, dict[str, object]], seconds: float, rate: float
) -> dict[str, object]:
    journal, numbers, found, seed = Journal(), itertools.count(), list[str](), 0
    for seed in range(1, SEEDS + 1):
        world = make_world(journal, seed)
        if not isinstance(world.system, Cluster):
            world.quiet_seconds, world.settled_seconds = QUIET_SECONDS, SETTLED_SECONDS
        found = one_seed(world, Load(world, forms, seed, rate, numbers), defect.faults, seconds, seed)
        found = [each for each in found if not each.startswith((NOT_QUIET, NOT_DONE))]
        if found:
            break
    by = sorted({each.partition(":")[0] for each in found})
    told = {"found": bool(found), "seed": seed, "violations": len(found), "by": by}
    return told | {"applications": len(journal.promises), "faults": dict(journal.faults)}


@contextmanager
def _environment(more: Mapping[str, str]) -> Iterator[None]:
    os.environ.update(more)
    try:
        yield
    finally:
        for name in more:
            del os.environ[name]

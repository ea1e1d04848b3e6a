"""Does harm to the running system while families apply, lets it heal, and checks that nobody was harmed by it.

    .venv/bin/python tests/chaos/run.py --seed N --minutes M [--seeds K] [--faults kill,poison] [--rate 2]
    .venv/bin/python tests/chaos/run.py --plants
    .venv/bin/python tests/chaos/run.py --plant DEFECT [--seeds 5]
    .venv/bin/python tests/chaos/run.py --prove [DEFECT,DEFECT|cluster] [--minutes 0.3]

A seed draws what families do and which faults come in which order; at which step of the work each hits is left to the
machine. Several seeds run one after the other on one system, which is checked after each. The last line is one JSON
object; exit 0 only where there was no violation. With `--plant` the system has a defect (tests/chaos/planted), and
faults that should bring it to light: exit 1, with the violations, says that the checker has found it. `--prove` does
that with one defect after the other, each on a system as it was set up: exit 0 only where all were found. Defects and
faults of a cluster have one started; `--power`, as root, gives its servers disks whose power can be cut.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from chaos import checker
from chaos.cluster_world import ClusterWorld
from chaos.disks import Disks, disks_in, require_disks
from chaos.earlier import EARLIER, earlier_program
from chaos.faults import CLUSTER_FAULTS, EVERY_FAULT, FAULTS, POWER
from chaos.journal import Journal
from chaos.load import Load
from chaos.planted.cluster_defects import CLUSTER_DEFECTS
from chaos.planted.defects import DEFECTS, EVERY_DEFECT
from chaos.prove import MakeWorld, environment_of, prove
from chaos.rounds import forms_of, one_seed
from chaos.wires import Wires
from chaos.world import World
from local.cluster import Cluster, running_cluster
from local.cluster.plan import ClusterPlan
from local.files import VAR
from local.report import Report
from local.system import System, running_system
from support.families import WIDE


def main() -> int:
    asked = _arguments()
    if asked.plants:
        for name, defect in EVERY_DEFECT.items():
            print(f"{name:24} {defect.what}")
        return 0
    if asked.plant:
        os.environ.update(environment_of(asked.plant))
    faults, defects = _faults(asked), _defects(asked)
    begun = time.monotonic()
    with _running(faults, defects, asked) as (system, wires, disks):
        make_world = partial(_world, system, wires, disks)
        if defects:
            return prove(make_world, defects, 60 * asked.minutes, asked.rate)
        journal, found = _run(make_world, asked, faults)
        told = {"seed": asked.seed, "seeds": asked.seeds, "minutes": asked.minutes, "plant": asked.plant}
        told |= checker.counts(make_world(journal, 0))
        told |= {"applications": len(journal.promises), "answers": dict(journal.answers)}
        if found and asked.keep:
            subprocess.run(["cp", "-r", str(system.folder), asked.keep], check=False)
    told |= {"faults": dict(journal.faults), "violations": found, "seconds": round(time.monotonic() - begun)}
    print(json.dumps(told, ensure_ascii=False))
    return 1 if found else 0


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--seeds", type=int, default=1, help="so many, from --seed on, one after the other")
    asked.add_argument("--minutes", type=float, default=1.0, help="of faults, for each seed")
    asked.add_argument(
        "--faults", default="", help=f"of {', '.join(FAULTS)}; or cluster, or of {', '.join(CLUSTER_FAULTS)}"
    )
    asked.add_argument("--rate", type=float, default=2.0, help="applications a second")
    asked.add_argument("--power", action="store_true", help="as root: the power of a cluster's machines is cut, too")
    asked.add_argument("--earlier", default="", help="the commit that mixed-versions takes for the program of before")
    asked.add_argument("--plant", choices=[*DEFECTS], help="a defect that must be found")
    asked.add_argument("--plants", action="store_true", help="list the defects")
    asked.add_argument("--prove", nargs="?", const="", help="that each defect (or those named, a,b) is found")
    asked.add_argument("--keep", default="", help="a folder to which the system is copied where there are violations")
    return asked.parse_args()


def _faults(asked: argparse.Namespace) -> list[str]:
    if asked.faults == "cluster":
        return [name for name in CLUSTER_FAULTS if asked.power or name not in POWER]
    faults = asked.faults.split(",") if asked.faults else DEFECTS[asked.plant].faults if asked.plant else list(FAULTS)
    if unknown := set(faults) - set(EVERY_FAULT):
        sys.exit(f"no such faults: {', '.join(sorted(unknown))}; there are {', '.join(EVERY_FAULT)}")
    if set(faults) & set(CLUSTER_FAULTS) and set(faults) - set(CLUSTER_FAULTS):
        sys.exit(f"of a cluster there are {', '.join(CLUSTER_FAULTS)}: not together with those of one machine")
    return list(faults)


def _defects(asked: argparse.Namespace) -> list[str]:
    """That are to be proven; none where a system is to be tried that has none."""
    if asked.prove is None:
        return []
    named: list[str] = {"": list(DEFECTS), "cluster": list(CLUSTER_DEFECTS)}.get(asked.prove, asked.prove.split(","))
    if unknown := set(named) - set(EVERY_DEFECT):
        sys.exit(f"no such defects: {', '.join(sorted(unknown))}; see --plants")
    if set(named) & set(CLUSTER_DEFECTS) and set(named) - set(CLUSTER_DEFECTS):
        sys.exit(f"of a cluster there are {', '.join(CLUSTER_DEFECTS)}: not together with those of one machine")
    return named


Running = tuple[System, Wires | None, Disks | None]


@contextmanager
def _running(faults: Sequence[str], defects: Sequence[str], asked: argparse.Namespace) -> Iterator[Running]:
    in_cluster = bool(set(faults) & set(CLUSTER_FAULTS) or set(defects) & set(CLUSTER_DEFECTS))
    if not in_cluster:
        with tempfile.TemporaryDirectory() as folder, running_system(Path(folder, "run"), None, Report(), WIDE) as one:
            yield one, None, None
        return
    with_power = bool(set(faults) & set(POWER)) or any(EVERY_DEFECT[each].needs_disks for each in defects)
    if with_power:
        require_disks()
    if "mixed-versions" in faults:
        os.environ[EARLIER] = earlier_program(asked.earlier).commit
    (VAR / "cluster").mkdir(parents=True, exist_ok=True)
    # where the user of the database may go
    with tempfile.TemporaryDirectory(dir=VAR / "cluster") as folder, disks_in(Path(folder, "disks")) as disks:
        Path(folder).chmod(0o711)
        wires = Wires()

        def changed(plan: ClusterPlan) -> ClusterPlan:
            return wires.lead(disks.lead(plan) if with_power else plan)

        with running_cluster(Path(folder, "run"), None, Report(), WIDE, changed=changed) as cluster:
            yield cluster, wires, disks if with_power else None


def _world(system: System, wires: Wires | None, disks: Disks | None, journal: Journal, seed: int) -> World:
    if wires is None or not isinstance(system, Cluster):
        return World(system, journal, Random(seed))
    return ClusterWorld(system, journal, Random(seed), wires=wires, disks=disks)


def _run(make_world: MakeWorld, asked: argparse.Namespace, faults: Sequence[str]) -> tuple[Journal, list[str]]:
    """All seeds; ends at the first with violations, for what comes after would build on them."""
    journal, numbers = Journal(), itertools.count()
    forms = forms_of(make_world(journal, 0).system)
    found: list[str] = []
    for seed in range(asked.seed, asked.seed + asked.seeds):
        world = make_world(journal, seed)
        load = Load(world, forms, seed, asked.rate, numbers)
        found = one_seed(world, load, faults, 60 * asked.minutes, seed)
        if found:
            break
    return journal, found


if __name__ == "__main__":
    sys.exit(main())

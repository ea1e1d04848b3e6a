"""Does harm to the running system while families apply, lets it heal, and checks that nobody was harmed by it.

    .venv/bin/python tests/chaos/run.py --seed N --minutes M [--seeds K] [--faults kill,poison] [--rate 2]
    .venv/bin/python tests/chaos/run.py --plants
    .venv/bin/python tests/chaos/run.py --plant DEFECT [--seeds 5]
    .venv/bin/python tests/chaos/run.py --prove [DEFECT,DEFECT] [--minutes 0.3]

A seed draws what families do and which faults come in which order; at which step of the work each hits is left to the
machine. Several seeds run one after the other on one system, which is checked after each. The last line is one JSON
object; exit 0 only where there was no violation. With `--plant` the system has a defect (tests/chaos/planted), and
faults that should bring it to light: exit 1, with the violations, says that the checker has found it. `--prove` does
that with one defect after the other, each on a system as it was set up: exit 0 only where all were found.
"""

import argparse
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from chaos import checker
from chaos.cluster_world import ClusterWorld
from chaos.faults import CLUSTER_FAULTS, EVERY_FAULT, FAULTS
from chaos.journal import Journal
from chaos.load import Load
from chaos.planted.defects import DEFECTS
from chaos.prove import environment_of, prove
from chaos.rounds import forms_of, one_seed
from chaos.wires import Wires
from chaos.world import World
from local.cluster import Cluster, running_cluster
from local.files import VAR
from local.report import Report
from local.system import System, running_system
from support.families import WIDE


def main() -> int:
    asked = _arguments()
    if asked.plants:
        for name, defect in DEFECTS.items():
            print(f"{name:24} {defect.what}")
        return 0
    if asked.plant:
        os.environ.update(environment_of(asked.plant))
    faults = _faults(asked)
    begun = time.monotonic()
    wires = Wires() if set(faults) & set(CLUSTER_FAULTS) else None
    with tempfile.TemporaryDirectory(dir=_home(wires)) as folder, _running(Path(folder), wires) as system:
        if asked.prove is not None:
            return prove(
                system, asked.prove.split(",") if asked.prove else list(DEFECTS), 60 * asked.minutes, asked.rate
            )
        journal, found = _run(system, asked, faults, wires)
        world = _world(system, journal, 0, wires)
        told = {"seed": asked.seed, "seeds": asked.seeds, "minutes": asked.minutes, "plant": asked.plant}
        told |= checker.counts(world) | {"applications": len(journal.promises), "answers": dict(journal.answers)}
        if found and asked.keep:
            os.system(f"cp -r {folder}/run {asked.keep}")
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
    asked.add_argument("--plant", choices=[*DEFECTS], help="a defect that must be found")
    asked.add_argument("--plants", action="store_true", help="list the defects")
    asked.add_argument("--prove", nargs="?", const="", help="that each defect (or those named, a,b) is found")
    asked.add_argument("--keep", default="", help="a folder to which the system is copied where there are violations")
    return asked.parse_args()


def _faults(asked: argparse.Namespace) -> list[str]:
    if asked.faults == "cluster":
        return list(CLUSTER_FAULTS)
    faults = asked.faults.split(",") if asked.faults else DEFECTS[asked.plant].faults if asked.plant else list(FAULTS)
    if unknown := set(faults) - set(EVERY_FAULT):
        sys.exit(f"no such faults: {', '.join(sorted(unknown))}; there are {', '.join(EVERY_FAULT)}")
    if set(faults) & set(CLUSTER_FAULTS) and set(faults) - set(CLUSTER_FAULTS):
        sys.exit(f"of a cluster there are {', '.join(CLUSTER_FAULTS)}: not together with those of one machine")
    return list(faults)


def _home(wires: Wires | None) -> Path | None:
    """A cluster's database lies where its user may go."""
    if wires is None:
        return None
    (VAR / "cluster").mkdir(parents=True, exist_ok=True)
    return VAR / "cluster"


@contextmanager
def _running(folder: Path, wires: Wires | None) -> Iterator[System]:
    folder.chmod(0o711)
    if wires is None:
        with running_system(folder / "run", None, Report(), WIDE) as system:
            yield system
    else:
        with running_cluster(folder / "run", None, Report(), WIDE, changed=wires.lead) as cluster:
            yield cluster


def _world(system: System, journal: Journal, seed: int, wires: Wires | None) -> World:
    if wires is None or not isinstance(system, Cluster):
        return World(system, journal, Random(seed))
    return ClusterWorld(system, journal, Random(seed), wires=wires)


def _run(
    system: System, asked: argparse.Namespace, faults: Sequence[str], wires: Wires | None
) -> tuple[Journal, list[str]]:
    """All seeds; ends at the first with violations, for what comes after would build on them."""
    journal, numbers = Journal(), itertools.count()
    forms = forms_of(system)
    found: list[str] = []
    for seed in range(asked.seed, asked.seed + asked.seeds):
        world = _world(system, journal, seed, wires)
        load = Load(world, forms, seed, asked.rate, numbers)
        found = one_seed(world, load, faults, 60 * asked.minutes, seed)
        if found:
            break
    return journal, found


if __name__ == "__main__":
    sys.exit(main())

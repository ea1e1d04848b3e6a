"""Proves that a cluster loses and doubles nothing, on one machine: `make cluster`.

    .venv/bin/python tests/chaos/cluster.py [--seed N] [--rate 2] [--keep]

Three servers of the bus, one PostgreSQL and two copies of each service are started. While families apply, withdraw and
lose tickets, every process is killed (-9) once and comes back, then a third of all at once. Then what was promised is
held against all databases, over HTTP and in the audit trails, as `make chaos` does. Exit 0 only where nothing was lost
or doubled, and enough was tried for that to say something.
"""

import argparse
import itertools
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from chaos import checker
from chaos.cluster_world import ClusterWorld
from chaos.journal import Journal
from chaos.load import Load
from chaos.rounds import forms_of, heal_and_check
from local.cluster import Cluster, running_cluster
from local.files import VAR
from local.foreground import FAILURES, alone, can_write, say_failure, say_interruption, signals_as_exceptions
from local.report import Report
from rich.table import Table
from support.families import WIDE

FOLDER = VAR / "cluster"
LEAST_ACCEPTED, LEAST_TICKETS = 30, 10
"""A run in which less went through has not tried what it shall prove."""
CALM_SECONDS = 3.0
"""Families apply so long before the first kill, and after the last."""


def main() -> int:
    asked = _arguments()
    report = Report()
    if not can_write(report):
        return 1
    FOLDER.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="proof-", dir=FOLDER))
    with signals_as_exceptions(report), alone(folder):
        try:
            found = _prove(folder, report, asked)
        except FAILURES as error:
            return say_failure(report, error, folder)
        except KeyboardInterrupt:
            shutil.rmtree(folder, ignore_errors=True)
            return say_interruption(report)
    if found or asked.keep:
        report.line(f"Logs and data are kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if found else 0


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--rate", type=float, default=2.0, help="applications a second")
    asked.add_argument("--keep", action="store_true", help="keep the cluster's folder in any case")
    return asked.parse_args()


def _prove(folder: Path, report: Report, asked: argparse.Namespace) -> list[str]:
    begun = time.monotonic()
    report.headline("A cluster: three servers of the bus, PostgreSQL, two copies of each service")
    with running_cluster(folder, None, report, WIDE) as system:
        journal = Journal()
        world = ClusterWorld(system, journal, Random(asked.seed))
        load = Load(world, forms_of(system), asked.seed, asked.rate, itertools.count())
        report.headline("Families apply; every process is killed once, then a third of all at once")
        load.start()
        world.sleep(CALM_SECONDS)
        times = _kill_each(world, report)
        times |= {"a third at once": _kill_a_third(world, report)}
        world.sleep(CALM_SECONDS)
        report.headline("What was promised, held against all databases")
        found = heal_and_check(world, load, "cluster")
        counts, sizes = checker.counts(world), _sizes(system)
        found += _too_little(counts)
        report.console.print(_table(times, sizes))
    _tell(report, counts, journal, found, time.monotonic() - begun, sum(sizes.values()))
    return found


def _kill_each(world: ClusterWorld, report: Report) -> dict[str, float]:
    """Seconds until each was back."""
    times = {}
    for name in world.random.sample(world.all, len(world.all)):
        with report.step(f"{name} killed, and back") as detail:
            times[name] = world.kill_and_start(name)
            detail.text = _so_far(world)
        world.sleep(world.random.uniform(0.5, 1))
    return times


def _kill_a_third(world: ClusterWorld, report: Report) -> float:
    """Seconds until all were back."""
    names = world.random.sample(world.all, -(-len(world.all) // 3))
    with report.step("A third of all killed at once, and back") as detail:
        seconds = world.kill_and_start(*names)
        detail.text = f"{_so_far(world)}: {', '.join(names)}"
    return seconds


def _so_far(world: ClusterWorld) -> str:
    accepted = sum(bool(each.ids) for each in world.journal.promises)
    return f"{accepted} applications accepted"


def _too_little(counts: dict[str, int]) -> list[str]:
    least = {"accepted": LEAST_ACCEPTED, "tickets": LEAST_TICKETS}
    return [f"only {counts[what]} {what}: it proves nothing" for what, count in least.items() if counts[what] < count]


def _sizes(system: Cluster) -> dict[str, int]:
    """Of memory, in MiB, by process; PostgreSQL's children, who share most of it, are not counted."""
    found = {}
    for name, process in system.processes.items():
        status = Path(f"/proc/{process.pid}/status")
        lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
        found[name] = sum(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))
    return found


def _table(times: dict[str, float], sizes: dict[str, int]) -> Table:
    table = Table("process", "killed", "back after", "memory", box=None)
    for name, seconds in times.items():
        table.add_row(name, "-9", f"{seconds:.1f} s", f"{sizes[name]} MiB" if name in sizes else "")
    return table


def _tell(
    report: Report, counts: dict[str, int], journal: Journal, found: list[str], seconds: float, memory: int
) -> None:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    answers = ", ".join(f"{count} x {answer}" for answer, count in sorted(journal.answers.items()))
    for what, said in (
        ("went through", ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in counts.items())),
        ("HTTP answered", answers),
        ("memory of all", f"{memory} MiB"),
        ("took", f"{seconds:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of CPU"),
    ):
        report.line(f"  {what:<14} {said}")
    if found:
        report.line(f"\n[bold red]{len(found)} violations.[/bold red]")
    else:
        report.line("\n[bold green]Nothing was lost and nothing doubled.[/bold green]")


if __name__ == "__main__":
    sys.exit(main())

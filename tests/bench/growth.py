"""Whether the work for an application grows with those that were there before: CPU in each process, accept to pass.

    .venv/bin/python tests/bench/growth.py [--levels 0 10000 50000] [--applications 200] [--rate 4] [--seconds 20]

Starts the whole system and sends some applications that are all granted. What they have left in every table is then
multiplied by SQL, with other ids everywhere, until so many have been there as each level says (200,000 too, where
there is room: some 35 GB); then the same work is measured again. Besides: bytes per application by table. Nothing here
is a test. A machine that does other work too makes times longer, and CPU a little. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from journey import bodies, granted_cases, measure_steady, percentile
from journey_load import Load
from journey_places import SQLITE, Place, running
from local.journey.cases import Case
from local.system import System
from local.system.plan import SERVICES
from rich.console import Console
from rich.table import Table
from shared.database.engine import open_engine
from support.growth.many_rows import copy_of, grown_tables
from support.growth.work import sqlite_of
from support.json import text, whole

BASE = 100
"""Applications that are multiplied."""
IN_FLIGHT = 8
ROWS_AT_ONCE = 2000
"""Copied in one transaction, while the services run."""


@dataclass(frozen=True)
class Level:
    """What was measured with so many applications there."""

    applications: int
    cpu_ms: Mapping[str, float]
    """An application, by process."""
    accept_to_pass_ms: Sequence[float]

    def as_json(self) -> dict[str, object]:
        p50, p95 = (round(percentile(self.accept_to_pass_ms, share), 1) for share in (0.5, 0.95))
        mean = round(statistics.fmean(self.accept_to_pass_ms), 1)
        cpu = {name: round(value, 2) for name, value in self.cpu_ms.items()}
        return {"cpu_ms": cpu, "cpu_ms_all": round(sum(cpu.values()), 2), "p50_ms": p50, "p95_ms": p95, "mean_ms": mean}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--levels", type=int, nargs="+", default=[0, 10_000, 50_000])
    arguments.add_argument("--applications", type=int, default=200)
    arguments.add_argument("--rate", type=float, default=4.0)
    arguments.add_argument("--seconds", type=float, default=20.0)
    arguments.add_argument("--folder", type=Path, help="where the databases lie; else a temporary folder")
    chosen = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=chosen.folder) as folder,
        running(SQLITE, Path(folder) / "run") as place,
    ):
        measured, sizes = measure(place, chosen)
    show(measured, sizes)


def measure(place: Place, chosen: argparse.Namespace) -> tuple[list[Level], dict[str, float]]:
    system = place.system
    cases = granted_cases(system)
    load = Load(system.urls["application"], system.sign_in("parent-1")["Authorization"])
    empty = _bytes_by_table(system)
    # 1. Everything imported, compiled, cached once; and what is multiplied.
    asyncio.run(load.send(bodies(cases, BASE), IN_FLIGHT))
    place.wait_for_passes(BASE)
    place.wait_until_quiet()
    sizes = {name: (size - empty.get(name, 0)) / BASE for name, size in _bytes_by_table(system).items()}
    base = {name: _last_rows(place, name) for name in SERVICES}
    levels, copied = [], 0
    for count in sorted(chosen.levels):
        # 2. So many are there …
        wanted = count // BASE
        if wanted > copied:
            for name in SERVICES:
                _copy(system, name, base[name], range(copied + 1, wanted + 1))
            copied = wanted
            place.wait_until_quiet()
        # 3. … and so much does it cost then.
        levels.append(_level(place, load, cases, count, chosen))
    return levels, sizes


def _level(place: Place, load: Load, cases: list[Case], count: int, chosen: argparse.Namespace) -> Level:
    load = Load(load.url, place.system.sign_in("parent-1")["Authorization"])
    there = place.count_passes()
    asyncio.run(load.send(bodies(cases, 2 * IN_FLIGHT), IN_FLIGHT))
    place.wait_for_passes(there + 2 * IN_FLIGHT)
    place.wait_until_quiet()
    before, there = place.cpu_seconds(), place.count_passes()
    asyncio.run(load.send(bodies(cases, chosen.applications), IN_FLIGHT))
    place.wait_for_passes(there + chosen.applications)
    place.wait_until_quiet()
    used = {name: 1000 * (each - before[name]) / chosen.applications for name, each in place.cpu_seconds().items()}
    waited = measure_steady(place, load, cases, chosen.rate, chosen.seconds)
    return Level(count, used, waited)


def _last_rows(place: Place, name: str) -> Mapping[str, int]:
    """By table: what comes behind it is not multiplied."""
    tables = [text(row[0]) for row in place.rows(name, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: whole(place.rows(name, f'SELECT max(rowid) FROM "{table}"')[0][0] or 0) for table in tables}


def _copy(system: System, name: str, base: Mapping[str, int], numbers: range) -> None:
    engine = open_engine(f"sqlite:///{system.plan.database(name)}", connections=1)
    with engine.execution_options(writes=True).connect() as connection:
        raw = sqlite_of(connection)
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "secure_delete=OFF"):
            raw.execute(f"PRAGMA {pragma}")
        grown = {table: count for table, count in grown_tables(connection).items() if base.get(table.name)}
        names = {table.name for table in grown}
        connection.rollback()
        for table in grown:
            step = max(1, ROWS_AT_ONCE // min(base[table.name], ROWS_AT_ONCE))
            for first in range(numbers.start, numbers.stop, step):
                some = range(first, min(first + step, numbers.stop))
                only = f'"{table.name}".rowid <= {base[table.name]}'
                connection.exec_driver_sql(copy_of(connection, table, names, some, only=only))
                connection.commit()
    engine.dispose()


def _bytes_by_table(system: System) -> dict[str, float]:
    """Pages of a table with those of its indexes, by SERVICE.TABLE."""
    query = "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat AS s JOIN sqlite_master AS m ON m.name = s.name GROUP BY m.tbl_name"
    sizes: dict[str, float] = {}
    for name in SERVICES:
        with sqlite3.connect(f"file:{system.plan.database(name)}?mode=ro", uri=True, timeout=30) as database:
            sizes |= {f"{name}.{table}": float(size) for table, size in database.execute(query)}
    return sizes


def show(levels: Sequence[Level], sizes: Mapping[str, float]) -> None:
    console, first = Console(), levels[0]
    table = Table(
        "process", *(f"{each.applications:,}" for each in levels), title="CPU ms an application, by how many were there"
    )
    for name in first.cpu_ms:
        table.add_row(name, *(f"{each.cpu_ms[name]:.1f}" for each in levels))
    table.add_row("[bold]all[/bold]", *(f"[bold]{sum(each.cpu_ms.values()):.1f}[/bold]" for each in levels))
    table.add_row("accept to pass, median ms", *(f"{percentile(each.accept_to_pass_ms, 0.5):.0f}" for each in levels))
    console.print(table)
    kept = Table("table", "bytes an application", title="What stays of an application, with its indexes")
    largest = sorted(sizes.items(), key=lambda item: -item[1])
    for name, size in largest[:16]:
        kept.add_row(name, f"{size:,.0f}")
    kept.add_row("[bold]all[/bold]", f"[bold]{sum(sizes.values()):,.0f}[/bold]")
    console.print(kept)
    console.print(f"load average of the machine: {os.getloadavg()[0]:.1f} ({os.cpu_count()} cores)")
    figures = {
        "levels": {str(each.applications): each.as_json() for each in levels},
        "bytes_per_application": {name: round(size) for name, size in largest if size >= 1},
        "cores": os.cpu_count(),
        "load_average": [round(each, 1) for each in os.getloadavg()],
        "at": time.strftime("%Y-%m-%d"),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""How much the whole journey costs: applications a second, CPU milliseconds a ticket, and the time from accept to pass.

    .venv/bin/python tests/bench/journey.py [--applications 1000] [--rate 20] [--seconds 15]

Starts the whole system, sends applications that are all granted, and reads from the services' own databases when each
was accepted and when its pass was told. Beside it the floors: the same parts (HTTP validation, commits, publishes,
routing, notice, three signatures) done bare, in the same run on the same machine. Nothing here is a test. The load
generator shares the cores with what it measures; its own CPU is not counted. The last line is one JSON object.
"""

import argparse
import asyncio
import itertools
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))


from journey_floors import Floor, measure_floors
from journey_load import Load
from local.journey.cases import LEVELS, Case, Level
from local.journey.desk import Desk
from local.journey.forms import FAMILIES, body
from local.region import Address, Region, School, as_the_crow_flies, read_region
from local.report import Report
from local.system import System, running_system
from rich.console import Console
from rich.table import Table
from support.families import WIDE, with_child
from support.json import octets, text, whole

HOMES = 40
"""Different homes; each application has a child of its own."""
IN_FLIGHT = 32
PATIENCE_SECONDS = 120.0
QUIET_PERCENT = 25.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Flood:
    applications: int
    seconds: float
    cpu_seconds: dict[str, float]

    @property
    def per_second(self) -> float:
        return self.applications / self.seconds

    @property
    def cpu_ms_per_ticket(self) -> float:
        return 1000 * sum(self.cpu_seconds.values()) / self.applications


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--applications", type=int, default=1000)
    arguments.add_argument(
        "--rate", type=float, default=20.0, help="applications a second for the time from accept to pass"
    )
    arguments.add_argument("--seconds", type=float, default=15.0)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder) / "run", None, Report(), WIDE) as system:
        cases = granted_cases(system)
        load = Load(system.urls["application"], system.sign_in("parent-1")["Authorization"])
        asyncio.run(load.send(bodies(cases, 2 * IN_FLIGHT), in_flight=8))  # everything imported, compiled, cached once
        wait_for_passes(system, 2 * IN_FLIGHT)
        wait_until_quiet(system)
        idle = idle_cpu_percent(system)
        flood = measure_flood(system, load, cases, chosen.applications)
        steady = measure_steady(system, load, cases, chosen.rate, chosen.seconds)
        floors = measure_floors(system, cases, bodies(cases, 1)[0])
    show(flood, steady, floors, idle, chosen.rate)


def granted_cases(system: System) -> list[Case]:
    """Homes whose nearest school of some form is clearly too far: each application is granted by the rules."""
    region = read_region(system.plan.inputs.streets, system.plan.inputs.schools)
    desk, found = Desk(system), []
    for home in region.addresses:
        for level in LEVELS:
            school = nearest(region, home, level)
            if school is None or as_the_crow_flies(home.at, school.at) < level.limit_m:
                continue
            way = desk.measure(home.at, school.at)
            if way is not None and way.certain and way.lenient_m > level.limit_m + 200:
                found.append(Case(home, school, level, way.metres))
                break
        if len(found) == HOMES:
            break
    return found


def nearest(region: Region, home: Address, level: Level) -> School | None:
    alike = [s for s in region.schools if s.form == level.form and (level.form != "02" or s.kind == "GMS")]
    return min(alike, key=lambda school: as_the_crow_flies(home.at, school.at), default=None)


CHILDREN = itertools.count()
"""Never the same child twice: a second application for one goes to a person."""


def bodies(cases: list[Case], count: int) -> list[bytes]:
    """Bodies of POST /v1/applications, each with a child of its own."""
    today, family = datetime.now(UTC).date(), FAMILIES["granted"]
    made = []
    for number in itertools.islice(CHILDREN, count):
        content = with_child(body(cases[number % len(cases)], family, today), number)
        made.append(json.dumps(content, ensure_ascii=False).encode())
    return made


def measure_flood(system: System, load: Load, cases: list[Case], count: int) -> Flood:
    """As many as it takes, as fast as it goes; until the last pass is told and the notices are printed."""
    before = passes(system)
    cpu = cpu_seconds(system)
    started = datetime.now(UTC)
    asyncio.run(load.send(bodies(cases, count), in_flight=IN_FLIGHT))
    wait_for_passes(system, len(before) + count)
    ended = max(passes(system).values())
    wait_until_quiet(system)
    used = {name: seconds - cpu[name] for name, seconds in cpu_seconds(system).items()}
    return Flood(count, (ended - started).total_seconds(), used)


def measure_steady(system: System, load: Load, cases: list[Case], rate: float, seconds: float) -> list[float]:
    """Milliseconds from accept to the pass that is told, of applications that arrive at `rate` a second."""
    before = set(passes(system))
    asyncio.run(load.send_at(bodies(cases, int(rate * seconds)), rate))
    wait_for_passes(system, len(before) + int(rate * seconds))
    accepted = {
        key: moment(text(at)) for key, at in rows(system, "application", "SELECT id, submitted_at FROM application")
    }
    told = {key: at for key, at in passes(system).items() if key not in before}
    return [1000 * (at - accepted[key]).total_seconds() for key, at in told.items()]


def passes(system: System) -> dict[str, datetime]:
    """Application -> when the broker had its pass.ready."""
    query = "SELECT payload, published_at FROM outbox WHERE subject = 'pass.ready.v1' AND published_at IS NOT NULL"
    found = rows(system, "wallet-pass", query)
    return {json.loads(octets(payload))["application_id"]: moment(text(at)) for payload, at in found}


def rows(system: System, service: str, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{system.plan.database(service)}?mode=ro", uri=True, timeout=10) as database:
        return database.execute(query).fetchall()


def moment(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return at.replace(tzinfo=at.tzinfo or UTC)


def wait_for_passes(system: System, count: int) -> None:
    query = "SELECT count(*) FROM outbox WHERE subject = 'pass.ready.v1' AND published_at IS NOT NULL"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (there := whole(rows(system, "wallet-pass", query)[0][0])) < count:
        if time.monotonic() > deadline:
            raise SystemExit(f"{there} of {count} passes after {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.1)


def wait_until_quiet(system: System) -> None:
    """Until the processes use no more than their idle loops do: notices are printed after the pass."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    unprinted = "SELECT count(*) FROM notice WHERE pdf_digest IS NULL"
    while rows(system, "eligibility", unprinted)[0][0] or idle_cpu_percent(system, 0.5) > QUIET_PERCENT:
        if time.monotonic() > deadline:
            raise SystemExit(f"the processes are still busy after {PATIENCE_SECONDS:.0f} s")


def cpu_seconds(system: System) -> dict[str, float]:
    """User and system time of each process."""
    return {name: _ticks(process.pid) / TICKS for name, process in system.processes.items()}


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def idle_cpu_percent(system: System, seconds: float = 2.0) -> float:
    """CPU of all processes together, in percent of one core, while nothing is asked of them."""
    before = sum(cpu_seconds(system).values())
    time.sleep(seconds)
    return 100 * (sum(cpu_seconds(system).values()) - before) / seconds


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(flood: Flood, steady: list[float], floors: list[Floor], idle: float, rate: float) -> None:
    console, floor = Console(), sum(each.cpu_ms for each in floors)
    parts = Table("part", "CPU ms a ticket", "how the floor was measured", title="Floors: the same work, bare")
    for each in floors:
        parts.add_row(each.part, f"{each.cpu_ms:.2f}", each.how)
    parts.add_row("[bold]sum of the floors[/bold]", f"[bold]{floor:.2f}[/bold]", "")
    console.print(parts)
    services = Table("process", "CPU ms a ticket", title=f"The journey: {flood.applications} applications at once")
    for name, seconds in sorted(flood.cpu_seconds.items(), key=lambda item: -item[1]):
        services.add_row(name, f"{1000 * seconds / flood.applications:.2f}")
    services.add_row("[bold]all[/bold]", f"[bold]{flood.cpu_ms_per_ticket:.2f}[/bold]")
    console.print(services)
    p50, p95, p99 = (percentile(steady, share) for share in (0.5, 0.95, 0.99))
    console.print(f"{flood.per_second:.1f} applications a second through the whole journey ({os.cpu_count()} cores)")
    console.print(
        f"accept to pass at {rate:g}/s: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms ({len(steady)} applications)"
    )
    console.print(f"idle: {idle:.1f} % of one core, all processes")
    console.print(f"load average of the machine: {os.getloadavg()[0]:.1f} (about 2 to 4 is this run itself)")
    figures = {
        "applications_per_second": round(flood.per_second, 1),
        "cpu_ms_per_ticket": round(flood.cpu_ms_per_ticket, 3),
        "floor_cpu_ms_per_ticket": round(floor, 3),
        "times_the_floor": round(flood.cpu_ms_per_ticket / floor, 2),
        "floors": {each.part: round(each.cpu_ms, 4) for each in floors},
        "processes": {name: round(1000 * s / flood.applications, 3) for name, s in flood.cpu_seconds.items()},
        "accept_to_pass_ms": {"rate": rate, "p50": round(p50, 1), "p95": round(p95, 1), "p99": round(p99, 1), "mean": round(statistics.fmean(steady), 1)},
        "idle_percent_of_one_core": round(idle, 1),
        "cores": os.cpu_count(),
        "load_average": [round(each, 1) for each in os.getloadavg()],
        "run": str(uuid4()),
    }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

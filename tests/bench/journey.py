"""How much the whole journey costs: applications a second, CPU milliseconds a ticket, and the time from accept to pass.

    .venv/bin/python tests/bench/journey.py [--applications 1000] [--rate 20] [--seconds 15] [--on sqlite …]

Starts the whole system, sends applications that are all granted, and reads from the services' own databases when each
was accepted and when its pass was told: on SQLite, or on each place that is named (`sqlite`, `postgresql`, `cluster`),
one after the other. Beside it the floors: the same parts (HTTP validation, commits, publishes, routing, notice, three
signatures) done bare, in the same run on the same machine. Nothing here is a test. The load generator shares the cores
with what it measures; its own CPU is not counted. The last line is one JSON object, with one more for each place.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))


from journey_floors import Floor, measure_floors
from journey_load import Load
from journey_places import ABROAD, SQLITE, WHERE, Place, running
from local.journey.cases import LEVELS, Case, Level
from local.journey.desk import Desk
from local.journey.forms import FAMILIES, body
from local.region import Address, Region, School, as_the_crow_flies, read_region
from local.system import System
from rich.console import Console
from rich.table import Table
from support.families import with_child

HOMES = 40
"""Different homes; each application has a child of its own."""
IN_FLIGHT = 32
SHARES = (0.5, 0.95, 0.99)
RUN = str(uuid4())


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


@dataclass(frozen=True)
class Journey:
    """What was measured in one place."""

    where: str
    flood: Flood
    steady: list[float]
    """Milliseconds from accept to pass of each application."""
    idle: float
    """Percent of one core."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--applications", type=int, default=1000)
    arguments.add_argument(
        "--rate", type=float, default=20.0, help="applications a second for the time from accept to pass"
    )
    arguments.add_argument("--seconds", type=float, default=15.0)
    arguments.add_argument("--on", nargs="+", choices=list(WHERE), default=[SQLITE])
    chosen = arguments.parse_args()
    journeys, floors = [], list[Floor]()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(ABROAD)
        for where in chosen.on:
            Console().print(f"{WHERE[where]} …")
            with running(where, Path(folder) / where) as place:
                cases = granted_cases(place.system)
                journeys.append(measure_journey(place, cases, chosen))
                show_journey(Console(), journeys[-1], chosen.rate)
                floors = floors or measure_floors(place.system, cases, bodies(cases, 1)[0])
    show(journeys, floors, chosen.rate)


def measure_journey(place: Place, cases: list[Case], chosen: argparse.Namespace) -> Journey:
    """In one place: what it costs, and how long it takes."""
    load = Load(place.system.urls["application"], place.system.sign_in("parent-1")["Authorization"])
    asyncio.run(load.send(bodies(cases, 2 * IN_FLIGHT), in_flight=8))  # everything imported, compiled, cached once
    place.wait_for_passes(2 * IN_FLIGHT)
    idle = place.wait_until_quiet()
    flood = measure_flood(place, load, cases, chosen.applications)
    return Journey(place.name, flood, measure_steady(place, load, cases, chosen.rate, chosen.seconds), idle)


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


def measure_flood(place: Place, load: Load, cases: list[Case], count: int) -> Flood:
    """As many as it takes, as fast as it goes; until the last pass is told and the notices are printed."""
    there = len(place.passes())
    cpu = place.cpu_seconds()
    started = datetime.now(UTC)
    asyncio.run(load.send(bodies(cases, count), in_flight=IN_FLIGHT))
    place.wait_for_passes(there + count)
    ended = max(place.passes().values())
    place.wait_until_quiet()
    used = {name: seconds - cpu[name] for name, seconds in place.cpu_seconds().items()}
    return Flood(count, (ended - started).total_seconds(), used)


def measure_steady(place: Place, load: Load, cases: list[Case], rate: float, seconds: float) -> list[float]:
    """Milliseconds from accept to the pass that is told, of applications that arrive at `rate` a second."""
    before = set(place.passes())
    asyncio.run(load.send_at(bodies(cases, int(rate * seconds)), rate))
    place.wait_for_passes(len(before) + int(rate * seconds))
    accepted = place.accepted()
    told = {key: at for key, at in place.passes().items() if key not in before}
    return [1000 * (at - accepted[key]).total_seconds() for key, at in told.items()]


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(journeys: list[Journey], floors: list[Floor], rate: float) -> None:
    """Tables for a reader, then one JSON object a place."""
    console, floor = Console(), sum(each.cpu_ms for each in floors)
    parts = Table("part", "CPU ms a ticket", "how the floor was measured", title="Floors: the same work, bare")
    for each in floors:
        parts.add_row(each.part, f"{each.cpu_ms:.2f}", each.how)
    parts.add_row("[bold]sum of the floors[/bold]", f"[bold]{floor:.2f}[/bold]", "")
    console.print(parts)
    console.print(f"load average of the machine: {os.getloadavg()[0]:.1f} (about 2 to 4 is this run itself)")
    for journey in journeys:
        print(json.dumps(figures_of(journey, floors, rate)))


def show_journey(console: Console, journey: Journey, rate: float) -> None:
    flood = journey.flood
    title = f"The journey, {WHERE[journey.where]}: {flood.applications} applications at once"
    services = Table("process", "CPU ms a ticket", title=title)
    for name, seconds in sorted(flood.cpu_seconds.items(), key=lambda item: -item[1]):
        services.add_row(name, f"{1000 * seconds / flood.applications:.2f}")
    services.add_row("[bold]all[/bold]", f"[bold]{flood.cpu_ms_per_ticket:.2f}[/bold]")
    console.print(services)
    p50, p95, p99 = (percentile(journey.steady, share) for share in SHARES)
    console.print(f"{flood.per_second:.1f} applications a second through the whole journey ({os.cpu_count()} cores)")
    console.print(
        f"accept to pass at {rate:g}/s: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms "
        f"({len(journey.steady)} applications)"
    )
    console.print(f"idle: {journey.idle:.1f} % of one core, all processes")


def figures_of(journey: Journey, floors: list[Floor], rate: float) -> dict[str, object]:
    """What a program reads."""
    flood, floor = journey.flood, sum(each.cpu_ms for each in floors)
    p50, p95, p99 = (round(percentile(journey.steady, share), 1) for share in SHARES)
    mean = round(statistics.fmean(journey.steady), 1)
    return {
        "where": journey.where,
        "applications_per_second": round(flood.per_second, 1),
        "cpu_ms_per_ticket": round(flood.cpu_ms_per_ticket, 3),
        "floor_cpu_ms_per_ticket": round(floor, 3),
        "times_the_floor": round(flood.cpu_ms_per_ticket / floor, 2),
        "floors": {each.part: round(each.cpu_ms, 4) for each in floors},
        "processes": {name: round(1000 * s / flood.applications, 3) for name, s in flood.cpu_seconds.items()},
        "accept_to_pass_ms": {"rate": rate, "p50": p50, "p95": p95, "p99": p99, "mean": mean},
        "idle_percent_of_one_core": round(journey.idle, 1),
        "cores": os.cpu_count(),
        "load_average": [round(each, 1) for each in os.getloadavg()],
        "run": RUN,
    }


if __name__ == "__main__":
    main()

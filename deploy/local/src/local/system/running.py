"""Starts the system and stops it again, whatever happens in between."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx

from local.backup.unfinished import unfinished_mark
from local.files import write_secret
from local.process import Process, stop_all
from local.report import Report
from local.system import setup
from local.system.authority import Authority, read_authority
from local.system.inputs import Inputs, town
from local.system.pages import pages
from local.system.plan import PUBLIC, SERVICES, Environment, Plan
from local.system.supervisor import ROOM_BYTES, Supervisor

Some = TypeVar("Some", bound="System")


@dataclass
class System:
    """A running system. The processes are its services, `nats`, `identity` and `mails`."""

    plan: Plan
    authority: Authority
    processes: dict[str, Process] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    applications: list[tuple[str, str, str]] = field(default_factory=list)
    """Those of the opening journey: id, whose it is, how it stands."""

    @property
    def folder(self) -> Path:
        """Of all its data."""
        return self.plan.folder

    @property
    def urls(self) -> dict[str, str]:
        """The address of each service that has one."""
        return {name: self.plan.url(name) for name in SERVICES}

    def process(self, name: str) -> Process:
        """By its name.

        Raises:
            KeyError: for another.
        """
        return self.processes[name]

    def wait_ready(self) -> None:
        """Until everything may be used.

        Raises:
            DidNotStart.
        """
        with ThreadPoolExecutor() as pool:
            list(pool.map(Process.wait_ready, self.processes.values()))

    def restart(self, name: str) -> None:
        """Start what was killed, on its old port with its old data, and wait until it may be used."""
        process = self.processes[name]
        process.kill()
        process.start()
        process.wait_ready()

    def sign_in(self, user: str) -> dict[str, str]:
        """The HTTP header by which `user` is known for the next hour."""
        form = {"grant_type": "password", "username": user, "password": self.users[user]["password"]}
        answer = httpx.post(f"{self.plan.issuer}/token", data=form, timeout=10).raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def command(self, service: str, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a service's command with that service's settings."""
        return setup.run(self.plan, service, *arguments, check=check)

    def services_json(self) -> dict[str, Any]:
        """What `var/run/services.json` says: commands find the running system by it, and its users."""
        identity = {"issuer": self.plan.issuer, "token_url": f"{self.plan.issuer}/token", "users": self.users}
        operations = {name: self.plan.operations_of(name) for name in SERVICES}
        broker = {"health": f"{self.plan.broker.monitor_url}/healthz", "monitor": self.plan.broker.monitor_url}
        public = {name: self.plan.url(name) for name in PUBLIC}
        return {
            **public,
            "desk": self.plan.desk,
            "operations": operations,
            "broker": broker,
            "identity": identity,
            "mails": self.plan.mails.page if self.plan.mails else None,
            "pages": pages(self.plan, self.applications),
        }

    def write_services_json(self, path: Path) -> None:
        """Addresses and users of the system, readable for its owner only."""
        write_secret(path, json.dumps(self.services_json(), indent=2, ensure_ascii=False))


@contextmanager
def running_system(
    folder: Path,
    inputs: Inputs | None = None,
    report: Report | None = None,
    more: Environment | None = None,
    *,
    given: Environment | None = None,
    revokes_by_two: bool = False,
) -> Iterator[System]:
    """The system with its data in `folder`, which is kept: a second start goes on with what is there.

    Enter it from the thread that stays while it runs (see parent_death.py).

    Args:
        more: settings by their whole names.
        given: the same, where the system sets none itself.
        revokes_by_two: the authority's choice that two people revoke.

    Raises:
        DidNotStart: or setup.StepFailed.
    """
    report = report or Report(quiet=True)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if inputs is None:
        with report.step("Town drawn"):
            inputs = town(folder / "town")
    authority = replace(read_authority(inputs), revokes_by_two=revokes_by_two)
    plan = Plan.make(folder, inputs, authority.settings() | (more or {}), given)
    with keep_running(System(plan, authority), setup.SetUp, report) as system:
        yield system


@contextmanager
def keep_running(system: Some, set_up: type[setup.SetUp], report: Report) -> Iterator[Some]:
    """From files to services that answer, and stopped whatever happens.

    Raises:
        DidNotStart: or setup.StepFailed.
    """
    try:
        _start(system, set_up, report)
        yield system
    finally:
        with report.step("Everything stopped") as detail:
            detail.text = _stop(system)


def _start(system: System, set_up: type[setup.SetUp], report: Report) -> None:
    """From files to services that answer. Independent steps run side by side."""
    plan = system.plan
    if unfinished_mark(plan.folder).exists():
        raise setup.StepFailed("a restore was cut off, and some databases are not in their place: run it once more")
    # 1. Keys and settings, then the two that the services need
    with report.step("Authority, keys for bus and sign-in") as detail:
        system.users = setup.prepare(plan, system.authority)
        detail.text = f"{system.authority.name} ({system.authority.number})"
    system.processes = plan.make_processes()
    for name in plan.foundations:
        system.processes[name].start()
    # 2. Certificates, databases, map and registers
    set_up(plan, system.authority, system.processes, report).run_all()
    # 3. The services, all at once
    with report.step("Services started") as detail:
        for name in plan.serving:
            system.processes[name].start()
        system.wait_ready()
        detail.text = ", ".join(plan.serving)


def _stop(system: System) -> str:
    """Services first, so that they can say their last words to the bus; then the rest."""
    started = [process for process in system.processes.values() if process.alive]
    services = [process for process in started if process.name in system.plan.serving]
    killed = stop_all(services) + stop_all(process for process in started if process not in services)
    return f"killed, because they did not go by themselves: {', '.join(killed)}" if killed else ""


def hold_up(system: System, report: Report, on_start: Callable[[], None] = lambda: None) -> int:
    """Stay up until Ctrl-C, and start again what ends; or until something ends again and again (its exit code).

    Args:
        on_start: called after a process was started again.
    """
    plan = system.plan
    health = {name: plan.operations_of(name)["health"] for name in plan.serving}
    health |= {name: f"{each.monitor_url}/healthz" for name, each in plan.brokers.items()}

    def has_room(name: str) -> bool:
        return name not in plan.brokers or shutil.disk_usage(plan.broker.folder).free > ROOM_BYTES

    return Supervisor(system.processes, health, report, has_room, on_start).watch()

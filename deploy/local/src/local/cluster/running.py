"""Starts the cluster and stops it again, whatever happens in between."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from local.cluster.plan import BALANCER, DATABASES, ClusterPlan, copies_of
from local.cluster.postgresql import make_databases, prepare_postgresql
from local.process import DidNotStart
from local.report import Report
from local.system.authority import read_authority
from local.system.inputs import Inputs, town
from local.system.plan import SERVICES, Environment
from local.system.running import System, keep_running
from local.system.setup import SetUp

SEEN_SECONDS = 30.0
ABROAD = 0o711
"""PostgreSQL may be another user, who goes through the folder and reads nothing in it."""


@dataclass
class Cluster(System):
    """A running cluster."""

    plan: ClusterPlan

    def wait_ready(self) -> None:
        """Also until the balancer, which looks by itself and sends nobody elsewhere, has seen that each copy is ready.

        Raises:
            DidNotStart.
        """
        super().wait_ready()
        deadline = time.monotonic() + SEEN_SECONDS
        while not self._balancer_sees_all():
            if time.monotonic() > deadline:
                raise DidNotStart(f"the balancer has not seen each copy ready after {SEEN_SECONDS:.0f} s")
            time.sleep(0.05)

    def _balancer_sees_all(self) -> bool:
        seen = httpx.get(self.processes[BALANCER].ready_url, timeout=SEEN_SECONDS).json()
        return all(ready for copies in seen.values() for ready in copies.values())

    def services_json(self) -> dict[str, Any]:
        """As that of one machine, with the copies of each service, and how each of them is."""
        plan = self.plan
        servers = {name: {"url": each.url, "pid": self.processes[name].pid} for name, each in plan.brokers.items()}
        more = {"copies": {service: self._copies(service) for service in SERVICES}, "servers": servers}
        return super().services_json() | more

    def _copies(self, service: str) -> list[dict[str, Any]]:
        plan = self.plan
        return [
            {"url": plan.own_url(name), "pid": self.processes[name].pid, "operations": plan.operations_of(name)}
            for name in copies_of(service)
        ]


@dataclass(frozen=True)
class ClusterSetUp(SetUp):
    """The same steps as on one machine, after the databases are there to be filled."""

    plan: ClusterPlan

    def run_all(self) -> None:
        """Raises StepFailed, or DidNotStart where PostgreSQL or a server of the bus does not."""
        plan = self.plan
        with self.report.step("PostgreSQL and its databases") as detail:
            self.processes[DATABASES].wait_ready()
            make_databases(plan.postgresql, plan.databases)
            detail.text = ", ".join(plan.databases)
        super().run_all()


@contextmanager
def running_cluster(
    folder: Path,
    inputs: Inputs | None = None,
    report: Report | None = None,
    more: Environment | None = None,
    *,
    given: Environment | None = None,
    changed: Callable[[ClusterPlan], ClusterPlan] = lambda plan: plan,
) -> Iterator[Cluster]:
    """The cluster with its data in `folder`, which is kept: a second start goes on with what is there.

    Enter it from the thread that stays while it runs (see parent_death.py). Arguments as of `running_system`.

    Args:
        changed: what is made of the plan before anything is done by it.

    Raises:
        DidNotStart: or setup.StepFailed.
    """
    report = report or Report(quiet=True)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(ABROAD)
    if inputs is None:
        with report.step("Town drawn"):
            inputs = town(folder / "town")
    authority = replace(read_authority(inputs), revokes_by_two=False)
    plan = changed(ClusterPlan.of(folder, inputs, authority.settings() | (more or {}), given))
    for private in ("keys", "logs"):
        (folder / private).mkdir(exist_ok=True, mode=0o700)
    with report.step("PostgreSQL made"):
        prepare_postgresql(plan.postgresql)
    plan.write_balancer_file()
    with keep_running(Cluster(plan, authority), ClusterSetUp, report) as system:
        yield system

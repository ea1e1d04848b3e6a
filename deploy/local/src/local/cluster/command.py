"""`local cluster run`: the cluster, up until Ctrl-C."""

from datetime import UTC, datetime
from random import SystemRandom

import httpx

from local.cluster.running import Cluster, running_cluster
from local.files import VAR
from local.foreground import FAILURES, alone, can_write, say_failure, say_interruption, signals_as_exceptions
from local.journey.cases import NoSuchCase
from local.journey.family import Unexpected
from local.journey.tour import tour
from local.report import Report
from local.status import waits_for_recovery
from local.system.inputs import town
from local.system.plan import settings_of_environment
from local.system.running import hold_up

FOLDER = VAR / "cluster"
SERVICES = FOLDER / "services.json"
FILES = FOLDER / "files"
"""What the opening journey makes."""


def show_cluster(seed: int | None, *, journey: bool) -> int:
    """Its data stay in var/cluster for the next time. The exit code: 0 where it was ended by Ctrl-C."""
    report = Report()
    if not can_write(report):
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with signals_as_exceptions(report), alone(FOLDER) as is_alone:
        if not is_alone:
            report.line(f"A cluster is running on {FOLDER} already; see {SERVICES}.")
            return 1
        inputs = town(FOLDER / "town")
        folder = FOLDER / f"data-{inputs.name}"
        try:
            with running_cluster(folder, inputs, report, given=settings_of_environment()) as system:
                return _stay(system, report, seed, journey=journey)
        except FAILURES as error:
            return say_failure(report, error, folder)
        except KeyboardInterrupt:
            say_interruption(report)
            return 0
        finally:
            SERVICES.unlink(missing_ok=True)


def _stay(system: Cluster, report: Report, seed: int | None, *, journey: bool) -> int:
    system.write_services_json(SERVICES)
    if journey and not waits_for_recovery(system.services_json()):
        _open(system, report, seed)
    report.headline("Running; Ctrl-C ends it")
    report.line(f"  {'begin here':<12} {system.plan.issuer}/")
    for service, copies in system.services_json()["copies"].items():
        behind = ", ".join(f"{each['url']} (process {each['pid']})" for each in copies)
        report.line(f"  {service:<12} {system.urls[service]}  [dim]{behind}[/dim]")
    for name, broker in system.plan.brokers.items():
        report.line(f"  {name:<12} {broker.url}  [dim](process {system.process(name).pid})[/dim]")
    report.line(f"  users, passwords and processes: {SERVICES}; logs: {system.folder / 'logs'}")
    # what was started again is another process
    return hold_up(system, report, lambda: system.write_services_json(SERVICES))


def _open(system: Cluster, report: Report, seed: int | None) -> None:
    """The demo's three families, so that there is something to be seen; the cluster stays up whatever comes of them."""
    try:
        tour(system, report, seed or SystemRandom().randrange(1, 10_000), FILES, datetime.now(UTC))
    except (Unexpected, NoSuchCase, httpx.HTTPError) as error:
        report.line(f"\n[bold red]The demo's applications did not come through:[/bold red] {type(error).__name__}")
        report.console.out(str(error), highlight=False)

"""`local demo` and `local run`: what is shown, where files go, and that everything is stopped in any case."""

import random
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import httpx
from rich.markup import escape
from shared.calendar import day_in_berlin

from local import terminal_barcode
from local.files import VAR
from local.foreground import (
    FAILURES,
    MISTAKEN,
    alone,
    can_write,
    say_failure,
    say_interruption,
    say_mistake,
    signals_as_exceptions,
)
from local.journey.cases import NoSuchCase
from local.journey.family import Unexpected
from local.journey.own_form import publish_own_form
from local.journey.people import OtherwiseByRules
from local.journey.states import fill_states
from local.journey.tour import Outcome, tour
from local.report import Report
from local.status import waits_for_recovery
from local.system import System, running_system
from local.system.inputs import real, town
from local.system.plan import settings_of_environment
from local.system.running import hold_up

DEMO, RUN = VAR / "demo", VAR / "run"
KEPT = 1
"""Folders of failed demos that stay, to be looked at: the newest."""

Region = tuple[Path, Path] | None


def show_demo(region: Region, seed: int | None) -> int:
    """One demo, from nothing to files in var/demo. The exit code: 0 only if all of it worked."""
    report = Report()
    if not can_write(report):
        return 1
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=VAR))
    with signals_as_exceptions(report), alone(folder):
        _clear_away(folder)
        files = DEMO if _nobody_runs() else VAR / "demo-beside"
        try:
            with running_system(folder, real(*region, folder / "given") if region else None, report) as system:
                _show(report, tour(system, report, _seed(seed), files, datetime.now(UTC)), files)
        except MISTAKEN as error:
            shutil.rmtree(folder, ignore_errors=True)
            return say_mistake(report, error)
        except FAILURES as error:
            return say_failure(report, error, folder)
        except KeyboardInterrupt:
            shutil.rmtree(folder, ignore_errors=True)
            return say_interruption(report)
    shutil.rmtree(folder)
    return 0


def show_run(region: Region, seed: int | None, *, journey: bool, revokes_by_two: bool = False) -> int:
    """The system, up until Ctrl-C; its data stay in var/run for the next time."""
    report = Report()
    if not can_write(report):
        return 1
    RUN.mkdir(parents=True, exist_ok=True)
    with signals_as_exceptions(report), alone(RUN) as is_alone:
        if not is_alone:
            report.line(f"A copy is running on {RUN} already; see {RUN / 'services.json'}.")
            return 1
        try:
            inputs = real(*region, RUN / "given") if region else town(RUN / "town")
        except MISTAKEN as error:
            return say_mistake(report, error)
        try:
            folder, given = RUN / f"data-{inputs.name}", settings_of_environment()
            with running_system(folder, inputs, report, given=given, revokes_by_two=revokes_by_two) as system:
                return _stay(system, report, seed, journey=journey)
        except MISTAKEN as error:
            return say_mistake(report, error)
        except FAILURES as error:
            return say_failure(report, error, RUN / f"data-{inputs.name}")
        except KeyboardInterrupt:
            say_interruption(report)
            return 0
        finally:
            (RUN / "services.json").unlink(missing_ok=True)


def _stay(system: System, report: Report, seed: int | None, *, journey: bool) -> int:
    system.write_services_json(RUN / "services.json")
    if waits_for_recovery(system.services_json()):
        report.line("\n[yellow]The signer was put back to a copy and signs nothing yet.[/yellow] In another terminal:")
        report.line(f"  {escape(system.plan.command_of('signer', '.venv/bin/issuance recover'))}")
    elif journey:
        _open(system, report, seed)
        system.write_services_json(RUN / "services.json")
    report.headline("Running; Ctrl-C ends it")
    report.line(f"  {'begin here':<12} {system.plan.issuer}/")
    for name, url in [*system.urls.items(), ("sign-in", system.plan.issuer), ("desk", system.plan.desk)]:
        report.line(f"  {name:<12} {url}")
    report.line(f"  users and passwords: {RUN / 'services.json'}; logs: {system.folder / 'logs'}")
    taken, left = system.plan.taken_and_left()
    if taken:
        report.line(f"  settings of this environment: {', '.join(taken)}")
    if left:
        report.line(f"  [yellow]not taken, for this run sets them itself:[/yellow] {', '.join(left)}")
    return hold_up(system, report)


def _open(system: System, report: Report, seed: int | None) -> None:
    """The demo's journey through a copy that stays up. What was published in it may lead elsewhere: then it says so,
    and the copy stays up all the same."""
    try:
        outcome = tour(system, report, _seed(seed), DEMO, datetime.now(UTC))
        _show(report, outcome, DEMO)
        report.headline("More children, in every state")
        today = day_in_berlin(datetime.now(UTC))
        fill_states(system, report, outcome.cases, today)
        publish_own_form(system, report, today)
    except OtherwiseByRules as error:
        report.line(f"\n[yellow]The demo comes out otherwise here:[/yellow] {error}.")
    except (Unexpected, NoSuchCase, httpx.HTTPError) as error:
        report.line(f"\n[bold red]The demo's applications did not come through:[/bold red] {type(error).__name__}")
        report.console.out(str(error), highlight=False)
        report.line("The copy stays up; its desk shows the cases.")


def _show(report: Report, outcome: Outcome, files: Path) -> None:
    """The ticket's picture, as wide as the terminal allows, what it says, and where the files are."""
    code = terminal_barcode.modules(files / "ticket.png")
    if terminal_barcode.width(code) > report.console.width and report.console.is_terminal:
        code = terminal_barcode.modules(files / "ticket-qr.png")
    report.console.out(terminal_barcode.half_blocks(code, coloured=report.console.is_terminal), highlight=False)
    ticket = outcome.verdict["ticket"]
    report.line(
        f"  [bold green]{outcome.verdict['verdict']}[/bold green]: {ticket['first_name']} {ticket['last_name']}, "
        f"ticket {ticket['number']} of {ticket['organisation_id']}, product {ticket['product']}, "
        f"{ticket['valid_from'][:10]} to {ticket['valid_until'][:10]}"
    )
    report.headline("Files")
    for file in sorted(files.iterdir()):
        inside = sum(each.is_file() for each in file.rglob("*"))
        size = f"{file.stat().st_size:>9,} bytes" if file.is_file() else f"{inside:>9} files"
        report.line(f"  {size}  {file}")


def _seed(seed: int | None) -> int:
    return random.SystemRandom().randrange(1, 10_000) if seed is None else seed


def _nobody_runs() -> bool:
    """A running copy's files stay: its application is the body that works there."""
    if not RUN.is_dir():
        return True
    with alone(RUN) as is_alone:
        return is_alone


def _clear_away(mine: Path) -> None:
    """What demos before left when they failed, but for the newest; nothing of one that runs just now."""
    others = sorted(
        (each for each in VAR.glob("demo-*/.lock") if each.parent != mine), key=lambda each: each.stat().st_mtime
    )
    for each in others[:-KEPT]:
        with alone(each.parent) as is_alone:
            if is_alone:
                shutil.rmtree(each.parent, ignore_errors=True)

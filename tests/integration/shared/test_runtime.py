"""A service as a process: it starts, says how it is, and ends cleanly; on an unsafe broker it does not start."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

SCRIPT = """
from dataclasses import dataclass
from fastapi import APIRouter
from pydantic_settings import SettingsConfigDict
from sqlmodel import Session
from shared.database import Database
from shared.runtime.service import Service, run
from shared.runtime.settings import ServiceSettings
from shared.bus.tables import metadata

class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="TINY_")

@dataclass
class Store:
    session: Session

settings = Settings()
database = Database(settings.database_url, Store)
database.write_now(lambda store: metadata.create_all(store.session.connection()))
router = APIRouter()

@router.get("/break/{name}")
async def breaks(name: str) -> None:
    raise RuntimeError(name)

import asyncio, itertools, os, pathlib
from datetime import UTC, datetime, timedelta
from shared.identity import open_to_all
from shared.runtime.backlog import Backlog
from shared.runtime.worker import Worker

async def warm_up() -> None:
    while not pathlib.Path(os.environ["TINY_WARM"]).exists():
        await asyncio.sleep(0.01)

async def fails() -> None:
    if "TINY_FAILS" in os.environ and pathlib.Path(os.environ["TINY_FAILS"]).exists():
        raise LookupError("Erika Musterfrau")

async def put_aside() -> None:
    # whatever it tries to do with its row fails, and its time flies
    async def work(row: str) -> None:
        raise KeyError("Erika Musterfrau")

    times = (datetime.now(UTC) + timedelta(hours=hours) for hours in itertools.count())
    await Backlog("rows", database, lambda: next(times)).each(["row-1"] * 10, str, work)

workers = [Worker("failing", fails, 60.0, woken=True), Worker("rows", put_aside, 3600.0)]
run(
    Service(
        "wallet-pass", settings, database, [router], {}, policy={"GET /break/{name}": open_to_all()},
        workers=workers if "TINY_FAILS" in os.environ else (),
        warm_up=warm_up if "TINY_WARM" in os.environ else None,
    )
)
"""


@pytest.fixture
def start(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Callable[..., tuple[subprocess.Popen, str]]]:
    started: list[subprocess.Popen] = []

    def run(broker, **changes: str) -> tuple[subprocess.Popen, str]:
        port, operations = free_port(), free_port()
        (tmp_path / "operations").write_text(f"http://127.0.0.1:{operations}")
        environment = {
            "TINY_PORT": str(port),
            "TINY_OPERATIONS_PORT": str(operations),
            "TINY_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TINY_DATABASE_URL": f"sqlite:///{tmp_path / 'tiny.db'}",
            "TINY_NATS_URL": broker.url,
            "TINY_NATS_MONITOR_URL": broker.monitor_url,
            "TINY_NATS_SEED_FILE": str(broker.seed_file),
            "TINY_ISSUER": "https://login.example",
            **changes,
        }
        log = (tmp_path / "service.log").open("ab")
        process = subprocess.Popen([sys.executable, "-c", SCRIPT], env={**os.environ, **environment}, stderr=log)
        started.append(process)
        return process, f"http://127.0.0.1:{port}"

    yield run
    for process in started:
        process.kill()
        process.wait()


def answer_of(url: str, status: int = 200, seconds: float = 45) -> httpx.Response:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(url)
        except httpx.TransportError:
            pass
        else:
            if answer.status_code == status:
                return answer
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer {status}")


def test_a_service_says_how_it_is_and_ends_cleanly_on_sigterm(broker, start, tmp_path):
    process, url = start(broker)
    assert answer_of(f"{url}/readyz").json() == {
        "status": "ready",
        "bus": "connected",
        "database": "ok",
        "workers": "ok",
    }
    assert answer_of(f"{url}/healthz").json() == {"status": "ok"}
    own = (tmp_path / "operations").read_text()
    told = answer_of(f"{own}/metrics").text
    for line in ("outbox_waiting 0.0", "outbox_oldest_seconds 0.0", 'consumer_lag{stream="TICKET"} 0.0'):
        assert line in told
    assert float(re.search(r'consumer_heard_seconds{stream="TICKET"} (\S+)', told)[1]) < 5
    assert "writer_wait_seconds_count" in told
    assert answer_of(f"{own}/readyz").json() == answer_of(f"{url}/readyz").json()
    assert answer_of(f"{own}/healthz").status_code == 200
    assert httpx.get(f"{url}/metrics").status_code == 404  # what is counted is nobody's business outside
    broken = answer_of(f"{url}/break/Erika-Musterfrau", 500)
    assert broken.headers["content-type"] == "application/problem+json"
    assert broken.headers["x-content-type-options"] == "nosniff"
    too_large = httpx.post(f"{url}/break/x", content=b"x" * 10_000_000, headers={"Accept-Language": "en"})
    assert (too_large.status_code, too_large.json()["title"]) == (413, "The request is too large.")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    log = (tmp_path / "service.log").read_text()
    assert "request_failed" in log
    assert "Musterfrau" not in log, "a log names the route's pattern and the kind of error, nothing that was written"


def test_a_worker_that_fails_ends_nothing_and_is_told_until_it_works_again(broker, start, tmp_path):
    (tmp_path / "fails").touch()
    process, url = start(broker, TINY_FAILS=str(tmp_path / "fails"))
    answer_of(f"{url}/readyz")  # ready all the same
    while "put aside" not in (told := httpx.get(f"{url}/readyz").json()["workers"]):
        time.sleep(0.05)
    assert re.search(r"failing: LookupError, \d+ in a row since 20", told)
    assert "rows: 1 put aside" in told
    metrics = answer_of(f"{(tmp_path / 'operations').read_text()}/metrics").text
    assert 'work_put_aside{worker="rows"} 1.0' in metrics
    assert 'worker_failures_total{worker="rows"} 10.0' in metrics
    assert 'worker_failures_total{worker="relay"} 0.0' in metrics
    (tmp_path / "fails").unlink()
    while "failing" in httpx.get(f"{url}/readyz").json()["workers"]:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    log = (tmp_path / "service.log").read_text()
    assert log.count("row_put_aside") == 1
    assert "Musterfrau" not in log


def test_a_service_is_not_ready_before_it_is_warm(broker, start, tmp_path):
    _, url = start(broker, TINY_WARM=str(tmp_path / "warm"))
    assert answer_of(f"{url}/readyz", 503).json()["status"] == "not ready"
    while httpx.get(f"{url}/readyz").json()["bus"] != "connected":
        time.sleep(0.05)
    assert httpx.get(f"{url}/readyz").status_code == 503
    (tmp_path / "warm").touch()
    answer_of(f"{url}/readyz")


def test_a_service_does_not_start_on_a_broker_that_loses_what_it_acknowledged(lazy_broker, start, tmp_path):
    process, _ = start(lazy_broker)
    assert process.wait(timeout=45) == 3
    assert "sync_interval: always" in (tmp_path / "service.log").read_text()


def test_http_answers_while_the_broker_is_away_and_readiness_waits_for_it(broker, start):
    broker.process.kill()
    broker.process.wait()
    _, url = start(broker)
    assert answer_of(f"{url}/healthz").status_code == 200
    assert answer_of(f"{url}/readyz", 503).json()["bus"] == "away"
    server = Path(sys.executable).with_name("nats-server")
    again = subprocess.Popen([server, "-c", broker.folder / "nats.conf"], stderr=subprocess.DEVNULL)
    try:
        answer_of(f"{url}/readyz")
    finally:
        again.kill()
        again.wait()


def test_a_missing_setting_is_named(broker, start, tmp_path):
    process, _ = start(broker, TINY_NATS_URL="", TINY_PUBLIC_URL="ftp://x/")
    assert process.wait(timeout=45) != 0
    assert "public_url" in (tmp_path / "service.log").read_text()

"""A service as a process: it starts, says how it is, and ends cleanly; on an unsafe broker it does not start."""

import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from support.broker import Broker
from support.tiny_service import TinyService, answer_of


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[bytes], str]]]:
    tiny = TinyService(tmp_path)

    def run(broker: Broker, **changes: str) -> tuple[subprocess.Popen[bytes], str]:
        process = tiny.start(broker, **changes)
        (tmp_path / "operations").write_text(tiny.operations)
        return process, tiny.url

    yield run
    tiny.kill_all()


def workers_of(url: str) -> dict[str, object]:
    told: dict[str, object] = httpx.get(f"{url}/readyz").json()["checks"]["workers"]
    return told


def test_a_service_says_how_it_is_and_ends_cleanly_on_sigterm(
    broker: Broker, start: Callable[..., tuple[subprocess.Popen[bytes], str]], tmp_path: Path
) -> None:
    process, url = start(broker)
    told = answer_of(f"{url}/readyz").json()
    assert told["ready"] is True
    assert set(told["checks"]) == {"database", "bus", "streams", "consumers", "relay", "workers", "epoch"}
    assert all(check["ok"] for check in told["checks"].values()), told
    assert told["checks"]["consumers"]["age_seconds"] < 5
    assert told["checks"]["relay"]["age_seconds"] == 0
    assert answer_of(f"{url}/healthz").json() == {"status": "ok"}
    own = (tmp_path / "operations").read_text()
    told = answer_of(f"{own}/metrics").text
    for line in ("outbox_waiting 0.0", "outbox_oldest_seconds 0.0", 'consumer_lag{stream="TICKET"} 0.0'):
        assert line in told
    assert float(re.findall(r'consumer_heard_seconds{stream="TICKET"} (\S+)', told)[0]) < 5
    assert "writer_wait_seconds_count" in told
    assert answer_of(f"{own}/readyz").json()["ready"] is True
    assert answer_of(f"{own}/healthz").status_code == 200
    assert httpx.get(f"{url}/metrics").status_code == 404  # what is counted is nobody's business outside
    broken = answer_of(f"{url}/break/Erika-Musterfrau", 500)
    assert broken.headers["content-type"] == "application/problem+json"
    assert broken.headers["x-content-type-options"] == "nosniff"
    too_large = httpx.post(f"{url}/break/x", content=b"x" * 10_000_000, headers={"Accept-Language": "en"})
    assert (too_large.status_code, too_large.json()["title"]) == (413, "The request is too large.")
    process.send_signal(signal.SIGTERM)
    left = answer_of(f"{url}/readyz", 503).json()  # a load balancer sees it while requests are still answered
    assert (left["ready"], left["checks"]["workers"]["detail"]) == (False, "the process is about to end")
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert process.wait(timeout=10) == 0
    log = (tmp_path / "service.log").read_text()
    assert "request_failed" in log
    assert "Musterfrau" not in log, "a log names the route's pattern and the kind of error, nothing that was written"


def test_what_the_last_request_tells_goes_out_before_a_service_ends(
    broker: Broker, start: Callable[..., tuple[subprocess.Popen[bytes], str]], tmp_path: Path
) -> None:
    late = tmp_path / "late"
    process, url = start(broker, TINY_LATE=str(late))
    answer_of(f"{url}/readyz")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(httpx.post, f"{url}/written", timeout=30)
        while not late.with_name("late.asked").exists():
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        while "draining" not in (tmp_path / "service.log").read_text():
            time.sleep(0.02)
        time.sleep(0.5)  # the relay has said its own last words by then
        late.touch()
        assert asked.result().status_code == 201
    assert process.wait(timeout=15) == 0
    with closing(sqlite3.connect(tmp_path / "tiny.db")) as database:
        assert database.execute("SELECT count(*) FROM outbox WHERE published_at IS NULL").fetchall() == [(0,)]
        assert database.execute("SELECT count(*) FROM outbox").fetchall() == [(1,)]


def test_a_worker_that_fails_ends_nothing_and_is_told_until_it_works_again(
    broker: Broker, start: Callable[..., tuple[subprocess.Popen[bytes], str]], tmp_path: Path
) -> None:
    (tmp_path / "fails").touch()
    process, url = start(broker, TINY_FAILS=str(tmp_path / "fails"))
    answer_of(f"{url}/readyz")  # ready all the same
    while "put aside" not in (told := str(workers_of(url).get("detail", ""))):
        time.sleep(0.05)
    assert re.search(r"failing: LookupError, \d+ in a row since 20", told)
    assert "rows: 1 put aside" in told
    metrics = answer_of(f"{(tmp_path / 'operations').read_text()}/metrics").text
    assert 'work_put_aside{worker="rows"} 1.0' in metrics
    assert 'worker_failures_total{worker="rows"} 10.0' in metrics
    assert 'worker_failures_total{worker="relay"} 0.0' in metrics
    assert re.search(r'worker_failing_seconds\{worker="failing"\} (?!0\.0$)\d', metrics, re.MULTILINE)
    assert 'worker_failing_seconds{worker="relay"} 0.0' in metrics
    (tmp_path / "fails").unlink()
    while "failing" in str(workers_of(url).get("detail", "")):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    log = (tmp_path / "service.log").read_text()
    assert log.count("row_put_aside") == 1
    assert "Musterfrau" not in log


def test_a_service_is_not_ready_before_it_is_warm(
    broker: Broker, start: Callable[..., tuple[subprocess.Popen[bytes], str]], tmp_path: Path
) -> None:
    _, url = start(broker, TINY_WARM=str(tmp_path / "warm"))
    assert answer_of(f"{url}/readyz", 503).json()["ready"] is False
    while not (told := httpx.get(f"{url}/readyz").json())["checks"]["bus"]["ok"]:
        time.sleep(0.05)
    assert (told["ready"], told["checks"]["workers"]["detail"]) == (False, "warming up")
    (tmp_path / "warm").touch()
    answer_of(f"{url}/readyz")


def test_a_service_does_not_start_on_a_broker_that_loses_what_it_acknowledged(
    lazy_broker: Broker, start: Callable[..., tuple[subprocess.Popen[bytes], str]], tmp_path: Path
) -> None:
    process, _ = start(lazy_broker)
    assert process.wait(timeout=45) == 3
    assert "sync_interval: always" in (tmp_path / "service.log").read_text()


def test_http_answers_while_the_broker_is_away_and_readiness_waits_for_it(
    broker: Broker, start: Callable[..., tuple[subprocess.Popen[bytes], str]]
) -> None:
    broker.process.kill()
    broker.process.wait()
    _, url = start(broker)
    assert answer_of(f"{url}/healthz").status_code == 200
    told = answer_of(f"{url}/readyz", 503).json()["checks"]
    assert (told["bus"], told["database"]["ok"]) == ({"ok": False, "detail": "away"}, True)
    server = Path(sys.executable).with_name("nats-server")
    again = subprocess.Popen([server, "-c", broker.folder / "nats.conf"], stderr=subprocess.DEVNULL)
    try:
        answer_of(f"{url}/readyz")
    finally:
        again.kill()
        again.wait()


def test_a_missing_setting_is_named(
    broker: Broker, start: Callable[..., tuple[subprocess.Popen[bytes], str]], tmp_path: Path
) -> None:
    process, _ = start(broker, TINY_NATS_URL="", TINY_PUBLIC_URL="ftp://x/")
    assert process.wait(timeout=45) != 0
    assert "public_url" in (tmp_path / "service.log").read_text()

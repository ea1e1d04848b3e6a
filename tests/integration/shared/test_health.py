"""What a process says of itself while something is broken: with a real database, and a real broker."""

import asyncio
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import nats
import pytest
from support.broker import Broker
from support.tiny_service import TinyService, answer_of

PLANTED = (("outbox", "UPDATE"), ("stream_state", "INSERT"))
LONGEST_SECONDS = 9.0
"""Five that a write waits, and what a busy machine adds."""


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[TinyService]:
    made = TinyService(tmp_path)
    yield made
    made.kill_all()


def checks(tiny: TinyService, status: int = 200) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = answer_of(f"{tiny.url}/readyz", status).json()["checks"]
    return told


def post(tiny: TinyService) -> httpx.Response:
    return httpx.post(f"{tiny.url}/written", timeout=30)


async def test_a_locked_database_is_seen_and_no_write_waits_for_longer_than_five_seconds(
    broker: Broker, tiny: TinyService
) -> None:
    tiny.start(broker)
    answer_of(f"{tiny.url}/readyz")
    with closing(sqlite3.connect(tiny.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with httpx.AsyncClient(timeout=30) as http:

            async def ask() -> tuple[int, str | None, float]:
                began = time.monotonic()
                answer = await http.post(f"{tiny.url}/written")
                return answer.status_code, answer.headers.get("retry-after"), time.monotonic() - began

            answers = await asyncio.gather(*(ask() for _ in range(8)))
        assert [(status, again) for status, again, _ in answers] == [(503, "60")] * 8
        assert max(seconds for *_, seconds in answers) < LONGEST_SECONDS, answers
        assert not checks(tiny, 503)["database"]["ok"]
        assert httpx.get(f"{tiny.url}/healthz").status_code == 200, "a start anew would not help"
    assert checks(tiny)["database"]["ok"]
    assert post(tiny).status_code == 201


def test_a_disk_that_takes_nothing_is_seen_and_so_is_its_end(broker: Broker, tiny: TinyService) -> None:
    process = tiny.start(broker, TINY_FRONT_DOOR="1")
    answer_of(f"{tiny.url}/readyz")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    refused = post(tiny)
    assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
    assert not checks(tiny, 503)["database"]["ok"]
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert checks(tiny)["database"]["ok"]
    assert post(tiny).status_code == 201


def test_an_insert_that_fails_is_no_error_of_ours(broker: Broker, tiny: TinyService) -> None:
    tiny.start(broker)
    answer_of(f"{tiny.url}/readyz")
    with closing(sqlite3.connect(tiny.database, isolation_level=None)) as other:
        other.execute("CREATE TRIGGER planted BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'planted'); END")
        refused = post(tiny)
        assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
        other.execute("DROP TRIGGER planted")
    assert post(tiny).status_code == 201


def test_a_statement_of_a_worker_that_fails_ends_no_process_and_what_it_is_about_is_done_later(
    broker: Broker, tiny: TinyService
) -> None:
    process = tiny.start(broker)
    answer_of(f"{tiny.url}/readyz")
    with closing(sqlite3.connect(tiny.database, isolation_level=None)) as other:
        other.execute("DELETE FROM stream_state")
        for table, what in PLANTED:
            other.execute(
                f"CREATE TRIGGER planted_{table} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'planted'); END"
            )
        assert post(tiny).status_code == 201
        while "relay: IntegrityError" not in str(checks(tiny)["workers"].get("detail")):
            time.sleep(0.1)
        assert httpx.get(f"{tiny.url}/healthz").status_code == 200
        process.kill()  # and where it begins so: what it sees of its streams cannot be written down
        process.wait()
        process = tiny.start(broker)
        while "streams: IntegrityError" not in str(checks(tiny, 503)["workers"].get("detail")):
            time.sleep(0.1)
        for table, _ in PLANTED:
            other.execute(f"DROP TRIGGER planted_{table}")
    checks(tiny)
    while "outbox_waiting 0.0" not in httpx.get(f"{tiny.operations}/metrics").text:
        time.sleep(0.1)
    assert process.poll() is None


def test_the_front_door_is_ready_without_a_broker_and_says_that_it_is_away(broker: Broker, tiny: TinyService) -> None:
    broker.process.kill()
    broker.process.wait()
    tiny.start(broker, TINY_FRONT_DOOR="1")
    told = checks(tiny)
    assert told["bus"] == {"ok": False, "detail": "away"}
    assert not any(told[name]["ok"] for name in ("streams", "consumers"))
    assert post(tiny).status_code == 201


async def test_a_hearer_without_its_consumer_rests_says_so_once_and_goes_on(broker: Broker, tiny: TinyService) -> None:
    tiny.start(broker)
    answer_of(f"{tiny.url}/readyz")
    client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))
    jetstream = client.jetstream()
    config = (await jetstream.consumer_info("TICKET", "wallet-pass")).config
    await jetstream.delete_consumer("TICKET", "wallet-pass")
    told = await asyncio.to_thread(checks, tiny, 503)
    assert not told["consumers"]["ok"]
    assert "run the admin step" in str(told["consumers"]["detail"])
    assert httpx.get(f"{tiny.url}/healthz").status_code == 200, "a start anew would not help"
    before = await asyncio.to_thread(refusals, tiny)
    await asyncio.sleep(3)
    asked = await asyncio.to_thread(refusals, tiny) - before
    assert asked <= 6, "it rests between its questions"
    assert tiny.log.count("pull_refused") == 1
    await jetstream.add_consumer("TICKET", config)
    await client.close()
    assert (await asyncio.to_thread(checks, tiny))["consumers"]["ok"]
    assert tiny.log.count("hears_again") == 1


def refusals(tiny: TinyService) -> float:
    told = httpx.get(f"{tiny.operations}/metrics").text
    (line,) = (line for line in told.splitlines() if line.startswith('consumer_refused_total{stream="TICKET"}'))
    return float(line.split()[1])


async def test_streams_that_are_gone_are_seen(broker: Broker, tiny: TinyService) -> None:
    tiny.start(broker)
    answer_of(f"{tiny.url}/readyz")
    client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))
    await client.jetstream().delete_stream("PASS")
    await client.jetstream().delete_stream("TICKET")
    await client.close()
    told = await asyncio.to_thread(checks, tiny, 503)
    assert not told["consumers"]["ok"]

"""What a copy tells is of now: nothing of its hearing where another copy hears in its place, and of senders what the
database says."""

import asyncio
import math
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from shared.bus import epochs, streams
from shared.bus.consumer import Handlers
from shared.bus.tables import sender_state
from shared.bus.topology import durables_of
from shared.runtime import operations
from shared.runtime.bus_work import BusWork
from support.broker import Broker
from support.bus import Store, eventually, open_database, settings

SERVICE = "wallet-pass"
STREAM = durables_of(SERVICE)[0].stream
NONE: Handlers[Store] = {}


def told(name: str) -> float | None:
    """As `/metrics` tells it now."""
    return REGISTRY.get_sample_value(name, {"stream": STREAM})


async def test_who_hears_no_more_is_neither_deaf_nor_behind(broker: Broker, tmp_path: Path) -> None:
    database = open_database(tmp_path / "copy.db")
    caught_up = asyncio.Event()

    async def catch_up(stop: asyncio.Event) -> None:
        await caught_up.wait()

    work = BusWork(SERVICE, database, NONE, {}, None, catch_up, [])
    assert await work.connect(settings(broker), asyncio.Event())
    for _ in range(2):  # its turn comes again
        stop = asyncio.Event()
        turn = asyncio.create_task(work.work(stop))
        await eventually(lambda: _is(told("consumer_heard_seconds") is not None))
        await asyncio.sleep(0.3)
        if not caught_up.is_set():
            assert told("consumer_heard_seconds") == 0, "it has not begun: it catches up first"
            caught_up.set()
        await eventually(lambda: _is(0 < (told("consumer_heard_seconds") or 0) < 3))
        assert told("consumer_lag") == 0
        stop.set()
        await turn
        assert told("consumer_heard_seconds") is None and told("consumer_lag") is None
    assert work.bus is not None
    await work.bus.client.close()
    database.close()


async def _is(value: bool) -> bool:
    return value


def test_how_many_servers_lack_something_is_known_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    streams._tell_behind(STREAM, 1)
    assert told("stream_replicas_behind") == 1
    monkeypatch.setattr(time, "monotonic", lambda: now + streams.KNOWN_SECONDS + 1)
    assert math.isnan(told("stream_replicas_behind") or 0)
    streams._tell_behind(STREAM, 0)
    assert told("stream_replicas_behind") == 0


def test_who_is_refused_is_told_by_whoever_is_asked_and_ends_for_all(tmp_path: Path) -> None:
    """A copy that was started since has not heard of it, and another one heard of the end."""
    database, sender = open_database(tmp_path / "copies.db"), {"sender": "signer"}
    look = partial(operations._measure, figures=None)
    database.write_now(lambda store: epochs.refuse_from_now(store.session, sender["sender"], datetime.now(UTC)))
    epochs.refused_gauge.clear()
    database.read_now(look)
    assert REGISTRY.get_sample_value("sender_refused", sender) == 1
    database.write_now(lambda store: store.session.execute(sender_state.update().values(refused_at=None)))
    database.read_now(look)
    assert REGISTRY.get_sample_value("sender_refused", sender) == 0
    database.close()

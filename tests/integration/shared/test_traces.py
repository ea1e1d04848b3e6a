"""A trace goes with the events, through outbox and bus, and nothing depends on it."""

import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from shared.bus import outbox, traces
from shared.bus.relay import Relay
from shared.bus.tables import application_trace
from shared.bus.tables import outbox as outbox_table
from shared.database import Database
from shared.errors import Invalid, Text
from shared.events import ApplicationWithdrawn
from shared.runtime.worker import Worker, WorkerLoop
from shared.tracing import spans
from shared.tracing.process import trace_process
from support.broker import Broker
from support.bus import (
    Store,
    connected,
    consumer,
    eventually,
    has_noted,
    open_database,
    open_tables,
    running,
    withdrawn,
)
from support.collector import Collector, ToldSpan, running_collector
from support.databases import on_both

SUBJECT = ApplicationWithdrawn.subject


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with running_collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
        yield collector
        assert collector.faults == []


def by_name(collector: Collector) -> dict[str, ToldSpan]:
    return {span.name: span for span in collector.spans}


def count(name: str, outcome: str | None = None) -> float:
    return REGISTRY.get_sample_value(name, {"outcome": outcome} if outcome else {}) or 0.0


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Database[Store]]:
    database = open_database(tmp_path / "sender.db")
    yield database
    database.close()


@pytest.fixture
def hearer(tmp_path: Path) -> Iterator[Database[Store]]:
    database = open_database(tmp_path / "hearer.db")
    yield database
    database.close()


@pytest.fixture
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database[Store]]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'either.db'}"
    else:
        new: Callable[[], str] = request.getfixturevalue("postgresql")
        url = new()
    database = open_tables(url)
    yield database
    database.close()


async def test_an_event_takes_its_trace_through_outbox_and_bus(
    broker: Broker, sender: Database[Store], hearer: Database[Store], collector: Collector
) -> None:
    with trace_process("test"):
        request = spans.start_request("POST")
        with request.active():
            await sender.write(lambda store: store.emit(withdrawn()))
        request.end()
        async with (
            connected(broker, "application") as out,
            connected(broker, "eligibility") as heard,
            running(Relay(out, sender).run, consumer(heard, hearer).run),
        ):
            await eventually(lambda: has_noted(hearer, 1))
    found = by_name(collector)
    assert {span.trace for span in found.values()} == {found["POST"].trace}
    chain = ["POST", f"create {SUBJECT}", f"send {SUBJECT}", f"process {SUBJECT}"]
    assert [found[name].parent for name in chain] == ["", *(found[name].id for name in chain[:-1])]
    assert [found[name].kind for name in chain[1:]] == [
        f"SPAN_KIND_{kind}" for kind in ("PRODUCER", "PRODUCER", "CONSUMER")
    ]


async def test_what_is_driven_again_begins_a_trace(
    broker: Broker, sender: Database[Store], hearer: Database[Store], collector: Collector
) -> None:
    event = withdrawn()
    with trace_process("test"):
        request = spans.start_request("POST")
        with request.active():
            await sender.write(lambda store: store.emit(event))
        await sender.write(lambda store: outbox.redrive(store.session, event.event_id))
        async with (
            connected(broker, "application") as out,
            connected(broker, "eligibility") as heard,
            running(Relay(out, sender).run, consumer(heard, hearer).run),
        ):
            await eventually(lambda: has_noted(hearer, 1))
    found = by_name(collector)
    sent = found[f"send {SUBJECT}"]
    assert (sent.parent, found[f"process {SUBJECT}"].parent) == ("", sent.id)
    assert sent.trace != found[f"create {SUBJECT}"].trace


async def test_of_what_is_rolled_back_nothing_is_told(sender: Database[Store], collector: Collector) -> None:
    def fail(store: Store) -> None:
        store.emit(withdrawn())
        raise Invalid(Text("So nicht.", "Not like this."))

    with trace_process("test"), pytest.raises(Invalid):
        await sender.write(fail)
    assert collector.spans == []


async def test_a_step_that_fails_in_a_batch_leaves_no_span_of_what_it_wrote(
    broker: Broker, hearer: Database[Store], collector: Collector
) -> None:
    bad, good = withdrawn(), withdrawn()

    async def handler(event: ApplicationWithdrawn) -> Callable[[Store], None]:
        def step(store: Store) -> None:
            store.emit(withdrawn())
            store.note(event.withdrawal_id)
            if event == bad:
                raise Invalid(Text("So nicht.", "Not like this."))

        return step

    with trace_process("test"):
        async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
            for event in (bad, good):
                await out.jetstream.publish(
                    event.subject, event.model_dump_json().encode(), headers={"Nats-Msg-Id": str(event.event_id)}
                )
            async with running(consumer(heard, hearer, handler).run):
                await eventually(lambda: has_noted(hearer, 1))
    handled = {span.get("schulticket.outcome"): span for span in collector.spans if span.name == f"process {SUBJECT}"}
    assert handled.keys() == {"done", "quarantined"}
    assert [span.parent for span in collector.spans if span.name == f"create {SUBJECT}"] == [handled["done"].id]
    assert handled["quarantined"].failed and handled["quarantined"].get("error.type") == "Invalid"


GARBAGE = (
    "",
    "00",
    "Erika Musterfrau",
    f"00-{'0' * 32}-{'a' * 16}-01",
    f"00-{'a' * 32}-{'0' * 16}-01",
    f"00-{'A' * 32}-{'a' * 16}-01",
    f"ff-{'a' * 32}-{'a' * 16}-01",
    f"00-{'a' * 32}-{'a' * 16}-01-more",
    f"00-{'a' * 32}-{'a' * 16}-0١",
    "x" * 10_000,
)


@pytest.mark.parametrize("header", [None, *GARBAGE])
async def test_an_event_with_another_header_or_none_is_handled_and_begins_a_trace(
    broker: Broker, hearer: Database[Store], collector: Collector, header: str | None
) -> None:
    event, before = withdrawn(), count("trace_parents_unreadable_total")
    given = {} if header is None else {"traceparent": header}
    with trace_process("test"):
        async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
            await out.jetstream.publish(
                event.subject,
                event.model_dump_json().encode(),
                headers={"Nats-Msg-Id": str(event.event_id), **given},
            )
            async with running(consumer(heard, hearer).run):
                await eventually(lambda: has_noted(hearer, 1))
    [span] = collector.spans
    assert (span.name, span.parent) == (f"process {SUBJECT}", "")
    assert count("trace_parents_unreadable_total") - before == (0 if header is None else 1)


async def test_an_event_that_was_written_without_tracing_is_sent_and_begins_a_trace(
    broker: Broker, sender: Database[Store], hearer: Database[Store], collector: Collector
) -> None:
    await sender.write(lambda store: store.emit(withdrawn()))
    [(kept, headers)] = await sender.read(
        lambda store: [(each.traceparent, each.headers) for each in outbox.waiting_events(store.session, 10)]
    )
    assert kept is None and "traceparent" not in headers
    with trace_process("test"):
        async with (
            connected(broker, "application") as out,
            connected(broker, "eligibility") as heard,
            running(Relay(out, sender).run, consumer(heard, hearer).run),
        ):
            await eventually(lambda: has_noted(hearer, 1))
    found = by_name(collector)
    assert found[f"send {SUBJECT}"].parent == ""
    assert found[f"process {SUBJECT}"].parent == found[f"send {SUBJECT}"].id


async def test_without_tracing_a_kept_parent_is_not_sent(
    broker: Broker, sender: Database[Store], hearer: Database[Store]
) -> None:
    """As of a process that was started anew without it."""

    def emit(store: Store) -> None:
        store.emit(withdrawn())
        store.session.execute(outbox_table.update().values(traceparent=f"00-{'a' * 32}-{'a' * 16}-01"))

    await sender.write(emit)
    async with (
        connected(broker, "application") as out,
        connected(broker, "eligibility") as heard,
        running(Relay(out, sender).run, consumer(heard, hearer).run),
    ):
        await eventually(lambda: has_noted(hearer, 1))
    assert await hearer.read(lambda store: store.session.execute(application_trace.select()).all()) == []


def round_of(database: Database[Store], event: ApplicationWithdrawn) -> Callable[[], Awaitable[int]]:
    """A worker's work: once it writes an event of an application that was heard of before."""
    left = [event]

    async def work() -> int:
        if not left:
            return 0
        await database.write(lambda store: store.emit(left.pop()))
        return 1

    return work


async def work_off(work: Callable[[], Awaitable[int]]) -> None:
    loop = WorkerLoop(Worker("signing", work, 60.0))

    async def has_worked() -> bool:
        return loop.succeeded_at is not None

    async with running(loop.run):
        await eventually(has_worked)


@on_both("either")
@pytest.mark.parametrize("hours", [0, 2])
async def test_what_a_worker_does_belongs_to_the_trace_in_which_its_application_was_heard_of_within_the_hour(
    broker: Broker, either: Database[Store], collector: Collector, hours: int
) -> None:
    event = withdrawn()
    with trace_process("test"):
        async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
            await out.jetstream.publish(
                event.subject, event.model_dump_json().encode(), headers={"Nats-Msg-Id": str(event.event_id)}
            )
            async with running(consumer(heard, either).run):
                await eventually(lambda: has_noted(either, 1))
        earlier = datetime.now(UTC) - timedelta(hours=hours)
        await either.write(lambda store: store.session.execute(application_trace.update().values(noted_at=earlier)))
        later = withdrawn().model_copy(update={"application_id": event.application_id})
        await work_off(round_of(either, later))
    found = by_name(collector)
    created, round_ = found[f"create {SUBJECT}"], found["work signing"]
    assert created.parent == (found[f"process {SUBJECT}"].id if hours == 0 else "")
    assert created.links == (round_.id,)
    assert (round_.parent, round_.get("schulticket.rows")) == ("", 1)


async def test_what_a_worker_does_belongs_to_the_trace_in_which_its_application_was_spoken_of(
    sender: Database[Store], collector: Collector
) -> None:
    event = withdrawn()
    later = withdrawn().model_copy(update={"application_id": event.application_id})
    with trace_process("test"):
        request = spans.start_request("POST")
        with request.active():
            await sender.write(lambda store: store.emit(event))
        await work_off(round_of(sender, later))
    first, second = (span for span in collector.spans if span.name == f"create {SUBJECT}")
    assert second.parent == first.id


@on_both("either")
async def test_where_applications_were_heard_of_is_forgotten_after_an_hour(either: Database[Store]) -> None:
    now = datetime.now(UTC)

    def note(store: Store) -> None:
        for name, minutes in (("old", 61), ("young", 59)):
            row = {"application_id": name, "traceparent": "", "noted_at": now - timedelta(minutes=minutes)}
            store.session.execute(application_trace.insert(), row)

    await either.write(note)
    assert await either.write(lambda store: traces.purge(store.session, now, 10)) == 1
    left = await either.read(lambda store: store.session.execute(application_trace.select()).all())
    assert [row.application_id for row in left] == ["young"]


def lost() -> float:
    return count("trace_spans_total", "dropped") + count("trace_spans_total", "refused")


@pytest.mark.parametrize(("status", "seconds"), [(500, 0.0), (429, 0.0), (200, 30.0)])
async def test_a_collector_that_refuses_or_is_slow_stops_no_work_and_no_end(
    sender: Database[Store], collector: Collector, monkeypatch: pytest.MonkeyPatch, status: int, seconds: float
) -> None:
    collector.status, collector.seconds = status, seconds
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "10")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5")
    before = lost()
    with trace_process("test"):
        began = time.monotonic()
        for _ in range(100):
            await sender.write(lambda store: store.emit(withdrawn()))
        assert time.monotonic() - began < 10
        ended = time.monotonic()
    assert time.monotonic() - ended < 10
    assert lost() - before >= (100 if status != 200 else 85)
    assert await sender.read(lambda store: outbox.count_waiting(store.session)) == 100


async def test_a_collector_that_is_away_stops_no_work(sender: Database[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    before = lost()
    with trace_process("test"):
        await sender.write(lambda store: store.emit(withdrawn()))
        began = time.monotonic()
    assert time.monotonic() - began < 10
    assert lost() - before == 1
    assert await sender.read(lambda store: outbox.count_waiting(store.session)) == 1

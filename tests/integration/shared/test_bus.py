"""The bus between two services, on a real broker and real databases."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import nats
import pytest
import sqlalchemy as sa
from shared.bus import inbox, outbox
from shared.bus.connection import connect
from shared.bus.hearing import Hearing
from shared.bus.relay import Relay
from shared.bus.safety import UnsafeBroker
from shared.bus.tables import dead_letter
from shared.bus.topology import durables_of
from shared.database import Database
from shared.errors import Invalid, Text, Unavailable
from shared.events import ApplicationWithdrawn
from structlog.testing import capture_logs
from support.broker import Broker, restarting
from support.bus import Store, connected, consumer, eventually, has_noted, open_database, running, settings, withdrawn


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


async def test_an_event_of_a_committed_transaction_has_its_effect_exactly_once(
    broker: Broker, sender: Database[Store], hearer: Database[Store]
) -> None:
    events = [withdrawn() for _ in range(200)]
    async with (
        connected(broker, "application") as out,
        connected(broker, "eligibility") as heard,
        running(Relay(out, sender).run, consumer(heard, hearer).run),
    ):
        for event in events:
            await sender.write(lambda store: store.emit(event))  # noqa: B023
        await eventually(lambda: has_noted(hearer, len(events)))
        # drive all of it again, past the broker's own window of deduplication: other message, same event
        await sender.write(lambda store: list(outbox.redrive_since(store.session, datetime.min.replace(tzinfo=UTC))))
        for event in events:
            await out.jetstream.publish(
                event.subject, event.model_dump_json().encode(), headers={"Nats-Msg-Id": str(event.event_id) + " "}
            )
        await asyncio.sleep(0.3)
    noted = await hearer.read(lambda store: store.noted())
    assert sorted(noted) == sorted(str(event.withdrawal_id) for event in events)


async def test_an_event_of_a_transaction_that_failed_is_never_told(broker: Broker, sender: Database[Store]) -> None:
    def fail(store: Store) -> None:
        store.emit(withdrawn())
        raise ValueError("after the event")

    with pytest.raises(ValueError, match="after the event"):
        await sender.write(fail)
    assert await sender.read(lambda store: outbox.count_waiting(store.session)) == 0


async def test_unreadable_and_newer_messages_are_put_aside_and_block_nothing(
    broker: Broker, hearer: Database[Store]
) -> None:
    good = withdrawn()
    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        publish = out.jetstream.publish
        await publish("application.withdrawn.v1", b"\xff\x00 no JSON", headers={"Nats-Msg-Id": "a"})
        await publish(
            "application.withdrawn.v1", b'{"application_id": "Erika Musterfrau"}', headers={"Nats-Msg-Id": "b"}
        )
        await publish("application.withdrawn.v99", good.model_dump_json().encode(), headers={"Nats-Msg-Id": "c"})
        await publish("application.withdrawn.v1", b"")
        await publish("application.withdrawn.v1", b"{}", headers={"Nats-Msg-Id": "x" * 200})
        await publish(good.subject, good.model_dump_json().encode(), headers={"Nats-Msg-Id": str(good.event_id)})
        async with running(consumer(heard, hearer).run):
            await eventually(lambda: has_noted(hearer, 1))
    shown = [column for column in dead_letter.columns if column is not dead_letter.c.content]
    rows = await hearer.read(lambda store: store.session.execute(sa.select(*shown)).all())
    assert [row.sequence for row in rows] == [1, 2, 3, 4, 5]
    assert "this version is not known" in rows[2].reason
    assert not any("Musterfrau" in str(row) for row in rows), "what is shown of it repeats no personal data"


async def test_what_is_temporary_comes_again_and_what_is_not_is_put_aside(
    broker: Broker, hearer: Database[Store]
) -> None:
    tries: dict[UUID, int] = {}
    never, later = withdrawn(), withdrawn()

    async def handler(event: ApplicationWithdrawn) -> Callable[[Store], None]:
        tries[event.event_id] = tries.get(event.event_id, 0) + 1
        if event == never:
            raise Invalid(Text("So nicht.", "Not like this."))
        if tries[event.event_id] < 3:
            raise Unavailable(Text("Gleich.", "Soon."))
        return lambda store: store.note(event.withdrawal_id)

    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        for event in (never, later):
            await out.jetstream.publish(
                event.subject, event.model_dump_json().encode(), headers={"Nats-Msg-Id": str(event.event_id)}
            )
        async with running(consumer(heard, hearer, handler).run):
            await eventually(lambda: has_noted(hearer, 1))
    assert tries == {never.event_id: 1, later.event_id: 3}
    assert await hearer.read(lambda store: inbox.count_quarantined(store.session)) == 1


async def test_who_has_not_handled_all_that_its_stream_kept_does_not_know_all(
    broker: Broker, hearer: Database[Store]
) -> None:
    slow, away = asyncio.Event(), True
    events = [withdrawn() for _ in range(100)]

    async def handler(event: ApplicationWithdrawn) -> Callable[[Store], None]:
        if event == events[-1]:
            await slow.wait()
        if event == events[0] and away:
            raise Unavailable(Text("Gleich.", "Soon."))
        return lambda store: store.note(event.withdrawal_id)

    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        for event in events:
            await out.jetstream.publish(
                event.subject, event.model_dump_json().encode(), headers={"Nats-Msg-Id": str(event.event_id)}
            )
        hears = consumer(heard, hearer, handler)
        assert not hears.hearing.was_at_end
        async with running(hears.run):
            await eventually(lambda: has_noted(hearer, 30))
            assert not hears.hearing.was_at_end, "the last one is not handled"
            slow.set()
            await eventually(lambda: has_noted(hearer, 99))
            assert not hears.hearing.was_at_end, "the first one comes again"
            away = False
            await eventually(lambda: has_noted(hearer, 100))
            await eventually(lambda: is_at_end(hears.hearing))
        # once it was there it stays so, and who finds nothing is there too
        again = consumer(heard, hearer)
        async with running(again.run):
            await eventually(lambda: is_at_end(again.hearing))


async def test_what_an_earlier_life_had_in_hand_is_not_forgotten_by_the_next(
    broker: Broker, hearer: Database[Store]
) -> None:
    away, tries = True, 0
    told = withdrawn()

    async def handler(event: ApplicationWithdrawn) -> Callable[[Store], None]:
        nonlocal tries
        if away:
            tries += 1
            raise Unavailable(Text("Gleich.", "Soon."))
        return lambda store: store.note(event.withdrawal_id)

    async def has_tried(count: int) -> bool:
        return tries >= count

    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        await out.jetstream.publish(
            told.subject, told.model_dump_json().encode(), headers={"Nats-Msg-Id": str(told.event_id)}
        )
        async with running(consumer(heard, hearer, handler).run):
            await eventually(lambda: has_tried(3))  # from now on it comes only after two seconds
        again = consumer(heard, hearer, handler)
        async with running(again.run):
            await eventually(lambda: has_tried(4))
            assert not again.hearing.was_at_end, "nothing waits, but what failed is to come again"
            away = False
            await eventually(lambda: has_noted(hearer, 1))
            await eventually(lambda: is_at_end(again.hearing))


async def is_at_end(hearing: Hearing) -> bool:
    return hearing.was_at_end


async def test_a_step_that_fails_takes_nothing_else_of_its_batch_with_it(
    broker: Broker, hearer: Database[Store]
) -> None:
    bad, good = withdrawn(), withdrawn()

    async def handler(event: ApplicationWithdrawn) -> Callable[[Store], None]:
        def step(store: Store) -> None:
            store.note(event.withdrawal_id)
            if event == bad:
                raise Invalid(Text("So nicht.", "Not like this."))

        return step

    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        for event in (bad, good):
            await out.jetstream.publish(
                event.subject, event.model_dump_json().encode(), headers={"Nats-Msg-Id": str(event.event_id)}
            )
        async with running(consumer(heard, hearer, handler).run):
            await eventually(lambda: has_noted(hearer, 1))
    assert await hearer.read(lambda store: store.noted()) == [str(good.withdrawal_id)]


async def test_events_of_one_application_arrive_in_the_order_in_which_they_were_emitted(
    broker: Broker, sender: Database[Store], hearer: Database[Store]
) -> None:
    application_id = uuid4()
    events = [withdrawn().model_copy(update={"application_id": application_id}) for _ in range(40)]

    def emit_all(store: Store) -> None:
        for event in events:
            store.emit(event)

    await sender.write(emit_all)
    async with (
        connected(broker, "application") as out,
        connected(broker, "eligibility") as heard,
        running(Relay(out, sender).run, consumer(heard, hearer).run),
    ):
        await eventually(lambda: has_noted(hearer, 40))
    assert await hearer.read(lambda store: store.noted()) == [str(event.withdrawal_id) for event in events]


async def test_a_broker_that_syncs_lazily_is_refused_with_the_remedy(lazy_broker: Broker) -> None:
    with pytest.raises(UnsafeBroker, match="sync_interval: always"):
        await connect("application", settings(lazy_broker))


async def test_whoever_leaves_by_itself_is_not_told_of_as_cut_off_and_whose_broker_goes_is(
    broker: Broker, restart: Callable[[], None]
) -> None:
    with capture_logs() as lines:
        async with connected(broker, "application"):
            pass
        assert "bus_disconnected" not in [each["event"] for each in lines]
        async with connected(broker, "application"):
            await asyncio.to_thread(restart)
            for _ in range(500):
                if "bus_disconnected" in [each["event"] for each in lines]:
                    break
                await asyncio.sleep(0.02)
            assert "bus_disconnected" in [each["event"] for each in lines]


async def test_a_stream_that_is_not_as_declared_is_refused(broker: Broker) -> None:
    client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file))
    jetstream = client.jetstream()
    config = (await jetstream.stream_info("APPLICATION")).config
    config.max_age = 3600
    await jetstream.update_stream(config)
    await client.close()
    with pytest.raises(UnsafeBroker, match="max_age is 3600"):
        await connect("application", settings(broker))


async def test_a_killed_broker_is_found_again_and_nothing_is_lost(
    broker: Broker, sender: Database[Store], hearer: Database[Store], restart: Callable[[], None]
) -> None:
    async with (
        connected(broker, "application") as out,
        connected(broker, "eligibility") as heard,
        running(Relay(out, sender).run, consumer(heard, hearer).run),
    ):
        for number in range(60):
            if number == 20:
                await asyncio.to_thread(restart)
            await sender.write(lambda store: store.emit(withdrawn()))
        await eventually(lambda: has_noted(hearer, 60), seconds=30)
        await asyncio.sleep(0.2)
    assert len(await hearer.read(lambda store: store.noted())) == 60


async def test_work_that_takes_longer_than_the_ack_wait_is_done_once(
    broker: Broker, hearer: Database[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nats.js.api import ConsumerConfig

    monkeypatch.setattr("shared.bus.consumer.ACK_WAIT_SECONDS", 0.6)
    tries: list[UUID] = []
    event = withdrawn()

    async def slow(event: ApplicationWithdrawn) -> Callable[[Store], None]:
        tries.append(event.event_id)
        await asyncio.sleep(2.0)
        return lambda store: store.note(event.withdrawal_id)

    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        name = durables_of("eligibility")[0].name
        config: ConsumerConfig = (await out.jetstream.consumer_info("APPLICATION", name)).config
        config.ack_wait = 1
        await out.jetstream.add_consumer("APPLICATION", config)
        message = event.model_dump_json().encode()
        await out.jetstream.publish(event.subject, message, headers={"Nats-Msg-Id": str(event.event_id)})
        async with running(consumer(heard, hearer, slow).run, consumer(heard, hearer, slow).run):
            await eventually(lambda: has_noted(hearer, 1))
            await asyncio.sleep(1.5)
    assert tries == [event.event_id]


@pytest.fixture
def restart(broker: Broker) -> Iterator[Callable[[], None]]:
    with restarting(broker) as kill_and_start:
        yield kill_and_start

"""Events that the broker does not take, beside those that it takes."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from nats.js.api import PubAck
from nats.js.errors import APIError
from shared.bus import outbox
from shared.bus.connection import Connection
from shared.bus.relay import Relay
from shared.bus.streams import StreamWatch
from shared.bus.tables import outbox as table
from shared.bus.tables import stream_state
from shared.database import Database
from structlog.testing import capture_logs
from support.broker import Broker
from support.bus import Store, connected, eventually, open_database, running, withdrawn


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Database[Store]]:
    database = open_database(tmp_path / "sender.db")
    yield database
    database.close()


def put(subject: str, key: str, size: int = 20) -> Callable[[Store], None]:
    """A step that writes an event of any kind into the outbox."""

    def step(store: Store) -> None:
        event = withdrawn()
        row = {
            "event_id": str(event.event_id),
            "subject": subject,
            "ordering_key": key,
            "payload": b"x" * size,
            "emitted_at": event.occurred_at,
        }
        store.session.execute(table.insert(), row)

    return step


async def sent(sender: Database[Store], key: str) -> int:
    query = sa.select(sa.func.count()).where(table.c.ordering_key == key, table.c.published_at.is_not(None))
    return await sender.read(lambda store: store.session.execute(query).scalar_one())


async def has_sent(sender: Database[Store], key: str, count: int) -> bool:
    return await sent(sender, key) == count


TOO_LARGE = 2_000_000
NOWHERE = "application.withdrawn"
"""No stream keeps a subject of two parts."""


async def test_three_hundred_events_that_will_not_go_hold_up_no_other_key(
    broker: Broker, sender: Database[Store]
) -> None:
    for number in range(300):
        await sender.write(put(NOWHERE, f"stuck {number}"))
    async with connected(broker, "application") as out, running(Relay(out, sender).run):
        for number in range(20):
            await sender.write(put("application.withdrawn.v1", "small"))
            await eventually(partial(has_sent, sender, "small", number + 1), seconds=5)
    assert await sender.read(lambda store: outbox.failing_events(store.session)) == [
        (NOWHERE, "NoStreamResponseError", 300)
    ]


async def test_what_stands_behind_an_event_that_will_not_go_waits_for_it(
    broker: Broker, sender: Database[Store]
) -> None:
    await sender.write(put("application.withdrawn.v1", "one", TOO_LARGE))
    for _ in range(3):
        await sender.write(put("application.withdrawn.v1", "one"))
    await sender.write(put("application.withdrawn.v1", "other"))
    async with connected(broker, "application") as out, running(Relay(out, sender).run):
        await eventually(lambda: has_sent(sender, "other", 1))
        await asyncio.sleep(0.3)
        assert await sent(sender, "one") == 0
        # a limit is raised, here by making the event smaller: it goes at its next try, and the others behind it
        smaller = table.update().where(table.c.attempts > 0).values(payload=b"x", next_try_at=datetime.now(UTC))
        await sender.write(lambda store: store.session.execute(smaller))
        await eventually(lambda: has_sent(sender, "one", 4))
        query = sa.select(table.c.position).where(table.c.ordering_key == "one").order_by(table.c.sequence)
        order = await sender.read(lambda store: list(store.session.execute(query).scalars()))
    assert order == sorted(order)


async def test_a_silent_broker_is_held_against_no_event(broker: Broker, sender: Database[Store]) -> None:
    async with connected(broker, "application") as out, running(Relay(out, sender).run):
        broker.process.kill()
        broker.process.wait()
        await sender.write(put("application.withdrawn.v1", "one"))
        await asyncio.sleep(1.0)
    assert await sender.read(lambda store: outbox.failing_events(store.session)) == []


async def test_an_event_without_a_stream_for_its_subject_is_tried_again_at_growing_delays(
    broker: Broker, sender: Database[Store]
) -> None:
    await sender.write(put(NOWHERE, "one"))
    async with connected(broker, "application") as out, running(Relay(out, sender).run):
        await sender.write(put("application.withdrawn.v1", "other"))
        await eventually(lambda: has_sent(sender, "other", 1))
        query = sa.select(table.c.attempts, table.c.next_try_at).where(table.c.ordering_key == "one")
        await eventually(lambda: _attempts(sender, query, 2))
        _, next_try_at = await sender.read(lambda store: store.session.execute(query).one())
        assert next_try_at > datetime.now(UTC) + timedelta(seconds=1)


async def _attempts(sender: Database[Store], query: sa.Select[object], count: int) -> bool:
    tried: int = await sender.read(lambda store: store.session.execute(query).one().attempts)
    return tried >= count


async def test_two_events_at_one_sequence_mean_that_the_stream_went_back(
    broker: Broker, sender: Database[Store]
) -> None:
    async with connected(broker, "application") as out, running(Relay(out, sender).run):
        for number in range(5):
            await sender.write(put("application.withdrawn.v1", f"key {number}"))
        await eventually(lambda: _all(sender))
        kept = (await out.jetstream.stream_info("APPLICATION")).state.messages
    # what was told before lies, as the outbox has it, where the next two will lie
    await sender.write(lambda store: store.session.execute(table.update().values(sequence=table.c.sequence + 2)))
    await sender.write(lambda store: store.session.execute(stream_state.update().values(last_sequence=7)))
    async with connected(broker, "application") as out:
        watch = StreamWatch("application", out.client, sender)
        await sender.write(lambda store: store.session.execute(stream_state.update().values(last_sequence=7)))
        for number in range(2):
            await sender.write(put("application.withdrawn.v1", f"new {number}"))
        relay = Relay(out, sender)
        relay._watch.compared = True
        await relay._drain()
        await watch.compare()
        await relay._drain()
        assert (await out.jetstream.stream_info("APPLICATION")).state.messages >= kept + 2 + 5


async def _all(sender: Database[Store]) -> bool:
    return not await sender.read(lambda store: outbox.count_waiting(store.session))


async def test_what_an_earlier_stream_kept_long_ago_is_no_sign(broker: Broker, sender: Database[Store]) -> None:
    async with connected(broker, "application") as out, running(Relay(out, sender).run):
        for number in range(5):
            await sender.write(put("application.withdrawn.v1", f"key {number}"))
        await eventually(lambda: _all(sender))
        # these were told to a stream of before, which counted from one as well, and are emptied by now
        await sender.write(lambda store: store.session.execute(table.update().values(payload=None)))
        await sender.write(lambda store: store.session.execute(stream_state.update().values(last_sequence=100)))
        before = await sender.read(
            lambda store: store.session.execute(sa.select(stream_state.c.created_at)).scalar_one()
        )
        higher = table.update().values(sequence=table.c.sequence + 5)
        await sender.write(lambda store: store.session.execute(higher))
        for number in range(5):
            await sender.write(put("application.withdrawn.v1", f"new {number}"))
        await eventually(lambda: _all(sender))
        after = await sender.read(
            lambda store: store.session.execute(sa.select(stream_state.c.created_at)).scalar_one()
        )
    assert before == after


class AnotherSends:
    """A cluster that is agreeing on the same message of another copy's relay, as often as it is told."""

    def __init__(self, connection: Connection, times: int) -> None:
        self._publish = connection.jetstream.publish
        self.left, self.asked = times, 0

    async def publish(self, subject: str, payload: bytes, headers: dict[str, str]) -> PubAck:
        self.asked += 1
        if self.left:
            self.left -= 1
            raise APIError(code=409, err_code=10158, description="duplicate message id is in process")
        return await self._publish(subject, payload, headers=headers)


@pytest.mark.parametrize("times", [1, 4])
async def test_an_event_that_another_copy_sends_just_now_is_no_failure(
    broker: Broker, sender: Database[Store], monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    async with connected(broker, "application") as out:
        cluster = AnotherSends(out, times)
        monkeypatch.setattr(out.jetstream, "publish", cluster.publish)
        await sender.write(put("application.withdrawn.v1", "a"))
        with capture_logs() as lines:
            async with running(Relay(out, sender).run):
                await eventually(lambda: has_sent(sender, "a", 1))
    assert cluster.asked == times + 1
    assert [line for line in lines if line["event"] == "publish_failed"] == []


async def test_a_cluster_that_goes_on_agreeing_for_long_is_rested_from(
    broker: Broker, sender: Database[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(broker, "application") as out:
        cluster = AnotherSends(out, 6)
        monkeypatch.setattr(out.jetstream, "publish", cluster.publish)
        await sender.write(put("application.withdrawn.v1", "a"))
        async with running(Relay(out, sender).run):
            await eventually(lambda: has_sent(sender, "a", 1))
    assert cluster.asked == 7
    assert await sender.read(lambda store: outbox.failing_events(store.session)) == []

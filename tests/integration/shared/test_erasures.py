"""Whoever is erased stays erased: what comes late of an application is dropped, counted, and put aside nowhere."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from shared.bus import erasures, inbox, outbox
from shared.bus.connection import Connection
from shared.bus.consumer import Consumer, Handlers, handled
from shared.bus.topology import durables_of
from shared.database import Database, Step
from shared.errors import NotFound, Text
from shared.events import ApplicationFamilyErased, ApplicationWithdrawn, Event
from support.broker import Broker
from support.bus import Store, connected, eventually, has_noted, open_database, running, withdrawn

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def hearer(tmp_path: Path) -> Iterator[Database[Store]]:
    database = open_database(tmp_path / "hearer.db")
    yield database
    database.close()


Handler = Callable[[ApplicationWithdrawn], Awaitable[Step[Store, None]]]


async def note(event: ApplicationWithdrawn) -> Step[Store, None]:
    return lambda store: store.note(event.withdrawal_id)


async def know_nothing(_event: ApplicationWithdrawn) -> Step[Store, None]:
    raise NotFound(Text("Kenne ich nicht.", "I do not know it."))


async def erase(event: ApplicationFamilyErased) -> Step[Store, None]:
    def step(store: Store) -> None:
        erasures.note(store.session, event.application_id, event.authority_id, NOW)

    return step


def hearing(connection: Connection, database: Database[Store], handler: Handler = note) -> Consumer[Store]:
    table: Handlers[Store] = {ApplicationWithdrawn: handler, ApplicationFamilyErased: erase}
    return Consumer(connection, database, durables_of("eligibility")[0], table)


def erased(of: ApplicationWithdrawn) -> ApplicationFamilyErased:
    return ApplicationFamilyErased(occurred_at=NOW, authority_id=of.authority_id, application_id=of.application_id)


async def publish(connection: Connection, *events: Event) -> None:
    for event in events:
        headers = {"Nats-Msg-Id": str(event.event_id)}
        await connection.jetstream.publish(event.subject, event.model_dump_json().encode(), headers=headers)


def outcomes() -> float:
    return float(handled.labels(ApplicationWithdrawn.subject, "erased")._value.get())


@pytest.mark.parametrize("handler", [note, know_nothing])
async def test_what_comes_late_of_an_erased_application_is_dropped_and_put_aside_nowhere(
    broker: Broker, hearer: Database[Store], handler: Handler
) -> None:
    late, other = withdrawn(), withdrawn()
    await hearer.write(lambda store: erasures.note(store.session, late.application_id, "99001", NOW))
    before = outcomes()
    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        await publish(out, late, other)
        async with running(hearing(heard, hearer, handler).run):
            if handler is note:
                await eventually(lambda: has_noted(hearer, 1))

            async def counted() -> bool:
                return outcomes() == before + 1

            await eventually(counted)
    assert await hearer.read(lambda store: store.noted()) == ([str(other.withdrawal_id)] if handler is note else [])
    aside = await hearer.read(lambda store: inbox.count_quarantined(store.session))
    assert aside == (0 if handler is note else 1), "the other's alone"


async def test_what_follows_an_erasure_in_the_same_batch_is_dropped_and_what_came_before_was_done(
    broker: Broker, hearer: Database[Store]
) -> None:
    first = withdrawn()
    second = first.model_copy(update={"event_id": uuid4(), "withdrawal_id": uuid4()})
    last = withdrawn()
    async with connected(broker, "application") as out, connected(broker, "eligibility") as heard:
        await publish(out, first, erased(first), erased(first), second, last)
        async with running(hearing(heard, hearer).run):
            await eventually(lambda: has_noted(hearer, 2))
    assert await hearer.read(lambda store: store.noted()) == [str(first.withdrawal_id), str(last.withdrawal_id)]


async def test_what_was_told_of_an_erased_application_is_not_kept_and_that_of_others_is(
    hearer: Database[Store],
) -> None:
    mine, other = withdrawn(), withdrawn()

    def tell(store: Store) -> None:
        for event in (mine, other, erased(mine)):
            store.emit(event)

    await hearer.write(tell)
    assert await hearer.write(lambda store: erasures.note(store.session, mine.application_id, "99001", NOW)) == 2
    assert await hearer.write(lambda store: erasures.note(store.session, mine.application_id, "99001", NOW)) == 0
    left = await hearer.read(lambda store: outbox.waiting_events(store.session, 10))
    assert [each.event_id for each in left] == [str(other.event_id)]
    page = await hearer.read(lambda store: erasures.page_of_erased(store.session, None, 10))
    assert [(each.application_id, each.authority_id, each.erased_at) for each in page] == [
        (mine.application_id, "99001", NOW)
    ]
    assert await hearer.read(lambda store: erasures.page_of_erased(store.session, mine.application_id, 10)) == []

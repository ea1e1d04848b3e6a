"""What relay, consumer, retention and health ask of every service's database, by the code that asks it."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar
from uuid import uuid4

from shared.bus import inbox, outbox, streams
from shared.bus.topology import PUBLISHES, STREAMS, stream_of
from shared.database import Database, SessionStore
from shared.runtime import operations
from shared.runtime.retention import retention

STEP = 2000
Store = TypeVar("Store", bound=SessionStore)


def publish(database: Database[Store], service: str) -> None:
    """All that waits goes out, as the relay does it; one event is not taken, tried again, and then is."""
    now = datetime.now(UTC)

    def step(store: Store) -> int:
        session = store.session
        waiting = outbox.waiting_events(session, 256)
        if waiting:
            outbox.mark_failed(session, [outbox.SendFailure(waiting[0].position, "TimeoutError", now)])
            outbox.due_again(session, now, 256)
            outbox.failing_events(session)
            taken = {each.position: each.position for each in waiting}
            outbox.mark_published(session, taken, now)
            by_stream: dict[str, list[int]] = {}
            for each in waiting:
                by_stream.setdefault(stream_of(each.subject).name, []).append(each.position)
            streams.note_sequences(session, by_stream)
        return len(waiting)

    while database.write_now(step):
        pass


async def bus_work(database: Database[Store], service: str) -> None:
    """Hear, publish, compare, drive again, forget, measure."""
    now = datetime.now(UTC)
    heard = [str(uuid4()) for _ in range(3)]
    database.write_now(lambda store: inbox.note(store.session, heard, now))
    database.read_now(lambda store: inbox.known_ids(store.session, heard))
    publish(database, service)
    names = sorted({stream_of(subject).name for subject in PUBLISHES[service]} & {each.name for each in STREAMS})
    for name in names:
        database.read_now(partial(_compare, name, now - timedelta(days=13)))
    await retention(database, lambda: now).work()
    # as commands do it; undone, so that there is something to multiply
    long_ago = now - timedelta(days=10)
    database.read_now(lambda store: sum(outbox.redrive_since(store.session, long_ago)))
    database.read_now(lambda store: outbox.purge(store.session, now + timedelta(days=1)))
    database.read_now(lambda store: operations._measure(store, None))


def _compare(stream: str, since: datetime, store: Store) -> None:
    prefix = streams.prefix_of(stream)
    streams._remembered(stream, prefix, since, store)
    outbox.has_two_at(store.session, prefix, [1, 2, 3])

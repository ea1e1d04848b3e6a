"""On PostgreSQL, who erases an application and who writes what was told of it wait for each other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from shared.bus import erasures
from shared.bus.erasures import ErasedFamilies
from shared.database import Database
from shared.events import ApplicationFamilyErased, ApplicationWithdrawn
from support.bus import Store, open_tables, withdrawn
from support.threads import thread_of

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
WAIT = 10.0
Batch = list[ApplicationWithdrawn | ApplicationFamilyErased]


@pytest.fixture
def both(postgresql: Callable[[], str]) -> Iterator[tuple[Database[Store], Database[Store]]]:
    """Two processes on one database."""
    url = postgresql()
    service, command = open_tables(url), Database(url, Store)
    yield service, command
    for each in (service, command):
        each.close()


def erase(application_id: UUID) -> Callable[[Store], int]:
    return lambda store: erasures.note(store.session, application_id, "99001", NOW)


def test_an_erasure_waits_for_what_is_being_written_of_it(both: tuple[Database[Store], Database[Store]]) -> None:
    service, command = both
    event, began, goes_on, done = withdrawn(), threading.Event(), threading.Event(), threading.Event()

    def handle(store: Store) -> None:
        assert not ErasedFamilies(store.session, [event]).has(event)
        began.set()
        assert goes_on.wait(WAIT)
        store.note(event.withdrawal_id)

    def run_command() -> None:
        command.write_now(erase(event.application_id))
        done.set()

    writing = thread_of(service.write_now, handle)
    writing.start()
    assert began.wait(WAIT)
    erasing = thread_of(run_command)
    erasing.start()
    assert not done.wait(0.5), "it must see what is just being written"
    other = withdrawn()
    goes_on.set()
    for each in (writing, erasing):
        each.join(WAIT)
    assert done.is_set()
    late = service.read_now(lambda store: ErasedFamilies(store.session, [event, other]).has(event))
    assert late, "what comes afterwards is too late"


def test_two_copies_that_hear_of_one_application_at_one_moment_do_so_one_after_the_other(
    both: tuple[Database[Store], Database[Store]],
) -> None:
    """Each asks what is there and writes where nothing is, as whoever hears a withdrawal before its application."""
    first = withdrawn()
    second = first.model_copy(update={"event_id": uuid4()})
    reads, seen = threading.Barrier(2), list[int]()

    def handle(database: Database[Store], event: ApplicationWithdrawn) -> None:
        def step(store: Store) -> None:
            ErasedFamilies(store.session, [event])
            there = len(store.noted())
            with suppress(threading.BrokenBarrierError):  # both inside at once would meet here
                reads.wait(1)
            seen.append(there)
            if not there:
                store.note(event.withdrawal_id)

        database.write_now(step)

    threads = [thread_of(handle, *each) for each in zip(both, (first, second), strict=True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(WAIT)
    assert sorted(seen) == [0, 1]


def test_others_do_not_wait_for_it(both: tuple[Database[Store], Database[Store]]) -> None:
    service, command = both
    event = withdrawn()

    def handle(store: Store) -> None:
        ErasedFamilies(store.session, [event])
        command.write_now(erase(uuid4()))

    service.write_now(handle)


def test_batches_that_meet_the_same_families_in_another_order_do_not_wait_for_each_other_for_ever(
    both: tuple[Database[Store], Database[Store]],
) -> None:
    first, second = withdrawn(), withdrawn()
    gone = [
        ApplicationFamilyErased(occurred_at=NOW, authority_id="99001", application_id=each.application_id)
        for each in (first, second)
    ]
    failed: list[BaseException] = []

    def handle(database: Database[Store], batch: Batch) -> None:
        def step(store: Store) -> None:
            ErasedFamilies(store.session, batch)
            for each in batch:
                if isinstance(each, ApplicationFamilyErased):
                    erasures.note(store.session, each.application_id, "99001", NOW)

        try:
            for _ in range(20):
                database.write_now(step)
        except BaseException as error:
            failed.append(error)

    batches: tuple[Batch, Batch] = ([first, gone[1], gone[0]], [gone[0], second, gone[1]])
    threads = [thread_of(handle, *each) for each in zip(both, batches, strict=True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(WAIT)
    assert failed == []

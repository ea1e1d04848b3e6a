"""Phones that register, are pushed to and are forgotten at the same moment, on PostgreSQL's real connections: nobody
waits in a circle, nobody gets past a bound, and no registration is lost."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from shared.database import Database
from shared.events import TicketIssued
from support.wallet_pass.at_once import PATIENCE, Connections
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW
from wallet_pass.domain.devices import MOST_DEVICES, Device, PushToken
from wallet_pass.store import PassStore
from wallet_pass.store.tables import DEVICES, REGISTRATIONS

ON_POSTGRESQL = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
FIRST, SECOND, THIRD = (UUID(int=place) for place in (1, 2, 3))
SERIAL, OTHER = UUID(int=7), UUID(int=77)
TOKEN = PushToken("a1" * 32)


@pytest.fixture
def at_once(url: str, running: WalletService, issued: Callable[..., TicketIssued]) -> Iterator[Connections]:
    running.hear(issued(), issued(ticket_id=OTHER, application_id=UUID(int=78), number=99))
    opened = Connections(url, running)
    yield opened
    opened.threads.shutdown(wait=True)


def _register(database: Database[PassStore], device: UUID, serial: UUID = SERIAL) -> None:
    assert database.write_now(lambda store: store.register(device, serial, TOKEN, NOW))


def _known(device: UUID) -> Device:
    return Device(device, TOKEN, NOW, wanted=1)


@ON_POSTGRESQL
@pytest.mark.parametrize("are_dead", [False, True])
def test_a_change_and_the_note_of_a_push_do_not_wait_for_each_other(at_once: Connections, are_dead: bool) -> None:
    """The devices lie in the table in another order than that of their ids. A third party holds the middle one, so that
    both have begun when they meet."""
    for device in (THIRD, SECOND, FIRST):
        _register(at_once.service.database, device)
    all_three = [_known(each) for each in (FIRST, SECOND, THIRD)]
    with at_once.holding(SECOND):
        changes = at_once.start(lambda store: store.want_pushes([SERIAL], 5, NOW))
        at_once.wait_until_waiting(1)
        if are_dead:
            notes = at_once.start(lambda store: store.note_pushed(all_three[1:], all_three[:1]))
        else:
            notes = at_once.start(lambda store: store.note_pushed(all_three))
        at_once.wait_until_waiting(2)
    changes.result(PATIENCE)
    notes.result(PATIENCE)


@ON_POSTGRESQL
def test_as_many_devices_as_a_pass_may_have_and_not_one_more(at_once: Connections) -> None:
    for place in range(MOST_DEVICES - 1):
        _register(at_once.service.database, UUID(int=100 + place))
    begins = threading.Barrier(8)

    def register(store: PassStore, device: UUID) -> None:
        begins.wait(PATIENCE)
        store.register(device, SERIAL, TOKEN, NOW)

    found = [at_once.start(lambda store, n=place: register(store, UUID(int=900 + n))) for place in range(8)]  # type: ignore[misc]
    for each in found:
        each.result(PATIENCE)
    assert at_once.rows(REGISTRATIONS) == MOST_DEVICES


@ON_POSTGRESQL
def test_a_phone_that_removes_one_pass_and_adds_another_at_that_moment_is_not_forgotten(at_once: Connections) -> None:
    _register(at_once.service.database, FIRST)
    added, removed = threading.Event(), threading.Event()

    def add(store: PassStore) -> None:
        store.register(FIRST, OTHER, TOKEN, NOW + timedelta(seconds=1))
        added.set()
        removed.wait(PATIENCE)

    adds = at_once.start(add)
    assert added.wait(PATIENCE)
    removes = at_once.start(lambda store: store.unregister(FIRST, SERIAL))
    at_once.wait_until_waiting(1)
    removed.set()
    adds.result(PATIENCE)
    removes.result(PATIENCE)
    assert (at_once.rows(DEVICES), at_once.rows(REGISTRATIONS)) == (1, 1)


@ON_POSTGRESQL
def test_a_family_is_erased_while_its_phone_removes_the_pass(
    at_once: Connections, issued: Callable[..., TicketIssued]
) -> None:
    """The one goes from the pass to its devices, the other from the device to its pass."""
    _register(at_once.service.database, FIRST)
    with at_once.holding(FIRST):
        erases = at_once.start(lambda store: store.erase(issued().application_id, NOW))
        at_once.wait_until_waiting(1)
        removes = at_once.start(lambda store: store.unregister(FIRST, SERIAL))
        at_once.wait_until_waiting(2)
    erases.result(PATIENCE)
    removes.result(PATIENCE)
    assert (at_once.rows(DEVICES), at_once.rows(REGISTRATIONS)) == (0, 0)


@ON_POSTGRESQL
def test_a_pass_that_is_being_registered_is_erased_afterwards(
    at_once: Connections, issued: Callable[..., TicketIssued]
) -> None:
    held, goes_on = threading.Event(), threading.Event()

    def register(store: PassStore) -> None:
        store.hold_passes([OTHER, SERIAL])
        held.set()
        goes_on.wait(PATIENCE)
        store.register(FIRST, SERIAL, TOKEN, NOW)
        store.register(FIRST, OTHER, TOKEN, NOW)

    registers = at_once.start(register)
    assert held.wait(PATIENCE)
    erases = at_once.start(lambda store: store.erase(issued().application_id, NOW))
    at_once.wait_until_waiting(1)
    goes_on.set()
    registers.result(PATIENCE)
    erases.result(PATIENCE)
    assert (at_once.rows(DEVICES), at_once.rows(REGISTRATIONS)) == (1, 1), "the other family's pass is there"

"""A ticket's state changes along its table alone: every pair is tried on the signer's real tables, and on the API's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from issuance.domain.elsewhere import ReportedTicket
from issuance.domain.ticket import TICKET_STATES, TicketState, leads_on
from issuance.signer.ceremony import Pki
from issuance.store.inspection import InspectionStore
from issuance.store.signer import SignerStore
from issuance.store.signer.tables import TicketRow
from issuance.verification.trust import Trust
from issuance.workflow.inspection.inspect import KnownTicket
from shared.database import Database
from shared.transitions import ImpossibleTransition
from sqlmodel import col
from support.databases import make_tables
from support.issuance.signer_world import SignerWorld, open_database

APPROVED, HELD, ISSUED, SUSPENDED, EXPIRED, REVOKED, DROPPED = TicketState
STEPS = {
    *product((APPROVED,), (HELD, ISSUED, SUSPENDED, DROPPED)),
    *product((HELD,), (APPROVED, DROPPED)),
    *product((ISSUED,), (SUSPENDED, EXPIRED, REVOKED)),
    *product((SUSPENDED,), (ISSUED, SUSPENDED, EXPIRED, REVOKED)),
    (EXPIRED, REVOKED),
    (REVOKED, REVOKED),
    (DROPPED, REVOKED),
}
"""Written out by hand."""
PAIRS = list(product(TicketState, TicketState))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, pki: Pki, trust: Trust) -> Iterator[SignerWorld]:
    world = SignerWorld(open_database(f"sqlite:///{tmp_path_factory.mktemp('signer') / 'signer.db'}"), pki, trust)
    world.new_ticket()
    yield world
    world.database.close()


def state_now(store: SignerStore) -> tuple[UUID, str]:
    ((ticket_id, state),) = store.session.execute(sa.select(col(TicketRow.ticket_id), col(TicketRow.state))).all()
    return ticket_id, state


def plant(store: SignerStore, state: TicketState) -> UUID:
    store.session.execute(sa.update(TicketRow).values(state=state))
    return state_now(store)[0]


class Undo(Exception):
    pass


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_store_takes_a_step_where_the_table_has_it_and_no_other(
    world: SignerWorld, before: TicketState, after: TicketState
) -> None:
    def step(store: SignerStore) -> None:
        ticket_id = plant(store, before)
        if (before, after) in STEPS:
            store.change_state(ticket_id, after, "why", None)
            assert state_now(store)[1] == after
        else:
            with pytest.raises(ImpossibleTransition):
                store.change_state(ticket_id, after, "why", None)
            assert state_now(store)[1] == before
        raise Undo

    with pytest.raises(Undo):
        world.database.write_now(step)


@pytest.mark.parametrize("before", TicketState)
def test_a_statement_for_many_leaves_what_may_not_take_its_step(world: SignerWorld, before: TicketState) -> None:
    def step(store: SignerStore) -> None:
        ticket_id = plant(store, before)
        store.hold(ticket_id, "why", world.now)
        assert (state_now(store)[1] == HELD) is (before in (APPROVED, HELD))
        plant(store, before)
        store.release_held()
        assert (state_now(store)[1] == APPROVED) is (before in (HELD, APPROVED))
        raise Undo

    with pytest.raises(Undo):
        world.database.write_now(step)


@pytest.mark.parametrize(("before", "after"), list(product(TicketState, (ISSUED, SUSPENDED, EXPIRED, REVOKED))))
def test_a_signer_that_went_on_with_an_old_copy_never_brings_a_dead_ticket_back(
    world: SignerWorld, before: TicketState, after: TicketState
) -> None:
    def step(store: SignerStore) -> None:
        ticket_id = plant(store, before)
        told = ReportedTicket(ticket_id, uuid4(), "101023", 32838, 7, after, step=9)
        store.set_reported_state(told, world.now)
        if before in (EXPIRED, REVOKED) and (before, after) != (EXPIRED, REVOKED):
            assert state_now(store)[1] == before
        elif before is DROPPED:
            assert state_now(store)[1] == REVOKED  # somebody has seen it after all
        else:
            assert state_now(store)[1] == after
        raise Undo

    with pytest.raises(Undo):
        world.database.write_now(step)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database[InspectionStore]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'api.db'}"
    make_tables(url, "issuance", "migrations/inspection")
    database = Database(url, InspectionStore)
    yield database
    database.close()


@pytest.mark.parametrize(
    ("before", "after"),
    list(product((ISSUED, SUSPENDED, EXPIRED, REVOKED, "paused"), (ISSUED, SUSPENDED, EXPIRED, REVOKED, "paused"))),
)
def test_what_the_api_hears_leads_on_and_never_back_from_the_end(
    published: Database[InspectionStore], now: datetime, before: str, after: str
) -> None:
    ends = {"expired": 1, "revoked": 2}
    is_taken = ends.get(after, 0) >= ends.get(before, 0)
    assert leads_on(before, after) is is_taken
    ticket = KnownTicket(uuid4(), uuid4(), "101023", 32838, 7, before, 9995, now, now)

    def step(store: InspectionStore) -> str:
        store.keep_state(ticket, 1)
        store.session.flush()
        store.keep_state(replace(ticket, state=after), 2)
        return next(each.state for each, _ in store.page_of_tickets(None, 100) if each.ticket_id == ticket.ticket_id)

    assert published.write_now(step) == (after if is_taken else before)


def test_the_table_is_as_it_is_written_here() -> None:
    assert {(before, after) for before, after in PAIRS if after in TICKET_STATES.follows[before]} == STEPS

"""Defects that were there once, to be put in again: whoever plays must find each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from unittest.mock import patch
from uuid import UUID

from issuance.domain.ticket import Order, StoredTicket
from issuance.store.signer import SignerStore
from issuance.workflow.signer import follow, issue, requests, right, take_over
from issuance.workflow.signer.revoke import end_grant
from issuance.workflow.signer.right import Answer, RequestOrigin
from issuance.workflow.signer.trail import end
from shared.events import Event
from support.making import make

HERE = "issuance.workflow.signer"


@contextmanager
def a1() -> Iterator[None]:
    """A revocation reaches one number, and its successor comes out as if it had been lost."""

    def alone(store: right.RightStore, known: StoredTicket, asked: RequestOrigin, now: datetime) -> Answer:
        if known.state not in ("issued", "suspended"):
            return Answer(known.state)
        end(store, known, asked.reason, now, asked.by)
        return Answer(tickets=(known.order.ticket.number,))

    def because(store: SignerStore, order: Order, now: datetime) -> str:
        before = store.state_of(order.replaces) if order.replaces is not None else None
        if before is not None and before.state in ("issued", "suspended"):
            end(store, before, "changed", now)
            return "changed"
        return "" if before is None else "lost"

    with patch.object(right, "revoke", alone), patch.object(take_over, "_because", because):
        yield


@contextmanager
def a2() -> Iterator[None]:
    """Tickets are born good, whatever stands against the right."""
    with patch.object(issue, "first_reason", lambda _: None):
        yield


@contextmanager
def a3() -> Iterator[None]:
    """A loss is ignored while a successor is on its way."""
    whole = right.lose

    def lose(store: right.RightStore, known: StoredTicket, asked: RequestOrigin, now: datetime) -> Answer:
        if store.successor_of(known.order.ticket.ticket_id) is not None:
            return Answer("renewed_already")
        return whole(store, known, asked, now)

    with patch.object(right, "lose", lose):
        yield


@contextmanager
def a4() -> Iterator[None]:
    """What cannot be done is answered by nothing."""
    whole = requests.carry_out

    class Silent:
        def __init__(self, store: requests.Store) -> None:
            self._store = store

        def __getattr__(self, name: str) -> object:
            return getattr(self._store, name)

        def emit(self, *events: Event) -> None:
            self._store.emit(*(each for each in events if getattr(each, "outcome", "") != "refused"))

    def carry_out(store: requests.Store, *more: object) -> None:
        make(whole, Silent(store), *more)

    with patch(f"{HERE}.life.carry_out", carry_out), patch(f"{HERE}.revoke.carry_out", carry_out):
        yield


@contextmanager
def a5() -> Iterator[None]:
    """Another own share kills the ticket."""
    with patch.object(follow, "_is_same", lambda *_: False), patch.object(SignerStore, "follow", _ended):
        yield


def _ended(store: SignerStore, decision_id: UUID, _by: UUID, now: datetime) -> None:
    end_grant(store, decision_id, now)


@contextmanager
def a6() -> Iterator[None]:
    """One party lifts what all have set."""
    with patch.object(right, "to_lift", lambda found, *_: list(found)):
        yield


PLANTS: Mapping[str, Callable[[], AbstractContextManager[None]]] = {
    "A1": a1, "A2": a2, "A3": a3, "A4": a4, "A5": a5, "A6": a6,
}  # fmt: skip

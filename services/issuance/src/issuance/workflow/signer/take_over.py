"""A successor takes the place of the ticket before it."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.events import TicketReplaced

from issuance.domain.ticket import Order, TicketState
from issuance.workflow.signer.life import CHANGED, LOST, Known, TrailStore, revoked, ticket_head


class TakeOverStore(TrailStore, Protocol):
    def state_of(self, ticket_id: UUID) -> Known | None: ...
    def change_state(
        self, ticket_id: UUID, state: TicketState, reason: str | None, ended_at: datetime | None
    ) -> None: ...


def replaced_because(store: TakeOverStore, order: Order) -> str:
    """Why a successor takes the place of the ticket before it; asked before `take_over`. Empty for a first ticket."""
    return "" if order.replaces is None else _because(store.state_of(order.replaces))


def _because(before: Known | None) -> str:
    return CHANGED if before is not None and before.state is not TicketState.REVOKED else LOST


def take_over(store: TakeOverStore, order: Order, now: datetime) -> None:
    """The successor is out: whatever still lived of the ticket before it dies now, in the same transaction."""
    if order.replaces is None:
        return
    before = store.state_of(order.replaces)
    if before is not None and before.state in (TicketState.ISSUED, TicketState.SUSPENDED):
        store.change_state(order.replaces, TicketState.REVOKED, CHANGED, now)
        store.note(order.replaces, TicketState.REVOKED, CHANGED, now)
        store.emit(revoked(before.order, CHANGED, now))
    store.emit(
        TicketReplaced(
            **ticket_head(order, now),
            replaced_ticket_id=order.replaces,
            reason=_because(before),
        )
    )

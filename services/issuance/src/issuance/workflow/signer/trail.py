"""Every step of a ticket is counted, told and kept for the auditor, in the transaction that takes it.

Told twice: to whoever makes passes with what that needs, and to all others how the ticket stands now, without name or
code.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.events import (
    ApplicationHead,
    Event,
    TicketEndChanged,
    TicketRenewed,
    TicketRestored,
    TicketRevoked,
    TicketStateChanged,
    TicketSuspended,
    head,
)

from issuance.domain.acts import ENDS, TicketAct
from issuance.domain.right import Suspension
from issuance.domain.ticket import SEEN, Order, SignedTicket, StoredTicket, TicketState, revocation_code

CODED = (TicketState.SUSPENDED, TicketState.REVOKED)
"""States of which a reason is told."""


class TrailStore(Protocol):
    def emit(self, *events: Event) -> None:
        """Puts the events into the outbox, in this transaction."""

    def note(
        self,
        ticket_id: UUID,
        act: str,
        reason: str,
        at: datetime,
        *,
        asked_by: str = "signer",
        request_id: UUID | None = None,
    ) -> None:
        """Keeps the act (domain.acts) for the auditor, in the chain of the ticket's authority."""


class StepStore(TrailStore, Protocol):
    def change_state(self, ticket_id: UUID, state: TicketState, reason: str | None, ended_at: datetime | None) -> None:
        """Marks the shard to be published."""

    def next_step(self, ticket_id: UUID) -> int:
        """The number of the step that is told now."""

    def try_others_of(self, application_id: UUID) -> None:
        """What waits because another ticket of the right is good may be tried again."""


class TicketHead(ApplicationHead):
    """What every event of a ticket begins with."""

    ticket_id: UUID
    number: int
    organisation_id: int


def end(store: StepStore, known: StoredTicket, reason: str, now: datetime, asked_by: str = "signer") -> None:
    """Nobody rides with it any more: revoked where somebody holds it, dropped in silence where nobody has seen it."""
    order, is_seen = known.order, known.state in SEEN
    ticket_id, state = order.ticket.ticket_id, TicketState.REVOKED if is_seen else TicketState.DROPPED
    store.change_state(ticket_id, state, reason, now)
    store.note(ticket_id, ENDS[state], reason, now, asked_by=asked_by)
    if is_seen:
        store.emit(revoked_event(order, reason, now))
        tell(store, StoredTicket(order, state, reason), "revoked", now)
        free_right(store, order)


def free_right(store: StepStore, order: Order) -> None:
    """Its ticket is good no more: another one of the right may come out."""
    store.try_others_of(order.application_id)


def switch(store: StepStore, order: Order, standing: Iterable[Suspension], now: datetime, asked_by: str) -> None:
    """Suspended while anything of `standing` is left, good where nothing is."""
    why = next((each.reason for each in standing), None)
    state = TicketState.ISSUED if why is None else TicketState.SUSPENDED
    store.change_state(order.ticket.ticket_id, state, why, None)
    act = TicketAct.RESTORED if why is None else TicketAct.SUSPENDED
    store.note(order.ticket.ticket_id, act, why or "", now, asked_by=asked_by)
    step = store.next_step(order.ticket.ticket_id)
    told = switched_event(order, why, step, now)
    store.emit(told, state_changed(StoredTicket(order, state, why), act, step, now))


def switched_event(order: Order, why: str | None, step: int, now: datetime) -> TicketSuspended | TicketRestored:
    """`why`: it is suspended; None: it is not."""
    if why is None:
        return TicketRestored(**ticket_head(order, now), step=step)
    return TicketSuspended(**ticket_head(order, now), reason=revocation_code(why), step=step)


def tell(store: StepStore, known: StoredTicket, happened: str, now: datetime) -> None:
    """How it stands now."""
    store.emit(state_changed(known, happened, store.next_step(known.order.ticket.ticket_id), now))


def state_changed(
    known: StoredTicket, happened: str, step: int, now: datetime, because: str = ""
) -> TicketStateChanged:
    """`because`: why it took the place of another, where it did."""
    order, ticket, state = known.order, known.order.ticket, known.state
    return TicketStateChanged(
        **ticket_head(order, now),
        case_id=order.case_id,
        decision_id=order.decision_id,
        product=ticket.terms.product,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        step=step,
        state=state,
        happened=happened,
        reason=revocation_code(known.reason or "") if state in CODED else "",
        replaces=order.replaces,
        replaces_because=because,
        number_draw=order.number_draw,
        last_day=order.early_end,
    )


def end_changed(order: Order, step: int, now: datetime) -> TicketEndChanged:
    """The event that tells the day on which the ticket ends before its time; None where it does not any more."""
    return TicketEndChanged(**ticket_head(order, now), step=step, last_day=order.early_end)


def revoked_event(order: Order, reason: str, now: datetime) -> TicketRevoked:
    """The event that a ticket is dead; the reason as a code."""
    return TicketRevoked(**ticket_head(order, now), reason=revocation_code(reason))


def renewed_event(order: Order, codes: SignedTicket, step: int, now: datetime) -> TicketRenewed:
    """The event that a ticket has new codes under its number."""
    return TicketRenewed(**ticket_head(order, now), vdv=codes.vdv, qr=codes.qr, step=step)


def ticket_head(order: Order, now: datetime) -> TicketHead:
    """The fields with which each event of a ticket begins."""
    ticket = order.ticket
    return {
        **head(order, now),
        "ticket_id": ticket.ticket_id,
        "number": ticket.number,
        "organisation_id": ticket.terms.organisation_id,
    }

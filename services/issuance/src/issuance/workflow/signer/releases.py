"""What is told of a ticket that is released, and how it begins: good, or suspended from its birth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.events import Event, TicketIssued
from shared.events import Holder as EventHolder

from issuance.domain.right import Suspension
from issuance.domain.ticket import Order, SignedTicket, StoredTicket, TicketState
from issuance.workflow.signer.take_over import replaced_event
from issuance.workflow.signer.trail import end_changed, state_changed, switched_event, ticket_head

FIRST_STEP = 1


@dataclass(frozen=True)
class TicketRelease:
    """A ticket that is let out."""

    order: Order
    because: str
    """Why it takes the place of another; empty where it does not."""
    codes: SignedTicket
    suspended: str | None
    """Why it is suspended from its birth; None where it is good."""

    @property
    def state(self) -> TicketState:
        """Suspended where something stands against its right, else issued."""
        return TicketState.ISSUED if self.suspended is None else TicketState.SUSPENDED


def first_reason(standing: Sequence[Suspension]) -> str | None:
    """Why a ticket against whose right these stand is born suspended; None where nothing stands."""
    return next((each.reason for each in standing), None)


def release_events(out: TicketRelease, now: datetime) -> list[Event]:
    """That it is suspended comes first, so that no pass is made with a barcode, and so does the day on which its grant
    ends."""
    order, why = out.order, out.suspended
    events: list[Event] = [] if why is None else [switched_event(order, why, FIRST_STEP, now)]
    if order.early_end is not None:
        events.append(end_changed(order, FIRST_STEP, now))
    events.append(issued_event(order, out.codes, now, out.because))
    if order.replaces is not None:
        events.append(replaced_event(order, out.because, now))
    events.append(state_changed(StoredTicket(order, out.state, why), "issued", FIRST_STEP, now, out.because))
    return events


def issued_event(order: Order, signed: SignedTicket, now: datetime, because: str = "") -> TicketIssued:
    """`because`: why it takes the place of another, where it does."""
    ticket = order.ticket
    return TicketIssued(
        **ticket_head(order, now),
        decision_id=order.decision_id,
        product=ticket.terms.product,
        holder=EventHolder(first_name=ticket.first_name, last_name=ticket.last_name, birth_date=ticket.birth_date),
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        vdv=signed.vdv,
        qr=signed.qr,
        replaces=order.replaces,
        replaces_because=because,
        number_draw=order.number_draw,
    )

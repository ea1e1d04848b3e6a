"""Of one child one ticket is good at a time. What a second application brings waits until the first one's has died:
nobody's ticket dies for it, and none comes out beside it. Whoever granted it knew of the other, and ends that one.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from issuance.domain.ticket import Known, Order, TicketState
from issuance.domain.times import end_of
from issuance.workflow.signer.trail import StepStore, tell

ANOTHER_TICKET = "another_ticket"
"""Why it is held."""
VALIDITY_OVER = "validity_over"


class ChildStore(StepStore, Protocol):
    def good_of_children(self, children: Collection[str]) -> Sequence[Known]:
        """Tickets of these children (keyed digests) that somebody holds; locked."""

    def hold(self, ticket_id: UUID, reason: str, now: datetime) -> None: ...


def let_second_wait(store: ChildStore, orders: Iterable[Order], now: datetime) -> Collection[UUID]:
    """The tickets that must not be let out now. Which of two comes first: the one that takes the place of a lost or
    changed one, then the one that was written down first."""
    of_children = [each for each in orders if each.child is not None]
    children = {each.child for each in of_children if each.child is not None}
    known = store.good_of_children(children) if children else ()
    good = [each.order for each in known if not _is_over(store, each, now)]
    waiting = set()
    for order in sorted(of_children, key=lambda each: (each.replaces is None, each.ticket.sequence)):
        if any(overlap(order, other) for other in good):
            store.hold(order.ticket.ticket_id, ANOTHER_TICKET, now)
            waiting.add(order.ticket.ticket_id)
        else:
            good.append(order)
    return waiting


def overlap(one: Order, other: Order) -> bool:
    """Of the same child, and good at the same moment."""
    starts = one.ticket.valid_from <= _last_moment(other) and other.ticket.valid_from <= _last_moment(one)
    return one.child == other.child and starts


def _is_over(store: StepStore, known: Known, now: datetime) -> bool:
    """Expires it where nobody has looked yet."""
    if known.order.ticket.valid_until >= now:
        return False
    ticket_id = known.order.ticket.ticket_id
    store.change_state(ticket_id, TicketState.EXPIRED, None, now)
    store.note(ticket_id, TicketState.EXPIRED, VALIDITY_OVER, now)
    tell(store, Known(known.order, TicketState.EXPIRED), "expired", now)
    return True


def _last_moment(order: Order) -> datetime:
    until = order.ticket.valid_until
    return until if order.last_day is None else min(until, end_of(order.last_day))

"""Of one child one ticket is good at a time. What a second application brings waits until the first one's has died:
nobody's ticket dies for it, and none comes out beside it. Whoever granted it knew of the other, and ends that one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from issuance.domain.acts import TicketAct
from issuance.domain.ticket import Order, StoredTicket, TicketState
from issuance.domain.times import end_of
from issuance.workflow.signer.trail import StepStore, free_right, tell

ANOTHER_TICKET = "another_ticket"
"""Why it is held."""
VALIDITY_OVER = "validity_over"


class ChildStore(StepStore, Protocol):
    def rights_of(self, application_ids: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
        """Of each: the applications that are of one right with it, itself among them."""

    def good_of(self, application_ids: Collection[UUID]) -> Sequence[StoredTicket]:
        """Tickets of these applications that somebody holds; locked."""

    def hold(self, ticket_id: UUID, reason: str, now: datetime) -> None:
        """Not released: it waits, with the reason."""


def let_second_wait(store: ChildStore, orders: Collection[Order], now: datetime) -> Collection[UUID]:
    """The tickets that must not be let out now. Which of two comes first: the one that takes the place of a lost or
    changed one, then the one that was written down first."""
    rights = store.rights_of({each.application_id for each in orders}) if orders else {}
    known = store.good_of({each for right in rights.values() for each in right}) if rights else ()
    good = [each.order for each in known if not _is_over(store, each, now)]
    waiting = set()
    for order in sorted(orders, key=lambda each: (each.replaces is None, each.ticket.sequence)):
        others = [each for each in good if each.application_id in rights[order.application_id]]
        if any(_are_two(order, each) and overlap(order, each) for each in others):
            store.hold(order.ticket.ticket_id, ANOTHER_TICKET, now)
            waiting.add(order.ticket.ticket_id)
        else:
            good.append(order)
    return waiting


def _are_two(one: Order, other: Order) -> bool:
    """Of two applications; one application's own tickets give way to one another by their case (`supersede`)."""
    return one.application_id != other.application_id or (one.child is not None and one.child == other.child)


def gives_way(store: ChildStore, order: Order, last_day: date | None) -> bool:
    """It ends on a day to come, and one of the child's other applications is good from then on: it cannot go on until
    `last_day`, or to its end."""
    if order.last_day is None or (last_day is not None and last_day <= order.last_day):
        return False
    others = store.rights_of([order.application_id])[order.application_id] - {order.application_id}
    return any(overlap(replace(order, last_day=last_day), each.order) for each in store.good_of(others))


def overlap(one: Order, other: Order) -> bool:
    """Good at the same moment."""
    return one.ticket.valid_from <= last_moment(other) and other.ticket.valid_from <= last_moment(one)


def _is_over(store: StepStore, known: StoredTicket, now: datetime) -> bool:
    """Expires it where nobody has looked yet."""
    if known.order.ticket.valid_until >= now:
        return False
    ticket_id = known.order.ticket.ticket_id
    store.change_state(ticket_id, TicketState.EXPIRED, None, now)
    store.note(ticket_id, TicketAct.EXPIRED, VALIDITY_OVER, now)
    tell(store, StoredTicket(known.order, TicketState.EXPIRED), "expired", now)
    free_right(store, known.order)
    return True


def last_moment(order: Order) -> datetime:
    """At which it is good, as signed or as it was ended."""
    until = order.ticket.valid_until
    return until if order.last_day is None else min(until, end_of(order.last_day))

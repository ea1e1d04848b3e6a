"""A ticket takes the place of others: a successor of the one before it, a grant's of what was good of its case."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.events import TicketReplaced

from issuance.domain.ticket import SEEN, Order, StoredTicket, TicketState
from issuance.workflow.signer.one_of_a_child import last_moment
from issuance.workflow.signer.right import CHANGED, LOST, NOTICE
from issuance.workflow.signer.trail import StepStore, end, ticket_head


class SupersedeStore(StepStore, Protocol):
    def state_of(self, ticket_id: UUID) -> StoredTicket | None:
        """By its id; None where it is not known."""

    def good_of_cases(self, case_ids: Sequence[UUID]) -> Sequence[StoredTicket]:
        """Tickets of these cases that somebody holds, but for those that end on a day to come; locked."""

    def released_of(self, case_id: UUID) -> Sequence[StoredTicket]:
        """The tickets of the case that were ever let out."""

    def successor_of(self, ticket_id: UUID) -> StoredTicket | None:
        """The ticket that took its place; None where none did."""


def supersede(store: SupersedeStore, orders: Sequence[Order], now: datetime) -> Mapping[UUID, str]:
    """The tickets that may be let out, each with why it takes the place of another; what it replaces dies now.

    1. A successor stays in only where the one before it lives or was lost: revoked for any other reason the right to
    ride is gone, and it is dropped. 2. Of two of one case the later goes out. 3. What is good of the case dies.
    """
    # 1.
    found = [(order, _because(store, order, now)) for order in orders]
    for order, because in found:
        if because is None:
            end(store, StoredTicket(order, TicketState.APPROVED), "notice", now)
    # 2.
    going = {order.ticket.ticket_id: (order, because) for order, because in found if because is not None}
    newest: dict[UUID, Order] = {}
    for order, _ in sorted(going.values(), key=lambda each: each[0].generation):
        if order.case_id is None or order.last_day is not None:
            continue
        if order.case_id in newest:
            older = newest[order.case_id]
            end(store, StoredTicket(older, TicketState.APPROVED), "notice", now)
            del going[older.ticket.ticket_id]
        newest[order.case_id] = order
    # 3.
    for each in store.good_of_cases(list(newest)) if newest else ():
        end(store, each, "notice", now)
    return {ticket_id: because for ticket_id, (_, because) in going.items()}


def in_place(store: SupersedeStore, order: Order, because: str) -> tuple[Order, str]:
    """The order as it is let out, and why it takes the place of another.

    Where a new grant follows another of its case, and the ticket before died because that one ended, the new one takes
    its place: so it comes to the pass that the family has, under the address that it knows.
    """
    if order.replaces is not None or order.generation == 1 or order.case_id is None:
        return order, because
    # of two that were good one after the other, the later one's pass goes on: a renewed one may be the newer of them
    shown = store.released_of(order.case_id)
    taken = {each.order.replaces for each in shown}
    free = [each for each in shown if each.order.ticket.ticket_id not in taken]
    before = max(free, key=lambda each: (last_moment(each.order), each.order.generation), default=None)
    if before is None or before.state is not TicketState.REVOKED or before.reason != NOTICE:
        return order, because
    ticket_id = before.order.ticket.ticket_id
    if store.successor_of(ticket_id) is not None:
        return order, because
    return replace(order, replaces=ticket_id), CHANGED


def _because(store: SupersedeStore, order: Order, now: datetime) -> str | None:
    """Empty for a ticket that replaces none; None where it must not be let out."""
    before = store.state_of(order.replaces) if order.replaces is not None else None
    if before is None:
        return ""
    if before.state in SEEN:
        end(store, before, CHANGED, now)
        return CHANGED
    return LOST if before.state is TicketState.REVOKED and before.reason == LOST else None


def replaced_event(order: Order, because: str, now: datetime) -> TicketReplaced:
    """The event for who makes passes: the new ticket comes to the place of another.

    Raises:
        ValueError: for a first ticket.
    """
    if order.replaces is None:
        raise ValueError("a first ticket replaces none")
    return TicketReplaced(**ticket_head(order, now), replaced_ticket_id=order.replaces, reason=because)

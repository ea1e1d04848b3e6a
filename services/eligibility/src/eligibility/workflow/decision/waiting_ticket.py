"""A ticket that waits for another one of its child: of one child one is good at a time, and the signer holds the second
until the first has died. The family and the desk are told so, and what ends the waiting."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from shared.calendar import day_in_berlin

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import ApplicationId
from eligibility.domain.ticket import LOST, KnownTicket

HELD = frozenset({"issued", "suspended"})
"""States of a ticket that somebody holds."""


class ChildsTickets(Protocol):
    """The store, as tickets of one child are looked up."""

    def told_with(self, child: str) -> Sequence[ApplicationId]:
        """The applications of which this digest was told."""

    def tickets_of(self, application_id: ApplicationId) -> Sequence[KnownTicket]:
        """The application's tickets as the signer told them, by their first day."""


def waits_for(store: ChildsTickets, case: Case, decision: Decision, child: str | None) -> Sequence[KnownTicket]:
    """The tickets of the child's other applications that are good on days of this grant, while it has none of its own.

    Args:
        child: what is told of it.
    """
    others = [each for each in store.told_with(child) if each != case.application_id] if child is not None else []
    found = [ticket for each in others for ticket in store.tickets_of(each) if meets(ticket, decision)]
    if not found or any(meets(each, decision) for each in store.tickets_of(case.application_id)):
        return []
    return found


def waits_for_quota(tickets: Sequence[KnownTicket], decision: Decision) -> bool:
    """Whether a ticket of this grant may be on its way: there is none that is good or suspended, and the last one did
    not end for a reason after which none follows."""
    if decision.ticket_days is None or any(meets(each, decision) for each in tickets):
        return False
    mine = [each for each in tickets if _covers(each, decision)]
    return not mine or mine[-1].reason == LOST


def _covers(ticket: KnownTicket, decision: Decision) -> bool:
    first, last = decision.ticket_days or (date.max, date.min)
    return day_in_berlin(ticket.valid_from) <= last and first <= day_in_berlin(ticket.valid_until)


def meets(ticket: KnownTicket, decision: Decision) -> bool:
    """Whether somebody holds this ticket on days of that grant."""
    if ticket.state not in HELD or decision.ticket_days is None:
        return False
    first, last = decision.ticket_days
    good_until = day_in_berlin(ticket.valid_until)
    if ticket.last_day is not None:  # its grant ends before what is signed
        good_until = min(good_until, ticket.last_day)
    return day_in_berlin(ticket.valid_from) <= last and first <= good_until

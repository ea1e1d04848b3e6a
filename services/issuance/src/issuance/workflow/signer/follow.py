"""A grant comes in the place of another: where holder, period and product are the same, the ticket goes on under it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from shared.calendar import day_in_berlin

from issuance.domain.acts import TicketAct
from issuance.domain.grant import Grant
from issuance.domain.right import GRANT_ENDED
from issuance.domain.terms import Terms
from issuance.domain.ticket import DEAD, SEEN, StoredTicket, TicketState
from issuance.domain.times import end_of
from issuance.workflow.signer.last_days import early_ends, end_later
from issuance.workflow.signer.one_of_a_child import ChildStore, gives_way
from issuance.workflow.signer.revoke import EndStore, end_grant
from issuance.workflow.signer.trail import end_changed, state_changed


class FollowingStore(EndStore, ChildStore, Protocol):
    """The store, as a grant takes the place of another in it."""

    def is_over(self, grant: Grant) -> bool:
        """The decision, or its application, ended before it was heard of."""

    def terms_of(self, authority_id: str) -> Terms | None:
        """What the authority's tickets are; None where nobody has told."""

    def tickets_under(self, decision_ids: Collection[UUID]) -> Sequence[StoredTicket]:
        """All of them, dead ones too, the newest first; locked."""

    def carry(self, tickets: Sequence[StoredTicket], decision_id: UUID) -> Sequence[StoredTicket]:
        """Put these tickets under another decision. Returns them as they are then."""


def goes_on(store: FollowingStore, grant: Grant, instead_of: UUID | None, now: datetime) -> bool:
    """Whether the ticket before goes on under this grant, so that no other is made; else what it replaces ends.

    1. What it takes the place of: as it says itself, and as was told of those that ended. 2. The same ticket goes on.
    3. One that begins on a day to come lets the others run until the day before. 4. Else the others end now.
    """
    # 1.
    before = {*store.followed_by(grant.decision_id), *([instead_of] if instead_of else ())}
    if not before:
        return False
    if store.is_over(grant):
        _hand_on(store, grant, now)
        return False
    # 2.
    if _carried(store, grant, before, now):
        return True
    # 3.
    if grant.valid_from > day_in_berlin(now):
        for each in before:
            end_later(store, each, grant.valid_from - timedelta(days=1), now)
        return False
    # 4.
    for each in before:
        end_grant(store, each, now)
    return False


def _hand_on(store: FollowingStore, grant: Grant, now: datetime) -> None:
    """It is over already: what waited for it waits for the one after it, or is over too. Told again, it ends nothing:
    of the grant before it a last day may be to come."""
    last = store.last_after(grant.decision_id)
    is_awaited = last != grant.decision_id and not store.is_heard(last)
    for each in store.followed_by(grant.decision_id):
        if is_awaited:
            store.follow(each, last, now)
        else:
            end_grant(store, each, now)


def _carried(store: FollowingStore, grant: Grant, before: Collection[UUID], now: datetime) -> bool:
    """Also a ticket that somebody has revoked goes on, revoked: a change of the bill brings nobody back."""
    tickets = store.tickets_under(before)
    if not tickets or not _is_same(tickets[0], grant, store.terms_of(grant.authority_id), day_in_berlin(now)):
        return False
    living = [each for each in tickets if each.state not in DEAD]
    if any(gives_way(store, each.order, None) for each in living):
        return False
    before_it = early_ends(tickets)
    for each in store.carry(living or tickets[:1], grant.decision_id):
        ticket_id = each.order.ticket.ticket_id
        store.note(ticket_id, TicketAct.KEPT, "decided_anew", now)
        if each.state in SEEN or each.state is TicketState.REVOKED:
            step = store.next_step(ticket_id)
            if each.state in SEEN and each.order.early_end != before_it[ticket_id]:
                store.emit(end_changed(each.order, step, now))
            store.emit(state_changed(each, TicketAct.KEPT, step, now))
    for decision in before:
        end_grant(store, decision, now)
    return True


def _is_same(known: StoredTicket, grant: Grant, terms: Terms | None, today: date) -> bool:
    """The same holder, period from today on, and product; and not dead because its grant ended."""
    order, ticket = known.order, known.order.ticket
    if known.state is TicketState.EXPIRED or (known.state in DEAD and known.reason in GRANT_ENDED):
        return False
    first = max(day_in_berlin(ticket.valid_from), today), max(grant.valid_from, today)
    product = terms is None or _product(terms) == _product(ticket.terms)
    same_days = first[0] == first[1] and ticket.valid_until == end_of(grant.valid_until)
    return same_days and product and order.holder_change == grant.holder_change


def _product(terms: Terms) -> tuple[int, int, int]:
    return terms.organisation_id, terms.product_owner_id, terms.product

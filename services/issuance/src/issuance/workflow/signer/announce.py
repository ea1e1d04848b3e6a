"""The present state told again out of the tables, for hearers that lost more than outbox and broker still hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.events import Event

from issuance.domain.ticket import SignedTicket, StoredTicket, TicketState
from issuance.workflow.signer.releases import FIRST_STEP, issued_event
from issuance.workflow.signer.trail import end_changed, renewed_event, revoked_event, state_changed, switched_event

PAGE = 200


@dataclass(frozen=True)
class AnnouncedTicket:
    """A ticket that somebody holds or held, with the number of its last step, and its codes."""

    known: StoredTicket
    step: int
    codes: SignedTicket


class Store(Protocol):
    def page_of_announced(self, after: int, limit: int) -> Sequence[AnnouncedTicket]:
        """Good, suspended or revoked, by their sequence, from the one after `after` on."""

    def mark_lists_due(self) -> None:
        """Have the signer publish all its lists again."""


def announce(store: Store, now: datetime) -> Iterator[Sequence[Event]]:
    """Every living ticket as issued, and all of it that may have changed since: whether it is suspended, its codes, its
    last day; every revoked one as revoked; and how each stands. All under the number of its last step, so that a
    hearer to whom an earlier one is the newest takes them. A page at a time.

    The signer itself then publishes its lists.
    """
    after = 0
    while page := store.page_of_announced(after, PAGE):
        after = page[-1].known.order.ticket.sequence
        yield [event for each in page for event in _whole(each, now)]
    store.mark_lists_due()


def _whole(shown: AnnouncedTicket, now: datetime) -> Iterator[Event]:
    known, step = shown.known, shown.step
    if known.state is TicketState.REVOKED:
        yield revoked_event(known.order, known.reason or "", now)
    else:
        is_suspended, has_changed = known.state is TicketState.SUSPENDED, step > FIRST_STEP
        yield issued_event(known.order, shown.codes, now)
        if is_suspended or has_changed:
            yield switched_event(known.order, (known.reason or "") if is_suspended else None, step, now)
        if has_changed:
            yield renewed_event(known.order, shown.codes, step, now)
        if known.order.early_end is not None or has_changed:
            yield end_changed(known.order, step, now)
    yield state_changed(known, "announced", step, now)

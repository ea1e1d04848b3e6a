"""The present state told again out of the tables, for hearers that lost more than outbox and broker still hold."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from shared.events import Event

from issuance.domain.ticket import Known, SignedTicket, TicketState
from issuance.workflow.signer.letting_out import issued
from issuance.workflow.signer.trail import end_changed, revoked, state_changed, suspended


class Store(Protocol):
    def seen(self) -> Iterable[tuple[Known, int, SignedTicket]]:
        """Tickets that somebody holds, each with the number of its last step and its codes."""

    def dead(self) -> Iterable[tuple[Known, int]]:
        """Revoked tickets, each with the number of its last step."""

    def mark_lists_due(self) -> None:
        """Have the signer publish all its lists again."""


def announce(store: Store, now: datetime) -> Iterator[Event]:
    """Every living ticket as issued, a suspended one as suspended too, one whose grant ends earlier with that day,
    every revoked one as revoked; and how it stands.

    The signer itself then publishes its lists.
    """
    for known, step, codes in store.seen():
        yield issued(known.order, codes, now)
        if known.state is TicketState.SUSPENDED:
            yield suspended(known.order, known.reason or "", now)
        if known.order.early_end is not None:
            yield end_changed(known.order, step, now)
        yield state_changed(known, "announced", step, now)
    for known, step in store.dead():
        yield revoked(known.order, known.reason or "", now)
        yield state_changed(known, "announced", step, now)
    store.mark_lists_due()

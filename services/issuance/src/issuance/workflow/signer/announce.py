"""The present state told again out of the tables, for hearers that lost more than outbox and broker still hold."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from shared.events import Event

from issuance.domain.ticket import Order, SignedTicket
from issuance.workflow.signer.issue import issued
from issuance.workflow.signer.life import suspended
from issuance.workflow.signer.revoke import Revoked, revoked


class Store(Protocol):
    def living(self) -> Iterable[tuple[Order, SignedTicket, str | None]]:
        """Tickets that somebody holds; with the reason where one is suspended."""

    def dead(self) -> Iterable[tuple[Revoked, str]]:
        """Revoked tickets and why."""

    def mark_lists_due(self) -> None:
        """Have the signer publish all its lists again."""


def announce(store: Store, now: datetime) -> Iterator[Event]:
    """Every living ticket as issued, a suspended one as suspended too, every revoked one as revoked.

    The signer itself then publishes its lists.
    """
    for order, codes, why_suspended in store.living():
        yield issued(order, codes, now)
        if why_suspended is not None:
            yield suspended(order, why_suspended, now)
    for ticket, reason in store.dead():
        yield revoked(ticket, reason, now)
    store.mark_lists_due()

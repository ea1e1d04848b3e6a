"""The present state told again out of the tables, for hearers that lost more than outbox and broker still hold."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from shared.events import Event, PassReady, head

from wallet_pass.domain.passes import Pass, PassToken

PAGE = 500


class Store(Protocol):
    def page_of_all(self, after: PassToken | None, limit: int) -> Sequence[Pass]:
        """By token, from the one after `after` on."""
        ...


def announce(store: Store, public_url: str) -> Iterator[Sequence[Event]]:
    """Every pass that can be fetched, as ready; one that is revoked is told by its ticket. A page at a time."""
    after: PassToken | None = None
    while page := store.page_of_all(after, PAGE):
        after = page[-1].token
        yield [
            PassReady(
                **head(each.ticket, each.changed_at),
                ticket_id=each.ticket.ticket_id,
                pass_url=f"{public_url}/v1/passes/{each.token}",
                link=each.link_number,
            )
            for each in page
            if each.revoked_at is None
        ]

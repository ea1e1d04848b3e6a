"""How many tickets one party may have ended in an hour: whoever steals an account, or the API's process, cannot take
the tickets of a whole town.

Many at once are ended by a command on the signer's machine (`issuance signer revoke`). Families are not counted: each
reports a loss of its own ticket, and a found ticket must die.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from shared.events import RevocationRequested, TicketChangeRequested

from issuance.domain.request import ENDING
from issuance.domain.right import AUTHORITY, OPERATOR, UNKNOWN, kind_of
from issuance.domain.ticket import StoredTicket
from issuance.workflow.signer.hours import HourStore, hour_of

log = structlog.get_logger("life")
ENDED = "ended"
TOO_MANY = "too_many_endings"
"""Why a request is refused."""


@dataclass(frozen=True)
class Endings:
    """`per_hour` of one authority, of one operator, and of all operators together among one authority's tickets; 0: as
    many as are asked for."""

    per_hour: int = 0

    def lock(self, store: HourStore, kind: str, now: datetime) -> None:
        """For who will count: before any ticket is locked."""
        if kind in ENDING and self.per_hour:
            store.lock_hour(hour_of(now), ENDED)

    def are_spent(self, store: HourStore, kind: str, whose: Sequence[str], now: datetime) -> bool:
        """Whether one of `whose` has had as many ended in this hour as it may; never for a kind that ends nothing."""
        if kind not in ENDING or not self.per_hour:
            return False
        done = store.done_in(hour_of(now), ENDED)
        return any(done.get(each, 0) >= self.per_hour for each in whose)

    def count(self, store: HourStore, kind: str, whose: Sequence[str], now: datetime) -> None:
        """One more. Logged when it is the last of the hour."""
        if kind not in ENDING or not self.per_hour:
            return
        store.count_done(hour_of(now), ENDED, dict.fromkeys(whose, 1))
        if self.are_spent(store, kind, whose, now):
            log.error("endings_of_the_hour_spent", whose=list(whose), per_hour=self.per_hour)


AS_MANY_AS_ASKED = Endings()


def parties(event: RevocationRequested | TicketChangeRequested, known: StoredTicket) -> Sequence[str]:
    """By whom it is counted: by the ticket's own authority, whatever the request says, and by the operator."""
    party = event.party or UNKNOWN
    kind = kind_of(party) if kind_of(party) in (AUTHORITY, OPERATOR) else UNKNOWN
    of_authority = f"{kind} at {known.order.authority_id}"
    return [of_authority, party] if kind == OPERATOR and party != OPERATOR else [of_authority]

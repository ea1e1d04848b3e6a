"""What may be asked of a ticket, and which requests are certain to be refused. Pure.

The signer decides. Whoever asks is told at once only what cannot change any more: a dead ticket gets no successor. What
is asked of the right to ride (suspend, restore, revoke) is never certain here: it reaches the child's other tickets,
also those of other applications, and what stands against the right outlives each of them (domain.right).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.transitions import Transitions

from issuance.domain.ticket import TicketState

REVOKE, SUSPEND, RESTORE, REPLACE, RENEW = "revoke", "suspend", "restore", "replace", "renew"
ENDING = frozenset({REVOKE, SUSPEND, REPLACE})
"""After it a child rides without a good ticket, for good or for a while."""
_OF_THE_TICKET = {REPLACE, RENEW}
"""Asked of one ticket, not of the right: none of its other tickets can do it."""
_LIVING = {TicketState.ISSUED, TicketState.SUSPENDED}
_LOST = "lost"
_ON_THE_SAME_PHONE = {"changed", "notice"}
"""What bore a ticket that died for this may bear the next one: a loss of it is a loss of that."""


class RequestState(StrEnum):
    """What became of a request."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


REQUEST_STATES = Transitions(
    begins=frozenset({RequestState.ASKED}),
    follows={
        RequestState.ASKED: frozenset({RequestState.DONE, RequestState.REFUSED}),
        RequestState.DONE: frozenset(),
        RequestState.REFUSED: frozenset(),
    },
)
"""The first answer stands: every change of a request's state goes through this table."""


@dataclass(frozen=True)
class NamedTicket:
    """The ticket that somebody names, as it is known here: perhaps behind the signer."""

    state: str
    reason: str | None
    valid_until: datetime | None

    def state_at(self, now: datetime) -> str:
        """Dead for good, or as it was told last."""
        is_over = self.valid_until is not None and self.valid_until < now
        return TicketState.EXPIRED if is_over and self.state in _LIVING else self.state


def is_hopeless(named: NamedTicket, change: str, reason: str, now: datetime) -> bool:
    """Whether nothing can come of it any more."""
    state, is_loss = named.state_at(now), change == REPLACE or (change == REVOKE and reason == _LOST)
    if state == TicketState.EXPIRED:
        return change in _OF_THE_TICKET
    if state != TicketState.REVOKED:
        return False
    if is_loss:
        return named.reason not in _ON_THE_SAME_PHONE
    return change in _OF_THE_TICKET

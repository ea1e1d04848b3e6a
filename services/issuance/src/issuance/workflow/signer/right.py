"""What somebody asks for is asked of the right to ride, not of one number: its tickets before and after, those that
are still to be signed, and those of the child's next decision and application follow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from issuance.domain.right import GOES_ON, GRANT_ENDED, REVOCATION, Suspension, to_lift
from issuance.domain.ticket import DEAD, SEEN, StoredTicket, TicketState
from issuance.workflow.signer.trail import StepStore, end, switch, tell

LOST, CHANGED, NOTICE = "lost", "changed", "notice"
SAME_BEARER = (CHANGED, NOTICE)
"""Reasons for which a ticket dies and the next one may come to the same phone or paper."""


class RightStore(StepStore, Protocol):
    """Rights to ride, and the tickets that are their signs."""

    def right_of(self, application_id: UUID) -> frozenset[UUID]:
        """The applications that are of one right with it."""

    def suspensions_of(self, application_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Suspension]]:
        """What stands against the rights of these applications; without those against which nothing does."""

    def suspend_right(self, application_id: UUID, party: str, reason: str, now: datetime, by: str) -> bool:
        """`by`: who asked. False where this party has suspended it for this reason already."""

    def lift(self, suspension_ids: Collection[int], now: datetime) -> None:
        """They stand no more from now on."""

    def living_of(self, application_ids: Collection[UUID]) -> Sequence[StoredTicket]:
        """Their tickets that are good, suspended, or still to be signed; locked."""

    def successor_of(self, ticket_id: UUID) -> StoredTicket | None:
        """The ticket that took its place; None where none did."""


@dataclass(frozen=True)
class RequestOrigin:
    """By whom, for whom and why."""

    party: str
    reason: str
    by: str


@dataclass(frozen=True)
class Answer:
    """What became of a request."""

    refused: str = ""
    """A code: why it could not be done."""
    tickets: tuple[int, ...] = ()
    """Numbers of the tickets that it has changed, or that wait for what it asked."""

    @property
    def is_done(self) -> bool:
        """Whether it was done: no code says why not."""
        return not self.refused


def suspend(store: RightStore, known: StoredTicket, asked: RequestOrigin, now: datetime) -> Answer:
    """For this party and reason. Also where the grant has ended meanwhile: a next ticket is then born suspended."""
    application_id = known.order.application_id
    living = store.living_of(store.right_of(application_id))
    is_over = known.state is TicketState.EXPIRED or known.reason in GRANT_ENDED | GOES_ON
    if not living and not (known.state in DEAD and is_over):
        return Answer(known.state)
    standing = store.suspensions_of([application_id]).get(application_id, ())
    if any((each.party, each.reason) == (asked.party, asked.reason) for each in standing):
        return Answer("already_suspended")
    store.suspend_right(application_id, asked.party, asked.reason, now, asked.by)
    for each in living:
        if each.state is TicketState.ISSUED:
            switch(store, each.order, store.suspensions_of([application_id])[application_id], now, asked.by)
    return Answer(tickets=_numbers(living))


def restore(store: RightStore, known: StoredTicket, asked: RequestOrigin, now: datetime) -> Answer:
    """What this party may lift. Good again where nothing is left. What a revocation left behind is lifted only where a
    later ticket is named that was born suspended: a revoked ticket is never restored."""
    application_id = known.order.application_id
    standing = store.suspensions_of([application_id]).get(application_id, ())
    of_ticket = [each for each in standing if known.state is TicketState.SUSPENDED or each.party != REVOCATION]
    if not of_ticket:
        return Answer("not_suspended" if known.state in SEEN else known.state)
    lifted = to_lift(of_ticket, asked.party, asked.reason)
    if not lifted:
        return Answer("not_yours")
    return Answer(tickets=_numbers(_lift(store, standing, lifted, now, asked.by)))


def forgive(store: RightStore, application_id: UUID, granted_at: datetime, now: datetime) -> None:
    """Who granted it knew that the right was revoked before: that stands against its tickets no more, those of the
    child's other applications included."""
    standing = store.suspensions_of([application_id]).get(application_id, ())
    revocations = [each for each in standing if each.party == REVOCATION and each.set_at <= granted_at]
    if revocations:
        _lift(store, standing, revocations, now, "signer")


def _lift(
    store: RightStore, standing: Sequence[Suspension], lifted: Sequence[Suspension], now: datetime, by: str
) -> Sequence[StoredTicket]:
    """Living tickets of the right are good again where nothing is left; else they say what is."""
    store.lift([each.id for each in lifted], now)
    left = [each for each in standing if each not in lifted]
    living = store.living_of(store.right_of(lifted[0].application_id))
    for each in living:
        if each.state is TicketState.SUSPENDED and (not left or each.reason != left[0].reason):
            switch(store, each.order, left, now, by)
    return living


def revoke(store: RightStore, known: StoredTicket, asked: RequestOrigin, now: datetime) -> Answer:
    """For good. Also where its ticket is dead already because its grant ended: no later ticket is good by itself."""
    application_id = known.order.application_id
    living = store.living_of(store.right_of(application_id))
    standing = store.suspensions_of([application_id]).get(application_id, ())
    if not living and any(each.party == REVOCATION for each in standing):
        return Answer(TicketState.REVOKED)
    for each in living:
        end(store, each, asked.reason, now, asked.by)
    store.suspend_right(application_id, REVOCATION, asked.reason, now, asked.by)
    return Answer(tickets=_numbers(living))


def lose(store: RightStore, known: StoredTicket, asked: RequestOrigin, now: datetime) -> Answer:
    """Whoever found what bore the ticket gets nothing: it dies now, and a successor on its way has a new address.

    A ticket whose place another took was borne by the same phone or paper: then its successor is lost with it.
    """
    bearer = bearer_of(store, known)
    if bearer.state not in SEEN:
        if bearer.state is TicketState.REVOKED and bearer.reason == NOTICE:
            _keep_lost(store, bearer, now)
        return Answer(bearer.state)
    end(store, bearer, LOST, now, asked.by)
    successor = store.successor_of(bearer.order.ticket.ticket_id)
    return Answer(tickets=_numbers([bearer] if successor is None else [bearer, successor]))


def bearer_of(store: RightStore, known: StoredTicket) -> StoredTicket:
    """The ticket that the same phone or paper bears now: this one, or the last that took its place."""
    bearer = known
    while bearer.state is TicketState.REVOKED and bearer.reason in SAME_BEARER:
        successor = store.successor_of(bearer.order.ticket.ticket_id)
        if successor is None or successor.state is TicketState.DROPPED:
            break
        bearer = successor
    return bearer


def _keep_lost(store: RightStore, dead: StoredTicket, now: datetime) -> None:
    """Its grant has ended, and it is dead: but a next ticket must not come to what bore it."""
    store.change_state(dead.order.ticket.ticket_id, TicketState.REVOKED, LOST, now)
    tell(store, StoredTicket(dead.order, TicketState.REVOKED, LOST), "revoked", now)


def suspend_all(store: RightStore, application_id: UUID, now: datetime) -> None:
    """It was learnt that applications are of one right: what stands against one stands against all."""
    standing = store.suspensions_of([application_id]).get(application_id, ())
    for each in store.living_of(store.right_of(application_id)) if standing else ():
        if each.state is TicketState.ISSUED:
            switch(store, each.order, standing, now, "signer")


def _numbers(tickets: Collection[StoredTicket]) -> tuple[int, ...]:
    return tuple(each.order.ticket.number for each in tickets)

"""The API's side of requests for tickets: who may ask, what is certain not to work, and what became of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID, uuid4

from shared.database import Step, Transactions
from shared.errors import Conflict, NotFound, Text
from shared.events import (
    Event,
    RevocationRequested,
    TicketChangeRequested,
    TicketRequestAnswered,
    TicketStateChanged,
)
from shared.identity import Caller

from issuance.domain.request import REVOKE, NamedTicket, RequestState, is_hopeless
from issuance.domain.right import party_of
from issuance.domain.two_persons import ONE_IS_ENOUGH, TwoPersons
from issuance.workflow.inspection.inspect import KnownTicket

NOT_THERE = Text(
    "Dieses Ticket gibt es nicht, oder es gehört nicht zu Ihnen.", "This ticket is not there, or not yours."
)
NO_REQUEST = Text("Zu diesem Ticket gibt es diesen Auftrag nicht.", "This ticket has no such request.")
TWO_TICKETS = Text(
    "Diese Nummer haben mehrere Unternehmen vergeben. Bitte nennen Sie organisation_id.",
    "Several organisations use this number. Please give organisation_id.",
)
SECOND_PERSON = Text(
    "Dieses Ticket sperren nur zwei Personen: Eine setzt es aus, danach kann eine andere es sperren.",
    "It takes two people to revoke this ticket: one suspends it, then another can revoke it.",
)
DEAD = Text(
    "Dieses Ticket ist nicht mehr gültig. Daran lässt sich nichts mehr ändern.",
    "This ticket is not valid any more. Nothing can be changed about it.",
)
HAS_SUCCESSOR = Text(
    "An die Stelle dieses Tickets ist ein anderes getreten. Bitte nennen Sie dessen Nummer (successor).",
    "Another ticket has taken the place of this one. Please name that one's number (successor).",
)


WORKERS, STAFF = ("case_worker", "operator"), ("case_worker", "releaser", "operator")


@dataclass(frozen=True)
class Sight:
    """Whose tickets somebody sees: an authority's, and a transport operator's. All others are not there."""

    authority_id: str | None
    organisation_id: int | None


@dataclass(frozen=True)
class TicketRequest:
    request_id: UUID
    ticket: KnownTicket
    change: str
    """revoke, replace, renew, suspend, restore."""
    reason: str
    requested_by: str
    requested_at: datetime
    party: str = ""
    """For whom it is asked (domain.right)."""


@dataclass(frozen=True)
class Outcome:
    """What became of a request."""

    ticket: KnownTicket
    change: str
    asked_at: datetime
    state: RequestState = RequestState.ASKED
    reason: str = ""
    """A code: why it was refused."""
    tickets: tuple[int, ...] = ()
    """Numbers of the tickets that were changed, or that wait for it."""


class TicketStore(Protocol):
    def tickets(
        self, sight: Sight, *, number: int | None = None, application_id: UUID | None = None
    ) -> Sequence[KnownTicket]:
        """Those that this caller may see, by number or by application."""

    def keep_request(self, request: TicketRequest) -> None:
        """With the act of who asked, in the chain of the ticket's authority."""

    def outcome(self, sight: Sight, number: int, request_id: UUID) -> Outcome | None:
        """Of a request about this ticket; it names no ticket that is another's."""

    def suspended_by(self, ticket_id: UUID) -> str | None:
        """Who asked for the suspension that was done last, where none was lifted since."""

    def emit(self, event: Event) -> None:
        """Puts the event into the outbox, in this transaction."""


class AnswerStore(Protocol):
    def keep_state(self, ticket: KnownTicket, step: int) -> None:
        """How it stands after this step. A lower one that comes late tells nothing of that, and none leads back from
        the end."""

    def keep_answer(self, request_id: UUID, state: RequestState, reason: str, tickets: Sequence[int]) -> None:
        """The first one stands. Requests of others are not kept here."""


@dataclass(frozen=True)
class StaffRequests:
    transactions: Transactions[TicketStore]
    clock: Callable[[], datetime]
    two_persons: TwoPersons = ONE_IS_ENOUGH

    async def tickets_of(self, caller: Caller, application_id: UUID) -> Sequence[KnownTicket]:
        """The tickets of an application, for the case workers of its authority and for their operator."""
        sight = sight_of(caller, STAFF)
        return await self.transactions.read(lambda store: store.tickets(sight, application_id=application_id))

    async def ticket(self, caller: Caller, number: int, organisation_id: int | None) -> KnownTicket:
        """Raises NotFound, or Conflict where two organisations use the number."""
        sight = sight_of(caller, STAFF)
        return await self.transactions.read(lambda store: _one(store, sight, number, organisation_id))

    async def ask(
        self,
        caller: Caller,
        number: int,
        organisation_id: int | None,
        change: str,
        reason: str,
        *,
        spend: Callable[[], None] = lambda: None,
    ) -> TicketRequest:
        """Pass a request on to the signer. `spend` takes it out of what the caller may ask in an hour, and raises where
        nothing is left: called for what can be done alone.

        Raises:
            NotFound.
            Conflict: where two organisations use the number, or where the signer is certain to refuse: with the
                ticket's state, and the number of its successor.
        """
        # 1. Operators may change their own tickets, case workers those of their authority.
        sight = sight_of(caller, WORKERS)
        # 2. Which ticket, and whether anything can come of it.
        find = partial(self._find, caller=caller, sight=sight, place=(number, organisation_id), change=change)
        await self.transactions.read(lambda store: find(store, reason=reason))
        spend()

        def step(store: TicketStore) -> TicketRequest:
            # 3. Who asked and why stays here; the signer hears it through the outbox.
            ticket, party = find(store, reason=reason)
            request = TicketRequest(uuid4(), ticket, change, reason, caller.subject, self.clock(), party)
            store.keep_request(request)
            store.emit(_asked(request))
            return request

        return await self.transactions.write(step)

    def _find(
        self,
        store: TicketStore,
        *,
        caller: Caller,
        sight: Sight,
        place: tuple[int, int | None],
        change: str,
        reason: str,
    ) -> tuple[KnownTicket, str]:
        """The ticket, and for whom it is asked.

        Raises:
            NotFound.
            Conflict: where nothing can come of it.
        """
        ticket = _one(store, sight, *place)
        others = store.tickets(sight, application_id=ticket.application_id)
        _refuse_hopeless(ticket, others, change, reason, self.clock())
        party = party_of(ticket.authority_id == sight.authority_id, caller.organisation_id)
        if change == REVOKE and self.two_persons.are_needed(party, ticket.authority_id, ticket.organisation_id):
            # a suspension that does not stand any more is no first person's word, whoever lifted it
            stands = ticket.state == "suspended"
            _by_another(store.suspended_by(ticket.ticket_id) if stands else None, caller)
        return ticket, party

    async def outcome(self, caller: Caller, number: int, request_id: UUID) -> Outcome:
        """For all who may see the ticket.

        Raises:
            NotFound.
        """
        sight = sight_of(caller, STAFF)
        found = await self.transactions.read(lambda store: store.outcome(sight, number, request_id))
        if found is None:
            raise NotFound(NO_REQUEST)
        return found

    # What the signer tells.

    async def answered(self, event: TicketRequestAnswered) -> Step[AnswerStore, None]:
        """The signer has done or refused what was asked."""
        state = RequestState(event.outcome)
        return lambda store: store.keep_answer(event.request_id, state, event.reason, event.tickets)

    async def state_changed(self, event: TicketStateChanged) -> Step[AnswerStore, None]:
        """A ticket has taken a step: how it stands now, without name and code."""
        place = event.ticket_id, event.application_id, event.authority_id, event.organisation_id, event.number
        span = event.product, event.valid_from, event.valid_until
        ticket = KnownTicket(
            *place,
            event.state,
            *span,
            event.reason or None,
            event.replaces,
            event.decision_id,
            event.case_id,
            event.number_draw,
            event.last_day,
        )
        return lambda store: store.keep_state(ticket, event.step)


def sight_of(caller: Caller, roles: Collection[str]) -> Sight:
    """By those of the caller's roles that are among `roles`.

    Raises:
        Forbidden: where there are none.
    """
    caller.require(*roles)
    counting = caller.counting.intersection(roles)
    of_operator = "operator" in counting
    of_authority = bool(counting - {"operator"})
    return Sight(caller.authority_id if of_authority else None, caller.organisation_id if of_operator else None)


def _by_another(suspended_by: str | None, caller: Caller) -> None:
    if suspended_by is None or suspended_by == caller.subject:
        raise Conflict(SECOND_PERSON)


def _one(store: TicketStore, sight: Sight, number: int, organisation_id: int | None) -> KnownTicket:
    """ "Not there" and "not yours" answer the same."""
    found = list(store.tickets(sight, number=number))
    if organisation_id is not None:
        found = [ticket for ticket in found if ticket.organisation_id == organisation_id]
    if not found:
        raise NotFound(NOT_THERE)
    if len(found) > 1:
        raise Conflict(TWO_TICKETS)
    return found[0]


def _refuse_hopeless(
    ticket: KnownTicket, of_application: Sequence[KnownTicket], change: str, reason: str, now: datetime
) -> None:
    """Raises Conflict with what the signer would say."""
    others = [each for each in of_application if each.ticket_id != ticket.ticket_id]
    named = NamedTicket(ticket.state, ticket.reason, ticket.valid_until)
    if not is_hopeless(named, change, reason, now):
        return
    successor = _last_successor(ticket, others)
    links = {} if successor is None else {"links": {"successor": path_of(successor)}}
    number = None if successor is None else successor.number
    raise Conflict(
        DEAD if successor is None else HAS_SUCCESSOR,
        more={"ticket_state": named.state_at(now), "successor": number, **links},
    )


def path_of(ticket: KnownTicket) -> str:
    """Where the API shows it."""
    return f"/v1/tickets/{ticket.number}?organisation_id={ticket.organisation_id}"


def _last_successor(ticket: KnownTicket, others: Sequence[KnownTicket]) -> KnownTicket | None:
    """The one that stands at the end of those that took its place; None where it is not known here yet."""
    by_place = {each.replaces: each for each in others if each.replaces is not None}
    found, place = None, ticket.ticket_id
    while place in by_place:
        found = by_place.pop(place)
        place = found.ticket_id
    return found


def _asked(request: TicketRequest) -> Event:
    ticket = request.ticket
    base = {"occurred_at": request.requested_at, "authority_id": ticket.authority_id}
    base |= {"request_id": request.request_id, "number": ticket.number, "organisation_id": ticket.organisation_id}
    base |= {"reason": request.reason, "requested_by": request.requested_by, "party": request.party}
    if request.change == REVOKE:
        return RevocationRequested.model_validate(base)
    return TicketChangeRequested.model_validate({**base, "change": request.change})

"""A request for a ticket: done once, noted with who asked whatever comes of it, and answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

import structlog
from shared.events import RevocationRequested, TicketChangeRequested, TicketRequestAnswered

from issuance.domain.acts import outcome_of
from issuance.domain.request import REVOKE
from issuance.domain.right import UNKNOWN
from issuance.domain.ticket import StoredTicket, revocation_code
from issuance.workflow.signer.endings import AS_MANY_AS_ASKED, TOO_MANY, Endings, parties
from issuance.workflow.signer.hours import HourStore
from issuance.workflow.signer.right import Answer, RequestOrigin, RightStore

log = structlog.get_logger("requests")
UNKNOWN_TICKET = Answer("unknown_ticket")


class RequestStore(RightStore, HourStore, Protocol):
    def find(self, organisation_id: int, number: int) -> StoredTicket | None:
        """Locked until the end of the transaction."""

    def list_place(self, organisation_id: int, number: int, now: datetime) -> bool:
        """Have the status list show a place as revoked that no ticket has here; False where it cannot be ours."""

    def is_noted(self, request_id: UUID) -> bool:
        """The audit record has this request."""


Store = TypeVar("Store", bound=RequestStore)


@dataclass(frozen=True)
class Request:
    """As it was told."""

    event: RevocationRequested | TicketChangeRequested
    kind: str

    @property
    def asked(self) -> RequestOrigin:
        """A party that is not told counts as unknown."""
        return RequestOrigin(self.event.party or UNKNOWN, self.event.reason, self.event.requested_by)


def carry_out(
    store: Store,
    request: Request,
    do: Callable[[Store, StoredTicket], Answer],
    now: datetime,
    endings: Endings = AS_MANY_AS_ASKED,
) -> None:
    """1. Once, and only for a ticket that is known; of one to be revoked that is not, the place goes on the list all
    the same, for somebody may hold it. 2. The step, where the state allows it, and not too many end in an
    hour. 3. Who asked, why, and what came of it is kept, also where nothing did. 4. Whoever asked hears it."""
    event = request.event
    # 1.
    endings.lock(store, request.kind, now)
    known = store.find(event.organisation_id, event.number)
    if known is None:
        if request.kind == REVOKE and store.list_place(event.organisation_id, event.number, now):
            log.error("unknown_ticket_listed", organisation_id=event.organisation_id, number=event.number)
        store.emit(answered_event(request, UNKNOWN_TICKET, None, now))
        return
    if store.is_noted(event.request_id):
        return
    # 2.
    whose = parties(event, known)
    if endings.are_spent(store, request.kind, whose, now):
        answer = Answer(TOO_MANY)
    else:
        answer = do(store, known)
        if answer.is_done:
            endings.count(store, request.kind, whose, now)
    # 3.
    act = outcome_of(request.kind, is_done=answer.is_done)
    ticket_id, by, request_id = known.order.ticket.ticket_id, event.requested_by, event.request_id
    store.note(ticket_id, act, event.reason, now, asked_by=by, request_id=request_id)
    # 4.
    store.emit(answered_event(request, answer, known.order.application_id, now))


def answered_event(
    request: Request, answer: Answer, application_id: UUID | None, now: datetime
) -> TicketRequestAnswered:
    """The event by which whoever asked hears what came of it; `application_id`: None for a ticket that is not known."""
    event = request.event
    return TicketRequestAnswered(
        occurred_at=now,
        authority_id=event.authority_id,
        request_id=event.request_id,
        kind=request.kind,
        number=event.number,
        organisation_id=event.organisation_id,
        outcome="done" if answer.is_done else "refused",
        reason=answer.refused,
        application_id=application_id,
        tickets=answer.tickets,
        because=revocation_code(event.reason),
    )

"""What the authority's desk and families ask of a ticket: done as what the API asks, for their party, and only for a
ticket of the application that they name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.database import Step
from shared.events import (
    ApplicationLossReported,
    EligibilityTicketChangeRequested,
    RevocationRequested,
    TicketChangeRequested,
)

from issuance.domain.right import AUTHORITY, FAMILY
from issuance.domain.ticket import StoredTicket
from issuance.workflow.signer import life, revoke
from issuance.workflow.signer.requests import UNKNOWN_TICKET, Request, answered_event
from issuance.workflow.signer.right import LOST

FRAUD, BY_AUTHORITY = "fraud", "by_authority"
EVERY_REASON = ""
"""No suspension is for it (the API takes no empty reason)."""


class BothStores(revoke.Store, life.Store, Protocol):
    """The store, as either step uses it."""

    def state_of(self, ticket_id: UUID) -> StoredTicket | None:
        """By its id; None where it is not known."""


@dataclass(frozen=True)
class ForwardedRequests:
    """Each checks who may ask before it tells."""

    revoking: revoke.TicketRevocation
    living: life.TicketLifecycle
    clock: Callable[[], datetime]

    async def at_the_desk(self, event: EligibilityTicketChangeRequested) -> Step[BothStores, None]:
        """A case worker asks in the authority's name, about a ticket of the application that the event names; another
        application's ticket counts as unknown."""
        if event.change == "revoke":
            end = _revocation(event)
            return self._of_its_application(event, Request(end, event.change), await self.revoking.requested(end))
        change = _change(event)
        return self._of_its_application(event, Request(change, event.change), await self.living.requested(change))

    async def by_the_family(self, event: ApplicationLossReported) -> Step[BothStores, None]:
        """The family is not named: its application says who it is."""

        def step(store: BothStores) -> None:
            known = store.state_of(event.ticket_id)
            ticket = known.order.ticket if known is not None else None
            place = (0, 0) if ticket is None else (ticket.number, ticket.terms.organisation_id)
            change = _loss(event, *place)
            if known is None or _is_of_another(known, event):
                store.emit(
                    answered_event(Request(change, "replace"), UNKNOWN_TICKET, event.application_id, self.clock())
                )
                return
            self.living.carry_out(change, store)

        return step

    def _of_its_application(
        self,
        event: EligibilityTicketChangeRequested,
        request: Request,
        do: Callable[[BothStores], None],
    ) -> Step[BothStores, None]:
        def step(store: BothStores) -> None:
            self.living.endings.lock(store, request.kind, self.clock())
            known = store.find(event.organisation_id, event.number)
            if known is None or _is_of_another(known, event):
                store.emit(answered_event(request, UNKNOWN_TICKET, event.application_id, self.clock()))
                return
            do(store)

        return step


def _is_of_another(known: StoredTicket, event: EligibilityTicketChangeRequested | ApplicationLossReported) -> bool:
    order = known.order
    return (order.application_id, order.authority_id) != (event.application_id, event.authority_id)


def _reason(event: EligibilityTicketChangeRequested) -> str:
    """A code, also where words were told: a revocation is none for a loss, though they read like its code. What
    restores names no suspension: it lifts all that the authority may."""
    if event.change == "replace":
        return LOST
    if event.change == "restore":
        return EVERY_REASON
    return FRAUD if event.reason == FRAUD else BY_AUTHORITY


def _revocation(event: EligibilityTicketChangeRequested) -> RevocationRequested:
    return RevocationRequested(
        occurred_at=event.occurred_at,
        authority_id=event.authority_id,
        request_id=event.request_id,
        number=event.number,
        organisation_id=event.organisation_id,
        reason=_reason(event),
        requested_by=event.requested_by,
        party=AUTHORITY,
    )


def _change(event: EligibilityTicketChangeRequested) -> TicketChangeRequested:
    return TicketChangeRequested(
        occurred_at=event.occurred_at,
        authority_id=event.authority_id,
        request_id=event.request_id,
        number=event.number,
        organisation_id=event.organisation_id,
        change=event.change,
        reason=_reason(event),
        requested_by=event.requested_by,
        party=AUTHORITY,
    )


def _loss(event: ApplicationLossReported, number: int, organisation_id: int) -> TicketChangeRequested:
    return TicketChangeRequested(
        occurred_at=event.occurred_at,
        authority_id=event.authority_id,
        request_id=event.request_id,
        number=number,
        organisation_id=organisation_id,
        change="replace",
        reason=LOST,
        requested_by=FAMILY,
        party=FAMILY,
    )

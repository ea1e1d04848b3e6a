"""A grant ends, or somebody asks for a ticket to be revoked. Doing it twice is doing it once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from shared.calendar import day_in_berlin
from shared.database import Step
from shared.events import (
    ApplicationWithdrawn,
    EligibilityRefused,
    EligibilityWithdrawn,
    Event,
    RevocationRequested,
    TicketRevoked,
    head,
)

from issuance.domain.ticket import revocation_code
from issuance.workflow.signer.told_once import DigestStore, is_in_conflict

APPLICATION_WITHDRAWN = "application_withdrawn"


@dataclass(frozen=True)
class Revoked:
    """A ticket that has just been revoked and that somebody holds."""

    ticket_id: UUID
    application_id: UUID
    authority_id: str
    number: int
    organisation_id: int


class Store(DigestStore, Protocol):
    def forget_waiting(self, application_id: UUID) -> None:
        """Erase the waiting holder and grants of an application."""

    def forget_refused(self, application_id: UUID) -> None:
        """The same, but for a grant that ends on a day to come."""

    def end(self, ended_id: UUID, now: datetime, last_day: date | None = None) -> None:
        """An application or a decision that is over: what still comes for it is not kept. `last_day`: of a grant that
        is over only after it."""

    def revoke(
        self,
        now: datetime,
        reason: str,
        *,
        application_id: UUID | None = None,
        decision_id: UUID | None = None,
        number: tuple[int, int] | None = None,
        asked_by: str = "signer",
        request_id: UUID | None = None,
    ) -> Sequence[Revoked]:
        """Revoke the living tickets of an application, of a decision, or (organisation, number). Returns the issued
        ones; a ticket that was not signed yet is dropped in silence. Marks their shards to be published."""

    def drop_grant(self, decision_id: UUID) -> None: ...
    def emit(self, event: Event) -> None: ...


@dataclass(frozen=True)
class Revoking:
    clock: Callable[[], datetime]

    async def application_withdrawn(self, event: ApplicationWithdrawn) -> Step[Store, None]:
        def step(store: Store) -> None:
            self._close(store, event.application_id)

        return step

    async def refused(self, event: EligibilityRefused) -> Step[Store, None]:
        """No ticket will come: the waiting name is erased, unless a grant before it still holds for a while."""

        def step(store: Store) -> None:
            if is_in_conflict(store, event, self.clock()):
                return
            store.end(event.decision_id, self.clock())
            store.forget_refused(event.application_id)

        return step

    async def withdrawn(self, event: EligibilityWithdrawn) -> Step[Store, None]:
        """A grant ended, or ends on a day to come: then its ticket is good until then (`ending`). Where the facts are
        decided anew, the holder stays for the next grant."""

        def step(store: Store) -> None:
            now = self.clock()
            if is_in_conflict(store, event, now):
                return
            if event.decision_id is not None and event.ends_on is not None and event.ends_on >= day_in_berlin(now):
                store.end(event.decision_id, now, event.ends_on)
                return
            if event.reason == APPLICATION_WITHDRAWN:
                self._close(store, event.application_id)
            if event.decision_id is not None:
                self.end_now(store, event.decision_id)

        return step

    def end_now(self, store: Store, decision_id: UUID) -> None:
        """A grant is over: no ticket comes of it any more, and those that are out are revoked."""
        now = self.clock()
        store.end(decision_id, now)
        store.drop_grant(decision_id)
        self._tell(store, store.revoke(now, "notice", decision_id=decision_id), "notice")

    async def requested(self, event: RevocationRequested) -> Step[Store, None]:
        """Somebody with the right to ask has asked (the API checked who)."""

        def step(store: Store) -> None:
            number = event.organisation_id, event.number
            now, who = self.clock(), event.requested_by
            dead = store.revoke(now, event.reason, number=number, asked_by=who, request_id=event.request_id)
            self._tell(store, dead, event.reason)

        return step

    def _close(self, store: Store, application_id: UUID) -> None:
        now = self.clock()
        store.end(application_id, now)
        store.forget_waiting(application_id)
        self._tell(store, store.revoke(now, "withdrawn", application_id=application_id), "withdrawn")

    def _tell(self, store: Store, dead: Sequence[Revoked], reason: str) -> None:
        for ticket in dead:
            store.emit(revoked(ticket, reason, self.clock()))


def revoked(ticket: Revoked, reason: str, now: datetime) -> TicketRevoked:
    return TicketRevoked(
        **head(ticket, now),
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        organisation_id=ticket.organisation_id,
        reason=revocation_code(reason),
    )

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
    RevocationRequested,
)

from issuance.domain.ticket import StoredTicket
from issuance.domain.two_persons import ONE_IS_ENOUGH, SECOND_PERSON, TwoPersons, is_second
from issuance.workflow.signer import right
from issuance.workflow.signer.endings import AS_MANY_AS_ASKED, Endings
from issuance.workflow.signer.last_days import LastDayStore, end_later
from issuance.workflow.signer.one_of_a_child import ChildStore, gives_way
from issuance.workflow.signer.requests import Request, RequestStore, carry_out
from issuance.workflow.signer.right import LOST, Answer, RequestOrigin
from issuance.workflow.signer.told_once import DigestStore, is_in_conflict
from issuance.workflow.signer.trail import end

APPLICATION_WITHDRAWN = "application_withdrawn"


class EndStore(LastDayStore, Protocol):
    """The store, as a grant ends in it."""

    def drop_grant(self, decision_id: UUID) -> None:
        """It waits no more."""

    def followed_by(self, decision_id: UUID) -> Sequence[UUID]:
        """Grants whose place this one takes, and that ended before it was heard of."""

    def last_after(self, decision_id: UUID) -> UUID:
        """The last of those that follow a grant, each in the place of the one before; itself where none is known."""

    def is_heard(self, decision_id: UUID) -> bool:
        """Whether a grant has come, or is over."""

    def follow(self, decision_id: UUID, by: UUID, now: datetime) -> None:
        """Keep that a grant ended, and that its tickets wait for another's word."""


class Store(DigestStore, EndStore, ChildStore, RequestStore, Protocol):
    def forget_waiting(self, application_id: UUID) -> None:
        """Erase the waiting holder and grants of an application."""

    def forget_name(self, application_id: UUID, decided_at: datetime) -> None:
        """Erase the names of an application that were told before this decision, unless a grant waits with them."""


@dataclass(frozen=True)
class TicketRevocation:
    clock: Callable[[], datetime]
    endings: Endings = AS_MANY_AS_ASKED
    two_persons: TwoPersons = ONE_IS_ENOUGH

    async def application_withdrawn(self, event: ApplicationWithdrawn) -> Step[Store, None]:
        """The family takes its application back: what waits is deleted, and its tickets end."""

        def step(store: Store) -> None:
            self._close(store, event.application_id)

        return step

    async def refused(self, event: EligibilityRefused) -> Step[Store, None]:
        """No ticket comes of it: the waiting name is erased, unless a grant still waits with it. Grants end only where
        that is told of them."""

        def step(store: Store) -> None:
            if is_in_conflict(store, event, self.clock()):
                return
            store.end(event.decision_id, self.clock())
            store.forget_name(event.application_id, event.occurred_at)

        return step

    async def withdrawn(self, event: EligibilityWithdrawn) -> Step[Store, None]:
        """A grant ended, or ends on a day to come: then its ticket is good until then (`ending`). Where another takes
        its place at once, its ticket waits for that one's word. Where the facts are decided anew, the holder stays for
        the next grant."""

        def step(store: Store) -> None:
            now, decision, next_one = self.clock(), event.decision_id, event.followed_by
            if is_in_conflict(store, event, now):
                return
            next_one = None if next_one is None else store.last_after(next_one)
            if decision is not None and next_one is None and _is_to_come(event.ends_on, now):
                end_later(store, decision, _last_day(store, decision, event.ends_on), now)
                return
            if event.reason == APPLICATION_WITHDRAWN:
                self._close(store, event.application_id)
            if decision is not None and next_one is not None and not store.is_heard(next_one):
                store.drop_grant(decision)
                store.follow(decision, next_one, now)
            elif decision is not None and not _is_to_come(event.ends_on, now):
                self.end_now(store, decision)

        return step

    def end_now(self, store: EndStore, decision_id: UUID) -> None:
        """The last day of this decision's grant is over."""
        end_grant(store, decision_id, self.clock())

    async def requested(self, event: RevocationRequested) -> Step[Store, None]:
        """Somebody with the right to ask has asked (the API checked who). Where that takes two persons, our own record
        says who was the first: no request can name one."""
        request = Request(event, "revoke")

        def do(store: Store, known: StoredTicket) -> Answer:
            if self._wants_another(store, known, request.asked):
                return Answer(SECOND_PERSON)
            way = right.lose if event.reason == LOST else right.revoke
            return way(store, known, request.asked, self.clock())

        return lambda store: carry_out(store, request, do, self.clock(), self.endings)

    def _wants_another(self, store: Store, known: StoredTicket, asked: RequestOrigin) -> bool:
        order = known.order
        if not self.two_persons.are_needed(asked.party, order.authority_id, order.ticket.terms.organisation_id):
            return False
        standing = store.suspensions_of([order.application_id]).get(order.application_id, ())
        return not is_second(asked.by, standing)

    def _close(self, store: Store, application_id: UUID) -> None:
        now = self.clock()
        store.end(application_id, now)
        store.forget_waiting(application_id)
        for each in store.living_under(application_ids=[application_id]):
            end(store, each, "withdrawn", now)


def _last_day(store: Store, decision_id: UUID, told: date | None) -> date | None:
    """As told; no later than before where another ticket of the child is good from the next day on."""
    for each in store.living_under(decision_id=decision_id):
        if gives_way(store, each.order, told):
            return each.order.last_day
    return told


def _is_to_come(last_day: date | None, now: datetime) -> bool:
    return last_day is not None and last_day >= day_in_berlin(now)


def end_grant(store: EndStore, decision_id: UUID, now: datetime) -> None:
    """A grant is over: no ticket comes of it any more, those that are out are revoked, and so are those of grants that
    it was to take the place of."""
    store.end(decision_id, now)
    store.drop_grant(decision_id)
    for each in store.living_under(decision_id=decision_id):
        end(store, each, "notice", now)
    for earlier in store.followed_by(decision_id):
        end_grant(store, earlier, now)

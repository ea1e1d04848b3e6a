"""What the signer tells of tickets: how they stand, what stands against a child's right to ride, what became of what
the desk asked."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Protocol
from uuid import UUID

from shared.calendar import SchoolYear, day_in_berlin
from shared.events import (
    ApplicationLossReported,
    AuthorityId,
    TicketQuotaReached,
    TicketRequestAnswered,
    TicketStateChanged,
)

from eligibility.domain.acts import ActKind
from eligibility.domain.case import Case
from eligibility.domain.child import applicant_of, marks_of
from eligibility.domain.ids import ApplicationId
from eligibility.domain.ticket import BARRING, LOST, KnownTicket, RightMark, What
from eligibility.workflow.decision.ask_first import is_waiting, put_question
from eligibility.workflow.decision.earlier_right import MarkReader, asked_of, untold
from eligibility.workflow.decision.right_to_ride import child_of, look_up_child
from eligibility.workflow.desk_ports import ProposalStore
from eligibility.workflow.ports import (
    AuditTrail,
    CaseContents,
    CaseReader,
    CaseStates,
    ChildStore,
    DecisionReader,
    DecisionWriter,
    Environment,
    Outbox,
)

SIGNER, FAMILY = "signer", "family"
BOTH: tuple[What, ...] = ("revoked", "suspended")
SUSPENDED: tuple[What, ...] = ("suspended",)
MARKS: dict[str, What] = {"revoke": "revoked", "suspend": "suspended"}
"""What a request leaves behind, by its kind."""


class TicketNewsStore(
    CaseStates,
    DecisionReader,
    DecisionWriter,
    Outbox,
    CaseContents,
    ChildStore,
    ProposalStore,
    CaseReader,
    AuditTrail,
    MarkReader,
    Protocol,
):
    """The store, as news of tickets are kept in it."""

    def keep_ticket(self, ticket: KnownTicket) -> datetime | None:
        """Since when it stands so, never before its earlier steps; None where a later step of it is known."""

    def keep_quota(self, authority_id: AuthorityId, until: datetime) -> None:
        """Until then the authority's tickets wait. The latest counts, whenever it is heard."""

    def tickets_of(self, application_id: ApplicationId) -> Sequence[KnownTicket]:
        """The application's tickets as the signer told them, by their first day."""

    def mark_right(self, mark: RightMark, child: str | None, *, in_turn: bool = False) -> None:
        """`child`: digest, by which it stands against the child's other applications too. The newest stands, whenever
        it is heard; one from before it was settled opens nothing again.

        Args:
            in_turn: known to come after what was settled at the same moment.
        """

    def settle_marks(
        self, application_id: ApplicationId, digests: Collection[str], what: Collection[What], at: datetime
    ) -> None:
        """Lifted: what was marked until `at`, also where that is heard later."""

    def answer_ticket_request(self, request_id: UUID, state: str, refused: str, now: datetime) -> None:
        """The first answer stands; requests of others are not kept here."""


class Tickets:
    """Hears ticket.state_changed, request_answered and quota_reached, and of the family that a ticket is lost."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def state_changed(self, event: TicketStateChanged) -> Callable[[TicketNewsStore], None]:
        """The step that keeps what became of a ticket."""
        return partial(self._keep, event)

    async def answered(self, event: TicketRequestAnswered) -> Callable[[TicketNewsStore], None]:
        """The step that notes what became of a request to the signer."""
        return partial(self._answer, event)

    async def quota_reached(self, event: TicketQuotaReached) -> Callable[[TicketNewsStore], None]:
        """The step that notes until when the signer signs no more for an authority."""
        return lambda store: store.keep_quota(event.authority_id, event.until)

    async def loss_reported(self, event: ApplicationLossReported) -> Callable[[TicketNewsStore], None]:
        """The signer acts on it; here it stands in the trail of the newest case."""
        return partial(self._note_loss, event)

    def _note_loss(self, event: ApplicationLossReported, store: TicketNewsStore) -> None:
        for case in store.cases_of(ApplicationId(event.application_id))[-1:]:
            store.audit(
                authority_id=case.authority_id,
                subject=FAMILY,
                act=ActKind.LOSS_REPORTED,
                case_id=case.id,
                now=self._environment.now(),
                detail={"ticket": str(event.ticket_id), "at": event.occurred_at.isoformat()},
            )

    def _keep(self, event: TicketStateChanged, store: TicketNewsStore) -> None:
        """1. Only what is newer than what is known; an end that becomes another says nothing of the right. 2. A
        ticket that is good again: nothing stands against its right. 3. One that is not, other than because its grant
        ended: the child's next ticket is a person's matter."""
        # 1.
        at = store.keep_ticket(_ticket(event))
        if at is None or event.happened == "end_changed":
            return
        application_id = ApplicationId(event.application_id)
        # 2.
        if event.happened == "restored":
            self._lifted(store, application_id, BOTH, at)
        # 3.
        elif event.state == "suspended":
            self._mark(store, RightMark(application_id, "suspended", event.reason, at), in_turn=True)
        elif event.state == "revoked" and event.reason in BARRING:
            self._mark(store, RightMark(application_id, "revoked", event.reason, at), in_turn=True)

    def _answer(self, event: TicketRequestAnswered, store: TicketNewsStore) -> None:
        """A right may be revoked, suspended or good again while it has no ticket, or an expired one: then no ticket's
        state tells of it."""
        store.answer_ticket_request(event.request_id, event.outcome, event.reason, event.occurred_at)
        if event.outcome != "done" or not event.application_id:
            return
        application_id, what = ApplicationId(event.application_id), MARKS.get(event.kind)
        if what is not None and event.because != LOST:
            self._mark(store, RightMark(application_id, what, event.because, event.occurred_at))
        elif event.kind == "restore" and not _tells_itself(store.tickets_of(application_id), event.occurred_at):
            self._lifted(store, application_id, SUSPENDED, event.occurred_at)

    def _lifted(
        self, store: TicketNewsStore, application_id: ApplicationId, what: Collection[What], at: datetime
    ) -> None:
        case = store.case_of(application_id)
        known = frozenset[str]() if case is None else look_up_child(store, case, self._environment.keys).children
        store.settle_marks(application_id, known, what, at)

    def _mark(self, store: TicketNewsStore, mark: RightMark, *, in_turn: bool = False) -> None:
        """Where cases are open that would get a ticket, a person is asked there too: also one who was asked already,
        but not of this. A change of the own share alone touches no ticket, and waits on."""
        case = store.case_of(mark.application_id)
        child = None if case is None else child_of(store, case, self._environment.keys)
        store.mark_right(mark, child, in_turn=in_turn)
        if case is None or mark.what != "revoked":
            return
        for each in self._open_cases(store, case):
            if self._may_get_ticket(store, each) and untold(store, each, SIGNER, self._environment.keys):
                put_question(store, each, asked_of(store, each, self._environment.keys), self._environment, SIGNER)

    def _open_cases(self, store: TicketNewsStore, case: Case) -> Iterator[Case]:
        """Of this application, and of others whose child may be the same, for whatever school year."""
        yield from store.cases_of(case.application_id)
        named = applicant_of(case, None)
        if named is None:
            return
        present = SchoolYear.of(day_in_berlin(self._environment.now()))
        years = {*store.open_years(case.authority_id), case.school_year, str(present), str(present.next)}
        marks = [marks_of(named.child, case.authority_id, each, self._environment.keys) for each in sorted(years)]
        for other in chain.from_iterable(map(store.open_like, marks)):
            if other.application_id != case.application_id:
                yield other

    def _may_get_ticket(self, store: TicketNewsStore, case: Case) -> bool:
        last = store.decision_of(case.id)
        if last is None or not is_waiting(case, last):
            return case.state == "review"
        return last.outcome == "granted" and last.terms.grant_id is None


def _tells_itself(tickets: Sequence[KnownTicket], at: datetime) -> bool:
    """Of a suspended ticket that was still running at that moment its own news tell what became of it: whoever lifts
    one suspension need not have lifted all."""
    return any(each.state == "suspended" and each.valid_until > at for each in tickets)


def _ticket(event: TicketStateChanged) -> KnownTicket:
    return KnownTicket(
        ticket_id=event.ticket_id,
        application_id=ApplicationId(event.application_id),
        authority_id=event.authority_id,
        number=event.number,
        organisation_id=event.organisation_id,
        state=event.state,
        reason=event.reason,
        since=event.occurred_at,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        step=event.step,
        replaces=event.replaces,
        last_day=event.last_day,
    )

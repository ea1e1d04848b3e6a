"""What the signer tells of tickets: how they stand, what stands against a child's right to ride, what became of what
the desk asked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from shared.calendar import day_in_berlin
from shared.events import TicketRequestAnswered, TicketStateChanged

from eligibility.domain.case import Case
from eligibility.domain.child import applicant_of, marks_of
from eligibility.domain.ids import ApplicationId
from eligibility.domain.ticket import BARRING, LOST, KnownTicket, RightMark, What
from eligibility.rules.findings import as_dict
from eligibility.workflow.decision.earlier_right import MarkStore, ask, digests, is_asked
from eligibility.workflow.decision.prepared import review_opened
from eligibility.workflow.decision.release import drop_prepared
from eligibility.workflow.decision.right_to_ride import child_of
from eligibility.workflow.ports import (
    AuditTrail,
    CaseContents,
    CaseReader,
    CaseStates,
    ChildStore,
    DecisionReader,
    DecisionWriter,
    Outbox,
    Surroundings,
)

SIGNER = "signer"
BOTH: tuple[What, ...] = ("revoked", "suspended")
MARKS: dict[str, What] = {"revoke": "revoked", "suspend": "suspended"}
"""What a request leaves behind, by its kind."""


class TicketNewsStore(
    CaseStates,
    DecisionReader,
    DecisionWriter,
    Outbox,
    CaseContents,
    ChildStore,
    CaseReader,
    AuditTrail,
    MarkStore,
    Protocol,
):
    """The store, as news of tickets are kept in it."""

    def keep_ticket(self, ticket: KnownTicket) -> bool:
        """False where a later step of it is known."""

    def mark_right(self, mark: RightMark, child: str | None) -> None:
        """`child`: digest, by which it stands against the child's other applications too."""

    def answer_ticket_request(self, request_id: UUID, state: str, refused: str, now: datetime) -> None:
        """The first answer stands; requests of others are not kept here."""


class Tickets:
    """Hears ticket.state_changed and ticket.request_answered."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._around = surroundings

    async def state_changed(self, event: TicketStateChanged) -> Callable[[TicketNewsStore], None]:
        return partial(self._keep, event)

    async def answered(self, event: TicketRequestAnswered) -> Callable[[TicketNewsStore], None]:
        return partial(self._answer, event)

    def _keep(self, event: TicketStateChanged, store: TicketNewsStore) -> None:
        """1. Only what is newer than what is known. 2. A ticket that is good again: nothing stands against its right.
        3. One that is not, other than because its grant ended: the child's next ticket is a person's matter."""
        # 1.
        if not store.keep_ticket(_ticket(event)):
            return
        application_id = ApplicationId(event.application_id)
        # 2.
        if event.happened == "restored":
            case = store.case_of(application_id)
            known = frozenset[str]() if case is None else digests(store, case, self._around.keys)
            store.settle_marks(application_id, known, BOTH, self._around.now())
        # 3.
        elif event.state == "suspended":
            self._mark(store, RightMark(application_id, "suspended", event.reason, event.occurred_at))
        elif event.state == "revoked" and event.reason in BARRING:
            self._mark(store, RightMark(application_id, "revoked", event.reason, event.occurred_at))

    def _answer(self, event: TicketRequestAnswered, store: TicketNewsStore) -> None:
        """A right may be revoked or suspended while it has no ticket: then no ticket's state tells of it."""
        store.answer_ticket_request(event.request_id, event.outcome, event.reason, event.occurred_at)
        what = MARKS.get(event.kind)
        if what is not None and event.outcome == "done" and event.application_id and event.because != LOST:
            self._mark(store, RightMark(ApplicationId(event.application_id), what, event.because, event.occurred_at))

    def _mark(self, store: TicketNewsStore, mark: RightMark) -> None:
        """Where cases are open that would get a ticket, a person is asked there too."""
        case = store.case_of(mark.application_id)
        child = None if case is None else child_of(store, case, self._around.keys)
        store.mark_right(mark, child)
        if case is None or mark.what != "revoked":
            return
        for each in self._open_cases(store, case):
            if not is_asked(each):
                self._put_to_person(store, each, mark)

    def _open_cases(self, store: TicketNewsStore, case: Case) -> Iterator[Case]:
        """Of this application, and of others of the child."""
        yield from store.cases_of(case.application_id)
        named, known = applicant_of(case, None), digests(store, case, self._around.keys)
        if named is None or not known:
            return
        marks = marks_of(named.child, case.authority_id, case.school_year, self._around.keys)
        for like in store.children_like(marks, case.application_id, day_in_berlin(self._around.now())).cases:
            other = store.case(like.id)
            if other is not None and known & digests(store, other, self._around.keys):
                yield other

    def _put_to_person(self, store: TicketNewsStore, case: Case, mark: RightMark) -> None:
        now, prepared = self._around.now(), store.decision_of(case.id)
        waits = case.state == "prepared" and prepared is not None and prepared.released_at is None
        if case.state != "review" and not (waits and prepared is not None and prepared.outcome == "granted"):
            return
        ways = prepared.ways if waits and prepared is not None else case.ways
        asked = replace(case, state="review", reasons=(as_dict(ask(mark)), *case.reasons), ways=ways)
        drop_prepared(store, case, "facts_changed", now)
        store.revise(asked, now)
        store.emit(review_opened(replace(asked, opened_at=now)))
        store.audit(
            authority_id=case.authority_id, subject=SIGNER, act="right to ride revoked", case_id=case.id, now=now
        )


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
    )

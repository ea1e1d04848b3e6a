"""The present state told again out of the tables, for hearers that lost more than outbox and broker still hold."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from shared.events import (
    EligibilityGranted,
    EligibilityMessageFiled,
    EligibilityMessageRead,
    EligibilityRefused,
    EligibilityShareChanged,
    Event,
    head,
)

from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.ids import CaseId, DecisionId, MessageId, NoticeToken
from eligibility.domain.keys import Keys
from eligibility.domain.message import Message
from eligibility.workflow.case_queries import WORK
from eligibility.workflow.decision.awaited_school import AttendanceReader, waits_still
from eligibility.workflow.decision.decision_events import granted_event, refused_event, withdrawn_event
from eligibility.workflow.decision.prepared import review_opened
from eligibility.workflow.decision.right_to_ride import ChildReader, child_of, grant_of
from eligibility.workflow.decision.waiting_ticket import ChildsTickets, waits_for
from eligibility.workflow.family.share_change import share_changed
from eligibility.workflow.rule_sets.own_form_desk import published_event
from eligibility.workflow.rule_sets.own_form_versions import OwnFormVersion

PAGE = 50
Released = EligibilityGranted | EligibilityRefused
Decided = TypeVar("Decided", Released, EligibilityShareChanged)


class GrantStore(ChildReader, ChildsTickets, AttendanceReader, Protocol):
    """The store, as a grant is told again out of it."""

    def notice_of(self, decision_id: DecisionId) -> NoticeToken | None:
        """The token of the decision's notice; None: none was written."""


class Store(GrantStore, Protocol):
    def page_of_all(self, after: CaseId | None, limit: int) -> Sequence[Case]:
        """Of all authorities, by id, from the one after `after` on."""
        ...

    def decisions_of(self, case_id: CaseId) -> Sequence[Decision]:
        """All decisions of the case, the earliest first."""

    def published_own_forms(self) -> Sequence[OwnFormVersion]:
        """Of all authorities, by authority and version."""
        ...

    def page_of_messages(self, after: MessageId | None, limit: int) -> Sequence[Message]:
        """Of all applications, by id, from the one after `after` on."""


def announce(store: Store, keys: Keys, public_url: str) -> Iterator[Sequence[Event]]:
    """What authorities add to the form, every decision that was let out, every case that a person must look at, every
    end of a grant, and what became of messages. A page at a time."""
    yield [published_event(each) for each in store.published_own_forms()]
    after: CaseId | None = None
    while page := store.page_of_all(after, PAGE):
        after = page[-1].id
        yield [event for case in page for event in _events(store, case, keys, public_url)]
    yield from _of_messages(store)


def _events(store: Store, case: Case, keys: Keys, public_url: str) -> Iterator[Event]:
    """In the order in which it happened: what ended, what is in force, and what a person must look at."""
    decisions = [each for each in store.decisions_of(case.id) if each.released_at is not None]
    living = [each for each in decisions if each.withdrawn_at is None]
    over = [each for each in decisions if each.withdrawn_at is not None and each.outcome == "granted"]
    over = [each for each in over if each.ended_because != "family_changed"]
    for each in over:
        grant, because = grant_of(each, decisions), each.ended_because or "application_withdrawn"
        yield withdrawn_event(case, grant, because, each.withdrawn_at or case.opened_at, each.ended_on)
    if case.state == "withdrawn" and not any(each.ended_because == "application_withdrawn" for each in over):
        yield withdrawn_event(case, None, "application_withdrawn", case.opened_at)
        return
    for each in living:
        goes_on = grant_of(each, decisions)
        for one in (goes_on, each) if goes_on.id != each.id else (each,):
            place = one.released_at or one.prepared_at, _notice_url(store, one, public_url)
            if one.terms.grant_id:
                yield _without_open_change(case, share_changed(case, one, goes_on, *place))
            elif one.outcome == "granted":
                yield _without_open_change(case, told_grant(store, case, one, keys, public_url))
            else:
                yield _without_open_change(case, refused_event(case, one, *place))
    if case.state == "review":
        yield review_opened(case)


def told_grant(store: GrantStore, case: Case, grant: Decision, keys: Keys, public_url: str) -> EligibilityGranted:
    """A released grant as it stands now: whose it is, and whether its ticket waits."""
    at, child = grant.released_at or grant.prepared_at, child_of(store, case, keys)
    known = store.attendance_of(case.application_id, case.school_year)
    more = {
        "child": child,
        "behind_another": bool(waits_for(store, case, grant, child)),
        "awaits_school": waits_still(known, case, grant),
    }
    return granted_event(case, grant, at, _notice_url(store, grant, public_url)).model_copy(update=more)


def _notice_url(store: GrantStore, decision: Decision, public_url: str) -> str:
    token = store.notice_of(decision.id)
    return f"{public_url}/v1/notices/{token}" if token else ""


def _without_open_change(case: Case, told: Decided) -> Decided:
    """While a change is looked at, the newest is not in what was decided before it; which one was, is not kept."""
    return told.model_copy(update={"change_number": None}) if case.state in WORK else told


def _of_messages(store: Store) -> Iterator[Sequence[Event]]:
    """Each once, however many school years its application has, and also one whose case is not there yet."""
    after: MessageId | None = None
    while page := store.page_of_messages(after, PAGE):
        after = page[-1].id
        yield [event for each in page for event in _of_message(each)]


def _of_message(message: Message) -> Iterator[Event]:
    yield EligibilityMessageFiled(**head(message, message.told_at), message_id=message.id, look_by=message.look_by)
    if message.read_at is not None:
        yield EligibilityMessageRead(**head(message, message.read_at), message_id=message.id)

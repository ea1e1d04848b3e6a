"""All that is kept of a case, as a person reads it: decisions, questions, acts, the notice and how it was delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from shared.calendar import day_in_berlin
from shared.events import ApplicationSubmitted

from eligibility.domain.attendance import AwaitsSchool, KnownAttendance
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.desk import Act, Change, Delivery, Document, Proposal, Question
from eligibility.domain.dispatch import Dispatch
from eligibility.domain.ids import CaseId, NoticeToken
from eligibility.domain.message import Message
from eligibility.domain.recipients import APPLICANT
from eligibility.domain.second_person import PRESET, SecondPersonAct, waits_for_second
from eligibility.domain.ticket import KnownTicket, RightMark, TicketRequest
from eligibility.notice.remedy_period import Remedy, remedy
from eligibility.rules.findings import ABOUT
from eligibility.workflow.case_queries import CaseFileQueries
from eligibility.workflow.decision.ask_first import is_waiting
from eligibility.workflow.decision.awaited_school import release_waits
from eligibility.workflow.decision.earlier_right import MAYBE, may_be_another
from eligibility.workflow.decision.guard import Stake, at_stake, running_grants
from eligibility.workflow.decision.waiting_ticket import waits_for, waits_for_quota
from eligibility.workflow.delivery.steps import announced_in_portal


@dataclass(frozen=True)
class KeptNotice:
    """A notice that was written down, how it was delivered, and until when it can be challenged."""

    decision: Decision
    token: NoticeToken
    written_at: datetime
    deliveries: Sequence[Delivery]
    remedy: Remedy
    """Of who applied."""
    dispatches: Sequence[Dispatch] = ()
    """To all addressees, the oldest first."""
    others: Mapping[int, Remedy] = field(default_factory=dict)
    """Of the other addressees, by their number."""


@dataclass(frozen=True)
class CaseFile:
    case: Case
    decision: Decision | None
    """The latest."""
    decisions: Sequence[Decision]
    questions: Sequence[Question]
    proposal: Proposal | None
    acts: Sequence[Act]
    notices: Sequence[KeptNotice]
    today: date
    documents: Sequence[Document] = ()
    """What the family handed in and has not removed, oldest first."""
    removed: Sequence[Document] = ()
    """What it has removed again."""
    messages: Sequence[Message] = ()
    """What the family wrote and sent, oldest first."""
    application_url: str = ""
    """Where the documents are served."""
    grant: Decision | None = None
    """In force: what the family has now."""
    stake: Stake | None = None
    """What it would lose by the decision that is prepared."""
    changes: Sequence[Change] = ()
    """What it told since the decision that is in force, oldest first, or else last; each with what had been told until
    then."""
    told: ApplicationSubmitted | None = None
    """As it stands now."""
    schools: Mapping[str, str] = field(default_factory=dict)
    """Names of the schools that are named in it, by number."""
    tickets: Sequence[KnownTicket] = ()
    """The oldest first."""
    waits_for: Sequence[CaseId] = ()
    """The child's other cases, whose tickets its own waits for."""
    quota_until: datetime | None = None
    """Until when its ticket waits, because the authority's of this hour are signed; None: it does not wait for that."""
    rights: Sequence[tuple[CaseId, RightMark]] = ()
    """What stands against a right that may be this child's, as its questions ask, and in which case."""
    ticket_requests: Sequence[TicketRequest] = ()
    """What was asked of them here, likewise."""
    attendance: KnownAttendance | None = None
    """What the school says; None: nothing, and nothing waits for it."""
    awaits_school: AwaitsSchool = "nothing"
    """What waits for the school now."""
    second_person_for: Sequence[SecondPersonAct] = PRESET
    """What the authority lets nobody decide alone."""

    @property
    def may_prove_attendance(self) -> bool:
        """Whether other evidence can take the place of the school's own statement."""
        known, school = self.attendance, self.case.school_number
        return self.case.state in ("review", "prepared", "granted") and (known is None or not known.confirms(school))

    @property
    def must_look_at_school(self) -> bool:
        """Whether what the school says, or does not say, lies on the pile."""
        known = self.attendance
        return known is not None and known.look_from is not None and known.look_from <= self.today

    def may_confirm(self, subject: str) -> bool:
        """Whether this person may confirm what is proposed."""
        if self.proposal is None:
            return False
        outcome = str(self.proposal.content["outcome"])
        waits = waits_for_second(self.second_person_for, outcome, against_rules=True)
        return not waits or self.proposal.proposed_by != subject


def read_file(store: CaseFileQueries, case: Case, now: datetime, application_url: str = "") -> CaseFile:
    """All that is kept of a case, in one read.

    Args:
        application_url: where the service that keeps documents is reached.
    """
    today = day_in_berlin(now)
    decisions = store.decisions_of(case.id)
    authority = store.authority(case.authority_id)
    newest, told = store.decision_of(case.id), store.told_of(case.id)
    prepared = newest if case.state == "prepared" and newest is not None and newest.released_at is None else None
    grant = next(reversed(running_grants(store, case, today)), None)
    handed_in = store.documents_of(case.application_id)
    changes = _undecided(store.changes_of(case.id), grant or _last_out(decisions))
    tickets = store.tickets_of(case.application_id)
    return CaseFile(
        case=case,
        decision=newest,
        decisions=decisions,
        questions=store.questions_of([case.id]),
        proposal=store.proposal_of(case.id),
        acts=store.acts_of(case.id),
        notices=_notices(store, decisions, authority, today),
        today=today,
        documents=[each for each in handed_in if each.removed_at is None],
        removed=[each for each in handed_in if each.removed_at is not None],
        messages=store.messages_of(case.application_id),
        application_url=application_url,
        grant=grant,
        stake=at_stake(store, case, prepared, today) if prepared is not None else None,
        changes=changes,
        told=told,
        schools=_schools(store, changes, told),
        tickets=tickets,
        quota_until=_quota_until(store, case, grant, tickets, now),
        waits_for=_waits_for(store, case, grant),
        rights=_rights(store, case),
        ticket_requests=store.ticket_requests_of(case.application_id),
        attendance=store.attendance_of(case.application_id, case.school_year),
        awaits_school=_awaits_school(store, authority, case, newest),
        second_person_for=PRESET if authority is None else authority.second_person_for,
    )


def _notices(
    store: CaseFileQueries, decisions: Sequence[Decision], authority: Authority | None, today: date
) -> list[KeptNotice]:
    """Those of `decisions` that were written down, in their order."""
    act = authority is None or authority.decides_by == "administrative_act"
    notices = []
    for decision in decisions:
        found = store.notice_written(decision.id)
        if found is not None:
            is_act = act and not decision.terms.self_payer
            notices.append(_kept_notice(store, decision, found, today, is_act=is_act))
    return notices


def _kept_notice(
    store: CaseFileQueries, decision: Decision, found: tuple[NoticeToken, datetime], today: date, *, is_act: bool
) -> KeptNotice:
    deliveries, dispatches = store.deliveries_of(found[0]), store.dispatches_of(found[0])
    until = {
        recipient: remedy(
            [each for each in deliveries if each.recipient == recipient],
            announced=announced_in_portal(dispatches, recipient),
            today=today,
            administrative_act=is_act,
        )
        for recipient in sorted({APPLICANT, *(each.recipient for each in dispatches)})
    }
    return KeptNotice(decision, *found, deliveries, until.pop(APPLICANT), dispatches, until)


def _waits_for(store: CaseFileQueries, case: Case, grant: Decision | None) -> Sequence[CaseId]:
    if grant is None:
        return ()
    others = (each.application_id for each in waits_for(store, case, grant, store.child_told(case.application_id)))
    cases = (store.case_of(each) for each in dict.fromkeys(others))
    return [each.id for each in cases if each is not None]


def _quota_until(
    store: CaseFileQueries, case: Case, grant: Decision | None, tickets: Sequence[KnownTicket], now: datetime
) -> datetime | None:
    until = store.quota_until(case.authority_id)
    waits = until is not None and now < until and grant is not None and waits_for_quota(tickets, grant)
    return until if waits else None


def _rights(store: CaseFileQueries, case: Case) -> Sequence[tuple[CaseId, RightMark]]:
    asked = {each[ABOUT].removesuffix(MAYBE) for each in case.reasons if may_be_another(each)}
    marks = [each for each in store.marked_of(case.authority_id) if each.key in asked] if asked else []
    found = ((store.case_of(each.application_id), each) for each in marks)
    return [(other.id, mark) for other, mark in found if other is not None]


def _awaits_school(
    store: CaseFileQueries, authority: Authority | None, case: Case, newest: Decision | None
) -> AwaitsSchool:
    if authority is None or newest is None:
        return "nothing"
    if is_waiting(case, newest):
        return "release" if release_waits(store, authority, case, newest) else "nothing"
    known = store.attendance_of(case.application_id, case.school_year)
    waits = known is not None and known.waiting_grant is not None and not known.confirms(case.school_number)
    return "ticket" if waits and case.state == "granted" else "nothing"


def _last_out(decisions: Sequence[Decision]) -> Decision | None:
    return next((each for each in reversed(decisions) if each.released_at and each.terms.grant_id is None), None)


def _undecided(changes: Sequence[Change], known: Decision | None) -> Sequence[Change]:
    """Those that the decision in force does not rest on; where it rests on all, the last."""
    since = [each for each in changes if known is None or each.told_at > known.prepared_at]
    return since or changes[-1:]


def _schools(store: CaseFileQueries, changes: Sequence[Change], told: ApplicationSubmitted | None) -> dict[str, str]:
    before = changes[0].before if changes else None
    numbers = {each.school_number for each in (told, before) if each is not None}
    numbers |= {each.leaves_for for each in changes if each.leaves_for}
    found = (store.school(each) for each in sorted(numbers))
    return {each.number: each.short_name or each.name for each in found if each is not None}

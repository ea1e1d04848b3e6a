"""Letting a decision out: the state, the notice and the event, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from geography.model import School
from shared.calendar import day_in_berlin
from shared.school_names import everyday_name

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Because, Decision, in_turn
from eligibility.domain.ending import Ending
from eligibility.domain.ids import NoticeToken
from eligibility.domain.said import digest_of
from eligibility.domain.ticket import RightMark
from eligibility.notice.content import notice_content
from eligibility.workflow.decision.awaited_school import AttendanceStore, check_release, expect_school, ticket_waits
from eligibility.workflow.decision.decision_events import granted_event, refused_event
from eligibility.workflow.decision.earlier_right import MarkStore, against, check_told, settle_known
from eligibility.workflow.decision.elsewhere import (
    DecisionsElsewhere,
    EndLearntStore,
    RestoredDecisionStore,
    end_elsewhere,
    learn_end,
    under_its_own_id,
)
from eligibility.workflow.decision.guard import check_end, must_be_signed
from eligibility.workflow.decision.right_to_ride import ChildTeller, carried_grant, tell_child
from eligibility.workflow.decision.standing import end_earlier, note_end
from eligibility.workflow.decision.start import begin_no_sooner, law_of
from eligibility.workflow.decision.waiting_ticket import ChildsTickets, waits_for
from eligibility.workflow.delivery.steps import NoticeOnItsWay, start
from eligibility.workflow.family.share_change import ShareStore, release_share_decision
from eligibility.workflow.ports import (
    DecisionReader,
    DecisionWriter,
    Environment,
)


class SupersedeStore(DecisionReader, DecisionWriter, Protocol):
    """The store, as a decision takes the place of another."""


class ReleaseStore(
    ShareStore, RestoredDecisionStore, EndLearntStore, MarkStore, ChildTeller, ChildsTickets, AttendanceStore, Protocol
):
    """The store, as a decision is let out in it: what a decision on the own share needs, the family, the trail."""

    def archived(self, rules_version: str) -> str | None:
        """The content of a published rule set as JSON; None: no such version was kept."""

    def school(self, number: str) -> School | None:
        """By its number in the register; None: there is none."""


@dataclass(frozen=True)
class Release:
    """One decision as it is let out: where, by whom, and at which moment."""

    store: ReleaseStore
    authority: Authority
    case: Case
    by: str
    """`rules` where the authority lets the machine release, else the person's OIDC subject."""
    environment: Environment
    ending: Ending | None
    """What a person who looked at this one case says of a grant that ends by it; None where nobody did."""
    responsible: str
    """That person's name, as the identity provider says it."""
    now: datetime


@dataclass(frozen=True)
class Succession:
    """A decision that has been let out, and what it follows."""

    decision: Decision
    earlier: Decision | None
    """What the notice says it replaces."""
    elsewhere: DecisionsElsewhere
    """What others have heard of the case."""


def release_decision(
    store: ReleaseStore,
    authority: Authority,
    case: Case,
    decision: Decision,
    *,
    by: str,
    environment: Environment,
    ending: Ending | None = None,
    responsible: str = "",
    standing: Sequence[RightMark] | None = None,
    child: str | None = None,
) -> None:
    """Release `decision`. `by`, `ending`, `responsible`: see Release.

    1. Nothing goes out that must not (guard) or that waits for the school, nor a ticket whose right was revoked or is
    suspended without this person's having been told: raises Conflict or Invalid. 2. The case and the decision change
    state; one that was in force ends, on its day, and is kept. 3. The notice is written down with all that it will say;
    a worker prints it. 4. The event goes out with this transaction, and the notice begins its way to its addressees.

    Args:
        standing: what is against the child's right, and `child` what is told of the child, where this transaction has
            looked them up.
    """
    release = Release(store, authority, case, by, environment, ending, responsible, environment.now())
    store.family_changed(case.id, release.now)
    if decision.terms.grant_id is not None:
        release_share_decision(
            store, authority, case, decision, by=by, environment=environment, responsible=responsible
        )
        return
    # 1.
    check_release(store, authority, case, decision)
    standing = _check_right(release, decision, standing)
    decision = _check_end(release, decision)
    # 2.
    follows = _change_state(release, decision)
    # 3.
    knows = settle_known(store, standing, case, by, release.now)
    token, notice_url = _write_notice(release, follows)
    # 4.
    _emit(release, follows, notice_url, knows, child)
    notice = NoticeOnItsWay(token, follows.decision, case, authority, authority.id in environment.sealing)
    start(store, notice, by, release.now, has_mailbox=environment.has_mailbox)


def _check_right(release: Release, decision: Decision, standing: Sequence[RightMark] | None) -> Sequence[RightMark]:
    """What is against the child's right to this ticket.

    Raises:
        Conflict: where the person does not know of it yet.
    """
    store, case = release.store, release.case
    must_be_signed(release.authority, decision, release.by, release.responsible)
    if standing is None or decision.outcome != "granted":
        standing = against(store, case, release.environment.keys) if decision.outcome == "granted" else ()
    check_told(standing, case, decision, release.by)
    return standing


def _check_end(release: Release, decision: Decision) -> Decision:
    """With the end of the grant that ends by it, where one does.

    Raises:
        Conflict.
        Invalid: where something is missing for that.
    """
    store, case, by, now = release.store, release.case, release.by, release.now
    ends = check_end(store, release.authority, case, decision, by, release.ending, now)
    if ends is None:
        return decision
    decision = replace(decision, terms=replace(decision.terms, ends=ends))
    store.set_terms(decision)
    note_end(store, case, decision, ends, by, now)
    return decision


def _change_state(release: Release, decision: Decision) -> Succession:
    """Decision and case are released; what was in force ends, here and where only others know of it."""
    store, case, keys, now = release.store, release.case, release.environment.keys, release.now
    earlier = end_earlier(store, case, decision, now)
    decision = _begun(store, case, decision, earlier, day_in_berlin(now))
    decision, elsewhere = under_its_own_id(store, case, decision, keys, now)
    chosen = release.ending.ends_on if release.ending is not None else None
    end_elsewhere(store, case, decision, elsewhere, now, chosen)
    digest = digest_of(decision, case.application_id, keys)
    released = replace(decision, released_at=now, released_by=release.by, digest=digest)
    store.set_state(case.id, decision.outcome, now)
    store.set_released(released)
    return Succession(released, earlier, elsewhere)


def _write_notice(release: Release, follows: Succession) -> tuple[NoticeToken, str]:
    """Its token, and the address at which it can be read."""
    store, case, decision, earlier = release.store, release.case, follows.decision, follows.earlier
    token = release.environment.token()
    before = _school_before(store, case, earlier)
    content = notice_content(release.authority, case, decision, earlier, release.responsible, school_before=before)
    store.add_notice(token, decision.id, content, release.now)
    return token, f"{release.environment.public_url}/v1/notices/{token}"


def _emit(release: Release, follows: Succession, notice_url: str, knows: bool, child: str | None) -> None:
    """`knows`: whether whoever grants knew of every revocation; `child`: what others are told of the child."""
    store, case, now, decision, earlier = release.store, release.case, release.now, follows.decision, follows.earlier
    if decision.outcome == "refused":
        store.emit(refused_event(case, decision, now, notice_url))
        return
    granted = granted_event(case, decision, now, notice_url)
    replaced = carried_grant(earlier, store.decisions_of(case.id), decision) if earlier is not None else None
    child = tell_child(store, case, release.environment.keys, now, child)
    waits = ticket_waits(store, release.authority, case, decision)
    if waits:
        expect_school(store, release.authority, case, decision, now, ticket=True)
    more = {"child": child, "instead_of": replaced, "knows_revocation": knows, "awaits_school": waits}
    store.emit(granted.model_copy(update=more | {"behind_another": bool(waits_for(store, case, decision, child))}))
    if (heard := follows.elsewhere.get(decision.round)) is not None and heard.by_person:
        learn_end(store, case, heard, now)  # it was let out before, and a person has ended it since


def _school_before(store: ReleaseStore, case: Case, earlier: Decision | None) -> str:
    """The school of an earlier grant as people call it; empty where it is the same, or was not measured."""
    way = (earlier.routes.get("attended") or {}) if earlier is not None else {}
    number = way.get("school_number", case.school_number)
    school = store.school(number) if number != case.school_number else None
    return "" if school is None else everyday_name(school.name or school.short_name)


def _begun(store: ReleaseStore, case: Case, decision: Decision, earlier: Decision | None, today: date) -> Decision:
    """A ticket, and what is paid for it, begin no sooner than it is let out."""
    if decision.valid_from is None or decision.valid_from >= today:
        return decision
    law = law_of(store.archived(decision.rules_version), case.school_year)
    late = begin_no_sooner(decision, earlier, law, today)
    if late is not decision:
        store.set_share(late)
    return late


def supersede_prepared(
    store: SupersedeStore, case: Case, decision: Decision, because: Because, now: datetime
) -> Decision:
    """`decision` as the next of its case. One that was prepared and never let out is dropped."""
    known = store.decisions_of(case.id)
    drop_prepared(store, case, because, now)
    replaces = any(each.released_at and not each.withdrawn_at for each in known)
    return replace(in_turn(decision, known), because=because if replaces else None)


def drop_prepared(store: SupersedeStore, case: Case, because: Because, now: datetime) -> None:
    """What was prepared and never let out is dropped; it is kept."""
    for each in store.decisions_of(case.id):
        if each.released_at is None and each.withdrawn_at is None:
            store.set_withdrawn(each.id, because, now)

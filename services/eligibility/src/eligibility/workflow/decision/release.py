"""Letting a decision out: the state, the notice and the event, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from geography.model import School
from shared.calendar import day_before, day_in_berlin
from shared.school_names import everyday_name

from eligibility.domain.acts import ActKind, DetailValue
from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Because, Decision, in_turn
from eligibility.domain.ending import Ending, GrantEnd
from eligibility.domain.ids import DecisionId
from eligibility.domain.said import digest_of
from eligibility.domain.ticket import RightMark
from eligibility.notice.content import notice_content
from eligibility.workflow.decision.decision_events import granted_event, refused_event, withdrawn_event
from eligibility.workflow.decision.earlier_right import MarkStore, against, check_told, settle_known
from eligibility.workflow.decision.elsewhere import (
    ElsewhereStore,
    EndLearntStore,
    end_elsewhere,
    learn_end,
    under_its_own_id,
)
from eligibility.workflow.decision.guard import check_end, must_be_signed, running_grants
from eligibility.workflow.decision.losses import last_day
from eligibility.workflow.decision.right_to_ride import ChildTeller, carried_grant, grant_of, tell_child
from eligibility.workflow.decision.start import begin_no_sooner, law_of
from eligibility.workflow.decision.waiting_ticket import ChildsTickets, waits_for
from eligibility.workflow.family.share_change import ShareStore, release_share_decision
from eligibility.workflow.ports import (
    AuditTrail,
    DecisionReader,
    DecisionWriter,
    Environment,
    Outbox,
)


class SupersedeStore(DecisionReader, DecisionWriter, Protocol):
    """The store, as a decision takes the place of another."""


class EndStore(DecisionReader, DecisionWriter, Outbox, Protocol):
    """The store, as a decision ends in it."""


class ReleaseStore(ShareStore, ElsewhereStore, EndLearntStore, MarkStore, ChildTeller, ChildsTickets, Protocol):
    """The store, as a decision is let out in it: what a decision on the own share needs, the family, the trail."""

    def archived(self, rules_version: str) -> str | None:
        """The content of a published rule set as JSON; None: no such version was kept."""

    def school(self, number: str) -> School | None:
        """By its number in the register; None: there is none."""


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
    """Release `decision`. `by`: `rules` where the authority lets the machine release, else the person's OIDC subject.
    `ending`: what a person who looked at this one case says of a grant that ends by it; None where nobody did.
    `responsible`: that person's name, as the identity provider says it. `standing`: what is against the child's right,
    and `child` what is told of the child, where this transaction has looked them up.

    1. Nothing goes out that must not (guard), nor a ticket whose right was revoked or is suspended without this
    person's having been told: raises Conflict or Invalid. 2. The case and the decision change state;
    one that was in force ends, on its day, and is kept. 3. The notice is written down with all that it will say; a
    worker prints it. 4. The event goes out with this transaction.
    """
    now = environment.now()
    store.family_changed(case.id, now)
    if decision.terms.grant_id is not None:
        release_share_decision(
            store, authority, case, decision, by=by, environment=environment, responsible=responsible
        )
        return
    # 1.
    must_be_signed(authority, decision, by, responsible)
    if standing is None or decision.outcome != "granted":
        standing = against(store, case, environment.keys) if decision.outcome == "granted" else ()
    check_told(standing, case, decision, by)
    ends = check_end(store, authority, case, decision, by, ending, now)
    if ends is not None:
        decision = replace(decision, terms=replace(decision.terms, ends=ends))
        store.set_terms(decision)
        _note_end(store, case, decision, ends, by, now)
    # 2.
    earlier = _end_earlier(store, case, decision, now)
    decision = _begun(store, case, decision, earlier, day_in_berlin(now))
    decision, elsewhere = under_its_own_id(store, case, decision, environment.keys, now)
    end_elsewhere(store, case, decision, elsewhere, now, ending.ends_on if ending is not None else None)
    digest = digest_of(decision, case.application_id, environment.keys)
    released = replace(decision, released_at=now, released_by=by, digest=digest)
    store.set_state(case.id, decision.outcome, now)
    store.set_released(released)
    # 3.
    knows = settle_known(store, standing, case, by, now)
    token = environment.token()
    before = _school_before(store, case, earlier)
    content = notice_content(authority, case, released, earlier, responsible, school_before=before)
    store.add_notice(token, decision.id, content, now)
    # 4.
    notice_url = f"{environment.public_url}/v1/notices/{token}"
    if decision.outcome == "refused":
        store.emit(refused_event(case, released, now, notice_url))
        return
    told = granted_event(case, released, now, notice_url)
    replaced = carried_grant(earlier, store.decisions_of(case.id), released) if earlier is not None else None
    child = tell_child(store, case, environment.keys, now, child)
    more = {"child": child, "instead_of": replaced, "knows_revocation": knows}
    store.emit(told.model_copy(update=more | {"behind_another": bool(waits_for(store, case, released, child))}))
    if (heard := elsewhere.get(released.round)) is not None and heard.by_person:
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


def _end_earlier(store: ReleaseStore, case: Case, decision: Decision, now: datetime) -> Decision | None:
    """What was in force ends: on its day, where that is to come. Returns what the notice says it replaces."""
    if decision.round == 1 or decision.terms.self_payer:
        return None
    today, because = day_in_berlin(now), decision.because or "decided_anew"
    ending = released_decisions(store, case)
    for each in ending:
        next_one = decision.id if carried_grant(each, store.decisions_of(case.id), decision) else None
        last = _ends_on(each, decision, today)
        never_began = last is not None and each.valid_from is not None and last < each.valid_from
        end_decision(store, case, each, because, now, last, next_one if last is None or never_began else None)
    for each in running_grants(store, case, today):
        if (
            each.withdrawn_at
            and decision.outcome == "granted"
            and (day := _ends_on(each, decision, today)) != each.ended_on
        ):
            end_decision(store, case, each, because, now, day)  # it has a day to come still, which the new grant covers
    return next((each for each in reversed(ending) if not each.terms.self_payer), None)


def _ends_on(earlier: Decision, new: Decision, today: date) -> date | None:
    """Last day of an earlier grant that is still to come, None: at once. Where a grant follows, no day is left between
    them; else the day that a person chose."""
    if earlier.outcome != "granted" or earlier.valid_until is None:
        return None
    ends = new.terms.ends
    chosen = ends.last_day if ends is not None else None
    if new.outcome == "granted" and new.valid_from is not None:
        chosen = day_before(new.valid_from) if new.terms.with_ticket or chosen is None else chosen
    if chosen is None or chosen < today:
        return None
    return min(chosen, last_day(earlier))


def _note_end(store: AuditTrail, case: Case, decision: Decision, ends: GrantEnd, by: str, now: datetime) -> None:  # noqa: PLR0917
    detail: dict[str, DetailValue] = {
        "decision": str(decision.id),
        "grant": str(ends.grant_id),
        "losses": list(ends.losses),
        "last_day": _iso(ends.last_day),
        "heard_on": _iso(ends.heard_on),
        "heard_until": _iso(ends.heard_until),
        "exception": ends.exception and f"§ 28 Abs. 2 Nr. {ends.exception} VwVfG NRW",
    }
    store.audit(
        authority_id=case.authority_id,
        subject=by,
        act=ActKind.GRANT_ENDED,
        case_id=case.id,
        now=now,
        detail={name: value for name, value in detail.items() if value},
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def released_decisions(store: DecisionReader, case: Case) -> list[Decision]:
    """What was let out and has not ended, the first first: one, or a refusal and the ticket bought in its place."""
    return [each for each in store.decisions_of(case.id) if each.released_at and not each.withdrawn_at]


def current_decision(store: DecisionReader, case: Case) -> Decision | None:
    """The decision that was let out last and has not ended."""
    return next(reversed(released_decisions(store, case)), None)


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


def end_decision(  # noqa: PLR0917  # what it is about, why and when
    store: EndStore,
    case: Case,
    decision: Decision,
    because: Because,
    now: datetime,
    ends_on: date | None = None,
    followed_by: DecisionId | None = None,
) -> None:
    """A decision ends; the end of a grant is told, so that its ticket ends. `ends_on`: its last day, None: at once;
    `followed_by`: the grant that may carry its ticket on then."""
    store.set_withdrawn(decision.id, because, now, ends_on)
    if decision.outcome == "granted":
        known = () if decision.terms.grant_id is None else store.decisions_of(case.id)
        told = withdrawn_event(case, grant_of(decision, known), because, now, ends_on)
        store.emit(told.model_copy(update={"followed_by": followed_by}))

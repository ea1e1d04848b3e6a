"""A decision on the own share alone is let out: the grant and its ticket go on."""

from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from shared.calendar import day_in_berlin
from shared.errors import Conflict, Text
from shared.events import EligibilityShareChanged, Reason, head

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Decision
from eligibility.domain.said import digest_of
from eligibility.notice.own_share import share_notice
from eligibility.rules import texts
from eligibility.workflow.decision.elsewhere import under_its_own_id
from eligibility.workflow.decision.guard import NO_COURT, hearing_of, must_be_signed
from eligibility.workflow.delivery.ports import DeliverySteps
from eligibility.workflow.delivery.steps import NoticeOnItsWay, start
from eligibility.workflow.family.shares import ShareChange, decided_shares, only_from_now, share_on
from eligibility.workflow.ports import (
    CaseStates,
    DecisionReader,
    DecisionWriter,
    Environment,
    QuestionReader,
    ReleaseWriter,
)

HEAR_FIRST = Text(
    "Der Eigenanteil steigt: Bitte geben Sie der Familie zuerst Gelegenheit, sich zu äußern (eine Frage mit Frist, als "
    "Anhörung gekennzeichnet), und warten Sie die Antwort oder die Frist ab (§ 28 VwVfG NRW).",
    "The own share rises: please hear the family first (a question with a date, marked as a hearing), and wait for the "
    "answer or the date (§ 28 VwVfG NRW).",
)
NOTHING_LEFT = Text(
    "Bis zum Ende der Bewilligung bleibt kein Monat, für den der neue Eigenanteil noch gelten könnte. Bitte verwerfen "
    "Sie ihn.",
    "No month is left until the end of the grant for which the new own share could hold. Please drop it.",
)
HEARD = "heard_before"
"""A reason's rule that says: the family is to be heard before this goes out."""


class ShareStore(CaseStates, DecisionReader, DecisionWriter, ReleaseWriter, QuestionReader, DeliverySteps, Protocol):
    """The store, as an own share is released in it."""


def release_share_decision(
    store: ShareStore,
    authority: Authority,
    case: Case,
    decision: Decision,
    *,
    by: str,
    environment: Environment,
    responsible: str = "",
) -> None:
    """Release a decision on the own share.

    1. A rise waits until the family was heard, and never holds for a time that is over: raises Conflict.
    2. It takes the place of the decision before it; that is kept, and its grant goes on. 3. Notice and news.
    """
    if not authority.can_send():
        raise Conflict(NO_COURT, field="court")
    must_be_signed(authority, decision, by, responsible)
    now, token = environment.now(), environment.token()
    today = day_in_berlin(now)
    known = store.decisions_of(case.id)
    before = next(each for each in reversed(known) if each.released_at and not each.withdrawn_at)
    grant = next(each for each in known if each.id == decision.terms.grant_id)
    # 1.
    rises = any(each["rule"] == HEARD for each in case.reasons)
    if rises and hearing_of(store.questions_of([case.id]), case, before, today) is None:
        raise Conflict(HEAR_FIRST, field="own_share")
    decision = _in_time(decision, before, today)
    # 2.
    store.set_withdrawn(before.id, "family_changed", now)
    store.set_state(case.id, "granted", now)
    decision, _ = under_its_own_id(store, case, decision, environment.keys, now)
    digest = digest_of(decision, case.application_id, environment.keys)
    released = replace(decision, released_at=now, released_by=by, digest=digest)
    store.set_share(decision)
    store.set_facts(case.id, decision.facts)
    store.set_released(released)
    # 3.
    store.add_notice(token, decision.id, share_notice(authority, case, released, grant, responsible), now)
    store.emit(share_changed(case, released, grant, now, f"{environment.public_url}/v1/notices/{token}"))
    notice = NoticeOnItsWay(token, released, case, authority, authority.id in environment.sealing)
    start(store, notice, by, now, has_mailbox=environment.has_mailbox)


def _in_time(decision: Decision, before: Decision, today: date) -> Decision:
    first, last = decision.terms.share_from, decision.valid_until
    if first is None or last is None or decision.own_share_cents is None:
        raise ValueError("a share has a day and an amount")
    amount, changes = decision.own_share_cents, decision.terms.own_share_changes
    present = decided_shares(before)
    rises = any(cents > share_on(present, day) for day, cents in ((first, amount), *changes))
    found = ShareChange(amount, first, changes, share_on(present, first), rises)
    made = only_from_now(found, today, last, next_month=first.day == 1)
    if made is None:
        raise Conflict(NOTHING_LEFT, field="own_share")
    if made == found:
        return decision
    terms = replace(decision.terms, share_from=made.from_, own_share_changes=made.changes)
    reasons = tuple(_since(each, made) for each in decision.reasons)
    return replace(decision, own_share_cents=made.cents, terms=terms, reasons=reasons)


def _since(reason: dict[str, str], made: ShareChange) -> dict[str, str]:
    """The reason that says from when how much is paid, of the day on which it holds now."""
    if reason["rule"] != "own_share":
        return reason
    german, english = texts.share_from(made.from_, made.cents)
    return {**reason, "text": german, "text_en": english}


def share_changed(
    case: Case, decision: Decision, grant: Decision, now: datetime, notice_url: str
) -> EligibilityShareChanged:
    """`grant`: the one that goes on."""
    if decision.terms.grant_id is None or decision.terms.share_from is None or decision.own_share_cents is None:
        raise ValueError("a decision on the own share names its grant, a day and an amount")
    return EligibilityShareChanged(
        **head(case, now),
        decision_id=decision.id,
        grant_id=decision.terms.grant_id,
        own_share_cents=decision.own_share_cents,
        changed_from=decision.terms.share_from,
        reasons=tuple(
            Reason.model_validate(each) for each in decision.reasons if each["rule"] in ("own_share", "family")
        ),
        rules_version=decision.rules_version,
        notice_url=notice_url,
        decision_digest=decision.digest,
        grant_digest=grant.digest,
        change_number=case.change_number,
    )

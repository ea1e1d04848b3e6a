"""Letting a decision out: the state, the notice and the event, in one transaction."""

from dataclasses import replace
from datetime import datetime

from shared.events import EligibilityGranted, EligibilityRefused, Reason

from eligibility.domain import Authority, Case, Decision
from eligibility.workflow.notice_content import notice_content
from eligibility.workflow.ports import Book, Surroundings


def let_out(book: Book, authority: Authority, case: Case, decision: Decision, *, by: str, around: Surroundings) -> None:
    """Release `decision`. `by`: `rules` where the authority lets the machine release, else the person's OIDC subject.

    1. The case and the decision change state. 2. The notice is written down with all that it will say; a worker prints
    it. 3. The event goes out with this transaction.
    """
    # 1.
    now, token = around.now(), around.token()
    book.set_state(case.id, decision.outcome, now)
    book.set_released(decision.id, by, now)
    # 2.
    released = replace(decision, released_at=now, released_by=by)
    book.add_notice(token, decision.id, notice_content(authority, case, released), now)
    # 3.
    notice_url = f"{around.public_url}/v1/notices/{token}"
    book.emit(
        granted(case, released, now, notice_url)
        if decision.outcome == "granted"
        else refused(case, released, now, notice_url)
    )


def granted(case: Case, decision: Decision, now: datetime, notice_url: str) -> EligibilityGranted:
    if decision.valid_from is None or decision.valid_until is None or decision.own_share_cents is None:
        raise ValueError("a grant without period or own share cannot be let out")
    return EligibilityGranted(
        occurred_at=now,
        authority_id=case.authority_id,
        application_id=case.application_id,
        decision_id=decision.id,
        valid_from=decision.valid_from,
        valid_until=decision.valid_until,
        own_share_cents=decision.own_share_cents,
        distance_m=decision.distance_m,
        limit_m=decision.limit_m,
        reasons=_reasons(decision),
        rules_version=decision.rules_version,
        notice_url=notice_url,
    )


def refused(case: Case, decision: Decision, now: datetime, notice_url: str) -> EligibilityRefused:
    return EligibilityRefused(
        occurred_at=now,
        authority_id=case.authority_id,
        application_id=case.application_id,
        decision_id=decision.id,
        distance_m=decision.distance_m,
        limit_m=decision.limit_m,
        reasons=_reasons(decision),
        rules_version=decision.rules_version,
        notice_url=notice_url,
    )


def _reasons(decision: Decision) -> tuple[Reason, ...]:
    return tuple(Reason.model_validate(each) for each in decision.reasons)

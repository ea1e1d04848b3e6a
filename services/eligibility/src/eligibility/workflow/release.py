"""Letting a decision out: the state, the notice and the event, in one transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from shared.events import EligibilityGranted, EligibilityRefused, EligibilityWithdrawn, Event, Reason

from eligibility.domain import Authority, Because, Case, Decision, DecisionId
from eligibility.workflow.notice_content import notice_content
from eligibility.workflow.ports import Book, DecisionBook, Surroundings


class Ending(Protocol):
    def set_withdrawn(self, decision_id: DecisionId, because: Because, now: datetime) -> None: ...
    def emit(self, event: Event) -> None: ...


def let_out(book: Book, authority: Authority, case: Case, decision: Decision, *, by: str, around: Surroundings) -> None:
    """Release `decision`. `by`: `rules` where the authority lets the machine release, else the person's OIDC subject.

    1. The case and the decision change state; one that was in force ends, and is kept. 2. The notice is written down
    with all that it will say; a worker prints it. 3. The event goes out with this transaction.
    """
    # 1.
    now, token = around.now(), around.token()
    earlier = in_force(book, case) if decision.round > 1 else None
    if earlier is not None:
        end(book, case, earlier, decision.because or "decided_anew", now)
    book.set_state(case.id, decision.outcome, now)
    book.set_released(decision.id, by, now)
    # 2.
    released = replace(decision, released_at=now, released_by=by)
    book.add_notice(token, decision.id, notice_content(authority, case, released, earlier), now)
    # 3.
    notice_url = f"{around.public_url}/v1/notices/{token}"
    book.emit(
        granted(case, released, now, notice_url)
        if decision.outcome == "granted"
        else refused(case, released, now, notice_url)
    )


def in_force(book: DecisionBook, case: Case) -> Decision | None:
    """The decision that was let out and has not ended."""
    known = book.decisions_of(case.id)
    return next((each for each in reversed(known) if each.released_at and not each.withdrawn_at), None)


def anew(book: DecisionBook, case: Case, decision: Decision, because: Because, now: datetime) -> Decision:
    """`decision` as the next of its case. One that was prepared and never let out is dropped."""
    known = book.decisions_of(case.id)
    for each in known:
        if each.released_at is None and each.withdrawn_at is None:
            book.set_withdrawn(each.id, because, now)
    replaces = any(each.released_at and not each.withdrawn_at for each in known)
    return replace(decision, round=len(known) + 1, because=because if replaces else None)


def end(book: Ending, case: Case, decision: Decision, because: Because, now: datetime) -> None:
    """A decision ends; the end of a grant is told, so that its ticket ends."""
    book.set_withdrawn(decision.id, because, now)
    if decision.outcome == "granted":
        book.emit(ended(case, decision, because, now))


def ended(case: Case, decision: Decision | None, because: Because, now: datetime) -> EligibilityWithdrawn:
    return EligibilityWithdrawn(
        occurred_at=now,
        authority_id=case.authority_id,
        application_id=case.application_id,
        decision_id=decision.id if decision else None,
        reason=because,
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

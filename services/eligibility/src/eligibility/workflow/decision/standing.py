"""What was let out and stands: which decisions, and how they end."""

from datetime import date, datetime
from typing import Protocol

from shared.calendar import day_before, day_in_berlin

from eligibility.domain.acts import ActKind, DetailValue
from eligibility.domain.case import Case
from eligibility.domain.decision import Because, Decision
from eligibility.domain.ending import GrantEnd
from eligibility.domain.ids import DecisionId
from eligibility.workflow.decision.decision_events import withdrawn_event
from eligibility.workflow.decision.guard import running_grants
from eligibility.workflow.decision.losses import last_day
from eligibility.workflow.decision.right_to_ride import carried_grant, grant_of
from eligibility.workflow.ports import AuditTrail, DecisionReader, DecisionWriter, Outbox


class EndStore(DecisionReader, DecisionWriter, Outbox, Protocol):
    """The store, as a decision ends in it."""


def released_decisions(store: DecisionReader, case: Case) -> list[Decision]:
    """What was let out and has not ended, the first first: one, or a refusal and the ticket bought in its place."""
    return [each for each in store.decisions_of(case.id) if each.released_at and not each.withdrawn_at]


def current_decision(store: DecisionReader, case: Case) -> Decision | None:
    """The decision that was let out last and has not ended."""
    return next(reversed(released_decisions(store, case)), None)


def end_earlier(store: EndStore, case: Case, decision: Decision, now: datetime) -> Decision | None:
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


def end_decision(  # noqa: PLR0917  # what it is about, why and when
    store: EndStore,
    case: Case,
    decision: Decision,
    because: Because,
    now: datetime,
    ends_on: date | None = None,
    followed_by: DecisionId | None = None,
) -> None:
    """A decision ends; the end of a grant is told, so that its ticket ends.

    Args:
        ends_on: its last day, None: at once.
        followed_by: the grant that may carry its ticket on then.
    """
    store.set_withdrawn(decision.id, because, now, ends_on)
    if decision.outcome == "granted":
        known = () if decision.terms.grant_id is None else store.decisions_of(case.id)
        told = withdrawn_event(case, grant_of(decision, known), because, now, ends_on)
        store.emit(told.model_copy(update={"followed_by": followed_by}))


def note_end(store: AuditTrail, case: Case, decision: Decision, ends: GrantEnd, by: str, now: datetime) -> None:  # noqa: PLR0917
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

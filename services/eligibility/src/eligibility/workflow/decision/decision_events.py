"""A decision as the events that tell of it."""

from datetime import date, datetime

from shared.events import (
    DatedCents,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Reason,
    SelfPayerOffer,
    head,
)

from eligibility.domain.case import Case
from eligibility.domain.decision import Because, Decision
from eligibility.domain.terms import DatedCents as Dated
from eligibility.domain.terms import Offer


def withdrawn_event(
    case: Case, grant: Decision | None, because: Because, now: datetime, ends_on: date | None = None
) -> EligibilityWithdrawn:
    """That a grant ended, or the case where `grant` is None.

    Args:
        ends_on: its last day, where that is still to come.
    """
    return EligibilityWithdrawn(
        **head(case, now),
        decision_id=grant.id if grant else None,
        decision_digest=grant.digest if grant else None,
        reason=because,
        ends_on=ends_on,
        case_id=case.id,
    )


def granted_event(case: Case, decision: Decision, now: datetime, notice_url: str) -> EligibilityGranted:
    """A released grant.

    Raises:
        ValueError: where it lacks a period or an own share.
    """
    if decision.valid_from is None or decision.valid_until is None or decision.own_share_cents is None:
        raise ValueError("a grant without period or own share cannot be let out")
    terms = decision.terms
    return EligibilityGranted(
        **head(case, now),
        decision_id=decision.id,
        case_id=case.id,
        valid_from=decision.valid_from,
        valid_until=decision.valid_until,
        own_share_cents=decision.own_share_cents,
        distance_m=decision.distance_m,
        limit_m=decision.limit_m,
        reasons=_reasons(decision),
        rules_version=decision.rules_version,
        notice_url=notice_url,
        product=terms.product,
        product_name=terms.product_name or None,
        transport=terms.transport,
        allowance_cents=terms.allowance_cents,
        own_share_changes=_dated(terms.own_share_changes),
        carries_on=terms.carries_on,
        ticket_from=terms.ticket_from,
        own_share_from=terms.share_from if terms.grant_id is None else None,
        reimbursed_until=terms.reimbursed_until,
        ground="self_payer" if terms.self_payer else None,
        decision_digest=decision.digest,
        holder_change=case.submission.get("holder_change"),
        change_number=0 if terms.self_payer else case.change_number,  # an order decides on no change
    )


def refused_event(case: Case, decision: Decision, now: datetime, notice_url: str) -> EligibilityRefused:
    """A released refusal, with the ticket that the family may buy instead."""
    return EligibilityRefused(
        **head(case, now),
        decision_id=decision.id,
        distance_m=decision.distance_m,
        limit_m=decision.limit_m,
        reasons=_reasons(decision),
        rules_version=decision.rules_version,
        notice_url=notice_url,
        offer=told_offer(decision.terms.offer) if decision.terms.offer else None,
        decision_digest=decision.digest,
        change_number=case.change_number,
        case_id=case.id,
    )


def told_offer(offer: Offer) -> SelfPayerOffer:
    """The offered ticket as the event tells it; prices in cents a month."""
    return SelfPayerOffer(
        product=offer.product,
        product_name=offer.name,
        prices=_dated(offer.prices),
        valid_until=offer.last,
        solidarity=offer.solidarity,
        order_until_day=offer.order_until_day,
    )


def _dated(amounts: tuple[Dated, ...]) -> tuple[DatedCents, ...]:
    return tuple(DatedCents(valid_from=day, cents=cents) for day, cents in amounts)


def _reasons(decision: Decision) -> tuple[Reason, ...]:
    return tuple(Reason.model_validate(each) for each in decision.reasons)

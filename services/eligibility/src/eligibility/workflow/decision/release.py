"""Letting a decision out: the state, the notice and the event, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from shared.events import (
    DatedCents,
    EligibilityGranted,
    EligibilityRefused,
    EligibilityWithdrawn,
    Reason,
    SelfPayerOffer,
    head,
)

from eligibility.domain.authority import Authority
from eligibility.domain.case import Case
from eligibility.domain.decision import Because, Decision, in_turn
from eligibility.domain.said import digest_of
from eligibility.domain.terms import DatedCents as Dated
from eligibility.domain.terms import Offer
from eligibility.notice.content import notice_content
from eligibility.workflow.family.share_change import ShareStore, share_out
from eligibility.workflow.ports import DecisionReader, DecisionWriter, FamilyChanges, Outbox, Surroundings


class AnewStore(DecisionReader, DecisionWriter, Protocol):
    """The store, as a decision takes the place of another."""


class EndStore(DecisionReader, DecisionWriter, Outbox, Protocol):
    """The store, as a decision ends in it."""


class LetOutStore(ShareStore, FamilyChanges, Protocol):
    """The store, as a decision is let out in it: what a decision on the own share needs, and the family."""


def let_out(
    store: LetOutStore, authority: Authority, case: Case, decision: Decision, *, by: str, around: Surroundings
) -> None:
    """Release `decision`. `by`: `rules` where the authority lets the machine release, else the person's OIDC subject.

    1. The case and the decision change state; one that was in force ends, and is kept. 2. The notice is written down
    with all that it will say; a worker prints it. 3. The event goes out with this transaction.
    """
    store.family_changed(case.id, around.now())
    if decision.terms.grant_id is not None:
        share_out(store, authority, case, decision, by=by, around=around)
        return
    # 1.
    now, token = around.now(), around.token()
    ending = living(store, case) if decision.round > 1 and not decision.terms.self_payer else []
    for each in ending:
        end(store, case, each, decision.because or "decided_anew", now)
    earlier = next((each for each in reversed(ending) if not each.terms.self_payer), None)
    digest = digest_of(decision, case.application_id, around.keys)
    released = replace(decision, released_at=now, released_by=by, digest=digest)
    store.set_state(case.id, decision.outcome, now)
    store.set_released(released)
    # 2.
    store.add_notice(token, decision.id, notice_content(authority, case, released, earlier), now)
    # 3.
    notice_url = f"{around.public_url}/v1/notices/{token}"
    store.emit(
        granted(case, released, now, notice_url)
        if decision.outcome == "granted"
        else refused(case, released, now, notice_url)
    )


def living(store: DecisionReader, case: Case) -> list[Decision]:
    """What was let out and has not ended, the first first: one, or a refusal and the ticket bought in its place."""
    return [each for each in store.decisions_of(case.id) if each.released_at and not each.withdrawn_at]


def in_force(store: DecisionReader, case: Case) -> Decision | None:
    """The decision that was let out last and has not ended."""
    return next(reversed(living(store, case)), None)


def anew(store: AnewStore, case: Case, decision: Decision, because: Because, now: datetime) -> Decision:
    """`decision` as the next of its case. One that was prepared and never let out is dropped."""
    known = store.decisions_of(case.id)
    for each in known:
        if each.released_at is None and each.withdrawn_at is None:
            store.set_withdrawn(each.id, because, now)
    replaces = any(each.released_at and not each.withdrawn_at for each in known)
    return replace(in_turn(decision, known), because=because if replaces else None)


def end(store: EndStore, case: Case, decision: Decision, because: Because, now: datetime) -> None:
    """A decision ends; the end of a grant is told, so that its ticket ends."""
    store.set_withdrawn(decision.id, because, now)
    if decision.outcome == "granted":
        known = () if decision.terms.grant_id is None else store.decisions_of(case.id)
        store.emit(ended(case, grant_of(decision, known), because, now))


def grant_of(decision: Decision, known: Sequence[Decision]) -> Decision:
    """The grant whose own share a decision changed, among those of its case; else the decision itself."""
    return next((each for each in known if each.id == decision.terms.grant_id), decision)


def ended(case: Case, grant: Decision | None, because: Because, now: datetime) -> EligibilityWithdrawn:
    return EligibilityWithdrawn(
        **head(case, now),
        decision_id=grant.id if grant else None,
        decision_digest=grant.digest if grant else None,
        reason=because,
    )


def granted(case: Case, decision: Decision, now: datetime, notice_url: str) -> EligibilityGranted:
    if decision.valid_from is None or decision.valid_until is None or decision.own_share_cents is None:
        raise ValueError("a grant without period or own share cannot be let out")
    terms = decision.terms
    return EligibilityGranted(
        **head(case, now),
        decision_id=decision.id,
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
        ground="self_payer" if terms.self_payer else None,
        decision_digest=decision.digest,
    )


def refused(case: Case, decision: Decision, now: datetime, notice_url: str) -> EligibilityRefused:
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
    )


def told_offer(offer: Offer) -> SelfPayerOffer:
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

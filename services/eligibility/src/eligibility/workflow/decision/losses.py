"""What a family would lose by a decision that takes the place of a grant. Pure."""

from datetime import date

from eligibility.domain.decision import Decision
from eligibility.domain.ending import Loss
from eligibility.workflow.family.shares import decided_shares, share_on


def last_day(grant: Decision) -> date:
    """Until when it holds."""
    whole = grant.valid_until or date.max
    return whole if grant.ended_on is None else min(whole, grant.ended_on)


def losses_of(grant: Decision, new: Decision, last: date) -> tuple[Loss, ...]:
    """By `new` in place of a grant that would hold until `last`; the gravest need not be the first."""
    if new.outcome == "refused":
        return ("ends",) if grant.withdrawn_at is None else ()
    if new.valid_until is None or new.valid_from is None:
        return ()
    found: list[Loss] = []
    if new.valid_until < last:
        found.append("shorter")
    if grant.terms.with_ticket and not new.terms.with_ticket:
        found.append("without_ticket")
    if _dearer(grant, new, min(last, new.valid_until)):
        found.append("dearer")
    if _less_is_borne(grant, new):
        found.append("less_borne")
    return tuple(found)


def _dearer(grant: Decision, new: Decision, last: date) -> bool:
    """On some day that both cover, the past included where the new one begins there."""
    if grant.own_share_cents is None or new.own_share_cents is None or new.valid_from is None:
        return False
    present, then = decided_shares(grant), decided_shares(new)
    first = max(new.valid_from, grant.valid_from or new.valid_from)
    days = {first, *(day for day, _ in (*present, *then) if first < day <= last)}
    return first <= last and any(share_on(then, day) > share_on(present, day) for day in days)


def _less_is_borne(grant: Decision, new: Decision) -> bool:
    """What is paid in place of a ticket, or another ticket of which the authority bears less."""
    before, then = grant.terms, new.terms
    paid = (before.allowance_cents, then.allowance_cents), (before.kilometre_cents, then.kilometre_cents)
    if any((now or 0) < (earlier or 0) for earlier, now in paid):
        return True
    other = before.with_ticket and then.with_ticket and before.product != then.product
    return other and (new.covered_cents or 0) < (grant.covered_cents or 0)

"""Own shares over a school year, and which one takes the place of another from when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.calendar import day_after, first_whole_month

from eligibility.domain.decision import Decision
from eligibility.domain.terms import DatedCents
from eligibility.rules import Facts, Rules, evaluate
from eligibility.rules.law.own_share import Share
from eligibility.rules.partly_known import share_in_all
from eligibility.rules.rule_set.rule_set import Law

Shares = tuple[DatedCents, ...]
"""Cents a month, each from a day on. Never empty; days rise."""


@dataclass(frozen=True)
class ShareChange:
    """An own share that takes the place of the present one."""

    cents: int
    from_: date
    changes: Shares
    before_cents: int
    """What was paid until then."""
    worse: bool
    """On some day the family pays more than now."""


def decided_shares(decision: Decision) -> Shares:
    """As decided. Of a grant that was let out."""
    first = decision.terms.share_from or decision.valid_from
    if first is None or decision.own_share_cents is None:
        raise ValueError("a grant has a period and an own share")
    return ((first, decision.own_share_cents), *decision.terms.own_share_changes)


def worked_out(facts: Facts, rules: Rules, decision: Decision) -> Shares | None:
    """What these facts give by the rules that the grant names; None where they leave it open (twins)."""
    law = rules.law(facts.school_year) if facts.school_year else None
    if law is None or decision.valid_from is None:
        return None
    evaluation = evaluate(facts, rules)
    if evaluation.outcome == "granted" and evaluation.own_share_cents is not None:
        return ((decision.valid_from, evaluation.own_share_cents), *evaluation.own_share_changes)
    share = share_of(facts, law, with_ticket=decision.terms.with_ticket)
    return None if share.own_share_cents is None else ((decision.valid_from, share.own_share_cents), *share.changes)


def share_of(facts: Facts, law: Law, *, with_ticket: bool) -> Share:
    """None to be paid without a ticket, where the law says so (NRW: § 97 Abs. 3 Satz 1 SchulG)."""
    name = "own_share.with_ticket_only"
    if not with_ticket and law.has(name) and law.flag(name):
        return Share((), 0)
    return share_in_all(facts, law)


def share_on(shares: Shares, day: date) -> int:
    """What is paid on that day; before the first, what is paid on the first."""
    return next((cents for begins, cents in reversed(shares) if begins <= day), shares[0][1])


def share_difference(present: Shares, new: Shares, last: date, today: date, *, next_month: bool) -> ShareChange | None:
    """`new` in place of `present`, where it differs until `last`.

    From the first of the month after the day on which it differs first (or from that very day). What is worse for the
    family never holds for a time that is over: then from the next month (day) on.
    """
    first = present[0][0]
    days = sorted({first, *(day for day, _ in (*present, *new) if first <= day <= last)})
    differs = next((day for day in days if share_on(present, day) != share_on(new, day)), None)
    if differs is None:
        return None
    begins = first_whole_month(differs) if next_month and differs > first else differs
    if _worse(present, new, begins, last):
        begins = max(begins, first_whole_month(day_after(today)) if next_month else day_after(today))
    if begins > last or not _differs(present, new, begins, last):
        return None
    changes = _changes(new, begins, last)
    return ShareChange(
        share_on(new, begins), begins, changes, share_on(present, begins), _worse(present, new, begins, last)
    )


def only_from_now(found: ShareChange, today: date, last: date, *, next_month: bool) -> ShareChange | None:
    """A rise that is let out only now: not for the time that is over meanwhile. None where nothing is left of it."""
    if not found.worse:
        return found
    begins = max(found.from_, first_whole_month(day_after(today)) if next_month else day_after(today))
    shares = ((found.from_, found.cents), *found.changes)
    if begins > last:
        return None
    return ShareChange(share_on(shares, begins), begins, _changes(shares, begins, last), found.before_cents, worse=True)


def of_law(law: Law | None, name: str, *, silent: bool) -> bool:
    """A yes or no that a rule set may be silent about."""
    return law.flag(name) if law is not None and law.has(name) else silent


def _days(shares: Iterable[Shares], begins: date, last: date) -> list[date]:
    return sorted({begins, *(day for each in shares for day, _ in each if begins < day <= last)})


def _worse(present: Shares, new: Shares, begins: date, last: date) -> bool:
    return any(share_on(new, day) > share_on(present, day) for day in _days((present, new), begins, last))


def _differs(present: Shares, new: Shares, begins: date, last: date) -> bool:
    return any(share_on(new, day) != share_on(present, day) for day in _days((present, new), begins, last))


def _changes(shares: Shares, begins: date, last: date) -> Shares:
    found: list[DatedCents] = []
    before = share_on(shares, begins)
    for day in _days((shares,), begins, last)[1:]:
        if share_on(shares, day) != before:
            before = share_on(shares, day)
            found.append((day, before))
    return tuple(found)

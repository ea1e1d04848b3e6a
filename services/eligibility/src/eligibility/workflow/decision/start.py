"""When ticket and own share of a grant begin that is let out later than it holds. Pure.

A ticket cannot be used before it is there, so nothing is paid for the months before: what was paid for rides in them is
reimbursed instead (decision 49).
"""

from dataclasses import dataclass, replace
from datetime import date

from shared.calendar import day_before, first_whole_month

from eligibility.domain.decision import Decision
from eligibility.domain.terms import Terms
from eligibility.notice.terms import text_of_reimbursement
from eligibility.rules import texts
from eligibility.rules.findings import Finding, as_dict, met, note
from eligibility.rules.law.claims_end import last_day_of_claims
from eligibility.rules.rule_set.rule_set import Law
from eligibility.workflow.decision.kept_rules import kept_rules
from eligibility.workflow.family.shares import decided_shares, of_law, share_on

BEGINS = "start"
"""The rule of the reason that says from when ticket and own share hold."""
BASIS = "§ 4 Abs. 1 SchfkVO"
SHARE_BASIS = "§ 97 Abs. 3 SchulG NRW, § 2 Abs. 3 SchfkVO"


@dataclass(frozen=True)
class LateStart:
    """What of a late start is said in words."""

    decision: Decision
    ticket_from: date
    share_from: date
    ridden_from: date | None
    """From when on the child had a ticket by an earlier grant, until now."""

    @property
    def without_ticket(self) -> date:
        """The last day before there was a ticket."""
        return day_before(self.ridden_from or self.ticket_from)


def begin_no_sooner(decision: Decision, earlier: Decision | None, law: Law | None, today: date) -> Decision:
    """`decision` as it is let out on `today`.

    The ticket begins today. The share begins with the first whole month of the ticket, so on a first at once. Fares
    paid before there was a ticket, this one or the earlier grant's, are reimbursed until the claims of the year end.

    Args:
        earlier: in whose place it comes.
        law: by which it was decided.
    """
    first, last = decision.valid_from, decision.valid_until
    if decision.outcome != "granted" or first is None or last is None or not decision.terms.with_ticket:
        return decision
    if decision.terms.self_payer or first >= today:
        return decision
    monthly = of_law(law, "own_share.begins_next_month", silent=True)
    share_from = first_whole_month(today) if monthly else today
    ridden = _first_ticket(earlier)
    late = LateStart(decision, today, share_from, ridden)
    shares = decided_shares(decision)
    cents = share_on(shares, share_from) if share_from <= last else 0
    changes = tuple(each for each in shares if share_from < each[0] <= last)
    covered = decision.covered_cents
    paid_before = decision.own_share_cents or 0
    terms = replace(
        decision.terms,
        ticket_from=today,
        share_from=share_from,
        own_share_changes=changes,
        without_ticket_until=min(late.without_ticket, last) if late.without_ticket >= first else None,
        reimbursed_until=claims_end(law, last) if late.without_ticket >= first else None,
    )
    return replace(
        decision,
        own_share_cents=cents,
        covered_cents=None if covered is None else covered + paid_before - cents,
        reasons=_reasons(late, cents, terms),
        terms=terms,
    )


def _first_ticket(earlier: Decision | None) -> date | None:
    if earlier is None or earlier.outcome != "granted" or not earlier.terms.with_ticket or earlier.terms.self_payer:
        return None
    return earlier.terms.ticket_from or earlier.valid_from


def claims_end(law: Law | None, last: date) -> date:
    """Until when the cost of a school year can be claimed (NRW: 31 October after it or the next working day)."""
    return (last_day_of_claims(law) if law is not None else None) or last


def law_of(content: str | None, school_year: str) -> Law | None:
    """Of a rule set as it is kept for good, for one school year; None where it is not kept."""
    return None if content is None else kept_rules(content).law(school_year)


def _reasons(late: LateStart, cents: int, terms: Terms) -> tuple[dict[str, str], ...]:
    """With the amounts that are paid, where those of months that are over are left out."""
    reasons, changes = late.decision.reasons, terms.own_share_changes
    if (cents, changes) != (late.decision.own_share_cents, late.decision.terms.own_share_changes):
        basis = next((each["legal_basis"] for each in reasons if each["rule"] == "own_share"), SHARE_BASIS)
        others = tuple(each for each in reasons if each["rule"] != "own_share")
        reasons = (*others, *(as_dict(each) for each in _amounts(late, cents, changes, basis)))
    return (*reasons, as_dict(_said(late, cents, terms)))


def _amounts(late: LateStart, cents: int, changes: tuple[tuple[date, int], ...], basis: str) -> list[Finding]:
    if late.share_from > (late.decision.valid_until or date.max):
        return []
    found = []
    for day, amount in ((late.share_from, cents), *changes):
        found.append(met("own_share", basis, *texts.share_from(day, amount)))
    return found


def _said(late: LateStart, cents: int, terms: Terms) -> Finding:
    last = late.decision.valid_until or date.max
    said = [_of_ticket(late, last)]
    if late.ridden_from is not None:
        day, day_en = texts.day(day_before(late.share_from))
        said.append((f"Bis zum {day} bleibt es beim bisherigen Eigenanteil.",
                     f"Until {day_en} the own share stays as it was."))  # fmt: skip
    elif cents and late.share_from <= last:
        day, day_en = texts.day(late.share_from)
        said.append((f"Der Eigenanteil ist erst ab dem {day} zu zahlen; für die Zeit davor zahlen Sie keinen.",
                     f"The own share is paid from {day_en} only; nothing is paid for the time before."))  # fmt: skip
    first, to, until = late.decision.valid_from, terms.without_ticket_until, terms.reimbursed_until
    if first is not None and to is not None and until is not None:
        said.append(text_of_reimbursement(first, to, until))
    german, english = (" ".join(each) for each in zip(*said, strict=True))
    return note(BEGINS, BASIS, german, english)


def _of_ticket(late: LateStart, last: date) -> tuple[str, str]:
    if late.ticket_from > last:
        return (
            "Die bewilligte Zeit ist schon vorbei; ein Ticket gibt es dafür nicht mehr.",
            "The time that is granted is over already; there is no ticket for it any more.",
        )
    day, day_en = texts.day(late.ticket_from)
    return (
        f"Das Ticket gilt ab dem {day}, dem Tag dieser Entscheidung.",
        f"The ticket is valid from {day_en}, the day of this decision.",
    )

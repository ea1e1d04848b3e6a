"""From when to when a grant holds: the school year, or the part of it that is asked for (NRW: § 4 Abs. 1 SchfkVO)."""

from datetime import date

from eligibility.rules import to_family
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, note, question
from eligibility.rules.law.texts import validity as say
from eligibility.rules.rule_set.rule_set import Law


def validity(facts: Facts, law: Law) -> tuple[date, date]:
    """First and last day. The first may lie after the last: then `period` asks."""
    first = law.begins if facts.wanted_from is None else max(law.begins, facts.wanted_from)
    last = law.ends if facts.leaves_on is None else min(law.ends, facts.leaves_on)
    return first, last


def period(facts: Facts, law: Law) -> Finding | None:
    """Said where it is not the whole school year, asked where nothing of it is left."""
    if facts.wanted_from is None and facts.leaves_on is None:
        return None
    basis, (first, last) = law.basis("deadline.months_after_school_year"), validity(facts, law)
    if first > last:
        return question("period", basis, *say.FROM_WHICH_DAY, family=to_family.FIRST_DAY)
    return period_note(first, last, law)


def period_note(first: date, last: date, law: Law) -> Finding:
    """From when to when it is granted."""
    return note("period", law.basis("deadline.months_after_school_year"), *say.period(first, last))

"""Until when the cost of a school year can be claimed (NRW: § 4 SchfkVO, § 31 Abs. 3 VwVfG NRW)."""

from datetime import date, timedelta
from functools import lru_cache

from shared.working_days import next_working_day

from eligibility.rules.law.before import unnamed
from eligibility.rules.rule_set.rule_set import Law

MONTHS = "deadline.months_after_school_year"
HOLIDAYS = "deadline.holidays"
LAWS = 64
"""School years of rule sets whose last day is kept: it is the same for all their cases."""


@lru_cache(maxsize=LAWS)
def last_day_of_claims(law: Law) -> date | None:
    """Where the period ends on a Saturday, Sunday or holiday, the next working day. None where the law tests no deadline."""
    months = law.number(MONTHS)
    return None if months is None else next_working_day(_end_of_month(law.ends, months), _holidays(law))


@lru_cache(maxsize=LAWS)
def last_day_as_decided(law: Law) -> date | None:
    """What a decision says, and is computed again by: before engine 6 the last day was not moved."""
    months = law.number(MONTHS)
    return last_day_of_claims(law) if law.does.move_last_day or months is None else _end_of_month(law.ends, months)


@lru_cache(maxsize=LAWS)
def deadline_basis(law: Law) -> str:
    """With the paragraph that moves the last day, where it has moved."""
    months = law.number(MONTHS)
    moved = months is not None and last_day_as_decided(law) != _end_of_month(law.ends, months)
    return f"{law.basis(MONTHS)}, {law.basis(HOLIDAYS)}" if moved and law.has(HOLIDAYS) else law.basis(MONTHS)


def _holidays(law: Law) -> list[str]:
    return law.words(HOLIDAYS) if law.has(HOLIDAYS) else unnamed.HOLIDAYS


def _end_of_month(end_of_year: date, months: int) -> date:
    """The last day of the month that lies `months` after the school year's end: 31 July and three months is 31 October."""
    month = end_of_year.month - 1 + months + 1
    return date(end_of_year.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

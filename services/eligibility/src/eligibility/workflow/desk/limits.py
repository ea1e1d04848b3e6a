"""How long a ground holds that does not hold for good: proposed to the person who grants on it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.calendar import SchoolYear, day_in_berlin

from eligibility.domain.case import Case

LIMITED = ("health", "place_of_teaching", "second_home", "afternoon_lessons", "assigned_place", "escort")
"""Grounds that may end before the school year does: an illness, an internship, a second home, a timetable, a place of
support, a person who must ride along."""


@dataclass(frozen=True)
class Limit:
    """`grounds`: those of LIMITED that are claimed. `until`: proposed; None where nobody knows it yet."""

    grounds: tuple[str, ...]
    until: date | None


def limit_of(case: Case) -> Limit | None:
    """None where nothing is claimed that ends by itself. The certified weeks are counted from the first day of the
    grant; a certificate may say another day: so it is proposed, and a person says it."""
    claimed = tuple(each for each in LIMITED if case.facts.get(each))
    if not claimed:
        return None
    weeks = (case.facts.get("health") or {}).get("weeks")
    if weeks is None or not case.submission:
        return Limit(claimed, None)
    begins, ends = SchoolYear.parse(case.school_year).span
    applied = day_in_berlin(datetime.fromisoformat(case.submission["applied_at"]))
    first = max(begins, applied, date.fromisoformat(case.submission["wanted_from"]))
    last = first + min(timedelta(days=round(weeks * 7) - 1), date.max - first)
    return Limit(claimed, last if first <= last < ends else None)

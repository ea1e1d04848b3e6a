"""For how long an application is kept, by the state of its case. Pure: the settings, and what follows from the news.

No period was found in the law; the figures are our own choice, for an authority to set (docs/sources).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.calendar import SchoolYear, day_in_berlin

from application.domain.retention import ACTION_DAYS
from application.domain.status import Status, current_status, ends_on
from application.domain.timeline import EntryKind, TimelineEntry
from application.domain.under_review import DECISIONS, open_changes

SENSITIVE = frozenset({"medical_certificate", "benefit_notice", "custody"})
"""Kinds of documents that go before their application does: health, social benefits, custody."""

RETENTION = "retention"
"""Why a document went, where its time was over."""


class CaseState(StrEnum):
    """What became of an application, as far as it decides for how long it is kept."""

    UNDECIDED = "undecided"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    GRANTED = "granted"


@dataclass(frozen=True)
class RetentionTerms:
    """In days. `action_days` is the term of the action, which is in all periods after a decision."""

    action_days: int = ACTION_DAYS
    undecided_days: int = 365
    """After the end of the school year that was applied for, and after the last that was heard of it."""
    withdrawn_days: int = 90
    """After the withdrawal, where nothing was ever granted."""
    refused_days: int = 365
    """After the term of the action."""
    granted_days: int = 3653
    """After the last day of the grant, and not before the term of the action ends: ten years, as for accounting
    documents of municipalities (KomHVO NRW, unsure)."""
    sensitive_days: int = 0
    """Of documents about health, benefits and custody: after the term of the action, where nothing is under review."""


@dataclass(frozen=True)
class RetentionEnd:
    """Until when an application is kept, and for which state."""

    state: CaseState
    until: datetime


def keeping_of(
    news: Sequence[TimelineEntry], submitted_at: datetime, school_year: str, terms: RetentionTerms
) -> RetentionEnd:
    """By all that was heard of it, in whatever order. Never shorter than the term of the action."""
    action_ends = final_at(news, terms.action_days)
    last = max([submitted_at, *(each.at for each in news)])
    granted = [each for each in news if each.kind is EntryKind.GRANTED]
    if granted:
        end = max(last_day_of_grants(news, school_year), day_in_berlin(max(each.at for each in granted)))
        until = _at(end, submitted_at) + timedelta(days=terms.granted_days)
        return RetentionEnd(CaseState.GRANTED, max(until, action_ends or until))
    standing = current_status(news)
    if standing.status is Status.WITHDRAWN:
        withdrawn = [each.at for each in news if each.kind in (EntryKind.WITHDRAWN, EntryKind.GRANT_ENDED)]
        until = max([submitted_at, *withdrawn]) + timedelta(days=terms.withdrawn_days)
        return RetentionEnd(CaseState.WITHDRAWN, max(until, action_ends or until))
    if action_ends is not None:
        return RetentionEnd(CaseState.REFUSED, action_ends + timedelta(days=terms.refused_days))
    end_of_year = _at(SchoolYear.parse(school_year).last_day, submitted_at)
    return RetentionEnd(CaseState.UNDECIDED, max(last, end_of_year) + timedelta(days=terms.undecided_days))


def final_at(news: Sequence[TimelineEntry], action_days: int) -> datetime | None:
    """When the last decision can no longer be brought to court; None where nothing was decided."""
    decided = [each.at for each in news if each.kind in DECISIONS]
    return max(decided) + timedelta(days=action_days) if decided else None


def sensitive_until(news: Sequence[TimelineEntry], terms: RetentionTerms) -> datetime | None:
    """Until when documents about health, benefits and custody are kept; None where that is not said yet: nothing was
    decided, or the authority still looks at a change."""
    final = final_at(news, terms.action_days)
    if final is None or open_changes(news):
        return None
    return final + timedelta(days=terms.sensitive_days)


def last_day_of_grants(news: Sequence[TimelineEntry], school_year: str) -> date:
    """Of all grants together. One that does not say its end lasts until the school year's, and none ends later than it
    was ended."""
    ended: dict[str, date] = {}
    for each in news:
        if each.kind is EntryKind.GRANT_ENDED:
            last = ends_on(each) or day_in_berlin(each.at)
            ended[each.reference] = min(last, ended.get(each.reference, last))
    ends = [_end_of(each, school_year) for each in news if each.kind is EntryKind.GRANTED]
    known = [min(end, ended.get(reference, end)) for reference, end in ends]
    return max(known, default=SchoolYear.parse(school_year).last_day)


def _end_of(grant: TimelineEntry, school_year: str) -> tuple[str, date]:
    said = str(json.loads(grant.detail).get("valid_until") or "")[: len("2027-07-31")]
    return grant.reference, date.fromisoformat(said) if said else SchoolYear.parse(school_year).last_day


def _at(day: date, like: datetime) -> datetime:
    """The end of the day, as a moment."""
    return datetime(day.year, day.month, day.day, tzinfo=like.tzinfo) + timedelta(days=1)

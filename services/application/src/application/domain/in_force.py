"""What is in force of an application while its family has told of something else: on which form a decision rests, and
which earlier grant still runs. Pure.

A change is told weeks ahead. Until it is decided and its day has come, the page of the ticket in a child's hand names
the school that this ticket was granted for.
"""

import json
from collections.abc import Sequence
from datetime import date

from application.domain.status import CurrentStatus, Status, ends_on, never_began
from application.domain.timeline import EntryKind, TimelineEntry
from application.domain.under_review import decided_until, settled_changes, settled_until

HOLDS = (Status.GRANTED, Status.TICKET_ISSUED, Status.PASS_READY, Status.SUSPENDED)


def rests_on(decision: TimelineEntry, news: Sequence[TimelineEntry], form: str) -> str:
    """The form as it was when the newest change was told that is in this decision, or in what was decided since on its
    own share.

    Args:
        form: as it is now.
    """
    own = [each for each in news if _is_of(each, decision)]
    until, settled = max(decided_until(own, news), settled_until(news)), settled_changes(news)
    answers = sorted((each for each in news if each.kind is EntryKind.ANSWERED), key=lambda each: each.at)
    for each in answers:
        told = json.loads(each.detail)
        before, number = told.get("earlier_form"), told.get("change_number")
        if number is not None and before is not None and number > until and number not in settled:
            return str(before)
    return form


def _is_of(news: TimelineEntry, decision: TimelineEntry) -> bool:
    return news == decision or (news.kind is EntryKind.SHARE_CHANGED and news.decision_id == decision.reference)


def still_runs(decision: TimelineEntry | None, news: Sequence[TimelineEntry], today: date) -> TimelineEntry | None:
    """The grant before this decision, where its last day is still to come."""
    ends = [each for each in news if each.kind is EntryKind.GRANT_ENDED]
    last = {each.reference: day for each in ends if (day := ends_on(each)) is not None}
    running = [
        each
        for each in news
        if each.kind is EntryKind.GRANTED
        and decision is not None
        and each.reference != decision.reference
        and each.reference in last
        and today <= last[each.reference]
        and not never_began(each, last[each.reference])
    ]
    return max(running, key=lambda each: each.at, default=None)


def in_force(current: CurrentStatus, news: Sequence[TimelineEntry], today: date) -> TimelineEntry | None:
    """The grant that holds today, or will hold. None where there is none, or no more."""
    decision = current.decision
    if current.status is Status.WITHDRAWN:
        return None
    if running := still_runs(decision, news, today):
        return running
    holds = decision is not None and decision.kind is EntryKind.GRANTED and current.status in HOLDS
    return decision if holds else None

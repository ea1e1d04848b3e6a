"""Which of a family's changes its authority still has to decide on. Pure.

Each change has a number, and each decision says the newest change that is in it. So it does not matter in which order
the two are heard, nor that an earlier decision was let out while the change was on its way. Where nothing is left to
be decided, it is said of a change alone, or of all until that one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from application.domain.timeline import EntryKind, TimelineEntry

FORGOTTEN_AT_MOST = 50
"""Changes of one application in the time that a copy of the database does not know."""
DECISIONS = (EntryKind.GRANTED, EntryKind.REFUSED, EntryKind.SHARE_CHANGED)


@dataclass(frozen=True)
class OpenChange:
    """`parts`: names of the parts of the form. `changed_from`: None where it held from the beginning."""

    parts: tuple[str, ...]
    changed_from: date | None

    @classmethod
    def of(cls, answer: TimelineEntry) -> tuple[int, "OpenChange"]:
        """The number of a change and what it says, out of the answer that told it.

        Returns: number 0 of one that was told before changes had numbers, no parts where nothing but a text was told.
        """
        detail = json.loads(answer.detail)
        parts = tuple(detail.get("changed") or ())
        if parts and "leaves_for" in detail:
            parts = ("school_number",)
        changed_from = detail.get("changed_from")
        return detail.get("change_number", 0), cls(parts, date.fromisoformat(changed_from) if changed_from else None)


def open_changes(news: Sequence[TimelineEntry]) -> list[OpenChange]:
    """Oldest first. Of changes that were told before they had numbers nothing is known, and nothing said."""
    settled, until = settled_changes(news), settled_until(news)
    decided = max(decided_until([each for each in news if each.kind in DECISIONS], news), until)
    answers = sorted((each for each in news if each.kind is EntryKind.ANSWERED), key=lambda each: each.at)
    changes = map(OpenChange.of, answers)
    return [change for number, change in changes if change.parts and number > decided and number not in settled]


def newest_change(news: Sequence[TimelineEntry]) -> int:
    """The number of the newest change that is kept here; 0: there is none."""
    answers = [json.loads(each.detail) for each in news if each.kind is EntryKind.ANSWERED]
    return max([len(answers), *(int(each.get("change_number") or 0) for each in answers)])


def next_change(news: Sequence[TimelineEntry], submitted_at: datetime, put_back_at: datetime | None) -> int:
    """The number of a change that is told now. Where the database was put back to a copy since the last one, numbers
    may be given that are forgotten here, and who knows them takes the same number for the same change: the next one is
    above all that others speak of, with room for those of which they have said nothing yet."""
    heard = decided_until([each for each in news if each.kind in DECISIONS], news), settled_until(news)
    known = max(newest_change(news), *heard, *settled_changes(news))
    last = max((each.at for each in news if each.kind is EntryKind.ANSWERED), default=submitted_at)
    forgotten = FORGOTTEN_AT_MOST if put_back_at is not None and last < put_back_at else 0
    return known + forgotten + 1


def settled_changes(news: Sequence[TimelineEntry]) -> set[int]:
    """Numbers of the changes of which nothing was left to be decided."""
    return {int(each.reference) for each in news if each.kind is EntryKind.CHANGE_SETTLED}


def settled_until(news: Sequence[TimelineEntry]) -> int:
    """Of all changes until this one nothing was left to be decided; 0: of none it was said."""
    details = (json.loads(each.detail) for each in news if each.kind is EntryKind.CHANGE_SETTLED)
    return max((each.get("change_number", 0) for each in details), default=0)


def decided_until(decisions: Sequence[TimelineEntry], news: Sequence[TimelineEntry]) -> int:
    """The newest change that is in these decisions. One told without it is of before: what was told until then is in
    it."""
    details = [(each, json.loads(each.detail)) for each in decisions]
    said = [each["change_number"] for _, each in details if "change_number" in each]
    unsaid = [each.at for each, detail in details if "change_number" not in detail]
    before = [
        json.loads(each.detail).get("change_number", 0)
        for each in news
        if each.kind is EntryKind.ANSWERED and unsaid and each.at < max(unsaid)
    ]
    return int(max([0, *said, *before]))

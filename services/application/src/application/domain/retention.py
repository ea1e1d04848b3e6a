"""What holds an application back from being erased, and why. Pure: the table, and what follows from the news.

An erasure asks it in its own transaction. An administrator may erase despite a hold, with a reason that stays on
record.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.calendar import day_in_berlin
from shared.errors import Text
from shared.retention import Certainty

from application.domain.status import CurrentStatus, Status, current_status, ends_on
from application.domain.timeline import EntryKind, TimelineEntry
from application.domain.under_review import open_changes

ACTION_DAYS = 395
"""So long after a decision an action may still come in, where the authority's delivery is not known here: the year of
§ 58 (2) VwGO after an instruction that is missing or wrong, and a month for the delivery. Setting
APPLICATION_ACTION_DAYS."""


class HoldKind(StrEnum):
    TICKET = "ticket"
    PERIOD = "period"
    REVIEW = "review"


@dataclass(frozen=True)
class HoldRule:
    """Why an application must stay for a while."""

    why: Text
    legal_basis: str
    source: str
    certainty: Certainty


HOLDS: dict[HoldKind, HoldRule] = {
    HoldKind.TICKET: HoldRule(
        Text(
            "Die Bewilligung läuft noch. Bitte nehmen Sie den Antrag zurück, wenn Sie das Ticket nicht mehr brauchen.",
            "The grant still runs. Please take the application back if you do not need the ticket any more.",
        ),
        "Art. 17 Abs. 3 Buchst. b DSGVO, § 97 SchulG NRW",
        "docs/sources/identity-and-delivery.md",
        "memory",
    ),
    HoldKind.PERIOD: HoldRule(
        Text(
            "Gegen den Bescheid kann noch geklagt werden. Bis dahin muss der Schulträger ihn belegen können.",
            "An action against the decision is still possible. Until then it must be accounted for.",
        ),
        "Art. 17 Abs. 3 Buchst. e DSGVO, §§ 58 Abs. 2, 74 VwGO",
        "docs/sources/identity-and-delivery.md",
        "unsure",
    ),
    HoldKind.REVIEW: HoldRule(
        Text(
            "Der Schulträger prüft gerade, was Sie nach der Ablehnung mitgeteilt haben.",
            "The authority is looking at what you told it after the refusal.",
        ),
        "Art. 17 Abs. 3 Buchst. b DSGVO, § 24 VwVfG NRW",
        "docs/sources/identity-and-delivery.md",
        "memory",
    ),
}
RUNNING = (Status.GRANTED, Status.TICKET_ISSUED, Status.PASS_READY, Status.SUSPENDED)


@dataclass(frozen=True)
class Hold:
    """What holds one application. `until`: the last day, where it is known."""

    kind: HoldKind
    until: date | None = None

    @property
    def rule(self) -> HoldRule:
        """Its line of the table."""
        return HOLDS[self.kind]

    @property
    def why(self) -> Text:
        """For whoever asked."""
        return self.rule.why


def holds_of(news: Sequence[TimelineEntry], now: datetime, action_days: int = ACTION_DAYS) -> list[Hold]:
    """All that hold an application; empty where it may be erased. What was withdrawn is held by nothing: who took it
    back has no decision left."""
    standing, today = current_status(news), day_in_berlin(now)
    if standing.status is Status.WITHDRAWN:
        return []
    found = [Hold(HoldKind.TICKET, last)] if (last := _last_day(standing, news)) is None or last >= today else []
    if standing.status not in RUNNING and standing.ends_on is None:
        found = []
    decided = [each.at for each in news if each.kind in (EntryKind.GRANTED, EntryKind.REFUSED, EntryKind.SHARE_CHANGED)]
    if decided and max(decided) + timedelta(days=action_days) > now:
        found.append(Hold(HoldKind.PERIOD, day_in_berlin(max(decided) + timedelta(days=action_days))))
    if standing.status is Status.REFUSED and open_changes(news):
        found.append(Hold(HoldKind.REVIEW))
    return found


def _last_day(standing: CurrentStatus, news: Sequence[TimelineEntry]) -> date | None:
    """Of the grant that runs; None where it is not known."""
    if standing.ends_on is not None:
        return standing.ends_on
    if standing.decision is None:
        return None
    ends = (ends_on(each) for each in news
            if each.kind is EntryKind.GRANT_ENDED and each.reference == standing.decision.reference)  # fmt: skip
    said = str(json.loads(standing.decision.detail).get("valid_until") or "")[: len("2027-07-31")]
    known = [each for each in (*ends, date.fromisoformat(said) if said else None) if each is not None]
    return min(known, default=None)

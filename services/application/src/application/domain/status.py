"""How an application stands. Pure: no clock, no I/O.

That is not stored: it follows from the set of news heard about it. So it does not matter in which order the news of
three services arrive, or how often.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.transitions import Transitions

from application.domain.order import in_order
from application.domain.timeline import APPLICATION_WITHDRAWN, EntryKind, TimelineEntry


class Status(StrEnum):
    """How an application stands, in the words of the interface. Lower ranks come earlier."""

    SUBMITTED = "submitted"
    """Arrived; the authority has not looked at it yet."""
    IN_REVIEW = "in_review"
    """A person at the authority looks at it."""
    GRANTED = "granted"
    """Decided: the child may ride; the ticket is being made."""
    REFUSED = "refused"
    """Decided: no entitlement. Final for this decision."""
    TICKET_ISSUED = "ticket_issued"
    """The ticket is signed."""
    PASS_READY = "pass_ready"  # noqa: S105
    """The ticket can be fetched: wallet, or page to print."""
    SUSPENDED = "suspended"
    """The ticket is not good until it is restored; then it is as before."""
    REVOKED = "revoked"
    """The grant ended or the ticket was called back. Final for this decision."""
    WITHDRAWN = "withdrawn"
    """The family took the application back. Final."""

    @property
    def rank(self) -> int:
        """Its place on the usual way, from 0: what is reached later has a higher one."""
        return list(Status).index(self)

    @property
    def is_final(self) -> bool:
        """Nothing more is expected; only a new decision of the authority can follow a refusal or a revocation."""
        return self in (Status.REFUSED, Status.REVOKED, Status.WITHDRAWN)


_DECIDED = frozenset(Status) - {Status.SUBMITTED, Status.IN_REVIEW}
STATUSES = Transitions(
    begins=frozenset({Status.SUBMITTED}),
    follows={
        Status.SUBMITTED: _DECIDED | {Status.IN_REVIEW},
        Status.IN_REVIEW: _DECIDED,
        **{each: _DECIDED - {each} for each in _DECIDED},
        Status.WITHDRAWN: frozenset(),
    },
)
"""What one more piece of news may make of a status, heard in whatever order: nobody looks at an application for the
first time once it was decided, another decision may follow any, and a withdrawal is the end. No row keeps a status;
that it follows from the news by these steps alone is held by tests/unit/application/domain/test_status_steps.py."""


@dataclass(frozen=True)
class CurrentStatus:
    """How the application stands, and by which decision and ticket."""

    status: Status
    decision: TimelineEntry | None = None
    ticket: str | None = None
    ends_on: date | None = None
    """Last day of an earlier grant that still runs: `ticket` is then its own, and `decision` what comes after it."""


@dataclass(frozen=True)
class _LastDays:
    status: Status
    ticket: str
    ends_on: date


def current_status(news: Iterable[TimelineEntry]) -> CurrentStatus:
    """What follows from all the news, in whatever order they were heard.

    The latest decision counts. Within one decision the status never goes back, but for a suspension: a pass heard of
    before its ticket or its grant already means that both exist. A family's withdrawal is final whatever else is heard.
    """
    heard = list(in_order(news))
    decision = _latest(heard, EntryKind.GRANTED, EntryKind.REFUSED)
    ticket, ticket_status = _ticket(heard, decision)
    if _latest(heard, EntryKind.WITHDRAWN):
        return CurrentStatus(Status.WITHDRAWN, decision)
    if ended := _end(heard, decision):
        return CurrentStatus(ended, decision, ticket)
    if running := _running(heard, decision):
        return CurrentStatus(running.status, decision, running.ticket, running.ends_on)
    if decision and decision.kind is EntryKind.REFUSED:
        return CurrentStatus(Status.REFUSED, decision)
    if ticket_status:
        return CurrentStatus(ticket_status, decision, ticket)
    if decision:
        return CurrentStatus(Status.GRANTED, decision)
    return CurrentStatus(Status.IN_REVIEW if _latest(heard, EntryKind.REVIEW_OPENED) else Status.SUBMITTED)


def _latest(heard: list[TimelineEntry], *kinds: EntryKind) -> TimelineEntry | None:
    return next((one for one in reversed(heard) if one.kind in kinds), None)


def _end(heard: list[TimelineEntry], decision: TimelineEntry | None) -> Status | None:
    """Whether eligibility has ended this decision, or laid the application down without one."""
    ends = [one for one in heard if one.kind is EntryKind.GRANT_ENDED]
    if any(one.reason == APPLICATION_WITHDRAWN for one in ends):
        return Status.WITHDRAWN
    if decision is None or decision.kind is not EntryKind.GRANTED:
        return None
    at_once = (one for one in ends if one.reference == decision.reference and ends_on(one) is None)
    return Status.REVOKED if any(at_once) else None


def _running(heard: list[TimelineEntry], decision: TimelineEntry | None) -> _LastDays | None:
    """A grant that ends on a later day, and whose ticket lives: issuance tells when it is over, no clock is asked."""
    ending = {one.reference: day for one in heard if one.kind is EntryKind.GRANT_ENDED and (day := ends_on(one))}
    for grant in (one for one in reversed(heard) if one.kind is EntryKind.GRANTED and one.reference in ending):
        if decision is None or grant.reference == decision.reference:
            continue
        if never_began(grant, ending[grant.reference]):
            continue
        ticket, status = _ticket(heard, grant, strict=True)
        if ticket and status and status is not Status.REVOKED:
            return _LastDays(status, ticket, ending[grant.reference])
    return None


def never_began(grant: TimelineEntry, last: date) -> bool:
    """Of a grant and its last day: another took its place before it began, so it gives no day."""
    begins = str(json.loads(grant.detail).get("valid_from") or "")[: len("2026-12-01")]
    return bool(begins) and last < date.fromisoformat(begins)


def ends_on(news: TimelineEntry) -> date | None:
    """Of the end of a grant: its last day, where that is to come."""
    day = json.loads(news.detail).get("ends_on")
    return date.fromisoformat(day) if day else None


REACHED = {
    EntryKind.TICKET_ISSUED: Status.TICKET_ISSUED,
    EntryKind.PASS_READY: Status.PASS_READY,
    EntryKind.TICKET_REVOKED: Status.REVOKED,
    EntryKind.TICKET_REPLACED: Status.TICKET_ISSUED,
    EntryKind.TICKET_SUSPENDED: Status.TICKET_ISSUED,
    EntryKind.TICKET_RESTORED: Status.TICKET_ISSUED,
    EntryKind.TICKET_RENEWED: Status.TICKET_ISSUED,
    EntryKind.TICKET_TOLD: Status.TICKET_ISSUED,
}
SWITCHED = (EntryKind.TICKET_SUSPENDED, EntryKind.TICKET_RESTORED, EntryKind.TICKET_TOLD)
"""What each piece of news says at least of its ticket: a suspended one was issued, though that is heard of later."""


def _ticket(
    heard: list[TimelineEntry], decision: TimelineEntry | None, *, strict: bool = False
) -> tuple[str | None, Status | None]:
    """The ticket of this decision and how far it is. A ticket whose decision is not known yet belongs to this one,
    unless `strict`.

    One that can be used comes before a suspended, and that before a dead one; among equals the newest.
    """
    issued_under = {one.reference: one.decision_id for one in heard if one.kind is EntryKind.TICKET_ISSUED}
    issued_under |= {one.ticket_id or "": one.decision_id for one in heard if one.kind is EntryKind.TICKET_KEPT}
    reached: dict[str, tuple[Status, int]] = {}
    suspended: dict[str, bool] = {}
    for place, one in enumerate(heard):
        if one.kind not in REACHED:
            continue
        said = [(one.ticket_id or one.reference, REACHED[one.kind])]
        if one.kind is EntryKind.TICKET_REPLACED:
            said = [(one.reference, REACHED[one.kind]), (one.ticket_id or "", Status.REVOKED)]
        if one.kind in SWITCHED:
            suspended[one.ticket_id or ""] = one.kind is EntryKind.TICKET_SUSPENDED
        for ticket, status in said:
            under = issued_under.get(ticket)
            if decision and (under or strict) and under != decision.reference:
                continue
            known = reached.get(ticket, (Status.SUBMITTED, place))[0]
            reached[ticket] = max(known, status, key=lambda each: each.rank), place
    for ticket, (status, place) in reached.items():
        if suspended.get(ticket) and status is not Status.REVOKED:
            reached[ticket] = Status.SUSPENDED, place
    for unusable in ((Status.SUSPENDED, Status.REVOKED), (Status.REVOKED,), ()):
        left = [(status.rank, at, ticket, status) for ticket, (status, at) in reached.items() if status not in unusable]
        if left:
            return max(left)[2:]
    return None, None

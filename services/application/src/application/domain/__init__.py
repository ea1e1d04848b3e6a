"""What an application is, and how it stands. Pure: no clock, no I/O.

How an application stands is not stored: it follows from the set of news heard about it. So it does not matter in which
order the news of three services arrive, or how often.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

ApplicationId = NewType("ApplicationId", UUID)
Owner = NewType("Owner", str)
"""The OIDC subject of the guardian or adult pupil who applied."""


DocumentId = NewType("DocumentId", UUID)
"""Made from the application's id and the request's key: a request that comes again means the same document."""


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
    """The ticket is not good until the authority restores it; then it is as before."""
    REVOKED = "revoked"
    """The grant ended or the ticket was called back. Final for this decision."""
    WITHDRAWN = "withdrawn"
    """The family took the application back. Final."""

    @property
    def rank(self) -> int:
        return list(Status).index(self)

    @property
    def is_final(self) -> bool:
        """Nothing more is expected; only a new decision of the authority can follow a refusal or a revocation."""
        return self in (Status.REFUSED, Status.REVOKED, Status.WITHDRAWN)


class NewsKind(StrEnum):
    """What may be heard about an application after it was submitted."""

    REVIEW_OPENED = "review_opened"
    QUESTION_ASKED = "question_asked"
    """The authority needs something of the family."""
    ANSWERED = "answered"
    """The family's own answer, or change of its facts."""
    GRANTED = "granted"
    REFUSED = "refused"
    SELF_PAYER_CHOSEN = "self_payer_chosen"
    """The family's own order of the ticket that a refusal offers."""
    GRANT_ENDED = "grant_ended"
    SHARE_CHANGED = "share_changed"
    """The family pays another own share; grant and ticket stay."""
    APPLICATION_DUE = "application_due"
    """The grant is not carried on: for the next school year the family applies anew."""
    TICKET_ISSUED = "ticket_issued"
    TICKET_REVOKED = "ticket_revoked"
    TICKET_REPLACED = "ticket_replaced"
    """A new ticket has taken the place of another."""
    TICKET_SUSPENDED = "ticket_suspended"
    TICKET_RESTORED = "ticket_restored"
    TICKET_RENEWED = "ticket_renewed"
    """The same ticket, signed anew."""
    PASS_READY = "pass_ready"  # noqa: S105
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_REMOVED = "document_removed"
    """The family's own document, handed in or deleted again."""
    WITHDRAWN = "withdrawn"
    """The family's own withdrawal."""


APPLICATION_WITHDRAWN = "application_withdrawn"
"""The reason by which eligibility ends a grant, or lays an application down, because the family withdrew."""


@dataclass(frozen=True)
class News:
    """One thing heard. (`kind`, `reference`) names it: the same thing told twice is one piece of news."""

    kind: NewsKind
    at: datetime
    reference: str = ""
    """The id of what it is about: a case, a decision, a ticket or a step of it; empty for the family's withdrawal."""
    decision_id: str | None = None
    """For an issued ticket, and for another own share: under which decision."""
    ticket_id: str | None = None
    """Where `reference` is another: the ticket that was suspended, restored, signed anew or replaced."""
    reason: str = ""
    """A code, where something ended."""
    detail: str = "{}"
    """What the family's page shows of it, as JSON of `workflow.news.Detail`."""


@dataclass(frozen=True)
class Standing:
    """How the application stands, and by which decision and ticket."""

    status: Status
    decision: News | None = None
    ticket: str | None = None


def standing(news: Iterable[News]) -> Standing:
    """What follows from all the news, in whatever order they were heard.

    The latest decision counts. Within one decision the status never goes back, but for a suspension: a pass heard of
    before its ticket or its grant already means that both exist. A family's withdrawal is final whatever else is heard.
    """
    heard = sorted(news, key=lambda one: (one.at, one.kind, one.reference))
    decision = _latest(heard, NewsKind.GRANTED, NewsKind.REFUSED)
    ticket, ticket_status = _ticket(heard, decision)
    if _latest(heard, NewsKind.WITHDRAWN):
        return Standing(Status.WITHDRAWN, decision)
    if ended := _end(heard, decision):
        return Standing(ended, decision, ticket)
    if decision and decision.kind is NewsKind.REFUSED:
        return Standing(Status.REFUSED, decision)
    if ticket_status:
        return Standing(ticket_status, decision, ticket)
    if decision:
        return Standing(Status.GRANTED, decision)
    return Standing(Status.IN_REVIEW if _latest(heard, NewsKind.REVIEW_OPENED) else Status.SUBMITTED)


def _latest(heard: list[News], *kinds: NewsKind) -> News | None:
    return next((one for one in reversed(heard) if one.kind in kinds), None)


def _end(heard: list[News], decision: News | None) -> Status | None:
    """Whether eligibility has ended this decision, or laid the application down without one."""
    reference = decision.reference if decision else ""
    for one in heard:
        if one.kind is not NewsKind.GRANT_ENDED:
            continue
        if one.reason == APPLICATION_WITHDRAWN:
            return Status.WITHDRAWN
        if one.reference == reference and decision and decision.kind is NewsKind.GRANTED:
            return Status.REVOKED
    return None


REACHED = {
    NewsKind.TICKET_ISSUED: Status.TICKET_ISSUED,
    NewsKind.PASS_READY: Status.PASS_READY,
    NewsKind.TICKET_REVOKED: Status.REVOKED,
    NewsKind.TICKET_REPLACED: Status.TICKET_ISSUED,
    NewsKind.TICKET_SUSPENDED: Status.TICKET_ISSUED,
    NewsKind.TICKET_RESTORED: Status.TICKET_ISSUED,
    NewsKind.TICKET_RENEWED: Status.TICKET_ISSUED,
}
"""What each piece of news says at least of its ticket: a suspended one was issued, though that is heard of later."""


def _ticket(heard: list[News], decision: News | None) -> tuple[str | None, Status | None]:
    """The ticket of this decision and how far it is. A ticket whose decision is not known yet belongs to this one.

    One that can be used comes before a suspended, and that before a dead one; among equals the newest.
    """
    issued_under = {one.reference: one.decision_id for one in heard if one.kind is NewsKind.TICKET_ISSUED}
    reached: dict[str, tuple[Status, datetime]] = {}
    suspended: dict[str, bool] = {}
    for one in heard:
        if one.kind not in REACHED:
            continue
        said = [(one.ticket_id or one.reference, REACHED[one.kind])]
        if one.kind is NewsKind.TICKET_REPLACED:
            said = [(one.reference, REACHED[one.kind]), (one.ticket_id or "", Status.REVOKED)]
        if one.kind in (NewsKind.TICKET_SUSPENDED, NewsKind.TICKET_RESTORED):
            suspended[one.ticket_id or ""] = one.kind is NewsKind.TICKET_SUSPENDED
        for ticket, status in said:
            under = issued_under.get(ticket)
            if decision and under and under != decision.reference:
                continue
            known = reached.get(ticket, (Status.SUBMITTED, one.at))[0]
            reached[ticket] = max(known, status, key=lambda each: each.rank), one.at
    for ticket, (status, at) in reached.items():
        if suspended.get(ticket) and status is not Status.REVOKED:
            reached[ticket] = Status.SUSPENDED, at
    for unusable in ((Status.SUSPENDED, Status.REVOKED), (Status.REVOKED,), ()):
        left = [(status.rank, at, ticket, status) for ticket, (status, at) in reached.items() if status not in unusable]
        if left:
            return max(left)[2:]
    return None, None


@dataclass(frozen=True)
class Authority:
    """A school authority, as far as this service needs it."""

    id: str
    name: str
    takes_part: bool


@dataclass(frozen=True)
class School:
    """A school of the register. `form` is the SVWS short key (G, GY, BK …)."""

    number: str
    name: str
    form: str
    city: str
    street: str
    postal_code: str
    authority: Authority
    operation: str
    """SVWS key of operation (Schulbetriebsschlüssel): 1 and 6 open, 0 and 2 closing, 3 opens later."""
    operation_since: date | None = None


@dataclass(frozen=True)
class Application:
    """An application as it was handed in. `form` is the JSON of `form.ApplicationForm`."""

    id: ApplicationId
    authority_id: str
    owner: Owner
    idempotency_key: str
    fingerprint: bytes
    """SHA-256 of the form: the same key with another form is a conflict."""
    submitted_at: datetime
    school_number: str
    school_year: str
    form: str

    @property
    def application_id(self) -> ApplicationId:
        """As other things name it."""
        return self.id


@dataclass(frozen=True)
class Document:
    """What a family handed in. Its name may be personal; the bytes stay in the store."""

    id: DocumentId
    application_id: ApplicationId
    kind: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    name: str
    question_id: UUID | None
    added_at: datetime


@dataclass(frozen=True)
class View:
    """All that its owner may see of an application."""

    application: Application
    school: School | None
    """None where the register has dropped the school since."""
    news: tuple[News, ...]

    @property
    def standing(self) -> Standing:
        return standing(self.news)

"""What the other services tell: written down for the family, never acted on."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict
from shared.bus.conflicts import alarm
from shared.errors import Conflict, NotFound, Text
from shared.events import (
    DatedCents,
    EligibilityApplicationDue,
    EligibilityChangeSettled,
    EligibilityGranted,
    EligibilityMessageFiled,
    EligibilityMessageRead,
    EligibilityQuestionAsked,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityShareChanged,
    EligibilityWithdrawn,
    PassReady,
    Reason,
    SelfPayerOffer,
    TicketStateChanged,
)

from application.domain.ids import ApplicationId
from application.domain.timeline import News, NewsKind
from application.workflow.ports import Store

ToldOnce = (
    EligibilityGranted
    | EligibilityRefused
    | EligibilityReviewOpened
    | EligibilityQuestionAsked
    | EligibilityWithdrawn
    | EligibilityShareChanged
    | EligibilityApplicationDue
    | EligibilityMessageFiled
    | EligibilityMessageRead
    | EligibilityChangeSettled
    | PassReady
)
NewsEvent = ToldOnce | TicketStateChanged
"""The events that this service hears."""

UNKNOWN_APPLICATION = Text("News von einem unbekannten Antrag.", "News of an unknown application.")
OTHER_AUTHORITY = Text("News von einem anderen Schulträger.", "News from another authority.")


class Detail(BaseModel):
    """What the family's page shows of a piece of news. Missing where the kind does not have it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    distance_m: float | None = None
    limit_m: int | None = None
    own_share_cents: int | None = None
    valid_from: date | AwareDatetime | None = None
    valid_until: date | AwareDatetime | None = None
    reasons: tuple[Reason, ...] = ()
    rules_version: str | None = None
    notice_url: str | None = None
    pass_url: str | None = None
    product_name: str | None = None
    transport: str | None = None
    allowance_cents: int | None = None
    own_share_changes: tuple[DatedCents, ...] = ()
    ground: str | None = None
    """Of a grant: self_payer where the family buys the ticket."""
    offer: SelfPayerOffer | None = None
    """Of a refusal: what the family may buy; of its order: what it bought."""
    text: str = ""
    text_en: str = ""
    due: date | None = None
    """Of a question: what to send, and until when."""
    hearing: bool = False
    """Of a question: a grant is to end or to become less, and the family is heard first."""
    question_id: UUID | None = None
    answer: str = ""
    changed_from: date | None = None
    ticket_from: date | None = None
    own_share_from: date | None = None
    reimbursed_until: date | None = None
    """Of a grant that is let out later than it begins: from when ticket and own share are, and until when the fares
    before can be claimed."""
    carries_on: UUID | None = None
    """Of a grant: that of the school year before, which it carries on."""
    school_year: str = ""
    grant_ends: date | None = None
    apply_until: date | None = None
    """Of a grant that is not carried on: for which school year, and until when, the family applies anew."""
    earlier_form: str | None = None
    """Of the family's answer: what it said, and the form as it was before it changed."""
    changed: tuple[str, ...] = ()
    """Of the family's answer: names of the parts of the form that it changed."""
    holder_change: int | None = None
    """Of the family's answer, where it gave the child's name, birth date or gender anew: its number."""
    leaves_for: str | None = None
    leaves_for_school: str = ""
    leaves_for_authority: str = ""
    """Of a change to a school of another authority: its number, its name, and who is responsible there."""
    followed_by: UUID | None = None
    """Of a grant that ends: the one whose ticket may be the same."""
    ends_on: date | None = None
    """Of a grant that ends on a later day: until then it holds, and so does its ticket."""
    change_number: int | None = None
    """Of the family's answer: its number. Of a decision: the newest of them that is in it; 0: none. Of changes that are
    settled: all of them until that one; None: that one alone."""
    look_by: date | None = None
    """Of a message: by when somebody looks at it."""


class Newsroom:
    """Hears."""

    async def hear(self, event: NewsEvent) -> Callable[[Store], None]:
        """The step that writes `event` down. Nothing else depends on it, so nothing has to be looked up before."""
        return partial(_write_down, event, all_news_of(event))


def _write_down(event: NewsEvent, news: Sequence[News], store: Store) -> None:
    application_id = ApplicationId(event.application_id)
    # 1. Only of an application that is here, and only from its authority.
    authority_id = store.authority_of(application_id)
    if authority_id is None:
        raise NotFound(UNKNOWN_APPLICATION)
    if authority_id != event.authority_id:
        raise Conflict(OTHER_AUTHORITY)
    # 2. What was told of a decision first counts: another content under its id is an alarm, and is not written down.
    digests = _digests(event)
    for decision_id, digest in digests:
        if store.digest_of(application_id, decision_id) not in (None, digest):
            alarm(event, decision_id)
            return
    store.keep_digests(application_id, digests)
    # 3. Its rows. How the application stands follows from all of them (domain.standing), in whatever order they came.
    for each in news:
        store.note(application_id, each)


def _digests(event: NewsEvent) -> list[tuple[UUID, str]]:
    """The decisions that an event names, each with the digest of its content."""
    named: list[tuple[UUID | None, str | None]] = []
    match event:
        case EligibilityGranted() | EligibilityRefused() | EligibilityWithdrawn():
            named = [(event.decision_id, event.decision_digest)]
        case EligibilityShareChanged():
            named = [(event.decision_id, event.decision_digest), (event.grant_id, event.grant_digest)]
    return [(decision_id, digest) for decision_id, digest in named if decision_id is not None and digest is not None]


def all_news_of(event: NewsEvent) -> Sequence[News]:
    """An event as pieces of news: one, but for a step of a ticket, of which there may be several to tell, or none."""
    return _of_ticket(event) if isinstance(event, TicketStateChanged) else [news_of(event)]


def news_of(event: ToldOnce) -> News:
    """An event as a piece of news."""
    match event:
        case EligibilityReviewOpened():
            return News(NewsKind.REVIEW_OPENED, event.occurred_at, str(event.case_id), detail=_detail(event, "reasons"))
        case EligibilityQuestionAsked():
            detail = _detail(event, "text", "text_en", "due", "hearing")
            return News(NewsKind.QUESTION_ASKED, event.occurred_at, str(event.question_id), detail=detail)
        case EligibilityGranted():
            shown = ("distance_m", "limit_m", "own_share_cents", "valid_from", "valid_until", "reasons")
            more = ("product_name", "transport", "allowance_cents", "own_share_changes", "ground", "carries_on",
                    "change_number", "ticket_from", "own_share_from", "reimbursed_until")  # fmt: skip
            detail = _detail(event, *shown, "rules_version", "notice_url", *more)
            return News(NewsKind.GRANTED, event.occurred_at, str(event.decision_id), detail=detail)
        case EligibilityRefused():
            detail = _detail(event, "distance_m", "limit_m", "reasons", "rules_version", "notice_url", "offer",
                             "change_number")  # fmt: skip
            return News(NewsKind.REFUSED, event.occurred_at, str(event.decision_id), detail=detail)
        case EligibilityWithdrawn():
            reference = str(event.decision_id or "")
            detail = _detail(event, "ends_on", "followed_by")
            return News(NewsKind.GRANT_ENDED, event.occurred_at, reference, reason=event.reason, detail=detail)
        case EligibilityShareChanged():
            return News(
                NewsKind.SHARE_CHANGED,
                event.occurred_at,
                str(event.decision_id),
                decision_id=str(event.grant_id),
                detail=_detail(
                    event, "own_share_cents", "changed_from", "reasons", "rules_version", "notice_url", "change_number"
                ),
            )
        case EligibilityApplicationDue():
            detail = _detail(event, "school_year", "grant_ends", "apply_until")
            reference = str(event.decision_id)
            return News(NewsKind.APPLICATION_DUE, event.occurred_at, reference, reason=event.reason, detail=detail)
        case EligibilityMessageFiled():
            detail = _detail(event, "look_by")
            return News(NewsKind.MESSAGE_FILED, event.occurred_at, str(event.message_id), detail=detail)
        case EligibilityMessageRead():
            return News(NewsKind.MESSAGE_READ, event.occurred_at, str(event.message_id))
        case EligibilityChangeSettled():
            detail = _detail(event, "change_number") if event.up_to else "{}"
            return News(NewsKind.CHANGE_SETTLED, event.occurred_at, str(event.change_number), detail=detail)
        case PassReady():
            detail = _detail(event, "pass_url")
            return News(NewsKind.PASS_READY, event.occurred_at, str(event.ticket_id), detail=detail)


def _of_ticket(event: TicketStateChanged) -> list[News]:
    """What has happened; of one that is told again, how it stands."""
    ticket, decision = str(event.ticket_id), str(event.decision_id)
    news = []
    if event.happened in ("issued", "announced") and event.state in ("issued", "suspended"):
        days = _detail(event, "valid_from", "valid_until")
        news.append(News(NewsKind.TICKET_ISSUED, event.occurred_at, ticket, decision_id=decision, detail=days))
    if event.happened == "issued" and event.replaces is not None:
        before, why = str(event.replaces), event.replaces_because
        news.append(News(NewsKind.TICKET_REPLACED, event.occurred_at, ticket, ticket_id=before, reason=why))
    if event.happened in ("suspended", "issued", "announced") and event.state == "suspended":
        news.append(_step(NewsKind.TICKET_SUSPENDED, event, event.reason))
    if event.happened in ("revoked", "announced") and event.state == "revoked":
        news.append(News(NewsKind.TICKET_REVOKED, event.occurred_at, ticket, reason=event.reason))
    if event.happened in STEPS:
        news.append(_step(STEPS[event.happened], event))
    if event.happened == "kept":
        news.append(_step(NewsKind.TICKET_KEPT, event, decision=decision))
    return news


STEPS = {"restored": NewsKind.TICKET_RESTORED, "signed_anew": NewsKind.TICKET_RENEWED}


def _step(kind: NewsKind, event: TicketStateChanged, reason: str = "", decision: str | None = None) -> News:
    """One of several of its kind in a ticket's life: ticket and count name it, however often it is told."""
    reference, ticket = str(uuid5(event.ticket_id, f"step {event.step}")), str(event.ticket_id)
    return News(kind, event.occurred_at, reference, decision_id=decision, ticket_id=ticket, reason=reason)


def _detail(event: NewsEvent, *shown: str) -> str:
    return Detail.model_validate(event.model_dump(include=set(shown))).model_dump_json(exclude_defaults=True)

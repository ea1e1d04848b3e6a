"""What the other services tell: written down for the family. Acted on only where a grant may find no name any more:
then the name is told again."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID, uuid5

from shared.bus.conflicts import alarm, may_alarm
from shared.errors import Conflict, NotFound, Text
from shared.events import (
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
    TicketStateChanged,
)

from application.domain.application import Application
from application.domain.ids import ApplicationId
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm
from application.workflow.detail import Detail
from application.workflow.mails.hints import Hints
from application.workflow.names import after_decisions, may_be_erased, names_of
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
TimelineEvent = ToldOnce | TicketStateChanged
"""The events that this service hears."""
may_alarm(EligibilityGranted, EligibilityRefused, EligibilityWithdrawn, EligibilityShareChanged)

UNKNOWN_APPLICATION = Text("News von einem unbekannten Antrag.", "News of an unknown application.")
OTHER_AUTHORITY = Text("News von einem anderen Schulträger.", "News from another authority.")


class Timeline:
    """Hears."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints

    async def record(self, event: TimelineEvent) -> Callable[[Store], None]:
        """The step that writes `event` down. Nothing else depends on it, so nothing has to be looked up before."""
        return partial(_write_down, self._hints, event, entries_of(event))


def _write_down(hints: Hints, event: TimelineEvent, news: Sequence[TimelineEntry], store: Store) -> None:
    application_id = ApplicationId(event.application_id)
    # 1. Only of an application that is here, and only from its authority.
    application = store.find_application(application_id)
    if application is None:
        raise NotFound(UNKNOWN_APPLICATION)
    if application.authority_id != event.authority_id:
        raise Conflict(OTHER_AUTHORITY)
    # 2. What was told of a decision first counts: another content under its id is an alarm, and is not written down.
    if (decision_id := _conflict(event, store, application_id)) is not None:
        alarm(event, decision_id)
        return
    # 3. Its rows. How the application stands follows from all of them (domain.status), in whatever order they came.
    for each in news:
        store.note(application_id, each)
    # 4. The name for the ticket, where it may have been erased.
    if isinstance(event, EligibilityGranted | EligibilityRefused):
        _tell_names(event, store, application)
    # 5. A hint by e-mail, where there is something to do or to fetch.
    hints.tell(store, application, event)


def _conflict(event: TimelineEvent, store: Store, application_id: ApplicationId) -> UUID | None:
    """The decision that was told with another content before; else None, and the digests are kept."""
    digests = _digests(event)
    if len(digests) == 1:  # nearly always: one statement asks and keeps
        decision_id, digest = digests[0]
        return None if store.first_digest(application_id, decision_id, digest) == digest else decision_id
    for decision_id, digest in digests:
        if store.digest_of(application_id, decision_id) not in (None, digest):
            return decision_id
    store.keep_digests(application_id, digests)
    return None


def _tell_names(event: EligibilityGranted | EligibilityRefused, store: Store, application: Application) -> None:
    news = store.news_of([application.id])[application.id]
    if not may_be_erased(event, application, news):
        return
    form = ApplicationForm.model_validate_json(application.form)
    for told in names_of(application, form, news, after_decisions(news)):
        store.emit(told)


def _digests(event: TimelineEvent) -> list[tuple[UUID, str]]:
    """The decisions that an event names, each with the digest of its content."""
    named: list[tuple[UUID | None, str | None]] = []
    match event:
        case EligibilityGranted() | EligibilityRefused() | EligibilityWithdrawn():
            named = [(event.decision_id, event.decision_digest)]
        case EligibilityShareChanged():
            named = [(event.decision_id, event.decision_digest), (event.grant_id, event.grant_digest)]
    return [(decision_id, digest) for decision_id, digest in named if decision_id is not None and digest is not None]


def entries_of(event: TimelineEvent) -> Sequence[TimelineEntry]:
    """An event as lines of the timeline: one, but for a step of a ticket, of which there may be several, or none."""
    return _of_ticket(event) if isinstance(event, TicketStateChanged) else [entry_of(event)]


def entry_of(event: ToldOnce) -> TimelineEntry:
    """An event as a line of the timeline."""
    match event:
        case EligibilityReviewOpened():
            return TimelineEntry(
                EntryKind.REVIEW_OPENED, event.occurred_at, str(event.case_id), detail=_detail(event, "reasons")
            )
        case EligibilityQuestionAsked():
            detail = _detail(event, "text", "text_en", "due", "hearing")
            return TimelineEntry(EntryKind.QUESTION_ASKED, event.occurred_at, str(event.question_id), detail=detail)
        case EligibilityGranted() | EligibilityRefused() | EligibilityWithdrawn() | EligibilityShareChanged():
            return _of_decision(event)
        case EligibilityApplicationDue():
            detail = _detail(event, "school_year", "grant_ends", "apply_until")
            reference = str(event.decision_id)
            return TimelineEntry(
                EntryKind.APPLICATION_DUE, event.occurred_at, reference, reason=event.reason, detail=detail
            )
        case EligibilityMessageFiled():
            detail = _detail(event, "look_by")
            return TimelineEntry(EntryKind.MESSAGE_FILED, event.occurred_at, str(event.message_id), detail=detail)
        case EligibilityMessageRead():
            return TimelineEntry(EntryKind.MESSAGE_READ, event.occurred_at, str(event.message_id))
        case EligibilityChangeSettled():
            detail = _detail(event, "change_number") if event.up_to else "{}"
            return TimelineEntry(EntryKind.CHANGE_SETTLED, event.occurred_at, str(event.change_number), detail=detail)
        case PassReady():
            detail, ticket = _detail(event, "pass_url", "link"), str(event.ticket_id)
            if event.link == 0:
                return TimelineEntry(EntryKind.PASS_READY, event.occurred_at, ticket, detail=detail)
            reference = str(uuid5(event.ticket_id, f"link {event.link}"))
            return TimelineEntry(EntryKind.PASS_READY, event.occurred_at, reference, ticket_id=ticket, detail=detail)


def _of_decision(
    event: EligibilityGranted | EligibilityRefused | EligibilityWithdrawn | EligibilityShareChanged,
) -> TimelineEntry:
    """A decision, its end, or a later one on its own share alone."""
    match event:
        case EligibilityGranted():
            shown = ("distance_m", "limit_m", "own_share_cents", "valid_from", "valid_until", "reasons")
            more = ("product_name", "transport", "allowance_cents", "own_share_changes", "ground", "carries_on",
                    "change_number", "ticket_from", "own_share_from", "reimbursed_until", "behind_another",
                    "awaits_school")  # fmt: skip
            detail = _detail(event, *shown, "rules_version", "notice_url", *more)
            return TimelineEntry(EntryKind.GRANTED, event.occurred_at, str(event.decision_id), detail=detail)
        case EligibilityRefused():
            detail = _detail(event, "distance_m", "limit_m", "reasons", "rules_version", "notice_url", "offer",
                             "change_number")  # fmt: skip
            return TimelineEntry(EntryKind.REFUSED, event.occurred_at, str(event.decision_id), detail=detail)
        case EligibilityWithdrawn():
            reference = str(event.decision_id or "")
            detail = _detail(event, "ends_on", "followed_by")
            return TimelineEntry(
                EntryKind.GRANT_ENDED, event.occurred_at, reference, reason=event.reason, detail=detail
            )
        case EligibilityShareChanged():
            return TimelineEntry(
                EntryKind.SHARE_CHANGED,
                event.occurred_at,
                str(event.decision_id),
                decision_id=str(event.grant_id),
                detail=_detail(
                    event, "own_share_cents", "changed_from", "reasons", "rules_version", "notice_url", "change_number"
                ),
            )


def _of_ticket(event: TicketStateChanged) -> list[TimelineEntry]:
    """What has happened; of one that is told again, how it stands."""
    ticket, decision, step = str(event.ticket_id), str(event.decision_id), event.step
    news = []
    if event.happened in ("issued", "announced") and event.state in ("issued", "suspended"):
        days = _detail(event, "valid_from", "valid_until")
        news.append(
            TimelineEntry(
                EntryKind.TICKET_ISSUED, event.occurred_at, ticket, decision_id=decision, step=FIRST_STEP, detail=days
            )
        )
    if event.happened == "issued" and event.replaces is not None:
        before, why = str(event.replaces), event.replaces_because
        news.append(
            TimelineEntry(EntryKind.TICKET_REPLACED, event.occurred_at, ticket, ticket_id=before, reason=why, step=step)
        )
    if event.happened in ("suspended", "issued", "announced") and event.state == "suspended":
        news.append(_step(EntryKind.TICKET_SUSPENDED, event, event.reason))
    if event.happened == "announced" and event.state == "issued" and step > FIRST_STEP:
        news.append(_step(EntryKind.TICKET_TOLD, event))
    if event.happened in ("revoked", "announced") and event.state == "revoked":
        news.append(TimelineEntry(EntryKind.TICKET_REVOKED, event.occurred_at, ticket, reason=event.reason, step=step))
    if event.happened in STEPS:
        news.append(_step(STEPS[event.happened], event))
    if event.happened == "kept":
        news.append(_step(EntryKind.TICKET_KEPT, event, decision=decision))
    return news


FIRST_STEP = 1
STEPS = {"restored": EntryKind.TICKET_RESTORED, "signed_anew": EntryKind.TICKET_RENEWED}


def _step(kind: EntryKind, event: TicketStateChanged, reason: str = "", decision: str | None = None) -> TimelineEntry:
    """One of several of its kind in a ticket's life: ticket and count name it, however often it is told."""
    reference, ticket = str(uuid5(event.ticket_id, f"step {event.step}")), str(event.ticket_id)
    return TimelineEntry(
        kind, event.occurred_at, reference, decision_id=decision, ticket_id=ticket, reason=reason, step=event.step
    )


def _detail(event: TimelineEvent, *shown: str) -> str:
    return Detail.model_validate(event.model_dump(include=set(shown))).model_dump_json(exclude_defaults=True)

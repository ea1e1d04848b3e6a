"""The child's name for the ticket, told again where the service that makes the ticket may have erased it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.events import ApplicationHolderGiven, EligibilityGranted, Event

from application.domain.application import Application
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm
from application.workflow.applications.facts import holder_given
from application.workflow.detail import Detail

KEPT_FOR = timedelta(days=90)
"""So long after it was told a name surely still waits for its grant: half of WAITING_DAYS in issuance."""
PUBLIC = (None, "public")
"""Kinds of transport that come with a ticket."""


def names_of(
    application: Application, form: ApplicationForm, news: Sequence[TimelineEntry], told_at: datetime | None = None
) -> Iterator[ApplicationHolderGiven]:
    """The child as it was named before each correction, and as it is named now: a grant asks for one of them.

    Args:
        told_at: what was decided before it does not erase the name; None: told as it was handed in.
    """
    number = None
    for each in sorted(news, key=lambda each: each.at):
        detail = Detail.model_validate_json(each.detail) if each.kind is EntryKind.ANSWERED else Detail()
        if detail.holder_change is not None and detail.earlier_form is not None:
            earlier = ApplicationForm.model_validate_json(detail.earlier_form)
            yield holder_given(application, earlier, number, told_at)
            number = detail.holder_change
    yield holder_given(application, form, number, told_at)


def after_decisions(news: Sequence[TimelineEntry]) -> datetime | None:
    """Just after the newest decision that was heard, which must not erase what is told then; None: none was heard."""
    last = max((each.at for each in news if each.kind in (EntryKind.GRANTED, EntryKind.REFUSED)), default=None)
    return None if last is None else last + timedelta(microseconds=1)


def may_be_erased(event: Event, application: Application, news: Sequence[TimelineEntry]) -> bool:
    """Whether a grant may find no name: it was erased with a decision that gave no ticket, or waited too long.

    Asked when a decision is heard, whichever comes first: one may overtake the other on its way to issuance too. `news`
    holds the event's own piece.
    """
    erased = any(_gives_no_ticket(each) for each in news)
    if isinstance(event, EligibilityGranted) and event.with_ticket:
        return erased or event.occurred_at - application.submitted_at > KEPT_FOR
    settled = {_settled(each) for each in news}
    return erased and any(_gives_ticket(each) and each.reference not in settled for each in news)


def _settled(news: TimelineEntry) -> str | None:
    """The grant that needs no name any more: it has its ticket, or has ended at once."""
    if news.kind in (EntryKind.TICKET_ISSUED, EntryKind.TICKET_KEPT):
        return news.decision_id
    over = news.kind is EntryKind.GRANT_ENDED and Detail.model_validate_json(news.detail).ends_on is None
    return news.reference if over else None


def _gives_ticket(news: TimelineEntry) -> bool:
    return news.kind is EntryKind.GRANTED and Detail.model_validate_json(news.detail).transport in PUBLIC


def _gives_no_ticket(news: TimelineEntry) -> bool:
    return news.kind is EntryKind.REFUSED or (news.kind is EntryKind.GRANTED and not _gives_ticket(news))

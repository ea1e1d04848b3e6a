"""The child's name for the ticket, told again where the service that makes the ticket may have erased it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from shared.events import ApplicationHolderGiven, EligibilityGranted, EligibilityRefused, Event

from application.domain.application import Application
from application.domain.timeline import News, NewsKind
from application.form import ApplicationForm
from application.workflow.applications.facts import holder_given
from application.workflow.detail import Detail

KEPT_FOR = timedelta(days=90)
"""So long after it was told a name surely still waits for its grant: half of WAITING_DAYS in issuance."""
PUBLIC = (None, "public")
"""Kinds of transport that come with a ticket."""


def names_of(application: Application, form: ApplicationForm, news: Sequence[News]) -> Iterator[ApplicationHolderGiven]:
    """The child as it was named before each correction, and as it is named now: a grant asks for one of them."""
    number = None
    for each in sorted(news, key=lambda each: each.at):
        detail = Detail.model_validate_json(each.detail) if each.kind is NewsKind.ANSWERED else Detail()
        if detail.holder_change is not None and detail.earlier_form is not None:
            yield holder_given(application, ApplicationForm.model_validate_json(detail.earlier_form), number)
            number = detail.holder_change
    yield holder_given(application, form, number)


def may_be_erased(event: Event, application: Application, news: Sequence[News]) -> bool:
    """Whether a grant that `event` brings, or that came before it, may find no name: it was erased with a decision that
    gave no ticket, or waited too long. `news` holds the event's own piece."""
    if isinstance(event, EligibilityGranted) and event.with_ticket:
        erased = any(_gives_no_ticket(each) and each.at <= event.occurred_at for each in news)
        return erased or event.occurred_at - application.submitted_at > KEPT_FOR
    if isinstance(event, EligibilityRefused | EligibilityGranted):
        # heard late: the grant after it was heard first
        return any(_gives_ticket(each) and each.at >= event.occurred_at for each in news)
    return False


def _gives_ticket(news: News) -> bool:
    return news.kind is NewsKind.GRANTED and Detail.model_validate_json(news.detail).transport in PUBLIC


def _gives_no_ticket(news: News) -> bool:
    return news.kind is NewsKind.REFUSED or (news.kind is NewsKind.GRANTED and not _gives_ticket(news))

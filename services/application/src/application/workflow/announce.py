"""The present state told again out of the tables, for hearers that lost more than outbox and broker still hold."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from shared.bus.erasures import ErasedApplication
from shared.events import ApplicationFamilyErased, ApplicationWithdrawn, Event, head

from application.domain.application import Application
from application.domain.attendance import Statement
from application.domain.document import Document
from application.domain.ids import ApplicationId
from application.domain.status import Status, current_status
from application.domain.timeline import EntryKind, TimelineEntry
from application.form import ApplicationForm
from application.workflow.applications.changes import holder_change_of, told_again
from application.workflow.applications.facts import submitted_event
from application.workflow.applications.losses import told_again as loss_again
from application.workflow.applications.pass_links import told_again as link_again
from application.workflow.applications.self_payer import told_again as order_again
from application.workflow.attendance.statements import event_of
from application.workflow.deliveries.retrieval import retrievals_again
from application.workflow.documents.documents import added_event
from application.workflow.names import after_decisions, names_of

PAGE = 100


class Store(Protocol):
    def page_of_all(self, after: ApplicationId | None, limit: int) -> Sequence[Application]:
        """By id, from the one after `after` on."""
        ...

    def news_of(self, application_ids: Sequence[ApplicationId]) -> Mapping[ApplicationId, tuple[TimelineEntry, ...]]:
        """By application; one without any is left out."""

    def page_of_erased(self, after: ApplicationId | None, limit: int) -> Sequence[ErasedApplication]:
        """Applications whose families were erased, by id."""
        ...

    def statements_of(self, application_ids: Collection[ApplicationId]) -> Sequence[Statement]:
        """Of all school years, the newest of each."""

    def documents_of(self, application_ids: Iterable[ApplicationId]) -> Sequence[Document]:
        """Of all these applications, oldest first."""


def announce(store: Store) -> Iterator[Sequence[Event]]:
    """What is undecided as submitted, what waits for its ticket with its holder, what was withdrawn as withdrawn, a
    loss that was not carried out yet, what the family did last with the link to its ticket, the documents that were
    handed in, what schools said, and whose family was erased.

    What has its ticket, or was refused, is not told: nobody may hold a child's name longer because of it. A page at
    a time. Who was erased comes first: a hearer that was put back to an older copy may have all of it.
    """
    yield from _erased(store)
    after: ApplicationId | None = None
    while page := store.page_of_all(after, PAGE):
        news = store.news_of([application.id for application in page])
        documents = store.documents_of([application.id for application in page])
        statements = store.statements_of([application.id for application in page])
        after = page[-1].id
        yield [event for application in page for event in _all_of(application, news.get(application.id, ()), documents)]
        yield [event_of(of, each) for of in page for each in statements if each.application_id == of.id]


def _erased(store: Store) -> Iterator[Sequence[Event]]:
    last: ApplicationId | None = None
    while page := store.page_of_erased(last, PAGE):
        last = ApplicationId(page[-1].application_id)
        yield [ApplicationFamilyErased(**head(each, each.erased_at)) for each in page]


def _all_of(
    application: Application, news: tuple[TimelineEntry, ...], documents: Sequence[Document]
) -> Iterator[Event]:
    yield from _events(application, news)
    yield from retrievals_again(application, news)
    if current_status(news).status is not Status.WITHDRAWN:
        yield from (added_event(application, each) for each in documents if each.application_id == application.id)


def _events(application: Application, news: tuple[TimelineEntry, ...]) -> Iterator[Event]:
    status = current_status(news).status
    if status is Status.WITHDRAWN:
        told = next((each for each in news if each.kind is EntryKind.WITHDRAWN), None)
        yield ApplicationWithdrawn(
            **head(application, told.at if told else application.submitted_at),
            withdrawal_id=application.id,
        )
        return
    if order := order_again(application, news):
        yield order
        yield from names_of(
            application, ApplicationForm.model_validate_json(application.form), news, after_decisions(news)
        )
        return
    if loss := loss_again(application, news):
        yield loss
    if link := link_again(application, news):
        yield link
    if status not in (Status.SUBMITTED, Status.IN_REVIEW, Status.GRANTED):
        return
    form = ApplicationForm.model_validate_json(application.form)
    if status is not Status.GRANTED:
        yield submitted_event(application, form, holder_change_of(news))
        yield from told_again(application, form, news)
    yield from names_of(application, form, news, after_decisions(news))

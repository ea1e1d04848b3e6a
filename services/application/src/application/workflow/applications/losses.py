"""A family has lost its ticket: it dies at once, and another one takes its place. The signer does it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from shared.database import Transactions
from shared.errors import Conflict, Text
from shared.events import ApplicationLossReported, TicketRequestAnswered, head

from application.domain.application import Application, View
from application.domain.ids import ApplicationId, Owner
from application.domain.status import Status, current_status
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.applications.applications import view_of
from application.workflow.people.access import own_application
from application.workflow.ports import Store

HELD = (Status.TICKET_ISSUED, Status.PASS_READY, Status.SUSPENDED)
"""The family holds a ticket."""
NO_TICKET = Text(
    "Dieses Ticket gilt nicht mehr, oder noch nicht: Es gibt hier nichts als verloren zu melden. Die Seite des Antrags "
    "sagt, welches Ticket jetzt gilt.",
    "This ticket is not good any more, or not yet: there is nothing to report lost. The application's page says which "
    "ticket is good now.",
)


class Losses:
    def __init__(self, database: Transactions[Store]) -> None:
        self._database = database

    async def report(self, owner: Owner, application_id: ApplicationId, ticket: UUID, now: datetime) -> View:
        """This ticket is lost; again changes nothing, also where another has taken its place since.

        Raises:
            NotFound.
            Conflict: where it is no ticket that the family holds now.
        """

        def write(store: Store) -> View:
            # 1. Only one's own, and only a ticket that the family holds.
            application = own_application(store, owner, application_id, lock=True)
            news = store.news_of([application_id]).get(application_id, ())
            if is_reported(news, str(ticket)):
                return view_of(store, application)
            if to_lose(news) != str(ticket):
                raise Conflict(NO_TICKET)
            # 2. Note it and tell it.
            loss = TimelineEntry(EntryKind.LOSS_REPORTED, now, str(uuid4()), ticket_id=str(ticket))
            store.note(application_id, loss)
            store.emit(_told(application, loss))
            return view_of(store, application)

        return await self._database.write(write)

    async def answered(self, event: TicketRequestAnswered) -> Callable[[Store], None]:
        """What is done is told by the ticket's steps. A loss that changed nothing is said to the family."""
        return partial(_note_refusal, event)


def to_lose(news: Sequence[TimelineEntry]) -> str | None:
    """The ticket that can be reported lost now."""
    stands = current_status(news)
    return stands.ticket if stands.status in HELD and open_loss(news) is None else None


def open_loss(news: Sequence[TimelineEntry]) -> TimelineEntry | None:
    """A loss that was reported of the ticket as it stands, and has not been answered."""
    ticket = current_status(news).ticket
    return next((each for each in _reported(news) if each.ticket_id == ticket), None)


def is_reported(news: Sequence[TimelineEntry], ticket: str) -> bool:
    """Whether a loss of this ticket was reported, and was not refused."""
    return any(each.ticket_id == ticket for each in _reported(news))


def _reported(news: Sequence[TimelineEntry]) -> Iterator[TimelineEntry]:
    refused = {each.reference for each in news if each.kind is EntryKind.LOSS_REFUSED}
    return (each for each in news if each.kind is EntryKind.LOSS_REPORTED and each.reference not in refused)


def told_again(application: Application, news: Sequence[TimelineEntry]) -> ApplicationLossReported | None:
    """A loss that the ticket does not show yet, as it was told: the signer knows it by its request."""
    loss = open_loss(news)
    return None if loss is None or current_status(news).status not in HELD else _told(application, loss)


def _told(application: Application, loss: TimelineEntry) -> ApplicationLossReported:
    return ApplicationLossReported(
        **head(application, loss.at), request_id=UUID(loss.reference), ticket_id=UUID(loss.ticket_id)
    )


def _note_refusal(event: TicketRequestAnswered, store: Store) -> None:
    if event.application_id is None or event.outcome != "refused":
        return
    application_id, request = ApplicationId(event.application_id), str(event.request_id)
    news = store.news_of([application_id]).get(application_id, ())
    if any(each.kind is EntryKind.LOSS_REPORTED and each.reference == request for each in news):
        store.note(
            application_id, TimelineEntry(EntryKind.LOSS_REFUSED, event.occurred_at, request, reason=event.reason)
        )

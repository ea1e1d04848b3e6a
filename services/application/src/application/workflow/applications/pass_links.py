"""The family ends the link to its ticket's page, or has another one made: after it went astray, or has run out. The
ticket stays as it is; wallet-pass does it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database import Transactions
from shared.errors import Conflict, Text
from shared.events import ApplicationPassLinkChanged, head

from application.domain.application import Application, View
from application.domain.ids import ApplicationId, Owner
from application.domain.pass_links import MOST_ACTS, count_acts, newest_act, next_number, number_of
from application.domain.status import current_status
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.applications.applications import view_of
from application.workflow.applications.losses import HELD
from application.workflow.people.access import own_application
from application.workflow.ports import Store

NO_LINK_TO_CHANGE = Text(
    "Zu diesem Ticket gibt es hier keinen Link, der sich ändern lässt. Die Seite des Antrags sagt, welches Ticket "
    "jetzt gilt.",
    "There is no link to this ticket that can be changed here. The application's page says which ticket is good now.",
)
TOO_MANY_ACTS = Text(
    "Der Link wurde heute schon oft geändert. Bitte versuchen Sie es morgen wieder.",
    "The link was changed many times today. Please try again tomorrow.",
)


class PassLinks:
    """Of all applications."""

    def __init__(self, database: Transactions[Store]) -> None:
        self._database = database

    async def renew(self, owner: Owner, application_id: ApplicationId, ticket: UUID, now: datetime) -> View:
        """Another link takes the place of the one so far, which leads nowhere from now on. It is told within seconds.

        Raises:
            NotFound.
            Conflict: where it is no ticket that the family holds now, or after too many in a day.
        """
        return await self._act(owner, application_id, ticket, EntryKind.LINK_RENEWED, now)

    async def end(self, owner: Owner, application_id: ApplicationId, ticket: UUID, now: datetime) -> View:
        """The link leads nowhere until it is renewed. Ended again it stays as it is.

        Raises:
            NotFound.
            Conflict: as above.
        """
        return await self._act(owner, application_id, ticket, EntryKind.LINK_ENDED, now)

    async def _act(
        self, owner: Owner, application_id: ApplicationId, ticket: UUID, kind: EntryKind, now: datetime
    ) -> View:
        def write(store: Store) -> View:
            # 1. Only one's own, and only a ticket that the family holds.
            application = own_application(store, owner, application_id, lock=True)
            news = store.news_of([application_id]).get(application_id, ())
            if linked_ticket(news) != str(ticket):
                raise Conflict(NO_LINK_TO_CHANGE)
            last = newest_act(news)
            if last is not None and kind is EntryKind.LINK_ENDED and (last.kind, last.ticket_id) == (kind, str(ticket)):
                return view_of(store, application)
            if count_acts(news, now) >= MOST_ACTS:
                raise Conflict(TOO_MANY_ACTS)
            # 2. Note it and tell it.
            act = TimelineEntry(kind, now, str(next_number(news)), ticket_id=str(ticket))
            store.note(application_id, act)
            store.emit(_told(application, act))
            return view_of(store, application)

        return await self._database.write(write)


def linked_ticket(news: Sequence[TimelineEntry]) -> str | None:
    """The ticket to which there is, or was, a link that the family may change."""
    stands = current_status(news)
    ready = (each for each in news if each.kind is EntryKind.PASS_READY)
    is_ready = any((each.ticket_id or each.reference) == stands.ticket for each in ready)
    return stands.ticket if stands.status in HELD and is_ready else None


def told_again(application: Application, news: Sequence[TimelineEntry]) -> ApplicationPassLinkChanged | None:
    """The family's newest act on a link: wallet-pass knows it by its number."""
    act = newest_act(news)
    return None if act is None or current_status(news).status not in HELD else _told(application, act)


def _told(application: Application, act: TimelineEntry) -> ApplicationPassLinkChanged:
    return ApplicationPassLinkChanged(
        **head(application, act.at),
        ticket_id=UUID(act.ticket_id),
        number=number_of(act),
        ended=act.kind is EntryKind.LINK_ENDED,
    )

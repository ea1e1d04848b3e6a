"""A family that is signed in gets its notice by a deliberate act: from that retrieval a period may run."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from shared.database import Transactions
from shared.errors import NotFound, Text, Unavailable
from shared.events import ApplicationNoticeRetrieved, head
from shared.questions import NoticeAccessQuestion, NoticeAccessReply

from application.domain.application import Application
from application.domain.ids import ApplicationId, Owner
from application.domain.timeline import EntryKind, TimelineEntry
from application.workflow.applications.addresses import Asks
from application.workflow.people.access import own_application
from application.workflow.ports import Store

WITH_NOTICE = (EntryKind.GRANTED, EntryKind.REFUSED, EntryKind.SHARE_CHANGED)
NO_NOTICE = Text(
    "Diesen Bescheid gibt es hier nicht. Bitte sehen Sie auf der Seite des Antrags nach.",
    "There is no such notice here. Please look at the page of the application.",
)
NOT_NOW = Text(
    "Der Bescheid lässt sich gerade nicht öffnen. Bitte versuchen Sie es in einer Minute wieder. Er gilt noch nicht "
    "als abgerufen.",
    "The notice cannot be opened just now. Please try again in a minute. It does not count as retrieved yet.",
)


class Retrievals:
    def __init__(self, database: Transactions[Store], asks: Asks) -> None:
        self._database = database
        self._asks = asks

    async def retrieve(self, owner: Owner, application_id: ApplicationId, decision_id: UUID, now: datetime) -> str:
        """The link that opens the notice now.

        1. Only whom the application belongs to, and only a notice that it has. 2. The link, good for some minutes.
        3. The first retrieval is noted and told; later ones only open it.

        Raises:
            NotFound.
            Forbidden: for who helps: reading is not theirs to be notified by.
            Unavailable: where the notice cannot be opened now; then nothing is noted.
        """
        # 1.
        await self._database.read(lambda store: _check(store, owner, application_id, decision_id))
        # 2.
        question = NoticeAccessQuestion(application_id=application_id, decision_id=decision_id)
        reply = await self._asks.ask(question, NoticeAccessReply)
        if reply is None:
            raise Unavailable(NOT_NOW)
        if reply.url is None:
            raise NotFound(NO_NOTICE)
        # 3.
        await self._database.write(lambda store: _note(store, owner, application_id, decision_id, now))
        return reply.url


def _check(store: Store, owner: Owner, application_id: ApplicationId, decision_id: UUID) -> None:
    own_application(store, owner, application_id)
    news = store.news_of([application_id]).get(application_id, ())
    if not any(each.kind in WITH_NOTICE and each.reference == str(decision_id) for each in news):
        raise NotFound(NO_NOTICE)


def _note(store: Store, owner: Owner, application_id: ApplicationId, decision_id: UUID, now: datetime) -> None:
    application = own_application(store, owner, application_id, lock=True)
    news = store.news_of([application_id]).get(application_id, ())
    if any(each.reference == str(decision_id) for each in news if each.kind is EntryKind.NOTICE_RETRIEVED):
        return
    retrieval = TimelineEntry(EntryKind.NOTICE_RETRIEVED, now, str(decision_id), decision_id=str(decision_id))
    store.note(application_id, retrieval)
    store.emit(_told(application, retrieval))


def retrievals_again(application: Application, news: Sequence[TimelineEntry]) -> Iterator[ApplicationNoticeRetrieved]:
    """As they were told: eligibility knows each by its decision."""
    return (_told(application, each) for each in news if each.kind is EntryKind.NOTICE_RETRIEVED)


def _told(application: Application, retrieval: TimelineEntry) -> ApplicationNoticeRetrieved:
    decision_id = UUID(retrieval.reference)
    return ApplicationNoticeRetrieved(
        **head(application, retrieval.at), decision_id=decision_id, retrieved_at=retrieval.at
    )

"""A link that shows how an application stands, and lets nobody do anything."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.database import Transactions
from shared.errors import Conflict, NotFound, Text

from application.domain.application import Application
from application.domain.codes import LOOK_VALID, MOST_LOOK_LINKS, LookLink
from application.domain.draft import TOKEN_BYTES, Visitor, digest_of
from application.domain.ids import ApplicationId, Owner
from application.domain.status import Status, current_status
from application.domain.timeline import EntryKind
from application.workflow.people.access import own_application
from application.workflow.ports import Store

AT_ONCE = 200
NO_LOOK_LINK = Text(
    "Dieser Link führt zu nichts, oder nicht mehr. Bitte melden Sie sich an, um zu sehen, wie Ihr Antrag steht.",
    "This link leads to nothing, or not any more. Please sign in to see how your application stands.",
)
TOO_MANY_LINKS = Text(
    "Es gibt schon fünf solche Links. Bitte löschen Sie zuerst die alten.",
    "There are five such links already. Please delete the old ones first.",
)
SEEN = frozenset({
    EntryKind.REVIEW_OPENED, EntryKind.QUESTION_ASKED, EntryKind.ANSWERED, EntryKind.GRANTED, EntryKind.REFUSED,
    EntryKind.GRANT_ENDED, EntryKind.TICKET_ISSUED, EntryKind.TICKET_REVOKED, EntryKind.TICKET_REPLACED,
    EntryKind.TICKET_SUSPENDED, EntryKind.TICKET_RESTORED, EntryKind.PASS_READY, EntryKind.WITHDRAWN,
})  # fmt: skip
"""What is told of the timeline: that it happened. Nothing of documents and messages, which may be about health."""


@dataclass(frozen=True)
class Look:
    """All that the link shows: no name, no school, no reason, no notice."""

    submitted_at: datetime
    school_year: str
    status: Status
    happened: Sequence[tuple[datetime, EntryKind]]
    """Oldest first."""


@dataclass(frozen=True)
class NewLookLink:
    """With the token, which nobody can tell again."""

    token: str = field(repr=False)
    expires_at: datetime


class LookLinks:
    """Of all applications."""

    def __init__(self, database: Transactions[Store]) -> None:
        self._database = database

    async def make(self, owner: Owner, application_id: ApplicationId, now: datetime) -> NewLookLink:
        """By whom the application belongs to.

        Raises:
            NotFound, Forbidden, Conflict.
        """
        token, expires = secrets.token_urlsafe(TOKEN_BYTES), now + LOOK_VALID

        def write(store: Store) -> None:
            own_application(store, owner, application_id, lock=True)
            if store.count_look_links(application_id, now) >= MOST_LOOK_LINKS:
                raise Conflict(TOO_MANY_LINKS)
            store.add_look_link(LookLink(application_id, digest_of(token), now, expires))

        await self._database.write(write, wake=False)
        return NewLookLink(token, expires)

    async def remove_all(self, owner: Owner, application_id: ApplicationId) -> None:
        """None of them leads anywhere any more. Raises as `make`."""

        def write(store: Store) -> None:
            own_application(store, owner, application_id, lock=True)
            store.drop_look_links(application_id)

        await self._database.write(write, wake=False)

    async def look(self, token: str, now: datetime) -> Look:
        """How the application stands.

        Raises:
            NotFound: the same for no link, an old one, and one of an application that is gone.
        """
        digest = Visitor(token=token).digest

        def query(store: Store) -> Look | None:
            link = None if digest is None else store.find_look_link(digest)
            application = None if link is None else store.find_application(link.application_id)
            if link is None or application is None or now >= link.expires_at:
                return None
            return _look(store, application)

        found = await self._database.read(query)
        if found is None:
            raise NotFound(NO_LOOK_LINK)
        return found

    async def forget(self, now: datetime) -> int:
        """Delete those that are over."""
        return await self._database.write(lambda store: store.drop_old_look_links(now, AT_ONCE), wake=False)


def _look(store: Store, application: Application) -> Look:
    news = store.news_of([application.id]).get(application.id, ())
    happened = [(each.at, each.kind) for each in news if each.kind in SEEN]
    return Look(application.submitted_at, application.school_year, current_status(news).status, happened)

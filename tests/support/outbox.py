"""What a service has said: the rows of its outbox, which no relay takes away here."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import sqlalchemy as sa
from shared.bus.tables import outbox
from shared.database import Database, SessionStore
from shared.events import Event

Kind = TypeVar("Kind", bound=Event)
Store = TypeVar("Store", bound=SessionStore)


def told_again(pages: Iterable[Sequence[Event]]) -> list[Event]:
    """What is announced, page by page."""
    return [event for page in pages for event in page]


def told(database: Database[Store], *kinds: type[Kind]) -> list[Kind]:
    """The events of these kinds, in the order in which they were said."""
    known = {kind.subject: kind for kind in kinds}
    query = sa.select(outbox.c.subject, outbox.c.payload).order_by(outbox.c.position)
    rows = database.read_now(lambda store: store.session.execute(query).all())
    return [known[row.subject].model_validate_json(row.payload) for row in rows if row.subject in known]

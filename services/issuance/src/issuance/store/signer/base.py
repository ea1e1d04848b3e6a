"""What every part of the store has: the session, and the outbox."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.audit.rows import Kind
from shared.bus import outbox, stations
from shared.events import Event
from sqlmodel import Session


class Tables:
    """A part of the store, in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def emit(self, *events: Event) -> None:
        outbox.emit(self.session, *events)
        stations.note(self.session, *events)

    def on_record(self, kind: Kind, key: UUID) -> None:
        """Rows of this key were written (store.signer.on_record)."""
        trail.keep(self.session, kind, key)

    def _execute(self, statement: Any) -> int:
        return int(self.session.exec(statement).rowcount)

    def _all(self, query: Any, **values: Any) -> Sequence[sa.Row[Any]]:
        return self.session.connection().execute(query, values).all()

    def _run(self, statement: Any, values: Sequence[dict[str, Any]]) -> None:
        if values:
            self.session.connection().execute(statement, values)

"""What every part of the store has: the session, and the outbox."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from shared.bus import outbox, stations
from shared.events import Event
from shared.runtime import backlog
from sqlmodel import Session

from wallet_pass.workflow import GOOGLE, PACKAGES


class Tables:
    """A part of the store, in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def emit(self, event: Event) -> None:
        """Into the outbox; a line in the log where it is a station of an application's way."""
        outbox.emit(self.session, event)
        stations.note(self.session, event)

    def _forget_failures(self, keys: Collection[str] | sa.Select[Any]) -> None:
        """What could not be made or told has changed: it is another piece of work."""
        for worker in (PACKAGES, GOOGLE):
            backlog.forget(self.session, worker, keys)

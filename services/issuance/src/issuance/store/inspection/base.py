"""What every part of the store has: the session, and the outbox."""

from shared.bus import outbox
from shared.events import Event
from sqlmodel import Session


class Tables:
    """A part of the store, in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def emit(self, event: Event) -> None:
        """Puts the event into the outbox, in this transaction."""
        outbox.emit(self.session, event)

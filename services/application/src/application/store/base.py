"""What every part of the store has: the session, the outbox, and the keys of families."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.bus import outbox, stations
from shared.encryption import Cell, FamilyKeys, KeysUnusable, is_encrypted
from shared.events import Event
from sqlalchemy.orm import registry
from sqlmodel import Session, SQLModel

NO_KEYS = "this command has no keys of families: give it APPLICATION_KEYS_URL and APPLICATION_KEYS_FILE"


class Row(SQLModel, registry=registry()):
    """Metadata of its own: two services in one process may each have a table of one name."""


class Tables:
    """A part of the store, in one session."""

    def __init__(self, session: Session, keys: FamilyKeys | None = None) -> None:
        """`keys`: None where nothing that is encrypted is read or written, as in commands about schools."""
        self.session, self.keys = session, keys

    def emit(self, *events: Event) -> None:
        """Into the outbox, in this order; a line in the log for each that is a station of an application's way."""
        outbox.emit(self.session, *events)
        stations.note(self.session, *events)

    def _execute(self, statement: Any, values: dict[str, Any]) -> sa.CursorResult[Any]:
        """On the connection: these rows are no objects, and the object session adds a third to each statement."""
        return self.session.connection().execute(statement, values)

    def _new_key(self) -> UUID | None:
        """None where nothing is encrypted."""
        return None if self.keys is None else self.keys.new()

    def _encrypt(self, key_id: UUID | None, content: bytes, cell: Cell) -> bytes:
        return content if self.keys is None or key_id is None else self.keys.encrypt(key_id, content, cell)

    def _encrypt_text(self, key_id: UUID | None, text: str, cell: Cell) -> str:
        return text if self.keys is None or key_id is None else self.keys.encrypt_text(key_id, text, cell)

    def _decrypt(self, value: bytes, cell: Cell) -> bytes:
        if self.keys is not None:
            return self.keys.decrypt(value, cell)
        if is_encrypted(value):
            raise KeysUnusable(NO_KEYS)
        return value

    def _decrypt_text(self, value: str, cell: Cell) -> str:
        if self.keys is not None:
            return self.keys.decrypt_text(value, cell)
        if is_encrypted(value):
            raise KeysUnusable(NO_KEYS)
        return value

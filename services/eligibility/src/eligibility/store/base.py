"""What every part of the store has: the session, and JSON as text."""

import json
from functools import cache
from typing import Any

import sqlalchemy as sa
from shared.audit import trail
from shared.audit.rows import Kind
from shared.bus import outbox, stations
from shared.database.dialect import ByDialect, Insert
from shared.errors import Text, Unavailable
from shared.events import Event
from sqlmodel import Session


class Tables:
    """A part of the store, in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def emit(self, event: Event) -> None:
        """Write the event into the outbox, in this transaction."""
        outbox.emit(self.session, event)
        stations.note(self.session, event)

    def on_record(self, kind: Kind, key: object, *, chain: str | None = None, about: str = "") -> None:
        """Rows of this key were written (store.on_record); `chain` and `about` where they may be gone by the end."""
        trail.keep(self.session, kind, key, chain=chain, about=about)

    # Statements of the busy paths are constants: building one takes longer than running it.

    def one(self, statement: sa.Select[Any], **values: Any) -> sa.RowMapping | None:
        """The only row, or None.

        Raises:
            MultipleResultsFound: where there are several.
        """
        return self.session.connection().execute(statement, values).mappings().one_or_none()

    def rows(self, statement: sa.Select[Any], **values: Any) -> list[sa.RowMapping]:
        """All rows, read at once."""
        return list(self.session.connection().execute(statement, values).mappings())

    def run(self, statement: sa.Executable, parameters: Any = None) -> int:
        """Execute; returns how many rows were touched, of an UPDATE or a DELETE: of an INSERT psycopg tells -1 here."""
        return int(self.session.connection().execute(statement, parameters).rowcount)

    def change_one(self, statement: sa.Update, parameters: dict[str, Any], refused: Text) -> None:
        """Write a row that stands as the statement asks.

        Raises:
            Unavailable: where it does not: on PostgreSQL another transaction may have been quicker, and whoever tries
                again sees what it wrote.
        """
        if self.run(statement, parameters) != 1:
            raise Unavailable(refused)

    def upsert(self, table: sa.Table, keys: list[str], rows: list[dict[str, Any]]) -> None:
        """Insert the rows, or put them in place of those with the same keys."""
        self.run(_upsert(table, tuple(keys)).of(self.session), rows)


@cache
def _upsert(table: sa.Table, keys: tuple[str, ...]) -> ByDialect[Any]:
    """The statement, built once."""

    def statement(insert: Insert) -> Any:
        made = insert(table)
        others = {column.name: made.excluded[column.name] for column in table.columns if column.name not in keys}
        return made.on_conflict_do_update(index_elements=[*keys], set_=others)

    return ByDialect(statement)


def not_by(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column, where it is compared and rows must not be found by it: without statistics SQLite takes an index on it
    for the best, and walks all cases of an authority."""
    return column.concat("")


def to_text(value: Any) -> str:
    """JSON with sorted keys and no blanks: what is equal has the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_text(text: str) -> Any:
    """What `to_text` wrote."""
    return json.loads(text)

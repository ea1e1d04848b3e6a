"""Keys of families that are erased and of drafts that are gone: written down with the erasure, destroyed after it.

The list stays: where the key store is put back to an older copy, what was destroyed is destroyed again.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.dialect import ByDialect, Insert
from sqlmodel import Field

from application.store.base import Row, Tables

_WAITS = sa.text("destroyed_at IS NULL")


class EndedKeyRow(Row, table=True):
    __tablename__ = "ended_key"
    __table_args__: ClassVar[Any] = (
        sa.Index("ended_key_waiting", "key_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )
    key_id: str = Field(primary_key=True, max_length=36)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    destroyed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


ENDED: sa.Table = Row.metadata.tables["ended_key"]
WAITING = sa.select(ENDED.c.key_id).where(ENDED.c.destroyed_at.is_(None)).order_by(ENDED.c.key_id)
ALL = (
    sa.select(ENDED.c.key_id)
    .where(ENDED.c.key_id > sa.bindparam("after"))
    .order_by(ENDED.c.key_id)
    .limit(sa.bindparam("most"))
)


def _once(insert: Insert) -> Any:
    return insert(ENDED).on_conflict_do_nothing()


_END = ByDialect(_once)


def end_keys(tables: Tables, table: sa.Table, mine: sa.ColumnElement[bool], *columns: str) -> None:
    """What these rows are encrypted under is to be destroyed once this transaction is committed. Before they go.

    Args:
        columns: in which keys are named; `key_id` where none is said.
    """
    for name in columns or ("key_id",):
        column = table.c[name]
        for key_id in tables.session.connection().execute(sa.select(column).where(mine, column.is_not(None))).scalars():
            values = {"key_id": key_id, "ended_at": datetime.now(UTC)}
            tables.session.connection().execute(_END.of(tables.session), values)


class EndedKeyTables(Tables):
    """A part of the store, in one session."""

    def keys_to_destroy(self, limit: int) -> list[UUID]:
        """Whose rows are gone, and which nobody has destroyed yet."""
        return [UUID(each) for each in self._execute(WAITING.limit(limit), {}).scalars()]

    def page_of_ended_keys(self, after: UUID | None, limit: int) -> list[UUID]:
        """All that were ever ended, by id."""
        values = {"after": "" if after is None else str(after), "most": limit}
        return [UUID(each) for each in self._execute(ALL, values).scalars()]

    def note_destroyed(self, key_ids: Collection[UUID], now: datetime) -> None:
        """In the key store they are gone."""
        chosen = ENDED.c.key_id.in_(list(map(str, key_ids)))
        self._execute(ENDED.update().where(chosen).values(destroyed_at=now), {})

    def keys_in_use(self, limit: int) -> Sequence[UUID]:
        """Some that rows are encrypted under: a key store that knows none of them is another one's."""
        found: list[str] = []
        for name in ("application", "draft"):
            table = Row.metadata.tables[name]
            query = sa.select(table.c.key_id).where(table.c.key_id.is_not(None)).order_by(table.c.key_id.desc())
            found += self._execute(query.limit(limit), {}).scalars()
        return [UUID(each) for each in found]

"""The database of families' keys, apart from all that they encrypt: each wrapped until it is destroyed.

That a key was destroyed stays on record (its id was drawn at random and says nothing of anybody): where an older copy
of the other database is put back, its rows are found by it and erased once more.
"""

import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from shared.database.dialect import Insert
from shared.database.encoding import WrongEncoding
from shared.database.engine import open_engine
from shared.database.remains import drop_remains, rewrite_tables
from shared.database.types import UtcDateTime
from shared.encryption.errors import KeyDestroyed, KeysUnusable
from shared.encryption.wrapping_keys import KEY_BYTES, WrappingKey

CONNECTIONS = 6
"""Four writers of PostgreSQL and two readers may want a key at once."""
PAGE = 500
metadata = sa.MetaData()
data_key = sa.Table(
    "data_key",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("wrapped_by", sa.String(16), nullable=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Index("data_key_by_wrapping_key", "wrapped_by", "id"),
)
destroyed_key = sa.Table(
    "destroyed_key",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("destroyed_at", UtcDateTime, nullable=False),
)
MAKING = 0x5C4E_0119
"""The lock, in a database of its own, under which its tables are made."""


class KeyStore:
    """One key store, opened with the wrapping keys that it takes; the newest of them wraps new keys."""

    def __init__(self, url: str, wrapping: Sequence[WrappingKey]) -> None:
        self._url = url
        self._wrapping = {each.name: each for each in wrapping}
        self._newest = wrapping[0]
        self._engine = open_engine(url, connections=CONNECTIONS, lock_seconds=5, says_who_asks=False)
        self._writing = self._engine.execution_options(writes=True)

    @classmethod
    def open(cls, url: str, wrapping: Sequence[WrappingKey]) -> "KeyStore":
        """Its tables are made where they are missing.

        Raises:
            KeysUnusable: where it cannot be opened, or a wrapping key is missing that wraps some of its keys.
        """
        store = cls(url, wrapping)
        try:
            with store._engine.begin() as connection:
                if connection.dialect.name != "sqlite":  # two copies of a service begin at one moment
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MAKING)))
                metadata.create_all(connection)
                used = set(connection.execute(sa.select(data_key.c.wrapped_by).distinct()).scalars())
        except (DBAPIError, OSError, WrongEncoding) as error:
            kind = "not UTF8" if isinstance(error, WrongEncoding) else type(error).__name__
            raise KeysUnusable(f"the key store cannot be opened ({kind}): is its setting (…_KEYS_URL) right?") from None
        if missing := used - store._wrapping.keys():
            raise KeysUnusable(
                "the key store has keys under a wrapping key that the file does not have "
                f"({', '.join(sorted(missing))}): put that line back into the file, or name the file and the key store "
                "that belong together"
            )
        return store

    def make(self, count: int) -> list[tuple[UUID, bytes]]:
        """So many new keys, on the disk before any of them is used."""
        made = [(uuid4(), secrets.token_bytes(KEY_BYTES)) for _ in range(count)]
        rows = [self._row(key_id, key) for key_id, key in made]
        with self._writing.begin() as connection:
            connection.execute(data_key.insert(), rows)
        return made

    def _row(self, key_id: UUID, key: bytes) -> dict[str, object]:
        return {"id": str(key_id), "wrapped_by": self._newest.name, "wrapped": self._newest.wrap(key_id, key)}

    def get(self, key_id: UUID) -> bytes:
        """Raises KeyDestroyed where there is none."""
        query = sa.select(data_key.c.wrapped_by, data_key.c.wrapped).where(data_key.c.id == str(key_id))
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise KeyDestroyed(str(key_id))
        return self._wrapping[row.wrapped_by].unwrap(key_id, row.wrapped)

    def still_there(self, key_ids: Collection[UUID]) -> set[UUID]:
        """Those of them that are not destroyed."""
        query = sa.select(data_key.c.id).where(data_key.c.id.in_(list(map(str, key_ids))))
        with self._engine.connect() as connection:
            return {UUID(each) for each in connection.execute(query).scalars()}

    def has_heard_of(self, key_id: UUID) -> bool:
        """Whether it has this key, or had it until it was destroyed."""
        with self._engine.connect() as connection:
            return any(
                connection.execute(sa.select(table.c.id).where(table.c.id == str(key_id))).first() is not None
                for table in (data_key, destroyed_key)
            )

    def destroy(self, key_ids: Collection[UUID], now: datetime) -> None:
        """For good: their bytes are overwritten. Those that are not there any more stay on record once."""
        if not key_ids:
            return
        ids = [str(each) for each in key_ids]
        with self._writing.begin() as connection:
            connection.execute(data_key.delete().where(data_key.c.id.in_(ids)))
            note = _insert(connection)(destroyed_key).on_conflict_do_nothing()
            connection.execute(note, [{"id": each, "destroyed_at": now} for each in ids])

    def drop_remains(self) -> bool:
        """What is left of keys that were destroyed, in logs of writes and pages. False: to be tried again."""
        if self._engine.dialect.name == "sqlite":
            return drop_remains(self._url)
        rewrite_tables(self._url)  # a key is a hundred bytes: a hundred thousand families are some seconds
        return True

    def pages_of_destroyed(self) -> Iterator[list[UUID]]:
        """All that were ever destroyed, by id."""
        after = ""
        while True:
            query = sa.select(destroyed_key.c.id).where(destroyed_key.c.id > after).order_by(destroyed_key.c.id)
            with self._engine.connect() as connection:
                ids = list(connection.execute(query.limit(PAGE)).scalars())
            if not ids:
                return
            yield [UUID(each) for each in ids]
            after = ids[-1]

    def rewrap(self) -> Iterator[tuple[int, int]]:
        """Wrap all keys by the newest wrapping key, a page in a transaction. It may be stopped and begun again.

        Returns: after each page, how many are done and how many there were to do.
        """
        others = data_key.c.wrapped_by != self._newest.name
        with self._engine.connect() as connection:
            total = int(connection.execute(sa.select(sa.func.count()).where(others)).scalar_one())
        done = 0
        while True:
            with self._writing.begin() as connection:
                page = connection.execute(sa.select(data_key).where(others).limit(PAGE)).all()
                for row in page:
                    key_id = UUID(row.id)
                    values = self._row(key_id, self._wrapping[row.wrapped_by].unwrap(key_id, row.wrapped))
                    connection.execute(data_key.update().where(data_key.c.id == row.id).values(values))
            if not page:
                return
            done += len(page)
            yield done, total

    def close(self) -> None:
        """Gives its connections back."""
        self._engine.dispose()


def _insert(connection: sa.Connection) -> Insert:
    from sqlalchemy.dialects import postgresql, sqlite

    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

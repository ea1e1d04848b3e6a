"""Large contents (a printed notice, a signed pass) in a table of their own, each under the SHA-256 of what it is.

Beside short columns they make every look at a row read all of them: SQLite keeps a row together. What names a content
keeps its digest; the same one twice is kept once, and goes when nothing names it any more.
"""

import hashlib
from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.database.dialect import ByDialect, Insert

DIGEST_CHARACTERS = 64
MOVED_AT_ONCE = 50
"""In one transaction, where contents move out of the rows of before: some megabytes."""


def contents_table(name: str, metadata: sa.MetaData) -> sa.Table:
    """A table of contents by SHA-256, so that what is large lies in no row that is looked through."""
    return sa.Table(
        name,
        metadata,
        sa.Column("digest", sa.String(DIGEST_CHARACTERS), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def digest_of(content: bytes) -> str:
    """SHA-256 of the content, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def put(session: Session, table: sa.Table, content: bytes) -> str:
    """Keep it. Returns its digest."""
    digest = digest_of(content)
    session.connection().execute(_put_once(table).of(session), {"digest": digest, "content": content})
    return digest


@cache
def _put_once(table: sa.Table) -> ByDialect[Any]:
    """The statement, built once for each table: a printed notice and a pass are kept for every ticket."""

    def statement(insert: Insert) -> Any:
        return insert(table).on_conflict_do_nothing()

    return ByDialect(statement)


def get(session: Session, table: sa.Table, digest: str | None) -> bytes | None:
    """None where there is none, or not the one that the digest names: then it is to be made again."""
    if digest is None:
        return None
    query = sa.select(table.c.content).where(table.c.digest == digest)
    content: bytes | None = session.connection().execute(query).scalar_one_or_none()
    return content if content is not None and digest_of(content) == digest else None


def drop_unused(session: Session, table: sa.Table, named_by: sa.Column[str], digests: Collection[str | None]) -> None:
    """Those of them that no row names any more.

    Args:
        named_by: the column that names contents, with an index.
    """
    gone = sorted(each for each in set(digests) if each is not None)
    is_named = sa.exists().where(named_by == table.c.digest)
    for digest in gone:
        session.connection().execute(table.delete().where(table.c.digest == digest, ~is_named))


def move_all(step: Callable[[str, int], str | None]) -> None:
    """Move contents out of rows of before, in small transactions. `step` moves the next ones behind a key, at most so
    many, and returns the last one's key; None where nothing is left. It may be stopped and begun again."""
    after: str | None = ""
    while after is not None:
        after = step(after, MOVED_AT_ONCE)

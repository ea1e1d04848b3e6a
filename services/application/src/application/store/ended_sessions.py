"""Sessions of families who have signed out."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.dialect import insert_of
from sqlmodel import Field

from application.store.base import Row, Tables


class EndedSessionRow(Row, table=True):
    __tablename__ = "ended_session"
    digest: str = Field(primary_key=True, max_length=64)
    until: datetime = Field(sa_type=UtcDateTime)


ENDED_SESSION: sa.Table = Row.metadata.tables["ended_session"]


class EndedSessionTables(Tables):
    def end_session(self, digest: str, until: datetime) -> None:
        """Keep the digest of a session that was signed out, until it would have ended by itself."""
        kept = insert_of(self.session)(ENDED_SESSION).values(digest=digest, until=until)
        self.session.connection().execute(kept.on_conflict_do_nothing())

    def ended_sessions(self, now: datetime) -> Collection[str]:
        """Digests of sessions that were signed out and would still hold; what is over is deleted."""
        self.session.connection().execute(ENDED_SESSION.delete().where(ENDED_SESSION.c.until < now))
        return self.session.connection().execute(sa.select(ENDED_SESSION.c.digest)).scalars().all()

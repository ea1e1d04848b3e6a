"""Codes by which tickets are picked up. They are here as digests alone, and go when they are used."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field

from application.domain.ids import ApplicationId
from application.store.base import Row, Tables


class PickUpRow(Row, table=True):
    __tablename__ = "pick_up_code"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("application_id"),
        sa.Index("pick_up_by_end", "expires_at"),
    )
    digest: bytes = Field(primary_key=True)
    application_id: str = Field(foreign_key="application.id", ondelete="CASCADE", max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


PICK_UP: sa.Table = Row.metadata.tables["pick_up_code"]


class PickUpTables(Tables):
    """In one session."""

    def put_pick_up(
        self, application_id: ApplicationId, digest: bytes, made_at: datetime, expires_at: datetime
    ) -> None:
        """In place of an earlier one of the same application, whose row the caller holds."""
        about = str(application_id)
        self._execute(PICK_UP.delete().where(PICK_UP.c.application_id == about), {})
        values = {"digest": digest, "application_id": about, "made_at": made_at, "expires_at": expires_at}
        self._execute(PICK_UP.insert(), values)

    def take_pick_up(self, digest: bytes, now: datetime) -> tuple[ApplicationId, datetime] | None:
        """The row itself says that it was taken: of two at one moment one gets it."""
        mine = (PICK_UP.c.digest == digest) & (PICK_UP.c.expires_at > now)
        taken = PICK_UP.delete().where(mine).returning(PICK_UP.c.application_id, PICK_UP.c.made_at)
        found = self._execute(taken, {}).one_or_none()
        return None if found is None else (ApplicationId(UUID(found.application_id)), found.made_at)

    def drop_old_pick_ups(self, expired_until: datetime, limit: int) -> int:
        """Those whose time was over first."""
        old = sa.select(PICK_UP.c.digest).where(PICK_UP.c.expires_at <= expired_until)
        keys = list(self._execute(old.order_by(PICK_UP.c.expires_at).limit(limit), {}).scalars())
        if keys:
            self._execute(PICK_UP.delete().where(PICK_UP.c.digest.in_(keys)), {})
        return len(keys)

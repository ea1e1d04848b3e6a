"""What families wrote and sent, until a person has looked at it. It may come before its case: so no foreign key,
and whoever deletes an application's cases deletes these too (store.erasure)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.dialect import insert_of
from sqlmodel import Field

from eligibility.domain.ids import ApplicationId, MessageId, QuestionId
from eligibility.domain.message import Message
from eligibility.store.base import Tables
from eligibility.store.tables import CASE, Row, where


class MessageRow(Row, table=True):
    __tablename__ = "message"
    __table_args__: ClassVar[Any] = (
        sa.Index("message_of_application", "application_id", "told_at"),
        sa.Index("message_unread", "authority_id", "application_id", **where("read_at IS NULL")),
    )
    id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(max_length=36)
    authority_id: str = Field(max_length=32)
    told_at: datetime = Field(sa_type=UtcDateTime)
    text: str
    question_id: str | None = Field(default=None, max_length=36)
    with_change: bool
    look_by: date
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_by: str | None = Field(default=None, max_length=255)


MESSAGE: sa.Table = Row.metadata.tables["message"]
UNREAD = MESSAGE.c.read_at.is_(None)
LATER_YEAR = CASE.alias("later_year")
IDS = ("id", "application_id", "question_id")


class MessageTables(Tables):
    def add_message(self, message: Message) -> bool:
        """False: it is there already."""
        values = {name: getattr(message, name) for name in Message.__slots__}
        values |= {name: str(values[name]) if values[name] else None for name in IDS}
        insert = insert_of(self.session)(MESSAGE).values(values).on_conflict_do_nothing(index_elements=["id"])
        return self.session.connection().execute(insert.returning(MESSAGE.c.id)).scalar_one_or_none() is not None

    def drop_message(self, message_id: MessageId) -> None:
        """Delete it: its document was removed before anybody looked at it."""
        self.run(MESSAGE.delete().where(MESSAGE.c.id == str(message_id)))

    def messages_of(self, application_id: ApplicationId) -> Sequence[Message]:
        """Oldest first."""
        chosen = sa.select(MESSAGE).where(MESSAGE.c.application_id == str(application_id))
        return [_message(row) for row in self.rows(chosen.order_by(MESSAGE.c.told_at, MESSAGE.c.id))]

    def page_of_messages(self, after: MessageId | None, limit: int) -> Sequence[Message]:
        """Of all authorities, by id, those after `after`."""
        chosen = sa.select(MESSAGE).order_by(MESSAGE.c.id).limit(limit)
        if after is not None:
            chosen = chosen.where(MESSAGE.c.id > str(after))
        return [_message(row) for row in self.rows(chosen)]

    def set_read(self, message_id: MessageId, subject: str, now: datetime) -> bool:
        """Note who has dealt with it, and when. False: somebody had already, or there is none."""
        mine = (MESSAGE.c.id == str(message_id)) & UNREAD
        return self.run(MESSAGE.update().where(mine).values(read_at=now, read_by=subject)) == 1


def has_messages() -> sa.ColumnElement[bool]:
    """Whether something of the case's application was not looked at. Of several school years the latest case has it."""
    later = sa.exists().where(
        LATER_YEAR.c.application_id == CASE.c.application_id, LATER_YEAR.c.school_year > CASE.c.school_year
    )
    return sa.exists().where(MESSAGE.c.application_id == CASE.c.application_id, UNREAD) & ~later


def _message(row: sa.RowMapping) -> Message:
    return Message(
        id=MessageId(UUID(row["id"])),
        application_id=ApplicationId(UUID(row["application_id"])),
        authority_id=row["authority_id"],
        told_at=row["told_at"],
        text=row["text"],
        question_id=QuestionId(UUID(row["question_id"])) if row["question_id"] else None,
        with_change=row["with_change"],
        look_by=row["look_by"],
        read_at=row["read_at"],
        read_by=row["read_by"],
    )

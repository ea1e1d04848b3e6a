"""Who of the authority opened which document, and when. No file name: that is in the document's own row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field

from application.domain.ids import ApplicationId, DocumentId
from application.store.base import Row, Tables
from application.workflow.ports import Opening


class OpeningRow(Row, table=True):
    __tablename__ = "document_opening"
    __table_args__: ClassVar[Any] = (
        sa.Index("opening_of_application", "application_id", "number"),
        sa.Index("opening_by_time", "at"),
    )
    number: int | None = Field(default=None, primary_key=True)
    application_id: str = Field(foreign_key="application.id", ondelete="CASCADE", max_length=36)
    document_id: str = Field(max_length=36)
    """No foreign key: a family may delete the document, that it was opened stays."""
    subject: str = Field(max_length=255)
    at: datetime = Field(sa_type=UtcDateTime)


OPENING: sa.Table = Row.metadata.tables["document_opening"]


class OpeningTable(Tables):
    """A part of the store, in one session."""

    def add_opening(self, opening: Opening) -> None:
        ids = {"application_id": str(opening.application_id), "document_id": str(opening.document_id)}
        self.session.connection().execute(OPENING.insert(), {**ids, "subject": opening.subject, "at": opening.at})

    def openings_of(self, application_id: ApplicationId) -> Sequence[Opening]:
        chosen = sa.select(OPENING).where(OPENING.c.application_id == str(application_id)).order_by(OPENING.c.number)
        return [_opening(row) for row in self.session.execute(chosen)]

    def drop_openings(self, before: datetime) -> None:
        self.session.execute(OPENING.delete().where(OPENING.c.at < before))


def _opening(row: sa.Row[Any]) -> Opening:
    return Opening(ApplicationId(UUID(row.application_id)), DocumentId(UUID(row.document_id)), row.subject, row.at)

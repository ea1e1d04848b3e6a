"""Documents that families handed in, by kind and size. They may come before their case: so no foreign key
(see store.erasure)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field

from eligibility.domain.desk import Document
from eligibility.domain.ids import ApplicationId, CaseId, DocumentId, QuestionId
from eligibility.store.base import Tables
from eligibility.store.on_record import QUESTIONS
from eligibility.store.tables import QUESTION, Row


class DocumentRow(Row, table=True):
    __tablename__ = "document"
    __table_args__: ClassVar[Any] = (sa.Index("document_of_application", "application_id"),)
    id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(max_length=36)
    authority_id: str = Field(max_length=32)
    kind: str = Field(max_length=32)
    media_type: str = Field(max_length=32)
    size: int
    question_id: str | None = Field(default=None, max_length=36)
    added_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


DOCUMENT: sa.Table = Row.metadata.tables["document"]
BY_ID = sa.select(DOCUMENT).where(DOCUMENT.c.id == sa.bindparam("document"))


class DocumentTables(Tables):
    def document(self, document_id: DocumentId) -> Document | None:
        """Also one that was removed."""
        row = self.one(BY_ID, document=str(document_id))
        return None if row is None else _document(row)

    def add_document(self, document: Document) -> bool:
        """False: it is there already, perhaps removed."""
        if self.document(document.id) is not None:
            return False
        values = {name: getattr(document, name) for name in Document.__slots__}
        for name in ("id", "application_id", "question_id"):
            values[name] = str(values[name]) if values[name] else None
        self.run(DOCUMENT.insert(), values)
        return True

    def remove_document(self, document: Document) -> bool:
        """Note that it was removed. False: it was so already, or is heard of only now; then it is kept as removed."""
        if self.add_document(document):
            return False
        there = (DOCUMENT.c.id == str(document.id)) & DOCUMENT.c.removed_at.is_(None)
        return self.run(DOCUMENT.update().where(there).values(removed_at=document.removed_at)) == 1

    def note_opened(self, document_id: DocumentId, at: datetime) -> None:
        """Keep when a person of the authority first opened it; later openings change nothing."""
        mine = (DOCUMENT.c.id == str(document_id)) & DOCUMENT.c.opened_at.is_(None)
        self.run(DOCUMENT.update().where(mine).values(opened_at=at))

    def documents_of(self, application_id: ApplicationId) -> Sequence[Document]:
        """Oldest first, also those that were removed."""
        chosen = sa.select(DOCUMENT).where(DOCUMENT.c.application_id == str(application_id))
        return [_document(row) for row in self.rows(chosen.order_by(DOCUMENT.c.added_at, DOCUMENT.c.id))]

    def documents_of_all(self, application_ids: Collection[ApplicationId]) -> Sequence[Document]:
        """Oldest first, without those that were removed."""
        ids = [str(each) for each in application_ids]
        chosen = sa.select(DOCUMENT).where(DOCUMENT.c.application_id.in_(ids), DOCUMENT.c.removed_at.is_(None))
        return [_document(row) for row in self.rows(chosen.order_by(DOCUMENT.c.added_at, DOCUMENT.c.id))]

    def reopen(self, case_id: CaseId, question_id: QuestionId) -> None:
        """Not where words answered it, or another document does."""
        mine = (QUESTION.c.id == str(question_id)) & (QUESTION.c.case_id == str(case_id)) & (QUESTION.c.answer == "")
        other = sa.exists().where(DOCUMENT.c.question_id == str(question_id), DOCUMENT.c.removed_at.is_(None))
        self.run(QUESTION.update().where(mine, ~other).values(answered_at=None))
        self.on_record(QUESTIONS, str(question_id))


def _document(row: sa.RowMapping) -> Document:
    return Document(
        id=DocumentId(UUID(row["id"])),
        application_id=ApplicationId(UUID(row["application_id"])),
        authority_id=row["authority_id"],
        kind=row["kind"],
        media_type=row["media_type"],
        size=row["size"],
        question_id=QuestionId(UUID(row["question_id"])) if row["question_id"] else None,
        added_at=row["added_at"],
        removed_at=row["removed_at"],
        opened_at=row["opened_at"],
    )

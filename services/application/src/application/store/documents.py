"""Documents that families hand in. The bytes lie in parts, so that nobody holds a whole file to send it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field

from application.domain.document import Document
from application.domain.ids import ApplicationId, DocumentId, Owner
from application.store.applications import APPLICATION
from application.store.base import Row, Tables

PART_BYTES = 512 * 1024


class DocumentRow(Row, table=True):
    __tablename__ = "document"
    __table_args__: ClassVar[Any] = (sa.Index("document_of_application", "application_id", "added_at"),)
    id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(foreign_key="application.id", ondelete="CASCADE", max_length=36)
    kind: str = Field(max_length=32)
    media_type: str = Field(max_length=32)
    size: int
    sha256: str = Field(max_length=64)
    name: str
    question_id: str | None = Field(default=None, max_length=36)
    added_at: datetime = Field(sa_type=UtcDateTime)


class DocumentPartRow(Row, table=True):
    __tablename__ = "document_part"
    document_id: str = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE", max_length=36)
    number: int = Field(primary_key=True)
    content: bytes


DOCUMENT: sa.Table = Row.metadata.tables["document"]
PART: sa.Table = Row.metadata.tables["document_part"]


_OF_APPLICATION = sa.select(sa.func.sum(DOCUMENT.c.size)).where(DOCUMENT.c.application_id == APPLICATION.c.id)
BYTES_OF = sa.select(sa.func.sum(_OF_APPLICATION.scalar_subquery())).where(APPLICATION.c.owner == sa.bindparam("owner"))
"""Of each application by itself: joined, PostgreSQL walks through all documents where it has no statistics."""


class DocumentTables(Tables):
    """A part of the store, in one session."""

    def add_document(self, document: Document, content: bytes) -> None:
        """The bytes go into rows of PART_BYTES, so that reading one does not hold all of it in memory."""
        self._execute(DOCUMENT.insert(), values_of(document))
        for part in parts_of(document.id, content):
            self._execute(PART.insert(), part)

    def document(self, application_id: ApplicationId, document_id: DocumentId) -> Document | None:
        """None too where it belongs to another application."""
        own = (DOCUMENT.c.id == str(document_id)) & (DOCUMENT.c.application_id == str(application_id))
        row = self.session.execute(sa.select(DOCUMENT).where(own)).one_or_none()
        return None if row is None else _document(row)

    def documents_of(self, application_ids: Iterable[ApplicationId]) -> Sequence[Document]:
        """Oldest first."""
        ids = [str(each) for each in application_ids]
        chosen = sa.select(DOCUMENT).where(DOCUMENT.c.application_id.in_(ids))
        return [_document(row) for row in self.session.execute(chosen.order_by(DOCUMENT.c.added_at, DOCUMENT.c.id))]

    def whole_documents(self, document_ids: Iterable[DocumentId]) -> set[DocumentId]:
        """Those of them that are here with all their bytes."""
        ids = [str(each) for each in document_ids]
        there = sa.func.coalesce(sa.func.sum(sa.func.length(PART.c.content)), 0)
        query = sa.select(DOCUMENT.c.id).outerjoin(PART, PART.c.document_id == DOCUMENT.c.id)
        query = query.where(DOCUMENT.c.id.in_(ids)).group_by(DOCUMENT.c.id, DOCUMENT.c.size)
        return {
            DocumentId(UUID(each)) for each in self.session.execute(query.having(there == DOCUMENT.c.size)).scalars()
        }

    def bytes_of(self, owner: Owner) -> int:
        """Of all that an account has handed in; 0 where that is nothing."""
        return int(self._execute(BYTES_OF, {"owner": owner}).scalar() or 0)

    def document_part(self, document_id: DocumentId, number: int) -> bytes | None:
        """None behind the last."""
        own = (PART.c.document_id == str(document_id)) & (PART.c.number == number)
        found: bytes | None = self.session.execute(sa.select(PART.c.content).where(own)).scalar_one_or_none()
        return found

    def drop_document(self, document_id: DocumentId) -> None:
        """Its parts go with it, by the foreign key."""
        self.session.execute(DOCUMENT.delete().where(DOCUMENT.c.id == str(document_id)))


def values_of(document: Document) -> dict[str, Any]:
    """Its row."""
    values = {**vars(document), "id": str(document.id), "application_id": str(document.application_id)}
    return values | {"question_id": str(document.question_id) if document.question_id else None}


def parts_of(document_id: DocumentId, content: bytes) -> Iterator[dict[str, Any]]:
    """The rows of its bytes, in PART_BYTES each."""
    for number, at in enumerate(range(0, len(content), PART_BYTES)):
        yield {"document_id": str(document_id), "number": number, "content": content[at : at + PART_BYTES]}


def _document(row: sa.Row[Any]) -> Document:
    return Document(
        id=DocumentId(UUID(row.id)),
        application_id=ApplicationId(UUID(row.application_id)),
        kind=row.kind,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        name=row.name,
        question_id=UUID(row.question_id) if row.question_id else None,
        added_at=row.added_at,
    )

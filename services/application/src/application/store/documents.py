"""Documents that families hand in. The bytes lie in parts, so that nobody holds a whole file to send it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.encryption import Cell
from shared.encryption.values import MAGIC, OVERHEAD
from sqlmodel import Field

from application.domain.document import Document
from application.domain.ids import ApplicationId, DocumentId, Owner
from application.store.applications import APPLICATION
from application.store.base import Row, Tables
from application.store.keys_of_applications import key_of_application

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


_BYTES_OF_PART = sa.func.length(PART.c.content) - sa.case(
    (sa.func.substr(PART.c.content, 1, len(MAGIC)) == sa.literal(MAGIC, sa.LargeBinary), OVERHEAD), else_=0
)
"""Without what encrypting adds."""
_OF_APPLICATION = sa.select(sa.func.sum(DOCUMENT.c.size)).where(DOCUMENT.c.application_id == APPLICATION.c.id)
BYTES_OF = sa.select(sa.func.sum(_OF_APPLICATION.scalar_subquery())).where(APPLICATION.c.owner == sa.bindparam("owner"))
"""Of each application by itself: joined, PostgreSQL walks through all documents where it has no statistics."""


class DocumentTables(Tables):
    """A part of the store, in one session."""

    def add_document(self, document: Document, content: bytes) -> None:
        """The bytes go into rows of PART_BYTES, so that reading one does not hold all of it in memory."""
        key_id = key_of_application(self, document.application_id)
        self._add_document_row(document, key_id)
        for part in parts_of(document.id, content, partial(self._encrypt, key_id)):
            self._execute(PART.insert(), part)

    def _add_document_row(self, document: Document, key_id: UUID | None) -> None:
        name = self._encrypt_text(key_id, document.name, cell_of_document(str(document.id)))
        self._execute(DOCUMENT.insert(), values_of(document) | {"name": name})

    def document(self, application_id: ApplicationId, document_id: DocumentId) -> Document | None:
        """None too where it belongs to another application."""
        own = (DOCUMENT.c.id == str(document_id)) & (DOCUMENT.c.application_id == str(application_id))
        row = self.session.execute(sa.select(DOCUMENT).where(own)).one_or_none()
        return None if row is None else self._document(row)

    def documents_of(self, application_ids: Iterable[ApplicationId]) -> Sequence[Document]:
        """Oldest first."""
        ids = [str(each) for each in application_ids]
        chosen = sa.select(DOCUMENT).where(DOCUMENT.c.application_id.in_(ids))
        rows = self.session.execute(chosen.order_by(DOCUMENT.c.added_at, DOCUMENT.c.id))
        return [self._document(row) for row in rows]

    def whole_documents(self, document_ids: Iterable[DocumentId]) -> set[DocumentId]:
        """Those of them that are here with all their bytes."""
        ids = [str(each) for each in document_ids]
        there = sa.func.coalesce(sa.func.sum(_BYTES_OF_PART), 0)
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
        return None if found is None else self._decrypt(found, cell_of_part(str(document_id), number))

    def _document(self, row: sa.Row[Any]) -> Document:
        return Document(
            id=DocumentId(UUID(row.id)),
            application_id=ApplicationId(UUID(row.application_id)),
            kind=row.kind,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            name=self._decrypt_text(row.name, cell_of_document(row.id)),
            question_id=UUID(row.question_id) if row.question_id else None,
            added_at=row.added_at,
        )

    def drop_document(self, document_id: DocumentId) -> None:
        """Its parts go with it, by the foreign key."""
        self.session.execute(DOCUMENT.delete().where(DOCUMENT.c.id == str(document_id)))


def values_of(document: Document) -> dict[str, Any]:
    """Its row."""
    values = {**vars(document), "id": str(document.id), "application_id": str(document.application_id)}
    return values | {"question_id": str(document.question_id) if document.question_id else None}


def parts_of(
    document_id: DocumentId, content: bytes, encrypt: Callable[[bytes, Cell], bytes]
) -> Iterator[dict[str, Any]]:
    """The rows of its bytes, in PART_BYTES each, encrypted one by one."""
    for number, at in enumerate(range(0, len(content), PART_BYTES)):
        packed = encrypt(content[at : at + PART_BYTES], cell_of_part(str(document_id), number))
        yield {"document_id": str(document_id), "number": number, "content": packed}


def cell_of_part(document_id: str, number: int) -> Cell:
    """Where a part stands: named alike with a draft and with an application, as it moves as it is."""
    return Cell("document_part", "content", (document_id, str(number)))


def cell_of_document(document_id: str) -> Cell:
    """Where the name of a file stands."""
    return Cell("document", "name", (document_id,))

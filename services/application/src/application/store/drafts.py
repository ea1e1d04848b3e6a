"""Applications that are being written, their documents, and where the link of one that was handed in leads."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.encryption import Cell
from sqlmodel import Field

from application.domain.document import Document
from application.domain.draft import Draft, DraftDocument
from application.domain.ids import ApplicationId, DocumentId, DraftId, Owner
from application.store.applications import APPLICATION
from application.store.base import Row
from application.store.documents import PART, DocumentTables, cell_of_part, parts_of
from application.store.ended_keys import end_keys
from application.store.keys_of_applications import key_of_application


class DraftRow(Row, table=True):
    __tablename__ = "draft"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("token_digest"),
        sa.Index("draft_by_edit", "edited_at"),
        sa.Index("draft_of_owner", "owner", "edited_at"),
        sa.Index("draft_by_key", "key_id"),
    )
    id: str = Field(primary_key=True, max_length=36)
    owner: str | None = Field(default=None, max_length=255)
    token_digest: bytes
    begun_at: datetime = Field(sa_type=UtcDateTime)
    edited_at: datetime = Field(sa_type=UtcDateTime)
    version: int
    form: str
    changed: str
    """As JSON: by part, the version in which it was last given or taken out."""
    key_id: str | None = Field(default=None, max_length=36)
    """Under which its form and documents are encrypted; None where it was begun before there were keys."""


class DraftDocumentRow(Row, table=True):
    __tablename__ = "draft_document"
    __table_args__: ClassVar[Any] = (sa.Index("document_of_draft", "draft_id", "added_at"),)
    id: str = Field(primary_key=True, max_length=36)
    draft_id: str = Field(foreign_key="draft.id", ondelete="CASCADE", max_length=36)
    kind: str = Field(max_length=32)
    media_type: str = Field(max_length=32)
    size: int
    sha256: str = Field(max_length=64)
    name: str
    added_at: datetime = Field(sa_type=UtcDateTime)


class DraftDocumentPartRow(Row, table=True):
    __tablename__ = "draft_document_part"
    document_id: str = Field(primary_key=True, foreign_key="draft_document.id", ondelete="CASCADE", max_length=36)
    number: int = Field(primary_key=True)
    content: bytes


class SubmittedDraftRow(Row, table=True):
    """Goes with the application."""

    __tablename__ = "submitted_draft"
    __table_args__: ClassVar[Any] = (sa.UniqueConstraint("token_digest"),)
    application_id: str = Field(primary_key=True, foreign_key="application.id", ondelete="CASCADE", max_length=36)
    draft_id: str = Field(max_length=36)
    token_digest: bytes


DRAFT: sa.Table = Row.metadata.tables["draft"]
DRAFT_DOCUMENT: sa.Table = Row.metadata.tables["draft_document"]
DRAFT_PART: sa.Table = Row.metadata.tables["draft_document_part"]
SUBMITTED: sa.Table = Row.metadata.tables["submitted_draft"]

BY_ID = sa.select(DRAFT).where(DRAFT.c.id == sa.bindparam("id"))
OF_OWNER = (
    sa.select(DRAFT)
    .where(DRAFT.c.owner == sa.bindparam("owner"))
    .order_by(DRAFT.c.edited_at.desc(), DRAFT.c.id)
    .limit(sa.bindparam("most"))
)
GOES_ON = sa.exists().where(APPLICATION.c.draft_key_id == DRAFT.c.key_id)
"""Its key is an application's now."""
KEY_OF_DRAFT = sa.select(DRAFT.c.key_id).where(DRAFT.c.id == sa.bindparam("id"))
BY_LINK = sa.select(DRAFT.c.id).where(DRAFT.c.token_digest == sa.bindparam("digest"))
SUBMITTED_BY_LINK = sa.select(SUBMITTED.c.draft_id).where(SUBMITTED.c.token_digest == sa.bindparam("digest"))
DOCUMENTS = (
    sa.select(DRAFT_DOCUMENT)
    .where(DRAFT_DOCUMENT.c.draft_id == sa.bindparam("of"))
    .order_by(DRAFT_DOCUMENT.c.added_at, DRAFT_DOCUMENT.c.id)
)
MOVE_PARTS = PART.insert().from_select(
    ["document_id", "number", "content"],
    sa.select(DRAFT_PART.c.document_id, DRAFT_PART.c.number, DRAFT_PART.c.content).where(
        DRAFT_PART.c.document_id.in_(
            sa.select(DRAFT_DOCUMENT.c.id).where(DRAFT_DOCUMENT.c.draft_id == sa.bindparam("of"))
        )
    ),
)
"""Inside the database: no process holds the bytes of all documents at once."""


class DraftTables(DocumentTables):
    """A part of the store, in one session."""

    def add_draft(self, draft: Draft) -> None:
        """Raises IntegrityError for an id or a link that is there, which 122 drawn bits are not."""
        key_id = self._new_key()
        row = {"id": str(draft.id), "owner": draft.owner, "key_id": key_id and str(key_id)}
        self._execute(DRAFT.insert(), row | self._values(draft, key_id))

    def find_draft(self, draft_id: DraftId, *, lock: bool = False) -> Draft | None:
        """`lock` keeps the row until the transaction ends (PostgreSQL; SQLite has one writer anyway)."""
        row = self._execute(BY_ID.with_for_update() if lock else BY_ID, {"id": str(draft_id)}).one_or_none()
        return None if row is None else self._draft(row)

    def drafts_of(self, owner: Owner, limit: int) -> list[Draft]:
        """Last edited first."""
        return [self._draft(row) for row in self._execute(OF_OWNER, {"owner": owner, "most": limit})]

    def find_draft_by_link(self, token_digest: bytes) -> DraftId | None:
        """Of one that is there, or was handed in."""
        for query in (BY_LINK, SUBMITTED_BY_LINK):
            found = self._execute(query, {"digest": token_digest}).scalar_one_or_none()
            if found is not None:
                return DraftId(UUID(found))
        return None

    def set_draft(self, draft: Draft) -> None:
        """All but who began it, which stays."""
        key_id = self._key_of_draft(draft.id)
        self._execute(DRAFT.update().where(DRAFT.c.id == str(draft.id)).values(self._values(draft, key_id)), {})

    def drop_draft(self, draft_id: DraftId) -> None:
        """Its documents and their parts go with it, by the foreign keys; and its key, unless that goes on with an
        application."""
        end_keys(self, DRAFT, (DRAFT.c.id == str(draft_id)) & ~GOES_ON)
        self._execute(DRAFT.delete().where(DRAFT.c.id == str(draft_id)), {})

    def add_draft_document(self, document: DraftDocument, content: bytes) -> None:
        """The bytes in parts, as those of applications."""
        key_id = self._key_of_draft(document.draft_id)
        name = self._encrypt_text(key_id, document.name, cell_of_draft_document(str(document.id)))
        values = {**vars(document), "id": str(document.id), "draft_id": str(document.draft_id), "name": name}
        self._execute(DRAFT_DOCUMENT.insert(), values)
        for part in parts_of(document.id, content, partial(self._encrypt, key_id)):
            self._execute(DRAFT_PART.insert(), part)

    def draft_document(self, draft_id: DraftId, document_id: DocumentId) -> DraftDocument | None:
        """None too where it belongs to another draft."""
        return next((each for each in self.draft_documents(draft_id) if each.id == document_id), None)

    def draft_documents(self, draft_id: DraftId) -> Sequence[DraftDocument]:
        """Oldest first; there are 20 at most."""
        return [self._draft_document(row) for row in self._execute(DOCUMENTS, {"of": str(draft_id)})]

    def draft_document_part(self, document_id: DocumentId, number: int) -> bytes | None:
        """None behind the last."""
        own = (DRAFT_PART.c.document_id == str(document_id)) & (DRAFT_PART.c.number == number)
        found: bytes | None = self._execute(sa.select(DRAFT_PART.c.content).where(own), {}).scalar_one_or_none()
        return None if found is None else self._decrypt(found, cell_of_part(str(document_id), number))

    def drop_draft_document(self, document_id: DocumentId) -> None:
        """Its parts go with it, by the foreign key."""
        self._execute(DRAFT_DOCUMENT.delete().where(DRAFT_DOCUMENT.c.id == str(document_id)), {})

    def hand_over(self, draft: Draft, application_id: ApplicationId, documents: Sequence[Document]) -> None:
        """`documents`: those of the draft, under the same ids, as the application has them. Their bytes move as they
        are, so the draft's key goes on with the application."""
        key_id = key_of_application(self, application_id)
        for each in documents:
            self._add_document_row(each, key_id)
        if documents:
            self._execute(MOVE_PARTS, {"of": str(draft.id)})
        leads = {"application_id": str(application_id), "draft_id": str(draft.id), "token_digest": draft.token_digest}
        self._execute(SUBMITTED.insert(), leads)
        of_draft = self._execute(KEY_OF_DRAFT, {"id": str(draft.id)}).scalar_one_or_none()
        goes_on = APPLICATION.update().where(APPLICATION.c.id == str(application_id)).values(draft_key_id=of_draft)
        self._execute(goes_on, {})
        self.drop_draft(draft.id)

    def drop_old_drafts(self, edited_until: datetime, limit: int) -> int:
        """Those that were edited longest ago. One that is edited at this moment stays."""
        old = DRAFT.c.edited_at <= edited_until
        chosen = sa.select(DRAFT.c.id).where(old).order_by(DRAFT.c.edited_at).limit(limit)
        ids = list(self._execute(chosen, {}).scalars())
        if not ids:
            return 0
        end_keys(self, DRAFT, DRAFT.c.id.in_(ids) & old)
        self._execute(DRAFT.delete().where(DRAFT.c.id.in_(ids), old), {})
        return len(ids)

    def _key_of_draft(self, draft_id: DraftId) -> UUID | None:
        """One of before there were keys gets one now."""
        if self.keys is None:
            return None
        found = self._execute(KEY_OF_DRAFT, {"id": str(draft_id)}).scalar_one_or_none()
        if found is None:
            without = DRAFT.update().where(DRAFT.c.id == str(draft_id), DRAFT.c.key_id.is_(None))
            self._execute(without.values(key_id=str(self.keys.new())), {})
            found = self._execute(KEY_OF_DRAFT, {"id": str(draft_id)}).scalar_one_or_none()
        return None if found is None else UUID(found)

    def _values(self, draft: Draft, key_id: UUID | None) -> dict[str, Any]:
        return {
            "token_digest": draft.token_digest,
            "begun_at": draft.begun_at,
            "edited_at": draft.edited_at,
            "version": draft.version,
            "form": self._encrypt_text(key_id, draft.form, cell_of_draft(str(draft.id))),
            "changed": json.dumps(dict(draft.changed)),
        }

    def _draft(self, row: sa.Row[Any]) -> Draft:
        return Draft(
            id=DraftId(UUID(row.id)),
            owner=None if row.owner is None else Owner(row.owner),
            token_digest=bytes(row.token_digest),
            begun_at=row.begun_at,
            edited_at=row.edited_at,
            version=row.version,
            form=self._decrypt_text(row.form, cell_of_draft(row.id)),
            changed=json.loads(row.changed),
        )

    def _draft_document(self, row: sa.Row[Any]) -> DraftDocument:
        return DraftDocument(
            id=DocumentId(UUID(row.id)),
            draft_id=DraftId(UUID(row.draft_id)),
            kind=row.kind,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            name=self._decrypt_text(row.name, cell_of_draft_document(row.id)),
            added_at=row.added_at,
        )


def cell_of_draft(draft_id: str) -> Cell:
    """Where the form of a draft stands."""
    return Cell("draft", "form", (draft_id,))


def cell_of_draft_document(document_id: str) -> Cell:
    """Where the name of a file stands."""
    return Cell("draft_document", "name", (document_id,))

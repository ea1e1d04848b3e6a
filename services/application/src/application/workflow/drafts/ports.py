"""What drafts need of the store, in narrow ports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from application.domain.document import Document
from application.domain.draft import Draft, DraftDocument
from application.domain.ids import ApplicationId, DocumentId, DraftId, Owner


class DraftStore(Protocol):
    """Drafts, whoever may open them."""

    def add_draft(self, draft: Draft) -> None:
        """A new one."""

    def find_draft(self, draft_id: DraftId, *, lock: bool = False) -> Draft | None:
        """`lock`: nobody else changes it until this transaction ends."""
        ...

    def drafts_of(self, owner: Owner, limit: int) -> Sequence[Draft]:
        """That this account has begun, last edited first; also one whose time is over."""
        ...

    def find_draft_by_link(self, token_digest: bytes) -> DraftId | None:
        """Of a draft that is there, or was handed in; None where the link leads to nothing."""
        ...

    def set_draft(self, draft: Draft) -> None:
        """In place of what was there."""

    def drop_draft(self, draft_id: DraftId) -> None:
        """With its documents and their bytes; what is not there is no error."""


class DraftDocumentStore(Protocol):
    """Their documents."""

    def add_draft_document(self, document: DraftDocument, content: bytes) -> None:
        """With its bytes, all or nothing."""

    def draft_document(self, draft_id: DraftId, document_id: DocumentId) -> DraftDocument | None:
        """None too where it belongs to another draft."""
        ...

    def draft_documents(self, draft_id: DraftId) -> Sequence[DraftDocument]:
        """Oldest first."""
        ...

    def draft_document_part(self, document_id: DocumentId, number: int) -> bytes | None:
        """None behind the last."""
        ...

    def drop_draft_document(self, document_id: DocumentId) -> None:
        """With its bytes."""


class DraftEnds(Protocol):
    """How drafts end."""

    def hand_over(self, draft: Draft, application_id: ApplicationId, documents: Sequence[Document]) -> None:
        """Its documents belong to the application from now on, its link leads there, and the draft is gone."""

    def drop_old_drafts(self, edited_until: datetime, limit: int) -> int:
        """Up to so many that nobody has touched since. Returns how many were dropped."""
        ...

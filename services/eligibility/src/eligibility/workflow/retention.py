"""What is this service's own, and has been kept for long enough, goes. Cases go with their application."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.retention_job import PAGE, DuePage, RetentionTask, Rows

from eligibility.domain.ids import DocumentId
from eligibility.domain.retention_table import RetentionTerms


class RetentionStore(Protocol):
    def removed_documents(self, before: datetime, after: DocumentId | None, limit: int) -> Sequence[DocumentId]:
        """Those that were removed before; by id."""
        ...

    def drop_removed_document(self, document_id: DocumentId, before: datetime) -> int:
        """Returns how many rows went."""
        ...


def retention_tasks(terms: RetentionTerms) -> Sequence[RetentionTask]:
    """That a document was there."""
    documents = _Documents(timedelta(days=terms.removed_document_days))
    return (RetentionTask("documents", documents.find, documents.count, documents.erase),)


@dataclass(frozen=True)
class _Documents:
    kept: timedelta

    def find(self, store: RetentionStore, after: DocumentId | None, now: datetime) -> DuePage:
        ids = store.removed_documents(now - self.kept, after, PAGE)
        return DuePage(ids, ids[-1] if len(ids) == PAGE else None)

    def count(self, _store: RetentionStore, _document_id: DocumentId, _now: datetime) -> Rows:
        return {"document": 1}

    def erase(self, store: RetentionStore, document_id: DocumentId, now: datetime) -> Rows:
        return {"document": store.drop_removed_document(document_id, now - self.kept)}

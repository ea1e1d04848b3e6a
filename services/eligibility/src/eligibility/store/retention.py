"""What is kept of documents that were removed: that they were there. After a while that goes too."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from shared.calendar import day_in_berlin
from shared.errors import Text
from shared.retention import STILL_RUNS, STREAM_DAYS

from eligibility.domain.ids import DocumentId
from eligibility.domain.retention_table import RetentionTerms
from eligibility.store.base import Tables
from eligibility.store.desk.documents import DOCUMENT
from eligibility.store.tables import CASE, DECISION


class RetentionSettings(BaseSettings):
    """For how long what is this service's own is kept."""

    model_config = SettingsConfigDict(env_prefix="ELIGIBILITY_", extra="ignore")

    retention_removed_document_days: int = Field(
        default=RetentionTerms.removed_document_days, ge=STREAM_DAYS + 1, le=36500
    )
    """That there was a document which was removed; longer than a message about it may be told once more."""

    @property
    def terms(self) -> RetentionTerms:
        """As the table has them."""
        return RetentionTerms(self.retention_removed_document_days)


class RetentionTables(Tables):
    """One transaction."""

    def running_of(self, application_id: UUID, now: datetime) -> Text | None:
        """A grant that was let out and has not ended."""
        runs = sa.select(DECISION.c.id).join(CASE, CASE.c.id == DECISION.c.case_id)
        runs = runs.where(CASE.c.application_id == str(application_id), DECISION.c.outcome == "granted")
        runs = runs.where(DECISION.c.released_at.is_not(None), DECISION.c.withdrawn_at.is_(None))
        runs = runs.where(sa.or_(DECISION.c.valid_until.is_(None), DECISION.c.valid_until >= day_in_berlin(now)))
        return None if self.session.connection().execute(runs.limit(1)).first() is None else STILL_RUNS

    def removed_documents(self, before: datetime, after: DocumentId | None, limit: int) -> Sequence[DocumentId]:
        """By id, of all authorities: for the job, which works for each."""
        query = sa.select(DOCUMENT.c.id).where(DOCUMENT.c.removed_at < before).order_by(DOCUMENT.c.id).limit(limit)
        if after is not None:
            query = query.where(DOCUMENT.c.id > str(after))
        return [DocumentId(UUID(row["id"])) for row in self.rows(query)]

    def drop_removed_document(self, document_id: DocumentId, before: datetime) -> int:
        """Returns how many rows went."""
        old = (DOCUMENT.c.id == str(document_id)) & (DOCUMENT.c.removed_at < before)
        return self.run(DOCUMENT.delete().where(old))

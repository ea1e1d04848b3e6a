"""The news heard of applications: how one stands follows from them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.bus import epochs
from shared.database import UtcDateTime
from shared.database.dialect import ByDialect, Insert
from shared.encryption import Cell
from sqlmodel import Field

from application.domain.ids import ApplicationId
from application.domain.timeline import EntryKind, TimelineEntry
from application.store.base import Row, Tables
from application.store.keys_of_applications import key_of_application


class NewsRow(Row, table=True):
    __tablename__ = "news"
    application_id: str = Field(primary_key=True, foreign_key="application.id", ondelete="CASCADE", max_length=36)
    kind: str = Field(primary_key=True, max_length=20)
    reference: str = Field(primary_key=True, max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    decision_id: str | None = Field(default=None, max_length=36)
    ticket_id: str | None = Field(default=None, max_length=36)
    reason: str = Field(max_length=64)
    step: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    detail: str


NEWS: sa.Table = Row.metadata.tables["news"]

# Built once: building a statement costs as much as running it.
NEWS_BY_IDS = (
    sa.select(NEWS)
    .where(NEWS.c.application_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(NEWS.c.at, NEWS.c.kind, NEWS.c.reference)
)


def _told_again(insert: Insert) -> Any:
    news = insert(NEWS)
    first = sa.case((news.excluded.at < NEWS.c.at, news.excluded.at), else_=NEWS.c.at)
    step = sa.case((news.excluded.step > NEWS.c.step, news.excluded.step), else_=NEWS.c.step)
    return news.on_conflict_do_update(
        index_elements=["application_id", "kind", "reference"],
        set_={"detail": news.excluded.detail, "at": first, "step": step},
    )


NOTE = ByDialect(_told_again)


class TimelineTables(Tables):
    """The news of applications, in one session."""

    def note(self, application_id: ApplicationId, news: TimelineEntry) -> None:
        """One entry by application, kind and reference; told again, it keeps its earliest moment and highest step."""
        place = cell_of_news(str(application_id), str(news.kind), news.reference)
        values = {
            "application_id": str(application_id),
            "kind": str(news.kind),
            "reference": news.reference,
            "at": news.at,
            "decision_id": news.decision_id,
            "ticket_id": news.ticket_id,
            "reason": news.reason,
            "step": news.step,
            "detail": self._encrypt_text(key_of_application(self, application_id), news.detail, place),
        }
        self._execute(NOTE.of(self.session), values)

    def put_back_at(self) -> datetime | None:
        """When this database was last put back, as the restore noted it (shared.bus.epochs); None: never."""
        return epochs.put_back_at(self.session)

    def news_of(self, application_ids: Sequence[ApplicationId]) -> dict[ApplicationId, tuple[TimelineEntry, ...]]:
        """By time, kind and reference; an application without any is left out."""
        ids = [str(each) for each in application_ids]
        found: dict[ApplicationId, list[TimelineEntry]] = {}
        for row in self._execute(NEWS_BY_IDS, {"ids": ids}):
            about = row.reference, row.decision_id, row.ticket_id
            detail = self._decrypt_text(row.detail, cell_of_news(row.application_id, row.kind, row.reference))
            news = TimelineEntry(EntryKind(row.kind), row.at, *about, row.reason, row.step, detail)
            found.setdefault(ApplicationId(UUID(row.application_id)), []).append(news)
        return {application_id: tuple(news) for application_id, news in found.items()}


def cell_of_news(application_id: str, kind: str, reference: str) -> Cell:
    """Where a detail stands."""
    return Cell("news", "detail", (application_id, kind, reference))

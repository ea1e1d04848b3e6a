"""With which content each decision of an application was told first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.database.dialect import ByDialect, Insert
from shared.questions import ToldDecision
from sqlmodel import Field

from application.domain.ids import ApplicationId
from application.store.applications import APPLICATION
from application.store.base import Row, Tables


class DecisionDigestRow(Row, table=True):
    __tablename__ = "decision_digest"
    application_id: str = Field(primary_key=True, foreign_key="application.id", ondelete="CASCADE", max_length=36)
    decision_id: str = Field(primary_key=True, max_length=36)
    digest: str = Field(max_length=64)


DIGEST: sa.Table = Row.metadata.tables["decision_digest"]
TOLD = sa.select(DIGEST.c.digest).where(
    DIGEST.c.application_id == sa.bindparam("of"), DIGEST.c.decision_id == sa.bindparam("decision")
)


def _once(insert: Insert) -> Any:
    return insert(DIGEST).on_conflict_do_nothing().returning(DIGEST.c.decision_id)


KEEP = ByDialect(_once)


class DigestTables(Tables):
    def digest_of(self, application_id: ApplicationId, decision_id: UUID) -> str | None:
        """Hexadecimal; None where the decision was not told of with a digest."""
        row = self._execute(TOLD, {"of": str(application_id), "decision": str(decision_id)}).first()
        return None if row is None else str(row.digest)

    def page_of_decisions(
        self, after: ApplicationId | None, limit: int
    ) -> tuple[list[ToldDecision], ApplicationId | None]:
        """The decisions of the next `limit` applications that have any, by the applications' ids.

        Returns: the decisions, and the last application's id; None where no further page can follow.
        """
        mine = sa.select(DIGEST.c.application_id).distinct().order_by(DIGEST.c.application_id).limit(limit)
        if after is not None:
            mine = mine.where(DIGEST.c.application_id > str(after))
        ids = list(self.session.execute(mine).scalars())
        query = sa.select(DIGEST, APPLICATION.c.school_year).where(DIGEST.c.application_id.in_(ids))
        query = query.join(APPLICATION, APPLICATION.c.id == DIGEST.c.application_id)
        rows = self.session.execute(query.order_by(DIGEST.c.application_id, DIGEST.c.decision_id))
        found = [ToldDecision.model_validate(row._mapping) for row in rows]
        return found, ApplicationId(UUID(ids[-1])) if len(ids) == limit else None

    def first_digest(self, application_id: ApplicationId, decision_id: UUID, digest: str) -> str:
        """The digest that is kept: this one, or one that was told before, which is read only then."""
        values = {"application_id": str(application_id), "decision_id": str(decision_id), "digest": digest}
        is_new = self._execute(KEEP.of(self.session), values).scalar_one_or_none() is not None
        return digest if is_new else self.digest_of(application_id, decision_id) or digest

    def keep_digests(self, application_id: ApplicationId, digests: Sequence[tuple[UUID, str]]) -> None:
        """Inserts what is not there and leaves the rest."""
        for decision_id, digest in digests:
            values = {"application_id": str(application_id), "decision_id": str(decision_id), "digest": digest}
            self._execute(KEEP.of(self.session), values)

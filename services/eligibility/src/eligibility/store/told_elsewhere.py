"""Decisions that others have heard of, learnt after this database was put back to an older copy."""

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from shared.bus import epochs
from shared.database.dialect import ByDialect, Insert
from sqlmodel import Field

from eligibility.domain.ids import CaseId
from eligibility.store.base import Tables
from eligibility.store.tables import DECISION, Row
from eligibility.workflow.catch_up import Heard


class ToldElsewhereRow(Row, table=True):
    __tablename__ = "told_elsewhere"
    case_id: str = Field(primary_key=True, max_length=36)
    round: int = Field(primary_key=True)
    digest: str = Field(max_length=64)


TOLD: sa.Table = Row.metadata.tables["told_elsewhere"]
OF_CASE = sa.select(TOLD.c.round, TOLD.c.digest).where(TOLD.c.case_id == sa.bindparam("of"))

RELEASED = sa.select(sa.exists().where(DECISION.c.case_id == sa.bindparam("of"), DECISION.c.released_at.is_not(None)))


def _once(insert: Insert) -> Any:
    return insert(TOLD).on_conflict_do_nothing()


KEEP = ByDialect(_once)


class ToldElsewhereTables(Tables):
    def keep_heard(self, heard: Collection[Heard]) -> None:
        for each in heard:
            values = {"case_id": str(each.case_id), "round": each.round, "digest": each.digest}
            self.session.connection().execute(KEEP.of(self.session), values)

    def told_elsewhere(self, case_id: CaseId) -> Mapping[int, str]:
        rows = self.session.connection().execute(OF_CASE, {"of": str(case_id)})
        return {row.round: row.digest for row in rows}

    def is_made_again(self, case_id: CaseId) -> bool:
        return (
            bool(self.told_elsewhere(case_id))
            and not self.session.connection().execute(RELEASED, {"of": str(case_id)}).scalar()
        )

    def note_caught_up(self) -> None:
        epochs.has_caught_up(self.session)

"""Decisions that others have heard of, learnt after this database was put back to an older copy."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.bus import epochs
from shared.database import UtcDateTime
from shared.database.dialect import ByDialect, Insert
from sqlmodel import Field

from eligibility.domain.elsewhere import DecisionElsewhere
from eligibility.domain.ids import CaseId
from eligibility.store.base import Tables
from eligibility.store.tables import DECISION, Row


class ToldElsewhereRow(Row, table=True):
    __tablename__ = "told_elsewhere"
    case_id: str = Field(primary_key=True, max_length=36)
    round: int = Field(primary_key=True)
    digest: str = Field(max_length=64)
    outcome: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_because: str = Field(default="", max_length=24, sa_column_kwargs={"server_default": ""})
    ended_on: date | None = None


TOLD: sa.Table = Row.metadata.tables["told_elsewhere"]
OF_CASE = sa.select(TOLD).where(TOLD.c.case_id == sa.bindparam("of"))
NOT_KNOWN_HERE = (
    sa.select(TOLD)
    .join(DECISION, sa.and_(DECISION.c.case_id == TOLD.c.case_id, DECISION.c.round == TOLD.c.round))
    .where(TOLD.c.ended_at.is_not(None), DECISION.c.outcome == "granted")
    .where(DECISION.c.released_at.is_not(None), DECISION.c.withdrawn_at.is_(None))
    .order_by(TOLD.c.case_id, TOLD.c.round)
)

RELEASED = sa.select(sa.exists().where(DECISION.c.case_id == sa.bindparam("of"), DECISION.c.released_at.is_not(None)))


def _once(insert: Insert) -> Any:
    told = insert(TOLD)
    more = told.excluded
    known = {
        "digest": sa.func.coalesce(sa.func.nullif(TOLD.c.digest, ""), more.digest),
        "outcome": sa.func.coalesce(sa.func.nullif(TOLD.c.outcome, ""), more.outcome),
        "ended_because": sa.func.coalesce(sa.func.nullif(TOLD.c.ended_because, ""), more.ended_because),
        "ended_on": sa.case((TOLD.c.ended_at.is_(None), more.ended_on), else_=TOLD.c.ended_on),
        "ended_at": sa.func.coalesce(TOLD.c.ended_at, more.ended_at),
    }
    return told.on_conflict_do_update(index_elements=["case_id", "round"], set_=known)


KEEP = ByDialect(_once)


class ToldElsewhereTables(Tables):
    def keep_heard(self, heard: Collection[DecisionElsewhere]) -> None:
        """Keep what other services know of decisions made here; what is known already is only completed."""
        for each in heard:
            values = {name: getattr(each, name) for name in DecisionElsewhere.__slots__} | {
                "case_id": str(each.case_id)
            }
            self.session.connection().execute(KEEP.of(self.session), values)

    def told_elsewhere(self, case_id: CaseId) -> Mapping[int, DecisionElsewhere]:
        """By round, the decisions of a case that others have heard of."""
        return {row["round"]: _decision(row) for row in self.rows(OF_CASE, of=str(case_id))}

    def ends_not_known_here(self) -> list[DecisionElsewhere]:
        """Ends that others have heard of, of grants that are in force here."""
        return [_decision(row) for row in self.rows(NOT_KNOWN_HERE)]

    def note_ended_elsewhere(self, decision: DecisionElsewhere, now: datetime) -> None:
        """Note that a grant which only others knew was ended by what is decided now."""
        mine = (TOLD.c.case_id == str(decision.case_id)) & (TOLD.c.round == decision.round)
        self.run(TOLD.update().where(mine).values(ended_at=now, ended_because="decided_anew"))

    def is_made_again(self, case_id: CaseId) -> bool:
        """Whether others know decisions of this case and none of those here was released: the database was put back."""
        return (
            bool(self.told_elsewhere(case_id))
            and not self.session.connection().execute(RELEASED, {"of": str(case_id)}).scalar()
        )

    @property
    def is_behind(self) -> bool:
        """Whether this database was put back and has not caught up."""
        return epochs.is_behind(self.session)

    def note_caught_up(self) -> None:
        """Note that, since the last restore, everybody has answered what they know."""
        epochs.has_caught_up(self.session)


def _decision(row: sa.RowMapping) -> DecisionElsewhere:
    told = {name: row[name] for name in DecisionElsewhere.__slots__}
    return DecisionElsewhere(**told | {"case_id": CaseId(UUID(row["case_id"]))})

"""What families told after they had applied, and the application as told until then. Erased with the case."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.events import ApplicationSubmitted
from sqlmodel import Field

from eligibility.domain.desk import Change
from eligibility.domain.ids import CaseId
from eligibility.store.base import Tables
from eligibility.store.tables import Row


class ChangeRow(Row, table=True):
    __tablename__ = "told_change"
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    number: int = Field(primary_key=True)
    told_at: datetime = Field(sa_type=UtcDateTime)
    changed_from: date | None = None
    before: str | None = None
    """JSON of ApplicationSubmitted."""
    answer: str
    leaves_for: str | None = Field(default=None, max_length=12)
    share_only: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


CHANGE: sa.Table = Row.metadata.tables["told_change"]


class ChangeTables(Tables):
    def put_change(self, case_id: CaseId, change: Change) -> None:
        """Keep what the family told, or replace it where the same number was told before."""
        values: dict[str, Any] = {name: getattr(change, name) for name in Change.__slots__}
        values["before"] = None if change.before is None else change.before.model_dump_json()
        self.upsert(CHANGE, ["case_id", "number"], [{"case_id": str(case_id), **values}])

    def changes_of(self, case_id: CaseId) -> list[Change]:
        """All that the family told later, by number."""
        chosen = sa.select(CHANGE).where(CHANGE.c.case_id == str(case_id)).order_by(CHANGE.c.number)
        return [_change(row) for row in self.rows(chosen)]

    def last_change(self, case_id: CaseId) -> Change | None:
        """The newest that was about more than the own share; None where there is none."""
        chosen = sa.select(CHANGE).where(CHANGE.c.case_id == str(case_id), ~CHANGE.c.share_only)
        row = self.one(chosen.order_by(CHANGE.c.number.desc()).limit(1))
        return None if row is None else _change(row)


def _change(row: sa.RowMapping) -> Change:
    values = {name: row[name] for name in Change.__slots__}
    before = row["before"]
    values["before"] = None if before is None else ApplicationSubmitted.model_validate_json(before)
    return Change(**values)

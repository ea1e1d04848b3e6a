"""Which child a case is about, by a digest: to find a second application for the same child."""

from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from eligibility.domain.ids import CaseId, ChildKey
from eligibility.store.base import Tables
from eligibility.store.tables import CASE, Row

LIVING = ("review", "prepared", "granted")


class ChildRow(Row, table=True):
    __tablename__ = "child"
    __table_args__: ClassVar[Any] = (sa.Index("child_key", "key"),)
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", ondelete="CASCADE", max_length=36)
    key: str = Field(max_length=64)


CHILD: sa.Table = Row.metadata.tables["child"]
OTHERS = (
    sa.select(CHILD.c.case_id)
    .join_from(CHILD, CASE, CASE.c.id == CHILD.c.case_id)
    .where(CHILD.c.key == sa.bindparam("key"), CASE.c.state.in_(LIVING))
    .limit(1)
)


class ChildTables(Tables):
    def has_living_case(self, key: ChildKey) -> bool:
        return self.session.connection().execute(OTHERS, {"key": key}).first() is not None

    def add_child(self, case_id: CaseId, key: ChildKey) -> None:
        self.run(CHILD.insert(), {"case_id": str(case_id), "key": key})

"""What schools say of pupils who apply for them: the newest statement of each application and school year."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from shared.database import UtcDateTime
from shared.encryption import Cell
from shared.events import AttendanceDifference
from sqlmodel import Field

from application.domain.application import Application
from application.domain.attendance import AttendanceState, Statement
from application.domain.ids import ApplicationId
from application.store.applications import APPLICATION, ApplicationTables
from application.store.base import Row
from application.store.keys_of_applications import key_of_application


class SchoolStatementRow(Row, table=True):
    __tablename__ = "school_statement"
    application_id: str = Field(primary_key=True, foreign_key="application.id", ondelete="CASCADE", max_length=36)
    school_year: str = Field(primary_key=True, max_length=7)
    school_number: str = Field(max_length=12)
    number: int
    state: str = Field(max_length=16)
    said_at: datetime = Field(sa_type=UtcDateTime)
    said_by: str = Field(max_length=255)
    class_name: str = Field(max_length=20)
    last_day: date | None = None
    differences: str
    about: str
    reason: str


STATEMENT: sa.Table = Row.metadata.tables["school_statement"]
DIFFERENCES = TypeAdapter(tuple[AttendanceDifference, ...])
WORDS = TypeAdapter(tuple[str, ...])
ENCRYPTED = ("differences", "about", "reason")
"""Columns in which names and birth dates stand, as the school and the family say them, and a person's own words."""
OF_SCHOOL = (
    sa.select(APPLICATION)
    .where(
        APPLICATION.c.school_number == sa.bindparam("school"),
        APPLICATION.c.school_year.in_(sa.bindparam("years", expanding=True)),
    )
    .order_by(APPLICATION.c.id)
    .limit(sa.bindparam("most"))
)
OF_APPLICATIONS = sa.select(STATEMENT).where(STATEMENT.c.application_id.in_(sa.bindparam("ids", expanding=True)))


class AttendanceTables(ApplicationTables):
    """A part of the store, in one session."""

    def applications_of_school(self, school_number: str, years: Collection[str], limit: int) -> Sequence[Application]:
        """Of these school years, by id; withdrawn ones too."""
        values = {"school": school_number, "years": list(years), "most": limit}
        return [self._application(row) for row in self._execute(OF_SCHOOL, values)]

    def statements_of(self, application_ids: Collection[ApplicationId]) -> Sequence[Statement]:
        """Of all school years, the newest of each."""
        rows = self._execute(OF_APPLICATIONS, {"ids": [str(each) for each in application_ids]})
        return sorted(map(self._statement, rows), key=lambda each: (each.application_id, each.school_year))

    def put_statement(self, statement: Statement) -> None:
        """In place of the one before."""
        mine = (STATEMENT.c.application_id == str(statement.application_id)) & (
            STATEMENT.c.school_year == statement.school_year
        )
        self._execute(STATEMENT.delete().where(mine), {})
        texts = {
            "differences": DIFFERENCES.dump_json(statement.differences).decode(),
            "about": WORDS.dump_json(statement.about).decode(),
            "reason": statement.reason,
        }
        of, key_id = str(statement.application_id), key_of_application(self, statement.application_id)
        for name in ENCRYPTED:
            texts[name] = self._encrypt_text(key_id, texts[name], cell_of_statement(of, statement.school_year, name))
        ids: dict[str, Any] = {"application_id": of, "state": str(statement.state)}
        self._execute(STATEMENT.insert(), vars(statement) | ids | texts)

    def _statement(self, row: sa.Row[Any]) -> Statement:
        differences, about, reason = (
            self._decrypt_text(getattr(row, name), cell_of_statement(row.application_id, row.school_year, name))
            for name in ENCRYPTED
        )
        return Statement(
            application_id=ApplicationId(UUID(row.application_id)),
            school_year=row.school_year,
            school_number=row.school_number,
            number=row.number,
            state=AttendanceState(row.state),
            said_at=row.said_at,
            said_by=row.said_by,
            class_name=row.class_name,
            last_day=row.last_day,
            differences=DIFFERENCES.validate_json(differences),
            about=WORDS.validate_json(about),
            reason=reason,
        )


def cell_of_statement(application_id: str, school_year: str, column: str) -> Cell:
    """Where a value of this table stands."""
    return Cell("school_statement", column, (application_id, school_year))

"""What schools say of the attendance of pupils. It may come before its case, and each school year has its own: so no
foreign key, and whoever erases an application deletes these too (store.erasure)."""

from datetime import date, datetime
from typing import Any, ClassVar, cast
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from shared.database import UtcDateTime
from shared.events import AttendanceDifference
from sqlmodel import Field

from eligibility.domain.attendance import AttendanceState, KnownAttendance
from eligibility.domain.ids import ApplicationId, DecisionId
from eligibility.store.base import Tables
from eligibility.store.tables import CASE, Row, where


class AttendanceRow(Row, table=True):
    __tablename__ = "attendance"
    __table_args__: ClassVar[Any] = (
        sa.Index("attendance_to_look_at", "authority_id", "application_id", **where("look_from IS NOT NULL")),
    )
    application_id: str = Field(primary_key=True, max_length=36)
    school_year: str = Field(primary_key=True, max_length=7)
    authority_id: str = Field(max_length=32)
    state: str = Field(max_length=12)
    school_number: str = Field(max_length=12)
    number: int
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_day: date | None = None
    differences: str
    proven_school: str = Field(max_length=12)
    proven_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    proven_by: str | None = Field(default=None, max_length=255)
    proven_why: str
    waiting_grant: str | None = Field(default=None, max_length=36)
    look_from: date | None = None


ATTENDANCE: sa.Table = Row.metadata.tables["attendance"]
DIFFERENCES = TypeAdapter(tuple[AttendanceDifference, ...])
ONE = sa.select(ATTENDANCE).where(
    ATTENDANCE.c.application_id == sa.bindparam("of"), ATTENDANCE.c.school_year == sa.bindparam("year")
)
TO_LOOK_AT = ATTENDANCE.c.look_from.is_not(None)


class AttendanceTables(Tables):
    def attendance_of(self, application_id: ApplicationId, school_year: str) -> KnownAttendance | None:
        """None: no school has said anything, and nothing waits for it."""
        row = self.one(ONE, of=str(application_id), year=school_year)
        return None if row is None else attendance_from(row)

    def put_attendance(self, known: KnownAttendance) -> None:
        """In place of what was known."""
        values = {name: getattr(known, name) for name in AttendanceRow.model_fields}
        values |= {
            "application_id": str(known.application_id),
            "differences": DIFFERENCES.dump_json(known.differences).decode(),
            "waiting_grant": None if known.waiting_grant is None else str(known.waiting_grant),
        }
        self.upsert(ATTENDANCE, ["application_id", "school_year"], [values])


def must_look(today: date) -> sa.ColumnElement[bool]:
    """Of a case: whether a person has to look at what the school says, or does not say."""
    mine = (ATTENDANCE.c.application_id == CASE.c.application_id) & (ATTENDANCE.c.school_year == CASE.c.school_year)
    due = sa.exists().where(mine, TO_LOOK_AT, ATTENDANCE.c.look_from <= today)
    return CASE.c.state.in_(("review", "prepared", "granted")) & due


def attendance_from(row: sa.RowMapping) -> KnownAttendance:
    """As the table keeps it."""
    return KnownAttendance(
        application_id=ApplicationId(UUID(row["application_id"])),
        authority_id=row["authority_id"],
        school_year=row["school_year"],
        state=cast(AttendanceState, row["state"]),
        school_number=row["school_number"],
        number=row["number"],
        told_at=row["told_at"],
        last_day=row["last_day"],
        differences=DIFFERENCES.validate_json(row["differences"]),
        proven_school=row["proven_school"],
        proven_at=row["proven_at"],
        proven_by=row["proven_by"],
        proven_why=row["proven_why"],
        waiting_grant=DecisionId(UUID(row["waiting_grant"])) if row["waiting_grant"] else None,
        look_from=row["look_from"],
    )

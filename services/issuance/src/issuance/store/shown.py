"""What scanners showed, in the API's tables."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field, Session, col, delete

from issuance.store.inspection_rows import Row
from issuance.workflow.shown import Copy, Count, Shown


class ShownRow(Row, table=True):
    """A verdict on a scanner's screen. The marks of ticket and scanner are another every day."""

    __tablename__ = "shown"
    __table_args__: ClassVar[Any] = (sa.Index("shown_day_ticket", "day", "ticket"),)
    id: UUID = Field(primary_key=True)
    day: date
    shown_at: datetime = Field(sa_type=UtcDateTime)
    verdict: str = Field(max_length=20)
    colour: str = Field(max_length=5)
    format: str | None = Field(max_length=3)
    organisation_id: int | None = None
    ticket: str | None = Field(max_length=32)
    scanner: str = Field(max_length=16)


class ShownTables:
    """A part of InspectionStore."""

    session: Session

    def keep_shown(self, shown: Shown, day: date, scanner: str) -> None:
        if self.session.get(ShownRow, shown.id) is None:
            at = shown.shown_at.replace(second=0, microsecond=0)
            row = ShownRow(id=shown.id, day=day, shown_at=at, verdict=shown.verdict.value, colour=shown.colour,
                           format=shown.format, organisation_id=shown.organisation_id, ticket=shown.ticket,
                           scanner=scanner)  # fmt: skip
            self.session.add(row)

    def forget_shown(self, before: date) -> None:
        self.session.exec(delete(ShownRow).where(col(ShownRow.day) < before))

    def counts(self, since: date) -> Sequence[Count]:
        by = (col(ShownRow.day), col(ShownRow.organisation_id), col(ShownRow.verdict), col(ShownRow.colour))
        query = sa.select(*by, sa.func.count()).where(col(ShownRow.day) >= since).group_by(*by).order_by(*by)
        return [Count(*row) for row in self.session.execute(query).all()]

    def copies(self, since: date, least: int) -> Sequence[Copy]:
        by = (col(ShownRow.day), col(ShownRow.organisation_id), col(ShownRow.ticket))
        scanners = sa.func.count(sa.distinct(col(ShownRow.scanner)))
        query = sa.select(*by, scanners).where(col(ShownRow.day) >= since, col(ShownRow.ticket).is_not(None))
        rows = self.session.execute(query.group_by(*by).having(scanners >= least).order_by(*by)).all()
        return [Copy(*row) for row in rows]

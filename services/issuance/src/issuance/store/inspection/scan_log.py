"""What scanners showed, in the API's tables."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.row_security.asking import within_as
from sqlmodel import Field, col, delete, select

from issuance.store.inspection.base import Tables
from issuance.store.inspection.tables import KnownTicketRow, Row
from issuance.workflow.inspection.scan_log import Copy, Count, ScanEntry


class ShownRow(Row, table=True):
    """A verdict on a scanner's screen. The marks of ticket and scanner are under the key of the day."""

    __tablename__ = "shown"
    __table_args__: ClassVar[Any] = (sa.Index("shown_day_ticket", "day", "ticket"),)
    id: UUID = Field(primary_key=True)
    day: date
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    verdict: str = Field(max_length=20)
    colour: str = Field(max_length=5)
    format: str | None = Field(max_length=3)
    organisation_id: int | None = None
    ticket: str | None = Field(max_length=32)
    scanner: str | None = Field(default=None, max_length=32)
    cell: str | None = Field(default=None, max_length=12)
    operator_id: int | None = None
    """Whose inspector sent it; of rows from before: the operator of the ticket."""


class DayKeyRow(Row, table=True):
    """The key of the day's marks. Destroyed after two days."""

    __tablename__ = "shown_key"
    day: date = Field(primary_key=True)
    key: bytes


class CopyRow(Row, table=True):
    """A ticket that looked copied, without place or time of day."""

    __tablename__ = "shown_copy"
    day: date = Field(primary_key=True)
    ticket: str = Field(primary_key=True, max_length=32)
    organisation_id: int | None = None
    number: int | None = Field(default=None, sa_type=sa.BigInteger)
    reason: str = Field(max_length=20)
    scanners: int
    operator_id: int | None = None
    """Whose inspectors saw it."""


class ScanEntryTables(Tables):
    """What scanners showed, in one session."""

    def key_of(self, day: date, drawn: bytes) -> bytes:
        """The key of the day; `drawn` becomes it where there is none yet."""
        known = self.session.get(DayKeyRow, day)
        if known is None:
            self.session.add(DayKeyRow(day=day, key=drawn))
            self.session.flush()
        return known.key if known is not None else drawn

    def keep_entry(self, shown: ScanEntry, day: date, operator_id: int, scanner: str) -> None:
        """Once by its id; the minute is kept only where there is a mark of the ticket."""
        with within_as(self.session, "scan_entries"):  # a scanner draws the id: another operator's may have the same
            is_new = self.session.exec(select(ShownRow.id).where(ShownRow.id == shown.id)).first() is None
        if is_new:
            at = shown.shown_at.replace(second=0, microsecond=0) if shown.ticket else None
            row = ShownRow(id=shown.id, day=day, shown_at=at, verdict=shown.verdict.value, colour=shown.colour,
                           format=shown.format, organisation_id=shown.organisation_id, ticket=shown.ticket,
                           scanner=scanner or None, cell=shown.cell, operator_id=operator_id)  # fmt: skip
            self.session.add(row)
            self.session.flush()

    def met(self, day: date, ticket: str) -> Sequence[tuple[str, datetime, str | None]]:
        """Scanner, minute and cell of each time that this mark was met on the day."""
        rows = self.session.exec(select(ShownRow).where(ShownRow.day == day, ShownRow.ticket == ticket)).all()
        return [(row.scanner or "", row.shown_at, row.cell) for row in rows if row.shown_at is not None]

    def forget_entries(self, marks_before: date, before: date, limit: int) -> bool:
        """Empties marks before the first day and deletes verdicts before the second, `limit` of each. True: there may
        be more."""
        nothing = {"ticket": None, "scanner": None, "cell": None, "shown_at": None}
        day = col(ShownRow.day)
        marked = select(ShownRow.id).where(day < marks_before, col(ShownRow.ticket).is_not(None)).order_by(day)
        marks = self.session.exec(marked.limit(limit)).all()
        self.session.execute(sa.update(ShownRow).where(col(ShownRow.id).in_(marks)).values(nothing))
        self.session.exec(delete(DayKeyRow).where(col(DayKeyRow.day) < marks_before))
        old = self.session.exec(select(ShownRow.id).where(day < before).order_by(day).limit(limit)).all()
        self.session.exec(delete(ShownRow).where(col(ShownRow.id).in_(old)))
        self.session.exec(delete(CopyRow).where(col(CopyRow.day) < before))
        return max(len(marks), len(old)) == limit

    def numbers(self, organisation_id: int | None) -> Iterable[int]:
        """Numbers of all tickets of an organisation that are known here."""
        return self.session.exec(select(KnownTicketRow.number).where(KnownTicketRow.organisation_id == organisation_id))

    def knows_copy(self, day: date, ticket: str) -> bool:
        """Whether the mark was found suspect on this day already."""
        return self.session.get(CopyRow, (day, ticket)) is not None

    def keep_copy(self, ticket: str, operator_id: int, copy: Copy) -> None:
        """Adds the warning; once for a mark and day, or the database refuses."""
        self.session.add(CopyRow(ticket=ticket, operator_id=operator_id, **vars(copy)))

    def counts(self, operator_id: int, since: date) -> Sequence[Count]:
        """Verdicts a day, organisation and colour, of what this operator's inspectors saw."""
        by = (col(ShownRow.day), col(ShownRow.organisation_id), col(ShownRow.verdict), col(ShownRow.colour))
        own = col(ShownRow.operator_id) == operator_id, col(ShownRow.day) >= since
        query = sa.select(*by, sa.func.count()).where(*own).group_by(*by).order_by(*by)
        return [Count(*row) for row in self.session.execute(query).all()]

    def copies(self, operator_id: int, since: date) -> Sequence[Copy]:
        """Warnings from what this operator's inspectors saw, by day."""
        own = CopyRow.operator_id == operator_id, CopyRow.day >= since
        rows = self.session.exec(select(CopyRow).where(*own).order_by(col(CopyRow.day))).all()
        return [Copy(row.day, row.organisation_id, row.number, row.reason, row.scanners) for row in rows]

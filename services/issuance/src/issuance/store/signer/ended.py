"""What is over, or will be on a day: a ticket cannot be shortened, so its last day is kept until it has passed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.runtime.backlog import key_column, may_be_tried
from sqlmodel import col, update

from issuance.store.signer.base import Tables
from issuance.store.signer.tables import EndedRow, GrantRow, Row
from issuance.workflow.signer.ending import ENDING

ENDED = Row.metadata.tables["ended"]
OVER = sa.select(ENDED.c.ended_id, ENDED.c.last_day).where(
    ENDED.c.ended_id.in_((sa.bindparam("one", type_=sa.Uuid), sa.bindparam("other", type_=sa.Uuid)))
)
ENDS_DUE = (
    sa.select(ENDED.c.ended_id)
    .where(ENDED.c.last_day < sa.bindparam("today"), may_be_tried(ENDING, key_column(ENDED.c.ended_id)))
    .order_by(ENDED.c.last_day, ENDED.c.ended_id)
    .limit(sa.bindparam("most"))
)


class EndedTables(Tables):
    """Decisions and applications that are over."""

    def ended(self, one: UUID, other: UUID) -> Sequence[sa.Row[Any]]:
        return self._all(OVER, one=one, other=other)

    def end(self, ended_id: UUID, now: datetime, last_day: date | None = None) -> None:
        """What is over stays over; of a day to come the newest told counts."""
        known = self.session.get(EndedRow, ended_id)
        if last_day is not None and known is not None and known.last_day is None:
            return
        self.session.merge(EndedRow(ended_id=ended_id, ended_at=now, last_day=last_day))
        if last_day is not None:
            later = (col(GrantRow.decision_id) == ended_id) & (col(GrantRow.valid_until) > last_day)
            self._execute(update(GrantRow).where(later).values(valid_until=last_day))

    def ends_due(self, today: date, limit: int, now: datetime) -> list[UUID]:
        return [row.ended_id for row in self._all(ENDS_DUE, today=today, most=limit, now=now)]

"""What is over, or will be on a day: a ticket cannot be shortened, so its last day is kept until it has passed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.runtime.backlog import key_column, may_be_tried
from sqlmodel import col, update

from issuance.domain.grant import Grant
from issuance.domain.ticket import LIVING
from issuance.store.signer.base import Tables
from issuance.store.signer.tables import EndedRow, GrantRow, Row, TicketRow
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
FOLLOWED = sa.select(ENDED.c.ended_id).where(ENDED.c.followed_by == sa.bindparam("of", type_=sa.Uuid))
_OF = sa.bindparam("of", type_=sa.Uuid)
_TICKET, _GRANT = (Row.metadata.tables[name] for name in ("ticket", "waiting_grant"))
HEARD = sa.select(
    sa.or_(
        sa.exists().where(_TICKET.c.decision_id == _OF),
        sa.exists().where(_GRANT.c.decision_id == _OF),
        sa.exists().where(ENDED.c.ended_id == _OF, ENDED.c.last_day.is_(None), ENDED.c.followed_by.is_(None)),
    )
)


class EndedTables(Tables):
    """Decisions and applications that are over."""

    def ended(self, one: UUID, other: UUID) -> Sequence[sa.Row[Any]]:
        """Which of two ids, an application and a decision, are over or have a last day: rows of `ended_id` and
        `last_day`."""
        return self._all(OVER, one=one, other=other)

    def end(self, ended_id: UUID, now: datetime, last_day: date | None = None) -> None:
        """What is over stays over; of a day to come the newest told counts."""
        self._tickets_in_turn()
        known = self.session.get(EndedRow, ended_id)
        if last_day is not None and known is not None and known.last_day is None and known.followed_by is None:
            return
        self.session.merge(EndedRow(ended_id=ended_id, ended_at=now, last_day=last_day))
        if last_day is not None:
            later = (col(GrantRow.decision_id) == ended_id) & (col(GrantRow.valid_until) > last_day)
            self._execute(update(GrantRow).where(later).values(valid_until=last_day))
            living = (col(TicketRow.decision_id) == ended_id) & col(TicketRow.state).in_(LIVING)
            self._execute(update(TicketRow).where(living).values(last_day=last_day))

    def follow(self, decision_id: UUID, by: UUID, now: datetime) -> None:
        """What waited for this grant waits for the next one too. What is over stays over."""
        self._tickets_in_turn()
        known = self.session.get(EndedRow, decision_id)
        if known is not None and known.last_day is None and known.followed_by is None:
            return
        self.session.merge(EndedRow(ended_id=decision_id, ended_at=now, last_day=None, followed_by=by))
        self._execute(update(EndedRow).where(col(EndedRow.followed_by) == decision_id).values(followed_by=by))

    def last_after(self, decision_id: UUID) -> UUID:
        """The decision that follows this one, and so on to the last; itself where none does."""
        known = self.session.get(EndedRow, decision_id)
        while known is not None and known.followed_by is not None:
            decision_id = known.followed_by
            known = self.session.get(EndedRow, decision_id)
        return decision_id

    def followed_by(self, decision_id: UUID) -> list[UUID]:
        """Decisions that ended because this one took their place."""
        return [row.ended_id for row in self._all(FOLLOWED, of=decision_id)]

    def is_over(self, grant: Grant) -> bool:
        """Whether application or decision has ended at once; one that ends on a day to come is not over."""
        return any(each.last_day is None for each in self.ended(grant.application_id, grant.decision_id))

    def is_heard(self, decision_id: UUID) -> bool:
        """Whether a ticket or a waiting grant of this decision is here, or it ended at once and nothing follows it."""
        return bool(self._all(HEARD, of=decision_id)[0][0])

    def ends_due(self, today: date, limit: int, now: datetime) -> list[UUID]:
        """Decisions whose last day is over, at most `limit`, without those that failed and are not to be tried now."""
        return [row.ended_id for row in self._all(ENDS_DUE, today=today, most=limit, now=now)]

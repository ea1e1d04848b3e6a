"""Which applications' tickets ended long ago: their names and codes go."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.errors import Text
from shared.retention import STILL_RUNS

from issuance.domain.ticket import LIVING
from issuance.store.signer.base import Tables
from issuance.store.signer.erasure import FORMER, GRANT, HOLDER, TICKET

_ENDED_AT = sa.func.max(sa.func.coalesce(TICKET.c.ended_at, TICKET.c.valid_until))
_LIVE = sa.func.sum(sa.case((TICKET.c.state.in_(LIVING), 1), else_=0))


class RetentionTables(Tables):
    """One transaction."""

    def running_of(self, application_id: UUID, _now: datetime) -> Text | None:
        """A ticket that lives, or a grant that waits for its ticket."""
        lives = sa.select(TICKET.c.ticket_id).where(
            TICKET.c.application_id == application_id, TICKET.c.state.in_(LIVING)
        )
        waits = sa.select(GRANT.c.decision_id).where(GRANT.c.application_id == application_id)
        found = self.session.connection().execute(sa.union_all(lives, waits).limit(1)).first()
        return None if found is None else STILL_RUNS

    def ended_applications(
        self, before: datetime, after: UUID | None, limit: int, only: UUID | None = None
    ) -> Sequence[UUID]:
        """Those whose tickets are all dead since before, with a name left, and for which nothing waits; by id."""
        of = TICKET.c.application_id
        waits = [sa.exists().where(each.c.application_id == of) for each in (HOLDER, GRANT)]
        query = sa.select(of).where(*(~each for each in waits)).group_by(of).order_by(of).limit(limit)
        query = query.having(before > _ENDED_AT, _LIVE == 0, sa.func.max(TICKET.c.last_name) != "")
        if only is not None:
            self._tickets_in_turn()
            query = query.where(of == only)
        if after is not None:
            query = query.where(of > after)
        return list(self.session.connection().execute(query).scalars())

    def count_ended(self, application_id: UUID) -> dict[str, int]:
        """Tickets that are emptied, and former codes that go."""
        connection, mine = self.session.connection(), TICKET.c.application_id == application_id
        former = FORMER.c.ticket_id.in_(sa.select(TICKET.c.ticket_id).where(mine))
        counts = {
            table.name: int(connection.execute(sa.select(sa.func.count()).select_from(table).where(which)).scalar_one())
            for table, which in ((TICKET, mine), (FORMER, former))
        }
        return {name: rows for name, rows in counts.items() if rows}

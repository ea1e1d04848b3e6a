"""Which applications' tickets ended long ago: what staff know of them goes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.database.belongings import count_rows
from shared.errors import Text
from shared.retention import STILL_RUNS

from issuance.domain.ticket import LIVING
from issuance.store.inspection.base import Tables
from issuance.store.inspection.erasure import FAMILY_TABLES, TICKET


class RetentionTables(Tables):
    """One transaction."""

    def running_of(self, application_id: UUID, now: datetime) -> Text | None:
        """A ticket that is good or suspended, as far as this process has heard."""
        until = TICKET.c.valid_until
        lives = sa.select(TICKET.c.ticket_id).where(
            TICKET.c.application_id == application_id,
            TICKET.c.state.in_([str(each) for each in LIVING]),
            sa.or_(until.is_(None), until >= now),
        )
        found = self.session.connection().execute(lives.limit(1)).first()
        return None if found is None else STILL_RUNS

    def ended_applications(
        self, before: datetime, after: UUID | None, limit: int, only: UUID | None = None
    ) -> Sequence[UUID]:
        """Those whose tickets have all ended before; by id. One whose end is not known stays."""
        of, until = TICKET.c.application_id, TICKET.c.valid_until
        query = sa.select(of).group_by(of).order_by(of).limit(limit)
        query = query.having(sa.func.max(until) < before, sa.func.count(until) == sa.func.count())
        if only is not None:
            query = query.where(of == only)
        if after is not None:
            query = query.where(of > after)
        return list(self.session.connection().execute(query).scalars())

    def count_ended(self, application_id: UUID) -> dict[str, int]:
        """Tickets, and what was asked about them."""
        return count_rows(self.session.connection(), FAMILY_TABLES.of(application_id))

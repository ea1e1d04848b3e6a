"""Which applications' tickets ended long ago: their passes go."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.database.belongings import count_rows
from shared.errors import Text
from shared.retention import STILL_RUNS

from wallet_pass.store.base import Tables
from wallet_pass.store.erasure import FAMILY_TABLES
from wallet_pass.store.tables import PASSES

_ENDS_AT = sa.func.max(
    sa.case((PASSES.c.revoked_at < PASSES.c.valid_until, PASSES.c.revoked_at), else_=PASSES.c.valid_until)
)


class RetentionTables(Tables):
    """One transaction."""

    def running_of(self, application_id: UUID, now: datetime) -> Text | None:
        """A pass that shows a good ticket."""
        shows = sa.select(PASSES.c.token).where(
            PASSES.c.application_id == application_id, PASSES.c.revoked_at.is_(None), PASSES.c.valid_until >= now
        )
        found = self.session.connection().execute(shows.limit(1)).first()
        return None if found is None else STILL_RUNS

    def ended_applications(
        self, before: datetime, after: UUID | None, limit: int, only: UUID | None = None
    ) -> Sequence[UUID]:
        """Those whose passes have all ended before; by id."""
        of = PASSES.c.application_id
        query = sa.select(of).group_by(of).having(before > _ENDS_AT).order_by(of).limit(limit)
        if only is not None:
            query = query.where(of == only)
        if after is not None:
            query = query.where(of > after)
        return list(self.session.connection().execute(query).scalars())

    def count_ended(self, application_id: UUID) -> dict[str, int]:
        """Passes, their packages, and what was told of their tickets."""
        return count_rows(self.session.connection(), FAMILY_TABLES.of(application_id))

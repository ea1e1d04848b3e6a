"""What was done in an hour, by whose it was; and what waits for the next."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from shared.database.dialect import ByDialect, Insert

from issuance.domain.ticket import TicketState as State
from issuance.store.signer.base import Tables
from issuance.store.signer.tables import Row

COUNTS, TICKET = (Row.metadata.tables[name] for name in ("hour_count", "ticket"))
KEPT_FOR = timedelta(days=90)
"""So that a person can see how it was before."""
IN_HOUR = sa.select(COUNTS.c.whose, COUNTS.c["count"].label("done")).where(
    COUNTS.c.hour == sa.bindparam("at"), COUNTS.c.what == sa.bindparam("done"), COUNTS.c.whose != ""
)
LOCK = (
    sa.select(COUNTS.c.hour)
    .where(COUNTS.c.hour == sa.bindparam("at"), COUNTS.c.what == sa.bindparam("done"), COUNTS.c.whose == "")
    .with_for_update()
)
"""One row for all who count the same, there from the first of the hour on: rows that are not there yet lock nobody."""
FORGET = COUNTS.delete().where(COUNTS.c.hour < sa.bindparam("before"), COUNTS.c.what == sa.bindparam("done"))
"""Those that are locked alone: the others' are theirs."""
LET_WAIT = (
    TICKET.update()
    .where(
        TICKET.c.state == State.APPROVED,
        TICKET.c.authority_id.in_(sa.bindparam("of", expanding=True)),
        TICKET.c.reason.is_distinct_from(sa.bindparam("why")),
    )
    .values(reason=sa.bindparam("why"))
)


def _more(insert: Insert) -> Any:
    statement = insert(COUNTS)
    total = COUNTS.c["count"] + statement.excluded["count"]
    return statement.on_conflict_do_update(index_elements=["hour", "what", "whose"], set_={"count": total})


def _begun(insert: Insert) -> Any:
    return insert(COUNTS).on_conflict_do_nothing()


MORE, BEGUN = ByDialect(_more), ByDialect(_begun)


class HourTables(Tables):
    """One transaction."""

    def lock_hour(self, hour: datetime, what: str) -> None:
        """Locks the counts of this hour until the transaction ends; begins them where there are none."""
        self._tickets_in_turn()
        self._run(BEGUN.of(self.session), [{"hour": hour, "what": what, "whose": "", "count": 0}])
        self._all(LOCK, at=hour, done=what)

    def done_in(self, hour: datetime, what: str) -> dict[str, int]:
        """How many were done in the hour, by whose they were."""
        return {row.whose: row.done for row in self._all(IN_HOUR, at=hour, done=what)}

    def count_done(self, hour: datetime, what: str, counts: Mapping[str, int]) -> None:
        """Adds to the hour's counts; those of long ago are deleted."""
        rows = [{"hour": hour, "what": what, "whose": whose, "count": more} for whose, more in sorted(counts.items())]
        self._run(MORE.of(self.session), rows)
        self._run(FORGET, [{"before": hour - KEPT_FOR, "done": what}])

    def let_wait(self, authority_ids: Collection[str], reason: str) -> None:
        """Marks what these authorities have approved as waiting, with the reason."""
        self._tickets_in_turn()
        self.session.connection().execute(LET_WAIT, {"of": list(authority_ids), "why": reason})

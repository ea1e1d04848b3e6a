"""How many tickets were signed, by authority and hour, and what waits for the next."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from shared.database.dialect import ByDialect, Insert

from issuance.domain.ticket import TicketState as State
from issuance.store.signer.base import Tables
from issuance.store.signer.tables import Row

SIGNATURES, TICKET = (Row.metadata.tables[name] for name in ("signatures", "ticket"))
KEPT_FOR = timedelta(days=90)
"""So that a person can see how it was before."""
IN_HOUR = (
    sa.select(SIGNATURES.c.authority_id, SIGNATURES.c.tickets)
    .where(SIGNATURES.c.hour == sa.bindparam("at"))
    .with_for_update()
)  # fmt: skip
FORGET = SIGNATURES.delete().where(SIGNATURES.c.hour < sa.bindparam("before"))
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
    statement = insert(SIGNATURES)
    keys = ["hour", "authority_id"]
    total = SIGNATURES.c.tickets + statement.excluded.tickets
    return statement.on_conflict_do_update(index_elements=keys, set_={"tickets": total})


MORE = ByDialect(_more)


class SignaturesTables(Tables):
    """One transaction."""

    def signed_in(self, hour: datetime) -> dict[str, int]:
        return {row.authority_id: row.tickets for row in self._all(IN_HOUR, at=hour)}

    def count_signed(self, hour: datetime, counts: Mapping[str, int]) -> None:
        rows = [{"hour": hour, "authority_id": one, "tickets": count} for one, count in sorted(counts.items())]
        self._run(MORE.of(self.session), rows)
        self._run(FORGET, [{"before": hour - KEPT_FOR}])

    def let_wait(self, authority_ids: Collection[str], reason: str) -> None:
        self.session.connection().execute(LET_WAIT, {"of": list(authority_ids), "why": reason})

"""What protects against a stolen account or a guess is counted over all copies of a process together.

Each copy counts for itself, and once a second puts down at the database what was spent and takes over what is left of
each bucket that somebody spent from here. So no request waits for the database. Several copies let through one burst
each at most before they know of each other; what was too much is paid back, and a minute allows no more than one copy's
minute does.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from shared.bus.tables import shared_limit
from shared.database import SessionStore, Transactions
from shared.database.engine import is_sqlite
from shared.http.limits import Limit, limits_to_share
from shared.row_security.asking import work_as
from shared.runtime.worker import Worker

LIMITS = "limits"
EXCHANGE_SECONDS = 1.0
ROUNDS_BETWEEN_FORGETTING = 60
_EXCHANGE = sa.text(
    f"""
    INSERT INTO {shared_limit.name} AS here (name, client, left_over, seen_at)
    SELECT :name, told.client, :burst - told.spent, clock_timestamp()
    FROM unnest(CAST(:clients AS text[]), CAST(:spent AS double precision[])) AS told(client, spent)
    ON CONFLICT (name, client) DO UPDATE SET
        left_over = least(:burst, here.left_over + extract(epoch FROM clock_timestamp() - here.seen_at) * :a_second)
            - (:burst - excluded.left_over),
        seen_at = excluded.seen_at
    RETURNING client, left_over
    """  # noqa: S608  # the table's own name
).bindparams(sa.bindparam("clients", type_=ARRAY(sa.String)), sa.bindparam("spent", type_=ARRAY(sa.Float)))
_FORGET = sa.text(
    f"""
    DELETE FROM {shared_limit.name} WHERE name = :name
    AND left_over + extract(epoch FROM clock_timestamp() - seen_at) * :a_second >= :burst
    """  # noqa: S608  # the table's own name
)


class SharedLimits:
    """Of one copy; all its limits that are to be shared."""

    def __init__(self, database: Transactions[SessionStore]) -> None:
        self._database = database
        self._rounds = 0

    async def exchange(self) -> None:
        """What was spent here since the last time, of each limit."""
        with work_as(LIMITS):
            await self._exchange_all(limits_to_share())

    async def _exchange_all(self, limits: Sequence[Limit]) -> None:
        for limit in limits:
            spent = limit.take_spent()
            if spent:
                await self._exchange(limit, spent)
        self._rounds += 1
        if self._rounds % ROUNDS_BETWEEN_FORGETTING == 0:
            for limit in limits:
                await self._database.write(partial(_forget, _values(limit)), wake=False)

    async def _exchange(self, limit: Limit, spent: Mapping[str, float]) -> None:
        clients = {_digest(limit.name, client): client for client in spent}
        digests = sorted(clients)  # in one order, so that no two copies wait for each other
        told = {**_values(limit), "clients": digests, "spent": [spent[clients[each]] for each in digests]}
        try:
            rows = await self._database.write(lambda store: store.session.execute(_EXCHANGE, told).all(), wake=False)
        except Exception:
            limit.give_back(spent)
            raise
        for row in rows:
            limit.settle(clients[row.client], row.left_over)


def workers_of_limits(database: Transactions[SessionStore], url: str) -> list[Worker]:
    """`limits`; none at SQLite, where a process has no second copy."""
    if is_sqlite(url):
        return []
    return [Worker(LIMITS, SharedLimits(database).exchange, EXCHANGE_SECONDS, everywhere=True)]


def _forget(values: Mapping[str, object], store: SessionStore) -> None:
    store.session.execute(_FORGET, values)


def _values(limit: Limit) -> dict[str, object]:
    return {"name": limit.name, "burst": float(limit.burst), "a_second": limit.per_minute / 60}


def _digest(name: str, client: str) -> str:
    """Neither an address nor a link's secret lies in the table."""
    return hashlib.sha256(f"limit {name} {client}".encode()).hexdigest()

"""What the operator sees of the signer's work: a few statements that stop at so many rows."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from shared.bus.outbox import MOST_COUNTED
from shared.database import Transactions
from shared.runtime.check import Check, Look
from shared.runtime.operations import Figures, list_age, work_oldest, work_waiting

from issuance.domain.ticket import TicketState as State
from issuance.store.signer import SignerStore
from issuance.store.signer.tables import Row
from issuance.store.signer.waiting import COMPLETE, GRANT, IS_COMPLETE
from issuance.workflow.signer.quota import QUOTA_REACHED, Quota

TICKET, SHARD, ANNOUNCEMENT = (Row.metadata.tables[name] for name in ("ticket", "shard", "announcement"))
_THEIRS: sa.BindParameter[str] = sa.bindparam("of", expanding=True)
_APPROVED = sa.select(TICKET.c.approved_at.label("since")).where(TICKET.c.state == State.APPROVED)
_GRANTS = sa.select(GRANT.c.received_at.label("since")).select_from(COMPLETE).where(IS_COMPLETE)
SIGNING = _APPROVED.where(TICKET.c.authority_id.not_in(_THEIRS)).union_all(
    _GRANTS.where(GRANT.c.authority_id.not_in(_THEIRS))
)
BEYOND = _APPROVED.where(TICKET.c.authority_id.in_(_THEIRS)).union_all(_GRANTS.where(GRANT.c.authority_id.in_(_THEIRS)))


def _figures(query: sa.CompoundSelect[Any]) -> sa.Select[int, Any]:
    """How many, at most so many, and since when the oldest of them."""
    some = query.limit(MOST_COUNTED).subquery()
    return sa.select(sa.func.count(), sa.func.min(some.c.since))


SIGNING_FIGURES, BEYOND_FIGURES = _figures(SIGNING), _figures(BEYOND)
PUBLISHED = sa.select(sa.func.min(SHARD.c.published_at))
ANNOUNCED = sa.select(sa.func.max(ANNOUNCEMENT.c.announced_at))


def figures(quota: Quota) -> Figures:
    """Sets `work_waiting`, `work_oldest_seconds` (of what waits for a signature, and apart from it what is beyond
    an authority's quota) and `list_age_seconds`."""

    def measure(store: SignerStore, now: datetime) -> None:
        run = store.session.connection().execute
        theirs = {"of": list(quota.now(store, now).used_up)}
        _show("signing", run(SIGNING_FIGURES, theirs).one(), now)
        _show(QUOTA_REACHED, run(BEYOND_FIGURES, theirs).one(), now)
        for kind, query in (("status", PUBLISHED), ("trust", ANNOUNCED)):
            at = run(query).scalar()
            list_age.labels(kind).set((now - at).total_seconds() if at else 0)

    return measure


LONGEST = timedelta(hours=12)
"""Lists are published every four hours at least; scanners turn amber after 24."""


def look_at_published(database: Transactions[SignerStore], clock: Callable[[], datetime]) -> Look:
    """Whether the lists are published in time."""

    async def look() -> Check:
        now = clock()
        run = lambda store: [store.session.execute(query).scalar() for query in (PUBLISHED, ANNOUNCED)]  # noqa: E731
        ages = [now - at for at in await database.read(run) if at]
        oldest = max(ages, default=timedelta())
        return Check(oldest <= LONGEST, age_seconds=oldest.total_seconds(), blocks=False)

    return look


def _show(kind: str, found: Sequence[Any], now: datetime) -> None:
    count, since = found
    work_waiting.labels(kind).set(count)
    work_oldest.labels(kind).set((now - since).total_seconds() if since else 0)

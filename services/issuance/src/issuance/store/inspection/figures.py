"""How old the lists are that scanners follow here: for `/readyz` and `/metrics`."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from shared.database import Transactions
from shared.runtime.check import Check, Look
from shared.runtime.operations import list_age

from issuance.store.inspection import InspectionStore
from issuance.store.inspection.tables import Row
from issuance.verification.trust import STALE_AFTER

STATUS, TRUST = Row.metadata.tables["status_list_v2"], Row.metadata.tables["trust_list"]
OLDEST = sa.select(sa.func.min(STATUS.c.published_at))
HAS_TRUST = sa.select(sa.exists().where(TRUST.c.version.is_not(None)))


def _oldest(store: InspectionStore) -> datetime | None:
    found: datetime | None = store.session.execute(OLDEST).scalar()
    return found


def show_lists(store: InspectionStore, now: datetime) -> None:
    """Sets `list_age_seconds`."""
    at = _oldest(store)
    list_age.labels("status").set((now - at).total_seconds() if at else 0)


def look_at_followed(database: Transactions[InspectionStore], clock: Callable[[], datetime]) -> Look:
    """Whether scanners get lists that they may still use. Without any ticket there is no status list."""

    async def look() -> Check:
        if not await database.read(lambda store: store.session.execute(HAS_TRUST).scalar()):
            return Check(ok=False, detail="no trust list yet", blocks=False)
        at = await database.read(_oldest)
        if at is None:
            return Check(ok=True, detail="no status list yet")
        age = clock() - at
        return Check(age <= STALE_AFTER, age_seconds=age.total_seconds(), blocks=False)

    return look

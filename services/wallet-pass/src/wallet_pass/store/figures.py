"""What the operator sees of the passes that are to be made, and to be told to Google."""

from datetime import datetime

import sqlalchemy as sa
from shared.runtime.operations import show_work

from wallet_pass.store import PassStore
from wallet_pass.store.devices import IS_DUE as IS_DUE_FOR_A_PUSH
from wallet_pass.store.passes import IS_DUE
from wallet_pass.store.tables import DEVICES, PASSES
from wallet_pass.workflow import GOOGLE, PACKAGES, PUSHES

PACKAGES_DUE, TO_GOOGLE = (
    sa.select(PASSES.c.changed_at.label("since")).where(sa.text(IS_DUE[worker])) for worker in (PACKAGES, GOOGLE)
)
TO_PUSH = sa.select(DEVICES.c.wanted_at.label("since")).where(sa.text(IS_DUE_FOR_A_PUSH))


def figures(store: PassStore, now: datetime) -> None:
    """Sets `work_waiting` and `work_oldest_seconds`."""
    show_work(store.session, PACKAGES, PACKAGES_DUE, now)
    show_work(store.session, GOOGLE, TO_GOOGLE, now)
    show_work(store.session, PUSHES, TO_PUSH, now)

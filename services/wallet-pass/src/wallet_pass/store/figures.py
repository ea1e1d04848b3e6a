"""What the operator sees of the passes that are to be made, and to be told to Google."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from prometheus_client import Gauge
from shared.bus.outbox import MOST_COUNTED
from shared.runtime.operations import show_work, work_oldest, work_waiting

from wallet_pass.store import PassStore
from wallet_pass.store.devices import IS_DUE as IS_DUE_FOR_A_PUSH
from wallet_pass.store.remakes import IS_DUE
from wallet_pass.store.tables import DEVICES, PASSES, WALLETS
from wallet_pass.workflow import GOOGLE, PACKAGES, PUSHES, REMAKES

PACKAGES_DUE, TO_GOOGLE = (
    sa.select(PASSES.c.changed_at.label("since")).where(sa.text(IS_DUE[worker])) for worker in (PACKAGES, GOOGLE)
)
TO_PUSH = sa.select(DEVICES.c.wanted_at.label("since")).where(sa.text(IS_DUE_FOR_A_PUSH))
DUE = {PACKAGES: PACKAGES_DUE, GOOGLE: TO_GOOGLE, PUSHES: TO_PUSH}
"""What each worker has before it."""
in_wallets = Gauge("passes_in_google_wallets", "Passes that a wallet at Google holds; at most 10,000 are counted")
IN_WALLETS = sa.select(WALLETS.c.serial_number).where(sa.text("saves > deletes")).limit(MOST_COUNTED).subquery()


def show_figures(store: PassStore, now: datetime, workers: Collection[str]) -> None:
    """Sets `work_waiting`, `work_oldest_seconds` and `passes_in_google_wallets`.

    Args:
        workers: who work here. Without an account at Google, or a push service, nothing waits for them.
    """
    for worker, due in DUE.items():
        if worker in workers:
            show_work(store.session, worker, due, now)
    left, since = store.remakes_left(MOST_COUNTED)
    work_waiting.labels(REMAKES).set(left)
    work_oldest.labels(REMAKES).set((now - since).total_seconds() if since else 0)
    held = sa.select(sa.func.count()).select_from(IN_WALLETS)
    in_wallets.set(store.session.connection().execute(held).scalar_one())

"""Transactions at the same moment, each on a connection of its own to PostgreSQL."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from shared.database.engine import open_engine
from sqlmodel import Session
from support.wallet_pass.service import WalletService
from wallet_pass.domain.devices import MOST_DEVICES
from wallet_pass.store import PassStore
from wallet_pass.store.tables import DEVICES

PATIENCE = 30
"""Seconds: a machine may be slow. A deadlock is noticed after one."""
WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@dataclass
class Connections:
    """Some transactions at the same time, each in a thread of its own."""

    url: str
    service: WalletService
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(MOST_DEVICES))

    def start(self, step: Callable[[PassStore], object]) -> Future[None]:
        """A transaction of its own, which goes on while the caller does."""
        return self.threads.submit(copy_context().run, self._run, step)

    def _run(self, step: Callable[[PassStore], object]) -> None:
        with self.open() as store:
            step(store)

    @contextmanager
    def open(self) -> Iterator[PassStore]:
        """A transaction that ends with the block."""
        engine = open_engine(self.url, connections=1)
        try:
            with Session(engine) as session, session.begin():
                yield PassStore(session)
        finally:
            engine.dispose()

    @contextmanager
    def holding(self, device: UUID) -> Iterator[None]:
        """The device's row is locked by a third party."""
        with self.open() as store:
            store.session.connection().execute(sa.select(DEVICES).where(DEVICES.c.id == device).with_for_update())
            yield

    def wait_until_waiting(self, count: int) -> None:
        """Until so many wait for a lock."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.service.database.read_now(lambda store: store.session.execute(WAITING).scalar_one()) >= count:
                return
            time.sleep(0.02)
        raise AssertionError("nobody waits for the lock")

    def rows(self, table: sa.Table) -> int:
        """How many a table has."""
        query = sa.select(sa.func.count()).select_from(table)
        return int(self.service.database.read_now(lambda store: store.session.execute(query).scalar_one()))

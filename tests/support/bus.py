"""A sender and a hearer at the bus, each with a database: what is heard is noted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa
from shared.bus import outbox
from shared.bus.connection import BusSettings, Connection, connect
from shared.bus.consumer import Consumer, Handler
from shared.bus.tables import metadata
from shared.bus.topology import durables_of
from shared.database import Database, Step
from shared.events import ApplicationWithdrawn, Event
from sqlmodel import Session
from support.broker import Broker

effects = sa.Table("effect", sa.MetaData(), sa.Column("withdrawal_id", sa.String(36)))


@dataclass
class Store:
    session: Session

    def emit(self, event: Event) -> None:
        outbox.emit(self.session, event)

    def note(self, withdrawal_id: UUID) -> None:
        self.session.execute(effects.insert(), {"withdrawal_id": str(withdrawal_id)})

    def noted(self) -> list[str]:
        return list(self.session.execute(sa.select(effects.c.withdrawal_id)).scalars())


def open_database(path: Path) -> Database[Store]:
    return open_tables(f"sqlite:///{path}")


def open_tables(url: str) -> Database[Store]:
    """Shared's own, and what a handler notes."""
    database = Database(url, Store)

    def create(store: Store) -> None:
        metadata.create_all(store.session.connection())
        effects.metadata.create_all(store.session.connection())

    database.write_now(create)
    return database


def settings(broker: Broker) -> BusSettings:
    return BusSettings(broker.url, broker.monitor_url, broker.seed_file)


def withdrawn() -> ApplicationWithdrawn:
    return ApplicationWithdrawn(
        occurred_at=datetime.now(UTC), authority_id="99001", application_id=uuid4(), withdrawal_id=uuid4()
    )


@asynccontextmanager
async def connected(broker: Broker, service: str) -> AsyncIterator[Connection]:
    connection = await connect(service, settings(broker))
    yield connection
    with contextlib.suppress(OSError):  # the broker may be gone
        await connection.client.close()


@asynccontextmanager
async def running(*works: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.ensure_future(work(stop)) for work in works]
    yield
    stop.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 10)


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    for _ in range(int(seconds / 0.02)):
        if await check():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("did not come about in time")


async def note(event: ApplicationWithdrawn) -> Step[Store, None]:
    return lambda store: store.note(event.withdrawal_id)


def consumer(connection: Connection, database: Database[Store], handler: Handler[Store] = note) -> Consumer[Store]:
    return Consumer(connection, database, durables_of("eligibility")[0], {ApplicationWithdrawn: handler})


async def has_noted(hearer: Database[Store], count: int) -> bool:
    return len(await hearer.read(lambda store: store.noted())) >= count

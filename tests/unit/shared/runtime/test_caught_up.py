"""A process whose database was put back waits until it has caught up, and goes on waiting while the database is busy."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from shared.bus import epochs
from shared.bus.tables import metadata
from shared.database import Database
from shared.errors import Text, Unavailable
from shared.runtime.caught_up import CaughtUp
from support.bus import Store


async def test_it_waits_also_while_the_database_is_busy_and_ends_once_it_has_caught_up(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'behind.db'}", Store)
    await database.write(lambda store: metadata.create_all(store.session.connection()))
    tries: list[str] = []

    async def catch_up() -> bool:
        tries.append("asked")
        if len(tries) == 1:
            raise Unavailable(Text("Belegt.", "Busy."))
        if len(tries) == 3:
            await database.write(lambda store: epochs.has_caught_up(store.session))
        return len(tries) == 3

    await database.write(lambda store: epochs.raise_epoch(store.session, "signer", datetime.now(UTC)))
    await asyncio.wait_for(CaughtUp(database, catch_up, look_seconds=0.01).wait(asyncio.Event()), 10)
    assert len(tries) == 3
    database.close()

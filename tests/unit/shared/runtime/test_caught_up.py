"""A process whose database was put back waits until it has caught up, whatever fails meanwhile."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from shared.bus import epochs
from shared.errors import Text, Unavailable
from shared.runtime.caught_up import CaughtUp
from support.bus import open_database

AWAY = Text("weg", "away")


async def test_what_fails_while_it_catches_up_is_tried_again_and_ends_no_process(tmp_path: Path) -> None:
    database, tries = open_database(tmp_path / "behind.db"), 0
    database.write_now(lambda store: epochs.raise_epoch(store.session, "signer", datetime.now(UTC)))

    async def catch_up() -> bool:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Unavailable(AWAY)  # the database is locked, say
        if tries == 2:
            return False
        await database.write(lambda store: epochs.has_caught_up(store.session))
        return True

    await asyncio.wait_for(CaughtUp(database, catch_up, look_seconds=0.01).wait(asyncio.Event()), 10)
    assert tries == 3
    database.close()

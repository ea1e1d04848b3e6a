"""Waiting for work without looking for it all the time."""

import asyncio
from collections.abc import AsyncIterator


async def until(stop: asyncio.Event, work: asyncio.Event, seconds: float) -> AsyncIterator[None]:
    """For a worker's loop: come by when `work` is set, and every `seconds` in any case, until `stop` is set.

    `async for _ in until(stop, work, 1.0): …` — the flag is cleared before the body looks.
    """
    while not stop.is_set():
        work.clear()
        yield
        waits = {asyncio.ensure_future(work.wait()), asyncio.ensure_future(stop.wait())}
        _, pending = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in pending:
            wait.cancel()

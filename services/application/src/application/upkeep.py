"""The worker that forgets what has been kept long enough."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.errors import Unavailable
from shared.runtime import until

from application.workflow import Openings

EVERY_SECONDS = 3600.0


class Upkeep:
    def __init__(self, openings: Openings, openings_days: int, now: Callable[[], datetime]) -> None:
        self._openings = openings
        self._kept = timedelta(days=openings_days)
        self._now = now

    async def run(self, stop: asyncio.Event) -> None:
        """Once an hour, until `stop` is set."""
        async for _ in until(stop, asyncio.Event(), EVERY_SECONDS):
            with contextlib.suppress(Unavailable):
                await self.forget()

    async def forget(self) -> None:
        await self._openings.forget(self._now() - self._kept)

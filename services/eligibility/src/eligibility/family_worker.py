"""The worker that looks at families whose children's grants have changed: the rows are its work list."""

import asyncio
import contextlib

from shared.errors import Unavailable
from shared.runtime import until

from eligibility.workflow.family.families import Families


class Settling:
    def __init__(self, families: Families) -> None:
        self._families = families
        self._work = asyncio.Event()

    def wake(self) -> None:
        self._work.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Settle what is due, until `stop` is set."""
        async for _ in until(stop, self._work, 5.0):
            with contextlib.suppress(Unavailable):
                while not stop.is_set() and await self._families.settle():
                    pass

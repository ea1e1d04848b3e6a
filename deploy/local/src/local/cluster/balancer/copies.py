"""The copies of one service, in turn."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import httpx

LOOK_SECONDS = 0.5
"""Between two looks at a copy: half of what one takes that sends a process its traffic away at SIGTERM (lame duck)."""
ANSWER_SECONDS = 2.0


@dataclass
class Copy:
    """One process of a service."""

    url: str
    ready: bool = False


@dataclass
class Copies:
    """Those of one service."""

    copies: list[Copy]
    _turn: int = field(default=0, init=False)

    def choose(self, besides: list[Copy]) -> Copy | None:
        """The next one that is ready and not among `besides`; None where there is none."""
        for _ in self.copies:
            copy = self.copies[self._turn % len(self.copies)]
            self._turn += 1
            if copy.ready and copy not in besides:
                return copy
        return None

    async def watch(self, http: httpx.AsyncClient) -> None:
        """Asks each whether it is ready, for ever."""
        await asyncio.gather(*(self._watch(copy, http) for copy in self.copies))

    async def _watch(self, copy: Copy, http: httpx.AsyncClient) -> None:
        while True:
            copy.ready = await _is_ready(copy, http)
            await asyncio.sleep(LOOK_SECONDS)


async def _is_ready(copy: Copy, http: httpx.AsyncClient) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return (await http.get(f"{copy.url}/readyz", timeout=ANSWER_SECONDS)).status_code == httpx.codes.OK
    return False

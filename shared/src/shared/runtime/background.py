"""All background work of a process: its own, and what every service does besides."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.copies.fence import Fence
from shared.copies.shared_limits import workers_of_limits
from shared.copies.turns import Turns
from shared.database import Database
from shared.runtime.retention import Forgetful, remains, retention_workers
from shared.runtime.worker import Worker


class BackgroundWork(Forgetful, Protocol):
    """A service, as far as its background work goes."""

    @property
    def database(self) -> Database[Any]:
        """Its tables."""
        ...

    @property
    def workers(self) -> Sequence[Worker]:
        """Its own."""
        ...

    @property
    def fence(self) -> Fence | None:
        """Of a process of which one copy alone works: its workers need no turns."""
        ...


def all_workers(service: BackgroundWork, turns: Turns, clock: Callable[[], datetime]) -> list[Worker]:
    """Each works for this copy, or when it is this copy's turn."""
    url = service.database.url
    own = [*service.workers, *retention_workers(service, clock, turns), remains(url)]
    in_turn = own if service.fence is not None else turns.in_turn(*own)
    return [*in_turn, *workers_of_limits(service.database, url)]

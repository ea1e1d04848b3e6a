"""A database into which only the active copy of a process writes."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from shared.copies.fence import Fence
from shared.database import Database, SessionStore, Step

Store = TypeVar("Store", bound=SessionStore)
Result = TypeVar("Result")


class FencedDatabase(Database[Store]):
    """Every step that the running process writes looks first, in its own transaction, whether this copy is still the
    active one. Commands write beside it, as at any database: they sign nothing."""

    def __init__(self, url: str, store: Callable[[Session], Store], fence: Fence) -> None:
        super().__init__(url, store)
        self._fence = fence

    async def write(self, step: Step[Store, Result], *, wake: bool = True) -> Result:
        """As of every database.

        Raises:
            NotActive: another copy has taken over; nothing was written.
            Unavailable.
        """
        return await super().write(partial(self._write_fenced, step), wake=wake)

    def _write_fenced(self, step: Step[Store, Result], store: Store) -> Result:
        self._fence.check(store.session)
        return step(store)

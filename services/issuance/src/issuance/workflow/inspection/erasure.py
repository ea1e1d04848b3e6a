"""A family was erased: what is kept here of its application goes, and nothing more of it is taken."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.database import Step
from shared.events import ApplicationFamilyErased
from shared.events.base import OfApplication


class ErasureStore(Protocol):
    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""

    def erase(self, application_id: UUID, now: datetime) -> int:
        """What is known of its tickets, and what was asked about them."""
        ...


class Erasure:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def family_erased(self, event: ApplicationFamilyErased) -> Step[ErasureStore, None]:
        """What staff know of its tickets. The lists stay: they name numbers alone."""

        def step(store: ErasureStore) -> None:
            now = self._clock()
            store.note_erased(event, now)
            store.erase(event.application_id, now)

        return step

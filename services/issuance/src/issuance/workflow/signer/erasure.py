"""A family was erased: its tickets end first, then nothing of it is left but numbers that were given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.database import Step
from shared.events import ApplicationFamilyErased
from shared.events.base import OfApplication

from issuance.domain.ticket import StoredTicket
from issuance.workflow.signer.trail import StepStore, end

REASON = "withdrawn"
"""As the lists and the family's pass say it: whoever has no application has no ticket."""


class ErasureStore(StepStore, Protocol):
    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""

    def end(self, ended_id: UUID, now: datetime) -> None:
        """No ticket comes of it any more."""

    def living_under(self, *, application_ids: Sequence[UUID]) -> Sequence[StoredTicket]:
        """Its tickets that are good, suspended, or still to be signed; locked."""
        ...

    def erase(self, application_id: UUID, now: datetime) -> int:
        """Names, codes, and what acts about it hold."""
        ...


@dataclass(frozen=True)
class Erasure:
    clock: Callable[[], datetime]

    async def family_erased(self, event: ApplicationFamilyErased) -> Step[ErasureStore, None]:
        """A ticket that lives is revoked, or dropped where nobody has seen it; the next list says so. Then names and
        codes go."""

        def step(store: ErasureStore) -> None:
            now, application_id = self.clock(), event.application_id
            # 1. Nothing more is taken of it, and what was told of it is not kept.
            store.note_erased(event, now)
            # 2. Its tickets end, and that is told.
            store.end(application_id, now)
            for each in store.living_under(application_ids=[application_id]):
                end(store, each, REASON, now)
            # 3. Nothing of the family is left.
            store.erase(application_id, now)

        return step

"""A family was erased: what is kept here of its application goes, and nothing more of it is taken."""

from datetime import datetime
from typing import Protocol

from shared.database import Step
from shared.events import ApplicationFamilyErased
from shared.events.base import OfApplication

from eligibility.domain.ids import ApplicationId
from eligibility.workflow.ports import Environment


class ErasureStore(Protocol):
    def note_erased(self, of: OfApplication, now: datetime) -> None:
        """Take nothing more of this application; nothing that was told of it is kept."""

    def erase(self, application_id: ApplicationId) -> int:
        """All that is kept of it."""
        ...


class Erasure:
    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def family_erased(self, event: ApplicationFamilyErased) -> Step[ErasureStore, None]:
        """Case, decisions, notices and what was said of them. A ticket is the signer's, who hears it too. Own shares of
        siblings stay as they were decided."""

        def step(store: ErasureStore) -> None:
            store.note_erased(event, self._environment.now())
            store.erase(ApplicationId(event.application_id))

        return step

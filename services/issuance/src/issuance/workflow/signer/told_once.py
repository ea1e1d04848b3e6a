"""A decision is told with one content: the digest of what was acted on first is kept, and another is an alarm."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.bus.conflicts import alarm
from shared.events import EligibilityGranted, EligibilityRefused, EligibilityWithdrawn


class DigestStore(Protocol):
    def first_digest(self, decision_id: UUID, digest: str, now: datetime) -> str:
        """The digest under which the decision was told first; this one, which is kept, where it was not told yet."""


def is_in_conflict(
    store: DigestStore, event: EligibilityGranted | EligibilityRefused | EligibilityWithdrawn, now: datetime
) -> bool:
    """Whether the decision was told with another content before: then an alarm is raised, and nothing may follow."""
    if event.decision_id is None or event.decision_digest is None:
        return False
    if store.first_digest(event.decision_id, event.decision_digest, now) == event.decision_digest:
        return False
    alarm(event, event.decision_id)
    return True

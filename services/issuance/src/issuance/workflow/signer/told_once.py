"""A decision is told with one content: the digest of what was acted on first is kept, and another is an alarm. With it
is kept whose decision it was: an eligibility that has forgotten it would use its id once more, and is told.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.bus.conflicts import alarm, may_alarm
from shared.events import EligibilityGranted, EligibilityRefused, EligibilityWithdrawn

from issuance.domain.grant import DecisionOrigin

may_alarm(EligibilityGranted, EligibilityRefused, EligibilityWithdrawn)


class DigestStore(Protocol):
    def first_digest(self, decision_id: UUID, digest: str, now: datetime, origin: DecisionOrigin) -> str:
        """The digest under which the decision was told first; this one, which is kept, where it was not told yet."""


def is_in_conflict(
    store: DigestStore, event: EligibilityGranted | EligibilityRefused | EligibilityWithdrawn, now: datetime
) -> bool:
    """Whether the decision was told with another content before: then an alarm is raised, and nothing may follow."""
    if event.decision_id is None or event.decision_digest is None:
        return False
    outcome = "refused" if isinstance(event, EligibilityRefused) else "granted"  # only a grant is said to have ended
    origin = DecisionOrigin(event.application_id, event.case_id, outcome)
    if store.first_digest(event.decision_id, event.decision_digest, now, origin) == event.decision_digest:
        return False
    alarm(event, event.decision_id)
    return True

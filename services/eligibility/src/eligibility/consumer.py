"""What this service hears, and who handles it."""

from shared.bus import Handlers
from shared.events import (
    ApplicationChanged,
    ApplicationDocumentAdded,
    ApplicationDocumentRemoved,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)

from eligibility.workflow import Decide, Documents, Revise


def handlers(decide: Decide, revise: Revise, documents: Documents) -> Handlers:
    return {
        ApplicationSubmitted: decide.submitted,
        ApplicationChanged: revise.changed,
        ApplicationWithdrawn: decide.withdrawn,
        ApplicationDocumentAdded: documents.added,
        ApplicationDocumentRemoved: documents.removed,
    }

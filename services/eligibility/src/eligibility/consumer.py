"""What this service hears, and who handles it."""

from typing import Any

from shared.bus.consumer import Handlers
from shared.events import (
    ApplicationChanged,
    ApplicationDocumentAdded,
    ApplicationDocumentRemoved,
    ApplicationSelfPayerChosen,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)

from eligibility.workflow import Decide, Documents, Revise, SelfPayers


def handlers(decide: Decide, revise: Revise, documents: Documents, self_payers: SelfPayers) -> Handlers[Any]:
    return {
        ApplicationSubmitted: decide.submitted,
        ApplicationChanged: revise.changed,
        ApplicationWithdrawn: decide.withdrawn,
        ApplicationSelfPayerChosen: self_payers.chosen,
        ApplicationDocumentAdded: documents.added,
        ApplicationDocumentRemoved: documents.removed,
    }

"""What this service hears, and who handles it."""

from shared.bus import Handlers
from shared.events import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn

from eligibility.workflow import Decide, Revise


def handlers(decide: Decide, revise: Revise) -> Handlers:
    return {
        ApplicationSubmitted: decide.submitted,
        ApplicationChanged: revise.changed,
        ApplicationWithdrawn: decide.withdrawn,
    }

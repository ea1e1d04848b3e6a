"""What this service hears, and who handles it."""

from shared.bus import Handlers
from shared.events import ApplicationSubmitted, ApplicationWithdrawn

from eligibility.workflow import Decide


def handlers(decide: Decide) -> Handlers:
    return {
        ApplicationSubmitted: decide.submitted,
        ApplicationWithdrawn: decide.withdrawn,
    }

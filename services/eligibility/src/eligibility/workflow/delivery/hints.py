"""What is known of a hint: that it went out, or that it did not arrive."""

from datetime import datetime
from typing import Protocol

from eligibility.domain.dispatch import DispatchId, FailureReason


class HintResults(Protocol):
    """What follows from a hint. Whoever sends hints emits the events, and these are what their handlers do."""

    def hint_sent(self, dispatch_id: DispatchId, at: datetime) -> None:
        """A mail server has taken it. Again, or of a dispatch that is over: nothing changes."""

    def hint_failed(self, dispatch_id: DispatchId, reason: FailureReason, at: datetime) -> None:
        """It could not be sent, or came back. The next way begins, at last the letter."""

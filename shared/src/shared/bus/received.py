"""One message on its way through a batch, and what becomes of it."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from nats.aio.msg import Msg

from shared.bus.places import Place
from shared.database import Step, is_temporary
from shared.errors import PERMANENT, Unavailable
from shared.events import Event
from shared.tracing.spans import NO_SPAN, Span

ATTEMPTS_OF_UNEXPECTED = 10
"""A message that fails for an unknown reason this often is put aside; at growing delays that takes about 17 minutes."""


class Outcome(Enum):
    DONE = "done"
    KNOWN = "known"
    LATER = "later"
    ERASED = "erased"
    """Its application's family was erased: it is dropped, for it would write the family's data once more."""
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    """Its sender's database went back: it is told again when that is mended (`shared.bus.epochs`)."""


@dataclass
class InboundMessage:
    """One message on its way through a batch."""

    message: Msg
    event: Event | None
    message_id: str
    place: Place | None = None
    step: Step[Any, None] | None = None
    failure: BaseException | None = None
    reason: str | None = None
    """Why it is put aside: no personal data, it is kept."""
    outcome: Outcome | None = None
    span: Span = NO_SPAN
    """Of its handling."""

    @property
    def is_told_again(self) -> bool:
        """Its sender has driven it again: it may have been put aside before."""
        return (self.message.headers or {}).get("Nats-Msg-Id") != self.message_id

    def judge(self) -> None:
        """Decide what becomes of it where it was not handled."""
        failure = self.failure
        if self.outcome is not None:
            return
        if self.reason is not None:
            self.outcome = Outcome.QUARANTINED
        elif failure is None:
            self.outcome = Outcome.KNOWN
        elif isinstance(failure, PERMANENT):
            self.reason = f"{type(failure).__name__}: {failure.text.en}"
            self.outcome = Outcome.QUARANTINED
        elif (
            isinstance(failure, Unavailable)
            or is_temporary(failure)
            or self.message.metadata.num_delivered < ATTEMPTS_OF_UNEXPECTED
        ):
            self.outcome = Outcome.LATER
        else:
            self.reason = f"failed {ATTEMPTS_OF_UNEXPECTED} times: {type(failure).__name__}"
            self.outcome = Outcome.QUARANTINED

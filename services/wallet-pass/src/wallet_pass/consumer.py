"""What this service hears of the others."""

from collections.abc import Awaitable, Callable
from typing import Any

from shared.events import (
    Event,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
)

from wallet_pass.workflow import Step, Workflow


def handlers(workflow: Workflow) -> dict[type[Event], Callable[[Any], Awaitable[Step]]]:
    """event -> workflow method."""
    tickets = workflow.tickets
    return {
        TicketIssued: tickets.issue,
        TicketRevoked: tickets.revoke,
        TicketRenewed: tickets.renew,
        TicketReplaced: tickets.take_place,
        TicketSuspended: tickets.suspend,
        TicketRestored: tickets.restore,
    }

"""What this service hears of the others."""

from shared.bus.consumer import Handlers
from shared.events import (
    TicketEndChanged,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
)

from wallet_pass.workflow import Tables, Workflow


def handlers(workflow: Workflow) -> Handlers[Tables]:
    """event -> workflow method."""
    tickets = workflow.tickets
    return {
        TicketIssued: tickets.issue,
        TicketRevoked: tickets.revoke,
        TicketRenewed: tickets.renew,
        TicketReplaced: tickets.take_place,
        TicketSuspended: tickets.suspend,
        TicketRestored: tickets.restore,
        TicketEndChanged: tickets.end_later,
    }

"""What this service hears of the others."""

from collections.abc import Awaitable, Callable
from typing import Any

from shared.events import Event, TicketIssued, TicketRenewed, TicketRevoked

from wallet_pass.workflow import Step, Workflow


def handlers(workflow: Workflow) -> dict[type[Event], Callable[[Any], Awaitable[Step]]]:
    return {TicketIssued: workflow.issue, TicketRevoked: workflow.revoke, TicketRenewed: workflow.renew}

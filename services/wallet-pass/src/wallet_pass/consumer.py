"""What this service hears of the others."""

from shared.bus.consumer import Handlers
from shared.bus.questions import AnswersTo
from shared.events import (
    ApplicationFamilyErased,
    ApplicationPassLinkChanged,
    TicketEndChanged,
    TicketIssued,
    TicketRenewed,
    TicketReplaced,
    TicketRestored,
    TicketRevoked,
    TicketSuspended,
)
from shared.questions import PassesQuestion

from wallet_pass.workflow import Tables, Workflow
from wallet_pass.workflow.told_back import EventReplies


def handlers(workflow: Workflow) -> Handlers[Tables]:
    """event -> workflow method."""
    tickets = workflow.tickets
    return {
        ApplicationFamilyErased: workflow.erasure.family_erased,
        ApplicationPassLinkChanged: tickets.links.change,
        TicketIssued: tickets.issue,
        TicketRevoked: tickets.revoke,
        TicketRenewed: tickets.renew,
        TicketReplaced: tickets.take_place,
        TicketSuspended: tickets.suspend,
        TicketRestored: tickets.restore,
        TicketEndChanged: tickets.end_later,
    }


def answers(told_back: EventReplies) -> AnswersTo:
    """question -> workflow method."""
    return {PassesQuestion: told_back.passes}

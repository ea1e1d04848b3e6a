"""What this service hears: news, and what authorities add to the form."""

from shared.bus.consumer import Handlers
from shared.bus.questions import AnswersTo
from shared.events import (
    EligibilityApplicationDue,
    EligibilityChangeSettled,
    EligibilityDeliveryChanged,
    EligibilityFormPublished,
    EligibilityGranted,
    EligibilityMessageFiled,
    EligibilityMessageRead,
    EligibilityQuestionAsked,
    EligibilityRefused,
    EligibilityReviewOpened,
    EligibilityShareChanged,
    EligibilityWithdrawn,
    PassReady,
    TicketRequestAnswered,
    TicketStateChanged,
)
from shared.questions import ToldActsQuestion, ToldDecisionsQuestion

from application.workflow import Store, Workflow
from application.workflow.told_back import EventReplies


def handlers(workflow: Workflow) -> Handlers[Store]:
    """event -> workflow method."""
    return {
        EligibilityReviewOpened: workflow.timeline.record,
        EligibilityQuestionAsked: workflow.timeline.record,
        EligibilityGranted: workflow.timeline.record,
        EligibilityRefused: workflow.timeline.record,
        EligibilityWithdrawn: workflow.timeline.record,
        EligibilityShareChanged: workflow.timeline.record,
        EligibilityApplicationDue: workflow.timeline.record,
        EligibilityMessageFiled: workflow.timeline.record,
        EligibilityMessageRead: workflow.timeline.record,
        EligibilityChangeSettled: workflow.timeline.record,
        EligibilityDeliveryChanged: workflow.deliveries.record,
        EligibilityFormPublished: workflow.own_forms.record,
        TicketStateChanged: workflow.timeline.record,
        PassReady: workflow.timeline.record,
        TicketRequestAnswered: workflow.losses.answered,
    }


def answers(told_back: EventReplies) -> AnswersTo:
    """question -> workflow method."""
    return {ToldDecisionsQuestion: told_back.decisions, ToldActsQuestion: told_back.acts}

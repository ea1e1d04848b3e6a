"""What this service hears: news only."""

from shared.bus.consumer import Handlers
from shared.bus.questions import AnswersTo
from shared.events import (
    EligibilityApplicationDue,
    EligibilityChangeSettled,
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
from application.workflow.told_back import ToldBack


def handlers(workflow: Workflow) -> Handlers[Store]:
    """event -> workflow method."""
    return {
        EligibilityReviewOpened: workflow.newsroom.hear,
        EligibilityQuestionAsked: workflow.newsroom.hear,
        EligibilityGranted: workflow.newsroom.hear,
        EligibilityRefused: workflow.newsroom.hear,
        EligibilityWithdrawn: workflow.newsroom.hear,
        EligibilityShareChanged: workflow.newsroom.hear,
        EligibilityApplicationDue: workflow.newsroom.hear,
        EligibilityMessageFiled: workflow.newsroom.hear,
        EligibilityMessageRead: workflow.newsroom.hear,
        EligibilityChangeSettled: workflow.newsroom.hear,
        TicketStateChanged: workflow.newsroom.hear,
        PassReady: workflow.newsroom.hear,
        TicketRequestAnswered: workflow.losses.answered,
    }


def answers(told_back: ToldBack) -> AnswersTo:
    """question -> workflow method."""
    return {ToldDecisionsQuestion: told_back.decisions, ToldActsQuestion: told_back.acts}

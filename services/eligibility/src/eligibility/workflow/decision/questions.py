"""What a family is asked is told. Pure."""

from shared.events import EligibilityQuestionAsked, head

from eligibility.domain.case import Case
from eligibility.domain.desk import Question


def question_asked(case: Case, question: Question) -> EligibilityQuestionAsked:
    """The event by which the family hears of a question."""
    return EligibilityQuestionAsked(
        **head(case, question.asked_at),
        question_id=question.id,
        case_id=case.id,
        text=question.text,
        text_en=question.text_en,
        due=question.due,
        hearing=question.hearing,
    )

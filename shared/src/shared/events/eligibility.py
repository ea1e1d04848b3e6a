"""What the service `eligibility` tells."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.events.base import ApplicationEvent, Reason


class EligibilityGranted(ApplicationEvent):
    """The decision is released: the child may ride. One grant, one ticket: `decision_id` is the grant's id."""

    subject: ClassVar[str] = "eligibility.granted.v1"

    decision_id: UUID
    valid_from: date
    valid_until: date
    """Last day on which the ticket is valid."""
    own_share_cents: int
    """A month."""
    distance_m: float | None
    """The way to school in metres, unrounded; None where the decision did not need it."""
    limit_m: int | None
    reasons: tuple[Reason, ...]
    rules_version: str
    notice_url: str | None = None


class EligibilityRefused(ApplicationEvent):
    """The decision is released: no entitlement. A result, not an error."""

    subject: ClassVar[str] = "eligibility.refused.v1"

    decision_id: UUID
    distance_m: float | None
    limit_m: int | None
    reasons: tuple[Reason, ...]
    rules_version: str
    notice_url: str | None = None


class EligibilityReviewOpened(ApplicationEvent):
    """A person must look: `reasons` hold the questions that the rules could not answer."""

    subject: ClassVar[str] = "eligibility.review_opened.v1"

    case_id: UUID
    reasons: tuple[Reason, ...]


class EligibilityQuestionAsked(ApplicationEvent):
    """A person of the authority asks the family for something that is missing."""

    subject: ClassVar[str] = "eligibility.question_asked.v1"

    question_id: UUID
    case_id: UUID
    text: str
    """What to send, in the words of the person who asks."""
    text_en: str = ""
    due: date
    """Until which day, Germany's calendar. After it the authority may decide on what it has."""


class EligibilityWithdrawn(ApplicationEvent):
    """A grant ended, or an application without a decision was laid down."""

    subject: ClassVar[str] = "eligibility.withdrawn.v1"

    decision_id: UUID | None
    reason: str
    """A code: application_withdrawn, facts_changed, decided_anew."""

"""What a family writes or sends: it lies on its authority's desk until a person has looked at it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.events import AuthorityId

from eligibility.domain.ids import ApplicationId, MessageId, QuestionId

PRESET_WORKING_DAYS = 5
"""Within which a message is looked at, where an authority has chosen nothing. No law sets it: a working week, in which
also an office that is open on some days only comes to it."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text, or a document: of that this service knows kind and size alone."""

    id: MessageId
    """Of the family's answer or change, or of the document."""
    application_id: ApplicationId
    authority_id: AuthorityId
    """To which the family has written."""
    told_at: datetime
    text: str
    """Empty where it is a document."""
    question_id: QuestionId | None
    """Which question of the authority it answers."""
    with_change: bool
    """Facts were told anew along with it."""
    look_by: date
    """By the end of this day, as the family was told."""
    read_at: datetime | None = None
    read_by: str | None = None
    """The OIDC subject of the person who has dealt with it."""

    @property
    def is_document(self) -> bool:
        """A document has no text of its own."""
        return not self.text

    def is_overdue(self, today: date) -> bool:
        """Its last day has passed, in Germany's calendar, and nobody has looked at it."""
        return self.read_at is None and today > self.look_by

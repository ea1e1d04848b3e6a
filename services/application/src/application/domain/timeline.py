"""The news that are heard of an application. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    """What may be heard about an application after it was submitted."""

    REVIEW_OPENED = "review_opened"
    QUESTION_ASKED = "question_asked"
    """The authority needs something of the family."""
    ANSWERED = "answered"
    """The family's own answer, or change of its facts."""
    GRANTED = "granted"
    REFUSED = "refused"
    SELF_PAYER_CHOSEN = "self_payer_chosen"
    """The family's own order of the ticket that a refusal offers."""
    GRANT_ENDED = "grant_ended"
    SHARE_CHANGED = "share_changed"
    """The family pays another own share; grant and ticket stay."""
    APPLICATION_DUE = "application_due"
    """The grant is not carried on: for the next school year the family applies anew."""
    TICKET_ISSUED = "ticket_issued"
    TICKET_REVOKED = "ticket_revoked"
    TICKET_REPLACED = "ticket_replaced"
    """A new ticket has taken the place of another."""
    TICKET_SUSPENDED = "ticket_suspended"
    TICKET_RESTORED = "ticket_restored"
    TICKET_RENEWED = "ticket_renewed"
    """The same ticket, signed anew."""
    TICKET_TOLD = "ticket_told"
    """It is good, told again: nothing has happened, but a restoration may have been missed."""
    TICKET_KEPT = "ticket_kept"
    """The same ticket, under another decision."""
    LOSS_REPORTED = "loss_reported"
    """The family's own word that what bears its ticket is lost."""
    LOSS_REFUSED = "loss_refused"
    """It changed nothing; `reference` is that of the report."""
    LINK_RENEWED = "link_renewed"
    LINK_ENDED = "link_ended"
    """What the family did with the link to its ticket's page; `reference` is the act's number."""
    PASS_READY = "pass_ready"  # noqa: S105
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_REMOVED = "document_removed"
    """The family's own document, handed in or deleted again."""
    MESSAGE_FILED = "message_filed"
    """What the family wrote or sent lies with its authority: by when somebody looks at it."""
    MESSAGE_READ = "message_read"
    CHANGE_SETTLED = "change_settled"
    """Nothing is left to be decided of a change; `reference` is its number."""
    DELIVERY_CHANGED = "delivery_changed"
    """How a notice is on its way to the family."""
    NOTICE_RETRIEVED = "notice_retrieved"
    """The family's own retrieval of a notice, signed in; `reference` is its decision."""
    WITHDRAWN = "withdrawn"
    """The family's own withdrawal."""
    PERSON_JOINED = "person_joined"
    PERSON_LEFT = "person_left"
    """Of who helps; `reference` is the person's id, who is not named."""
    SCHOOL_CONFIRMED = "school_confirmed"
    SCHOOL_QUESTIONED = "school_questioned"
    SCHOOL_ENDED = "school_ended"
    SCHOOL_REOPENED = "school_reopened"
    """What the school says of the pupil; `reference` is school year and number of the statement."""
    LETTER_USED = "letter_used"
    """Somebody has opened it with the code of a letter; `reference` is the person's id."""
    TAKEN_OVER = "taken_over"
    """The pupil is of age, and the application belongs to the pupil's account."""


APPLICATION_WITHDRAWN = "application_withdrawn"
"""The reason by which eligibility ends a grant, or lays an application down, because the family withdrew."""


@dataclass(frozen=True)
class TimelineEntry:
    """One thing heard. (`kind`, `reference`) names it: the same thing told twice is one piece of news."""

    kind: EntryKind
    at: datetime
    reference: str = ""
    """The id of what it is about: a case, a decision, a ticket or a step of it; empty for the family's withdrawal."""
    decision_id: str | None = None
    """For an issued or kept ticket, and for another own share: under which decision."""
    ticket_id: str | None = None
    """Where `reference` is another: the ticket that was suspended, restored, signed anew or replaced."""
    reason: str = ""
    """A code, where something ended."""
    step: int = 0
    """Of news of a ticket: which step of its life it is, as the signer counts. 0: it is none, or was told before."""
    detail: str = "{}"
    """What the family's page shows of it, as JSON of `workflow.timeline.Detail`."""

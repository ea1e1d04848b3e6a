"""How a notice reaches its addressees: what eligibility tells of it, and what application answers.

Only `application` knows where a message about a notice can be sent, and who is signed in; only `eligibility` knows what
follows from it. Between them go ids and moments, never an address and never a word of the notice.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.events.base import ApplicationEvent


class EligibilityDeliveryChanged(ApplicationEvent):
    """One try to bring a notice to one addressee by one channel (a dispatch) stands otherwise than before.

    In the state `provided` the notice lies ready: the addressee is to be sent a hint that says so, without a word of
    what it says. `application.hint_sent` or `application.hint_failed` answers that.
    """

    subject: ClassVar[str] = "eligibility.delivery_changed.v1"

    dispatch_id: UUID
    decision_id: UUID
    """Of the decision whose notice it is."""
    step: int
    """1, 2, 3 … of the notice's deliveries: an older one never overwrites a newer one."""
    recipient: int
    """0: who applied; 1: the other guardian, where both get the notice."""
    channel: str
    """portal, mailbox, post."""
    state: str
    """provided, announced, retrieved, lapsed, failed, queued, printed, posted, returned, overtaken."""
    retrieve_until: date | None = None
    """Until the end of this day (Germany's calendar) a retrieval from the portal counts; None: there is no such day."""
    notified: date | None = None
    """By the first effective notification of this addressee; None: not notified yet."""
    last_day: date | None = None
    """Of the period for an action, for this addressee; None: it does not run."""
    administrative_act: bool = True
    """False: a letter of a private body, or the confirmation of an order; it has no period."""


class ApplicationHintSent(ApplicationEvent):
    """The hint that a notice lies ready has gone out: a mail server has taken it."""

    subject: ClassVar[str] = "application.hint_sent.v1"

    dispatch_id: UUID
    sent_at: AwareDatetime


class ApplicationHintFailed(ApplicationEvent):
    """The hint could not be sent, or came back: also after `application.hint_sent`."""

    subject: ClassVar[str] = "application.hint_failed.v1"

    dispatch_id: UUID
    failed_at: AwareDatetime
    reason: str
    """no_address, no_transport, refused, bounced."""


class ApplicationNoticeRetrieved(ApplicationEvent):
    """Somebody who is signed in as the addressee asked for the notice by a deliberate act, and was given it."""

    subject: ClassVar[str] = "application.notice_retrieved.v1"

    decision_id: UUID
    retrieved_at: AwareDatetime

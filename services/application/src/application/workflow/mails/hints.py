"""What of an application's news is told by e-mail, and what follows where a mail does not arrive.

A mail says that something is to be read, never what, and leads to the sign-in. That a notice lies ready is told because
the law lets a period begin with it: eligibility hears when the mail went out, and when it did not arrive. All else is
for convenience, and can be stopped.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from shared.errors import Conflict, NotFound, Text
from shared.events import (
    ApplicationHintFailed,
    ApplicationHintSent,
    EligibilityDeliveryChanged,
    EligibilityQuestionAsked,
    PassReady,
    head,
)
from shared.mail import Mail, MailEnd, MailState

from application.domain.application import Application
from application.domain.contact import Contact, ContactId, ContactState
from application.domain.ids import ApplicationId
from application.workflow.mails.giving import columns_of
from application.workflow.mails.ports import ContactStore, MailOffice
from application.workflow.ports import Store

DOCUMENT, QUESTION, TICKET, DRAFT = "document", "question", "ticket", "draft"
"""Templates."""
APPLICANT = 0
"""Of the recipients of a notice: who applied. Of others no address is known."""
NO_APPLICATION = Text("News von einem unbekannten Antrag.", "News of an unknown application.")


class Hints:
    """`office`: None where nothing is mailed."""

    def __init__(self, office: MailOffice | None) -> None:
        self.office = office

    async def record(self, event: EligibilityDeliveryChanged) -> Callable[[Store], None]:
        """The step that follows from a notice's way to its addressee."""
        return partial(_answer_provision, self.office, event)

    def tell(self, store: ContactStore, application: Application, event: object) -> None:
        """Within the caller's transaction: what of the news is told for convenience. Told again it goes once."""
        match event:
            case EligibilityQuestionAsked():
                self._queue(store, application, QUESTION, event.question_id, event.occurred_at)
            case PassReady():
                self._queue(store, application, TICKET, event.ticket_id, event.occurred_at)

    def _queue(self, store: ContactStore, application: Application, template: str, about: UUID, at: datetime) -> None:
        if self.office is None:
            return
        contact = store.contact_of(application.id)
        if contact is not None and contact.wants_hints:
            queue_hint(store, self.office, contact, template, uuid5(about, template), at)


def queue_hint(  # noqa: PLR0917
    store: ContactStore,
    office: MailOffice,
    contact: Contact,
    template: str,
    mail_id: UUID,
    now: datetime,
    dispatch_id: UUID | None = None,
) -> bool:
    """Have a hint sent to a confirmed address that takes mails. False, and nothing written, to any other."""
    if contact.state is not ContactState.CONFIRMED:
        return False
    mail = Mail(mail_id, template, contact.language, contact.address, office.sign_in_link, now)
    store.mails.queue(mail, **columns_of(contact), dispatch_id=None if dispatch_id is None else str(dispatch_id))
    return True


def _answer_provision(office: MailOffice | None, event: EligibilityDeliveryChanged, store: Store) -> None:
    if event.state != "provided":
        return
    application = store.find_application(ApplicationId(event.application_id))
    if application is None:
        raise NotFound(NO_APPLICATION)
    if application.authority_id != event.authority_id:
        raise Conflict(NO_APPLICATION)
    contact = store.contact_of(application.id) if event.recipient == APPLICANT else None
    reason = _why_not(office, contact)
    if reason is not None:
        at = event.occurred_at
        store.emit(
            ApplicationHintFailed(**head(application, at), dispatch_id=event.dispatch_id, failed_at=at, reason=reason)
        )
    elif office is not None and contact is not None:
        mail_id = uuid5(event.dispatch_id, DOCUMENT)
        queue_hint(store, office, contact, DOCUMENT, mail_id, event.occurred_at, event.dispatch_id)


def _why_not(office: MailOffice | None, contact: Contact | None) -> str | None:
    if office is None:
        return "no_transport"
    if contact is None or contact.state is ContactState.UNCONFIRMED:
        return "no_address"
    return "refused" if contact.state is ContactState.FAILED else None


def draw_consequences(store: Store, end: MailEnd) -> None:
    """Within the transaction that writes a mail's end down: the address has failed, where it was its fault; and
    eligibility hears what became of the hint that a notice lies ready."""
    # 1. The address. A server that was away for days is not the family's.
    contact_id = end.row["contact_id"]
    contact = None if contact_id is None else store.contact(ContactId(UUID(contact_id)))
    if end.of_recipient and contact is not None:
        store.set_alike(replace(contact, failed_at=end.at))
    # 2. The law.
    dispatch_id, application_id = end.row["dispatch_id"], end.row["application_id"]
    application = None if application_id is None else store.find_application(ApplicationId(UUID(application_id)))
    if dispatch_id is None or application is None:
        return
    told = head(application, end.at)
    if end.failed:
        reason = _failure(end)
        store.emit(ApplicationHintFailed(**told, dispatch_id=UUID(dispatch_id), failed_at=end.at, reason=reason))
    else:
        store.emit(ApplicationHintSent(**told, dispatch_id=UUID(dispatch_id), sent_at=end.at))


def _failure(end: MailEnd) -> str:
    if end.row["state"] == MailState.TAKEN:
        return "bounced"
    return "refused" if end.of_recipient else "no_transport"

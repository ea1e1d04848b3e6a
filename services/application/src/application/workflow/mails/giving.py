"""An address is given: it is asked whether it is right before anything else goes there."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from shared.errors import Conflict, Invalid, Language, Text
from shared.mail import Mail, MailAddress

from application.domain.application import Application
from application.domain.contact import (
    ASKED_WITHIN,
    LINK_DAYS,
    MOST_ASKED,
    TOKEN_BYTES,
    Contact,
    ContactId,
    mark_of_address,
)
from application.domain.draft import digest_of
from application.domain.ids import ApplicationId, DraftId, Owner
from application.form import ApplicationForm
from application.form.types import EMAIL
from application.workflow.mails.ports import ContactStore, MailOffice

CONFIRM = "confirm"
"""The template that asks whether an address is right."""
ASKED_OFTEN = Text(
    "An diese Adresse sind heute schon mehrere E-Mails gegangen. Bitte sehen Sie auch im Spam-Ordner nach, und "
    "versuchen Sie es morgen noch einmal.",
    "Several e-mails have been sent to this address today. Please look into the spam folder too, and try again "
    "tomorrow.",
)


@dataclass(frozen=True)
class GivenAddress:
    """An address that was given for an application or a draft."""

    address: str
    language: Language
    owner: Owner | None = None
    application_id: ApplicationId | None = None
    draft_id: DraftId | None = None


def keep_contact_of(store: ContactStore, office: MailOffice | None, application: Application, now: datetime) -> None:
    """Within the caller's transaction: what the form says now. An address that it does not have any more goes."""
    if office is None:
        return
    form = ApplicationForm.model_validate_json(application.form)
    if form.guardian.email is None:
        store.drop_contact(application.id)
        return
    given = GivenAddress(form.guardian.email, form.language, application.owner, application.id)
    keep_contact(store, office, given, now)


def read_address(text: str) -> str:
    """As it goes over the wire.

    Raises:
        Invalid: at the field `email`.
    """
    try:
        return str(MailAddress.parse(text.strip()))
    except ValueError:
        raise Invalid(EMAIL, field="email") from None


def keep_contact(
    store: ContactStore,
    office: MailOffice,
    given: GivenAddress,
    now: datetime,
    *,
    strict: bool = False,
    known: bool = True,
) -> Contact | None:
    """Within the caller's transaction: the address belongs to the application or draft, and is asked whether it is
    right, unless this account has confirmed it before. None where nobody can write to it.

    Args:
        strict: where an address was asked too often, say so; else the page says that it is not confirmed.
        known: an earlier click of this account counts.

    Raises:
        Conflict: see `strict`.
    """
    try:
        address = str(MailAddress.parse(given.address))
    except ValueError:
        return None
    before = store.contact_of(given.application_id, given.draft_id)
    if before is not None and before.address == address:
        return before
    contact = Contact(
        id=ContactId(uuid4()),
        address=address,
        language=given.language,
        given_at=now,
        owner=given.owner,
        application_id=given.application_id,
        draft_id=given.draft_id,
    )
    confirmed = None if given.owner is None or not known else store.confirmed_contact(given.owner, address)
    if confirmed is not None:
        alike = {name: getattr(confirmed, name) for name in ("confirmed_at", "failed_at", "wants_hints")}
        contact = replace(contact, **alike)
        store.add_contact(contact)
        return contact
    if known and given.owner is not None and store.is_asked(given.owner, address, now):
        store.add_contact(contact)  # the click that is waited for counts for all
        return contact
    return _ask(store, office, contact, now, strict=strict)


def _ask(store: ContactStore, office: MailOffice, contact: Contact, now: datetime, *, strict: bool) -> Contact:
    mark, mail_id = mark_of_address(office.key, contact.address), uuid4()
    if store.count_asked(mark, now - ASKED_WITHIN) >= MOST_ASKED:
        if strict:
            raise Conflict(ASKED_OFTEN)
        store.add_contact(contact)
        return contact
    token = secrets.token_urlsafe(TOKEN_BYTES)
    contact = replace(contact, token_digest=digest_of(token), token_until=now + LINK_DAYS)
    store.add_contact(contact)
    store.note_asked(mark, mail_id, now)
    mail = Mail(mail_id, CONFIRM, contact.language, contact.address, f"{office.public_url}/emails/{token}", now)
    store.mails.queue(mail, **columns_of(contact))
    return contact


def columns_of(contact: Contact) -> Mapping[str, str | None]:
    """By which a mail is found again: what it goes with, and whose address it has."""
    ids = {"contact_id": contact.id, "application_id": contact.application_id, "draft_id": contact.draft_id}
    return {name: None if value is None else str(value) for name, value in ids.items()}

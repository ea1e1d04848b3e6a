"""Who has begun an application and left it hears before it is deleted: a week and a day before."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid5

from shared.database import Transactions

from application.domain.contact import Contact
from application.domain.ids import DraftId, Owner
from application.workflow.drafts.drafts import KEPT
from application.workflow.mails.hints import DRAFT, queue_hint
from application.workflow.mails.ports import MailOffice
from application.workflow.ports import Store

BEFORE = (timedelta(days=7), timedelta(days=1))
LATE = timedelta(hours=24)
"""So long after its moment a reminder is made up for, where the service was stopped."""
DRAFTS_AT_ONCE = 200


class Reminders:
    """`kept`: drafts, after the last edit."""

    def __init__(self, database: Transactions[Store], office: MailOffice | None, kept: timedelta = KEPT) -> None:
        self._database, self._office, self._kept = database, office, kept

    async def remind(self, now: datetime) -> None:
        """Queue what is to be said now. Again it queues nothing twice."""
        if self._office is None:
            return
        for before in BEFORE:
            if before < self._kept:
                until = now - self._kept + before
                await self._of_window(self._office, before, until, now)

    async def _of_window(self, office: MailOffice, before: timedelta, until: datetime, now: datetime) -> None:
        after = until - LATE
        while True:
            step = partial(_remind_some, office, before, (after, until), now)
            last = await self._database.write(step)
            if last is None:
                return
            after = last


def _remind_some(
    office: MailOffice, before: timedelta, window: tuple[datetime, datetime], now: datetime, store: Store
) -> datetime | None:
    """Returns behind which moment to go on; None where that was all."""
    found = store.drafts_edited(*window, DRAFTS_AT_ONCE)
    for draft_id, owner, edited_at in found:
        contact = _contact_of(store, draft_id, owner)
        if contact is not None and contact.wants_hints:
            mail_id = uuid5(draft_id, f"{before.days} days after {edited_at.isoformat()}")
            queue_hint(store, office, _for_draft(contact, draft_id), DRAFT, mail_id, now)
    return found[-1][2] if len(found) == DRAFTS_AT_ONCE else None


def _contact_of(store: Store, draft_id: DraftId, owner: Owner | None) -> Contact | None:
    """That was given for the draft; else the one that its account has confirmed last."""
    return store.contact_of(draft=draft_id) or (None if owner is None else store.confirmed_contact(owner))


def _for_draft(contact: Contact, draft_id: DraftId) -> Contact:
    """Its mail goes with the draft."""
    return replace(contact, application_id=None, draft_id=draft_id)

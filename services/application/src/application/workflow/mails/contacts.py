"""A family gives an e-mail address, confirms it by a click, and stops or renews it.

Whoever types an address may have mistyped it, or mean a stranger. So nothing goes there but a mail that asks, three of
them within a day at most, until somebody who reads that mailbox has pressed the button behind its link.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.database import Transactions
from shared.errors import Conflict, Invalid, NotFound, Text

from application.domain.contact import ASKED_WITHIN, Contact, ContactState
from application.domain.draft import Visitor
from application.domain.ids import ApplicationId, DraftId, Owner
from application.domain.people import FamilyAct
from application.form import ApplicationForm
from application.form.types import EMAIL
from application.workflow.drafts.access import open_draft
from application.workflow.drafts.drafts import KEPT
from application.workflow.mails.giving import GivenAddress, keep_contact, read_address
from application.workflow.mails.ports import MailOffice
from application.workflow.people.access import application_for
from application.workflow.ports import Store

NO_LINK = Text(
    "Dieser Link gilt nicht mehr. Auf der Seite Ihres Kindes können Sie sich einen neuen schicken lassen.",
    "This link is not good any more. On the page of your child you can have another one sent.",
)
NO_MAILS = Text(
    "Hier werden keine E-Mails verschickt. Neues steht auf der Seite Ihres Kindes.",
    "No e-mails are sent here. What is new is on the page of your child.",
)


class Contacts:
    """`office`: None where nothing is mailed. `kept`: drafts, after the last edit."""

    def __init__(self, database: Transactions[Store], office: MailOffice | None, kept: timedelta = KEPT) -> None:
        self._database, self.office, self._kept = database, office, kept

    async def of_application(self, application_id: ApplicationId) -> Contact | None:
        """For a page that its owner alone sees."""
        return await self._database.read(lambda store: store.contact_of(application_id))

    async def of_draft(self, draft_id: DraftId) -> Contact | None:
        """For a page that whoever opens the draft sees."""
        return await self._database.read(lambda store: store.contact_of(draft=draft_id))

    async def give_for_draft(self, visitor: Visitor, draft_id: DraftId, given: GivenAddress, now: datetime) -> Contact:
        """So that somebody hears before a draft is deleted.

        Raises:
            Invalid: no address.
            Conflict: asked often, or nothing is mailed.
            NotFound.
        """

        def write(store: Store) -> Contact:
            draft = open_draft(store, visitor, draft_id, now, self._kept)
            office, address = self._mailing(), read_address(given.address)
            told = replace(given, address=address, owner=draft.owner, draft_id=draft_id, application_id=None)
            found = keep_contact(store, office, told, now, strict=True)
            if found is None:
                raise Invalid(EMAIL, field="email")
            return found

        return await self._database.write(write)

    async def ask_again(self, owner: Owner, application_id: ApplicationId, now: datetime) -> None:
        """Send a new link to the address that the form has; the one before opens nothing any more.

        Raises:
            Conflict: asked often, nothing is mailed, or there is no address.
            NotFound, Forbidden.
        """

        def write(store: Store) -> None:
            application, _ = application_for(store, owner, application_id, FamilyAct.DECIDE, lock=True)
            office = self._mailing()
            form = ApplicationForm.model_validate_json(application.form)
            if form.guardian.email is None:
                raise Conflict(EMAIL)
            store.drop_contact(application_id)
            given = GivenAddress(form.guardian.email, form.language, owner, application_id)
            if keep_contact(store, office, given, now, strict=True, known=False) is None:
                raise Conflict(EMAIL)

        await self._database.write(write)

    async def want_hints(self, owner: Owner, application_id: ApplicationId, *, wants: bool) -> None:
        """Whether what the law does not ask for is told by e-mail too.

        Raises:
            NotFound, Forbidden.
        """

        def write(store: Store) -> None:
            application_for(store, owner, application_id, FamilyAct.DECIDE, lock=True)
            contact = store.contact_of(application_id)
            if contact is not None:
                store.set_alike(replace(contact, wants_hints=wants))

        await self._database.write(write, wake=False)

    async def confirm(self, token: str, now: datetime) -> None:
        """Somebody who reads this mailbox has pressed the button. Once more it changes nothing.

        Raises:
            NotFound: for a link that is old, was replaced, or is none.
        """
        digest = Visitor(token=token).digest

        def write(store: Store) -> None:
            contact = None if digest is None else store.contact_by_token(digest)
            if contact is None or contact.token_until is None or contact.token_until <= now:
                raise NotFound(NO_LINK)
            if contact.state is ContactState.UNCONFIRMED:
                store.set_alike(replace(contact, confirmed_at=now))

        await self._database.write(write)

    async def forget_asked(self, now: datetime) -> None:
        """What does not count any more."""
        await self._database.write(lambda store: store.forget_asked(now - ASKED_WITHIN), wake=False)

    def _mailing(self) -> MailOffice:
        if self.office is None:
            raise Conflict(NO_MAILS)
        return self.office

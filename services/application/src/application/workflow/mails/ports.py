"""What hints by e-mail need of the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.mail import MailRows

from application.domain.contact import Contact, ContactId
from application.domain.ids import ApplicationId, DraftId, Owner


@dataclass(frozen=True)
class MailOffice:
    """Where mails are sent. `public_url`: of this service, for links. `key`: under which addresses are counted."""

    public_url: str
    key: bytes

    @property
    def sign_in_link(self) -> str:
        """The page of the own children, which asks to sign in."""
        return f"{self.public_url}/family"


class ContactStore(Protocol):
    """Addresses of families."""

    @property
    def mails(self) -> MailRows:
        """The mails that wait, and those that have ended."""
        ...

    def contact(self, contact_id: ContactId) -> Contact | None:
        """None where another address was given since."""

    def contact_of(self, of: ApplicationId | None = None, draft: DraftId | None = None) -> Contact | None:
        """Of an application, or of a draft."""

    def contact_by_token(self, digest: bytes) -> Contact | None:
        """Whose link it is, also one whose time is over."""

    def confirmed_contact(self, owner: Owner, address: str | None = None) -> Contact | None:
        """One that this account has confirmed: of this address, or the one that was confirmed last."""

    def is_asked(self, owner: Owner, address: str, now: datetime) -> bool:
        """Whether a link is still good by which this account confirms the address."""
        ...

    def add_contact(self, contact: Contact) -> None:
        """In place of the one that its application or draft has."""

    def set_contact(self, contact: Contact) -> None:
        """As it is now."""

    def set_alike(self, contact: Contact) -> None:
        """The same of all that this account has given the same address for: confirmed, failed, wanted."""

    def drop_contact(self, of: ApplicationId | None = None, draft: DraftId | None = None) -> None:
        """What is not there is no error."""

    def hand_over_contact(self, draft: DraftId, application_id: ApplicationId, owner: Owner) -> None:
        """A draft's address and what waits for it belong to the application that the draft becomes."""

    def note_asked(self, mark: str, mail_id: UUID, now: datetime) -> None:
        """An address was sent a mail that asks whether it is right."""

    def count_asked(self, mark: str, since: datetime) -> int:
        """How often it was."""
        ...

    def forget_asked(self, before: datetime) -> None:
        """What does not count any more."""

    def drafts_edited(
        self, after: datetime, until: datetime, limit: int
    ) -> Sequence[tuple[DraftId, Owner | None, datetime]]:
        """Those last edited behind `after` and at `until` at the latest, the oldest first: id, account, moment."""
        ...

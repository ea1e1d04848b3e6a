"""Addresses of families, the mails that go there, and how often an address was asked whether it is right."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.encryption import Cell
from shared.mail import MailRows, mail_table
from shared.row_security.asking import within_as
from sqlmodel import Field

from application.domain.contact import Contact, ContactId
from application.domain.ids import ApplicationId, DraftId, Owner
from application.store.base import Row
from application.store.drafts import DRAFT, DraftTables
from application.store.keys_of_applications import key_of_application


class ContactRow(Row, table=True):
    """Goes with its application or draft."""

    __tablename__ = "contact"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("application_id"),
        sa.UniqueConstraint("draft_id"),
        sa.UniqueConstraint("token_digest"),
        sa.Index("contact_of_owner", "owner"),
    )
    id: str = Field(primary_key=True, max_length=36)
    application_id: str | None = Field(default=None, foreign_key="application.id", ondelete="CASCADE", max_length=36)
    draft_id: str | None = Field(default=None, foreign_key="draft.id", ondelete="CASCADE", max_length=36)
    owner: str | None = Field(default=None, max_length=255)
    address: str
    """Encrypted: so it is looked for among the few of its owner."""
    language: str = Field(max_length=2)
    given_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wants_hints: bool
    token_digest: bytes | None = None
    token_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AskedAddressRow(Row, table=True):
    """That an address was asked: under a keyed digest, for a day."""

    __tablename__ = "asked_address"
    __table_args__: ClassVar[Any] = (
        sa.Index("asked_address_of", "mark", "asked_at"),
        sa.Index("asked_address_at", "asked_at"),
    )
    id: str = Field(primary_key=True, max_length=36)
    mark: str = Field(max_length=64)
    asked_at: datetime = Field(sa_type=UtcDateTime)


FORGOTTEN_AT_ONCE = 500
"""An hour's work: more addresses are not asked in one."""
CONTACT: sa.Table = Row.metadata.tables["contact"]
ASKED: sa.Table = Row.metadata.tables["asked_address"]
MAIL: sa.Table = mail_table(
    Row.metadata,
    sa.Column("application_id", sa.String(36), sa.ForeignKey("application.id", ondelete="CASCADE")),
    sa.Column("draft_id", sa.String(36), sa.ForeignKey("draft.id", ondelete="CASCADE")),
    sa.Column("contact_id", sa.String(36)),
    sa.Column("dispatch_id", sa.String(36)),
    sa.Index("mail_of_application", "application_id"),
    sa.Index("mail_of_draft", "draft_id"),
)

BY_ID = sa.select(CONTACT).where(CONTACT.c.id == sa.bindparam("id"))
OF_APPLICATION = sa.select(CONTACT).where(CONTACT.c.application_id == sa.bindparam("of"))
OF_DRAFT = sa.select(CONTACT).where(CONTACT.c.draft_id == sa.bindparam("of"))
BY_TOKEN = sa.select(CONTACT).where(CONTACT.c.token_digest == sa.bindparam("digest"))
OF_OWNER = sa.select(CONTACT).where(CONTACT.c.owner == sa.bindparam("owner")).order_by(CONTACT.c.id)
CONFIRMED_OF_OWNER = (
    sa.select(CONTACT)
    .where(CONTACT.c.owner == sa.bindparam("owner"), CONTACT.c.confirmed_at.is_not(None))
    .order_by(CONTACT.c.confirmed_at.desc(), CONTACT.c.id)
)
"""The one that was confirmed last comes first."""
ASKED_OF_OWNER = sa.select(CONTACT).where(
    CONTACT.c.owner == sa.bindparam("owner"),
    CONTACT.c.confirmed_at.is_(None),
    CONTACT.c.failed_at.is_(None),
    CONTACT.c.token_until > sa.bindparam("now", type_=UtcDateTime),
)
"""Few, however many applications an account has: while one link is good, no other is made for its address."""
DROP_OF_APPLICATION = CONTACT.delete().where(CONTACT.c.application_id == sa.bindparam("of"))
DROP_OF_DRAFT = CONTACT.delete().where(CONTACT.c.draft_id == sa.bindparam("of"))
ADD = CONTACT.insert().inline()


class MailTables(DraftTables):
    """A part of the store, in one session."""

    @cached_property
    def mails(self) -> MailRows:
        """The mails that wait, and those that have ended."""
        return MailRows(self.session, MAIL)

    def contact(self, contact_id: ContactId) -> Contact | None:
        """None where another address was given since."""
        return self._found(BY_ID, {"id": str(contact_id)})

    def contact_of(self, of: ApplicationId | None = None, draft: DraftId | None = None) -> Contact | None:
        """Of an application, or of a draft."""
        return self._found(OF_APPLICATION if of else OF_DRAFT, {"of": str(of or draft)})

    def contact_by_token(self, digest: bytes) -> Contact | None:
        """Whose link it is, also one whose time is over."""
        return self._found(BY_TOKEN, {"digest": digest})

    def confirmed_contact(self, owner: Owner, address: str | None = None) -> Contact | None:
        """One that this account has confirmed: of this address, or the one that was confirmed last."""
        return next(self._alike(CONFIRMED_OF_OWNER, {"owner": owner}, address), None)

    def is_asked(self, owner: Owner, address: str, now: datetime) -> bool:
        """Whether a link is still good by which this account confirms the address."""
        return any(self._alike(ASKED_OF_OWNER, {"owner": owner, "now": now}, address))

    def add_contact(self, contact: Contact) -> None:
        """In place of the one that its application or draft has."""
        self.drop_contact(contact.application_id, contact.draft_id)
        self._execute(ADD, self._contact_values(contact))

    def set_contact(self, contact: Contact) -> None:
        """As it is now."""
        self._execute(CONTACT.update().where(CONTACT.c.id == str(contact.id)).values(self._contact_values(contact)), {})

    def set_alike(self, contact: Contact) -> None:
        """The same of all that this account has given the same address for: confirmed, failed, wanted."""
        mine = {"owner": contact.owner}
        others = () if contact.owner is None else self._alike(OF_OWNER, mine, contact.address)
        alike = CONTACT.c.id.in_({str(contact.id), *(str(each.id) for each in others)})
        known = {name: getattr(contact, name) for name in ("confirmed_at", "failed_at", "wants_hints")}
        self._execute(CONTACT.update().where(alike).values(known), {})

    def drop_contact(self, of: ApplicationId | None = None, draft: DraftId | None = None) -> None:
        """What is not there is no error."""
        self._execute(DROP_OF_APPLICATION if of else DROP_OF_DRAFT, {"of": str(of or draft)})

    def hand_over_contact(self, draft: DraftId, application_id: ApplicationId, owner: Owner) -> None:
        """A draft's address and what waits for it belong to the application that the draft becomes."""
        to = {"application_id": str(application_id), "draft_id": None}
        mine = CONTACT.c.draft_id == str(draft)
        self._execute(CONTACT.update().where(mine).values(**to, owner=owner), {})
        self._execute(MAIL.update().where(MAIL.c.draft_id == str(draft)).values(**to), {})

    def note_asked(self, mark: str, mail_id: UUID, now: datetime) -> None:
        """An address was sent a mail that asks whether it is right."""
        with within_as(self.session, "asked_addresses"):  # counted over all families: an address may be several's
            self._execute(ASKED.insert(), {"id": str(mail_id), "mark": mark, "asked_at": now})

    def count_asked(self, mark: str, since: datetime) -> int:
        """How often it was."""
        query = sa.select(sa.func.count()).select_from(ASKED)
        mine = (ASKED.c.mark == mark) & (ASKED.c.asked_at > since)
        with within_as(self.session, "asked_addresses"):
            return int(self._execute(query.where(mine), {}).scalar_one())

    def forget_asked(self, before: datetime) -> None:
        """What does not count any more, the oldest first; some of it, where there is much."""
        old = (
            sa.select(ASKED.c.id).where(ASKED.c.asked_at <= before).order_by(ASKED.c.asked_at).limit(FORGOTTEN_AT_ONCE)
        )
        gone = list(self._execute(old, {}).scalars())
        self._execute(ASKED.delete().where(ASKED.c.id.in_(gone)), {})

    def drafts_edited(
        self, after: datetime, until: datetime, limit: int
    ) -> list[tuple[DraftId, Owner | None, datetime]]:
        """Those last edited behind `after` and at `until` at the latest, the oldest first: id, account, moment."""
        mine = (DRAFT.c.edited_at > after) & (DRAFT.c.edited_at <= until)
        query = sa.select(DRAFT.c.id, DRAFT.c.owner, DRAFT.c.edited_at).where(mine)
        rows = self._execute(query.order_by(DRAFT.c.edited_at).limit(limit), {})
        return [(DraftId(UUID(row.id)), None if row.owner is None else Owner(row.owner), row.edited_at) for row in rows]

    def _found(self, query: Any, values: dict[str, Any]) -> Contact | None:
        row = self._execute(query, values).one_or_none()
        return None if row is None else self._contact(row)

    def _alike(self, query: Any, values: dict[str, Any], address: str | None) -> Iterator[Contact]:
        """Of this address, read one by one: who looks for one decrypts no more of them."""
        found = (self._contact(row) for row in self._execute(query, values).all())
        return (each for each in found if address is None or each.address == address)

    def _contact_values(self, contact: Contact) -> dict[str, Any]:
        """Under the key of what it goes with."""
        key_id = None
        if contact.application_id is not None:
            key_id = key_of_application(self, contact.application_id)
        elif contact.draft_id is not None:
            key_id = self._key_of_draft(contact.draft_id)
        ids = {"id": str(contact.id)} | {
            name: None if value is None else str(value)
            for name, value in (("application_id", contact.application_id), ("draft_id", contact.draft_id))
        }
        address = self._encrypt_text(key_id, contact.address, cell_of_contact(str(contact.id)))
        return vars(contact) | ids | {"address": address}

    def _contact(self, row: sa.Row[Any]) -> Contact:
        return Contact(
            id=ContactId(UUID(row.id)),
            address=self._decrypt_text(row.address, cell_of_contact(row.id)),
            language=row.language,
            given_at=row.given_at,
            owner=None if row.owner is None else Owner(row.owner),
            application_id=None if row.application_id is None else ApplicationId(UUID(row.application_id)),
            draft_id=None if row.draft_id is None else DraftId(UUID(row.draft_id)),
            confirmed_at=row.confirmed_at,
            failed_at=row.failed_at,
            wants_hints=bool(row.wants_hints),
            token_digest=None if row.token_digest is None else bytes(row.token_digest),
            token_until=row.token_until,
        )


def cell_of_contact(contact_id: str) -> Cell:
    """Where an address stands."""
    return Cell("contact", "address", (contact_id,))

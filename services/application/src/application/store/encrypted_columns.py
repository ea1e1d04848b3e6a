"""Which columns are encrypted, and where each value stands: for exports, and for rows of before there were keys."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.encryption import Cell, is_encrypted

from application.domain.ids import ApplicationId, DraftId
from application.store.applications import APPLICATION, cell_of
from application.store.attendance import ENCRYPTED as OF_SCHOOLS
from application.store.attendance import STATEMENT, cell_of_statement
from application.store.documents import DOCUMENT, PART, DocumentTables, cell_of_document, cell_of_part
from application.store.drafts import (
    DRAFT,
    DRAFT_DOCUMENT,
    DRAFT_PART,
    DraftTables,
    cell_of_draft,
    cell_of_draft_document,
)
from application.store.keys_of_applications import key_of_application
from application.store.mails import CONTACT, cell_of_contact
from application.store.people import PERSON, cell_of_person
from application.store.timeline import NEWS, cell_of_news

Values = Mapping[str, Any]
Change = Callable[[Any, Cell], Any]
"""From a value as it is kept, and where it stands, to the value that shall be kept."""


@dataclass(frozen=True)
class EncryptedColumn:
    """`parent`: the column that leads to the application or draft; of parts by way of their documents."""

    column: sa.Column[Any]
    parent: sa.Column[Any]
    cell: Callable[[Values], Cell]
    by_way_of: sa.Column[Any] | None = None

    def rows_of(self, one: str) -> sa.ColumnElement[bool]:
        """Which rows are of this application or draft."""
        if self.by_way_of is None:
            return self.parent == one
        return self.parent.in_(sa.select(self.by_way_of.table.c.id).where(self.by_way_of == one))


def _cell_of_school(column: str, row: Values) -> Cell:
    return cell_of_statement(row["application_id"], row["school_year"], column)


OF_APPLICATION = (
    EncryptedColumn(APPLICATION.c.form, APPLICATION.c.id, lambda row: cell_of(ApplicationId(UUID(row["id"])), "form")),
    EncryptedColumn(
        APPLICATION.c.further, APPLICATION.c.id, lambda row: cell_of(ApplicationId(UUID(row["id"])), "further")
    ),
    EncryptedColumn(
        APPLICATION.c.fingerprint,
        APPLICATION.c.id,
        lambda row: cell_of(ApplicationId(UUID(row["id"])), "fingerprint"),
    ),
    EncryptedColumn(DOCUMENT.c.name, DOCUMENT.c.application_id, lambda row: cell_of_document(row["id"])),
    EncryptedColumn(
        PART.c.content,
        PART.c.document_id,
        lambda row: cell_of_part(row["document_id"], row["number"]),
        DOCUMENT.c.application_id,
    ),
    EncryptedColumn(
        NEWS.c.detail,
        NEWS.c.application_id,
        lambda row: cell_of_news(row["application_id"], row["kind"], row["reference"]),
    ),
    EncryptedColumn(PERSON.c.name, PERSON.c.application_id, lambda row: cell_of_person(row["id"])),
    EncryptedColumn(CONTACT.c.address, CONTACT.c.application_id, lambda row: cell_of_contact(row["id"])),
    *(
        EncryptedColumn(STATEMENT.c[name], STATEMENT.c.application_id, partial(_cell_of_school, name))
        for name in OF_SCHOOLS
    ),
)
OF_DRAFT = (
    EncryptedColumn(CONTACT.c.address, CONTACT.c.draft_id, lambda row: cell_of_contact(row["id"])),
    EncryptedColumn(DRAFT.c.form, DRAFT.c.id, lambda row: cell_of_draft(row["id"])),
    EncryptedColumn(DRAFT_DOCUMENT.c.name, DRAFT_DOCUMENT.c.draft_id, lambda row: cell_of_draft_document(row["id"])),
    EncryptedColumn(
        DRAFT_PART.c.content,
        DRAFT_PART.c.document_id,
        lambda row: cell_of_part(row["document_id"], row["number"]),
        DRAFT_DOCUMENT.c.draft_id,
    ),
)
EACH_COLUMN = tuple({each.column: each for each in (*OF_APPLICATION, *OF_DRAFT)}.values())
"""An address goes with an application or a draft: it stands in both lists, and is read once."""
PLAIN = {
    "access_code": ("kind", "digest", "account", "authority_id", "school_number", "label"),
    "application": (
        "authority_id",
        "owner",
        "idempotency_key",
        "school_number",
        "school_year",
        "applied_by",
        "demands",
    ),
    "contact": ("owner", "language", "token_digest"),
    "decision_digest": ("digest",),
    "document": ("kind", "media_type", "sha256"),
    "document_opening": ("subject",),
    "draft": ("owner", "token_digest", "changed"),
    "draft_document": ("kind", "media_type", "sha256"),
    "invitation": ("token_digest", "kind"),
    "look_link": ("token_digest",),
    "mail": ("template", "language", "address", "link", "state", "code"),
    "news": ("kind", "reference", "reason"),
    "person": ("account_id", "kind"),
    "pick_up_code": ("digest",),
    "school_statement": ("school_year", "school_number", "state", "said_by", "class_name"),
    "submitted_draft": ("token_digest",),
}
"""What is kept as it is, besides ids, moments and sizes: what rows are looked for by, words of lists of our own,
accounts (which the identity provider gives, without a name), and digests: of links that were drawn at random, of
decisions, and of files, by which somebody who has the same file can say that it was handed in. The address and the link
of a mail are there until it was taken, for a worker that has no keys; a class is called as its school does."""
STEP = 100


class EncryptedColumns(DraftTables, DocumentTables):
    """A part of the store, in one session."""

    def plain_row(self, table: str, row: Values) -> dict[str, Any]:
        """A row as its family wrote it."""
        found = dict(row)
        for each in EACH_COLUMN:
            if each.column.table.name == table and (value := found[each.column.name]) is not None:
                found[each.column.name] = self._plain_value(value, each.cell(row))
        return found

    def _plain_value(self, value: Any, cell: Cell) -> Any:
        return self._decrypt_text(value, cell) if isinstance(value, str) else self._decrypt(bytes(value), cell)

    def count_families(self) -> int:
        """Applications and drafts together."""
        return sum(
            int(self._execute(sa.select(sa.func.count()).select_from(each), {}).scalar_one())
            for each in (APPLICATION, DRAFT)
        )

    def encrypt_rows(self) -> Iterator[int]:
        """All that was kept before there were keys. A transaction for each application and draft; begun again, it
        changes what is left.

        Returns: after each, how many values were changed.
        """
        for one in self._ids(APPLICATION):
            key_id = key_of_application(self, ApplicationId(UUID(one)))
            yield sum(self._change(each, one, self._encrypting(key_id)) for each in OF_APPLICATION)
        for one in self._ids(DRAFT):
            key_id = self._key_of_draft(DraftId(UUID(one)))
            yield sum(self._change(each, one, self._encrypting(key_id)) for each in OF_DRAFT)

    def decrypt_rows(self) -> Iterator[int]:
        """The way back, for the program of before. Returns as `encrypt_rows`."""
        for table, columns in ((APPLICATION, OF_APPLICATION), (DRAFT, OF_DRAFT)):
            for one in self._ids(table):
                count = sum(self._change(each, one, self._plain_value) for each in columns)
                none = {each: None for each in ("key_id", "draft_key_id") if each in table.c}
                self._execute(table.update().where(table.c.id == one).values(none), {})
                yield count

    def _encrypting(self, key_id: UUID | None) -> Change:
        def change(value: Any, cell: Cell) -> Any:
            if is_encrypted(value):
                return value
            if isinstance(value, str):
                return self._encrypt_text(key_id, value, cell)
            return self._encrypt(key_id, value, cell)

        return change

    def _ids(self, table: sa.Table) -> Iterator[str]:
        after = ""
        while True:
            query = sa.select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(STEP)
            ids = list(self._execute(query, {}).scalars())
            if not ids:
                return
            yield from ids
            after = ids[-1]

    def _change(self, which: EncryptedColumn, one: str, change: Change) -> int:
        """One value in memory at a time."""
        table, count = which.column.table, 0
        keys = list(table.primary_key)
        mine = which.rows_of(one) & which.column.is_not(None)
        for row in self._execute(sa.select(*keys).where(mine), {}).mappings().all():
            this = sa.and_(*(key == row[key.name] for key in keys))
            before = self._execute(sa.select(which.column).where(this), {}).scalar_one()
            after = change(before, which.cell({key.name: row[key.name] for key in keys}))
            if after != before:
                self._execute(table.update().where(this).values({which.column.name: after}), {})
                count += 1
        return count

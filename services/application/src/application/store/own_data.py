"""All rows of an account, for whoever it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from shared.database.belongings import read_rows, with_children

from application.domain.ids import Owner
from application.store.applications import APPLICATION
from application.store.base import Row
from application.store.drafts import DRAFT
from application.store.encrypted_columns import EncryptedColumns
from application.store.people import PERSON

FILES = frozenset({"document_part", "draft_document_part"})
"""Bytes of files: each file goes along as it is."""
NOT_TOLD = frozenset(
    {
        "token_digest",
        "link",
        "key_id",
        "draft_key_id",
        "idempotency_key",
        "fingerprint",
        "digest",
        "subject",
        "said_by",
        "account",
        "account_id",
        "applied_by",
        "owner",
    }
)
"""Columns that are left out: what opens something, and accounts of other people. The link of a mail that waits would
confirm an address whose mailbox nobody has looked into."""


class OwnDataTables(EncryptedColumns):
    """One transaction."""

    def rows_of_account(self, owner: Owner) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """By table, of its applications, its drafts, and its help with others."""
        mine = APPLICATION.c.owner == owner
        handed_in = with_children(Row.metadata, {APPLICATION: mine})
        begun = with_children(Row.metadata, {DRAFT: DRAFT.c.owner == owner})
        handed_in[PERSON] = sa.or_(handed_in[PERSON], PERSON.c.account_id == owner)
        connection = self.session.connection()
        return {
            table.name: [
                {name: value for name, value in row.items() if name not in NOT_TOLD}
                for row in read_rows(connection, table, which, self.plain_row)
            ]
            for table, which in (begun | handed_in).items()
            if table.name not in FILES
        }

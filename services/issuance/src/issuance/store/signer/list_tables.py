"""The signer's tables of lists: shards, what was published of them, and what is not yet."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field

from issuance.store.signer.tables import Row


class ShardRow(Row, table=True):
    """A status list: 2^20 places of one organisation's numbers."""

    __tablename__ = "shard"
    organisation_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    taken: int = 0
    """Numbers that were given out."""
    revision: int = 1
    """Counts what a scanner must learn; a new shard has its first list to be published."""
    published_revision: int = 0
    version: int = 0
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PublishedRow(Row, table=True):
    """The status list of a shard as it was published last: the next delta begins there."""

    __tablename__ = "published_list"
    organisation_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    version: int
    places: bytes
    """Revoked or suspended; compact.encode."""
    suspended: bytes | None = None
    """Of them the suspended; None where the list had one bit."""


class IssuedListRow(Row, table=True):
    """The filter of issued tickets of a shard as it was published last."""

    __tablename__ = "issued_list"
    organisation_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    version: int
    published_at: datetime = Field(sa_type=UtcDateTime)
    tickets: int
    """How many it holds."""
    keys: bytes | None = None
    """What it holds: pairs of keys, 16 bytes of the VDV code, 16 of the QR code. None: read it from all tickets."""


class UnlistedCodeRow(Row, table=True):
    """A ticket that was signed since the filter of its shard was published."""

    __tablename__ = "unlisted_code"
    __table_args__: ClassVar[Any] = (sa.Index("unlisted_code_of_shard", "organisation_id", "shard"),)
    ticket_id: UUID = Field(primary_key=True)
    organisation_id: int
    shard: int


class AnnouncementRow(Row, table=True):
    """Which version of the trust list was told of last, and when."""

    __tablename__ = "announcement"
    version: int = Field(primary_key=True)
    announced_at: datetime = Field(sa_type=UtcDateTime)

"""The API's tables: what the signer published, what is known of tickets, requests, and that inspections took place."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Row(SQLModel, registry=registry()):
    """Metadata of its own: the signer's tables are in another database."""


class TrustRow(Row, table=True):
    """The newest trust list, and the certificates published with it."""

    __tablename__ = "trust_list"
    version: int = Field(primary_key=True)
    trust_list: bytes


class CertificateRow(Row, table=True):
    __tablename__ = "certificate"
    name: str = Field(primary_key=True, max_length=16)
    """CAR in hex, lower case."""
    certificate: bytes


class StatusRow(Row, table=True):
    """The newest status list of a shard. Older ones that come late are not taken."""

    __tablename__ = "status_list"
    shard: str = Field(primary_key=True, max_length=12)
    version: int
    published_at: datetime = Field(sa_type=UtcDateTime)
    status_list: bytes
    snapshot: bytes | None = None
    """The same state as a compact snapshot."""


class DeltaRow(Row, table=True):
    """A link of the chain: from version n-1 to `version`."""

    __tablename__ = "status_delta"
    shard: str = Field(primary_key=True, max_length=12)
    version: int = Field(primary_key=True)
    delta: bytes


class StatusV2Row(Row, table=True):
    """The same of two bits a place."""

    __tablename__ = "status_list_v2"
    shard: str = Field(primary_key=True, max_length=12)
    version: int
    published_at: datetime = Field(sa_type=UtcDateTime)
    status_list: bytes
    snapshot: bytes | None = None


class DeltaV2Row(Row, table=True):
    """A link of the chain of lists of two bits."""

    __tablename__ = "status_delta_v2"
    shard: str = Field(primary_key=True, max_length=12)
    version: int = Field(primary_key=True)
    delta: bytes


class IssuedListRow(Row, table=True):
    """One part of the newest list of issued tickets."""

    __tablename__ = "issued_list"
    shard: str = Field(primary_key=True, max_length=12)
    form: str = Field(primary_key=True, max_length=3)
    part: int = Field(primary_key=True)
    parts: int
    version: int
    issued_list: bytes


class AuditHeadsRow(Row, table=True):
    """The heads of a service's chains of acts, signed: the newest of each hour."""

    __tablename__ = "audit_heads"
    service: str = Field(primary_key=True, max_length=20)
    signed_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    statement: bytes


class KnownTicketRow(Row, table=True):
    """What staff must know to find and revoke a ticket. No names, no codes."""

    __tablename__ = "known_ticket"
    __table_args__: ClassVar[Any] = (sa.Index("known_ticket_number", "number"),)
    ticket_id: UUID = Field(primary_key=True)
    application_id: UUID = Field(index=True)
    authority_id: str = Field(max_length=32)
    organisation_id: int
    number: int = Field(sa_type=sa.BigInteger)
    state: str = Field(max_length=10)
    product: int | None = None
    valid_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    valid_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = Field(default=None, max_length=20)
    replaces: UUID | None = None
    step: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The last one that was heard of; 0: from before they were counted here."""
    decision_id: UUID | None = None
    """Told to a signer that was put back to an older copy; like the next three, empty: from before they were kept."""
    case_id: UUID | None = None
    number_draw: int | None = None
    last_day: date | None = None


class RequestRow(Row, table=True):
    """Who asked for what, when, and why; and what became of it."""

    __tablename__ = "revocation_request"
    request_id: UUID = Field(primary_key=True)
    ticket_id: UUID = Field(index=True)
    reason: str
    requested_by: str = Field(max_length=255)
    requested_at: datetime = Field(sa_type=UtcDateTime)
    change: str = Field(default="revoke", max_length=10, sa_column_kwargs={"server_default": "revoke"})
    state: str = Field(default="asked", max_length=10, sa_column_kwargs={"server_default": "asked"})
    refused: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})
    tickets: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Numbers, with a space between."""


class InspectionRow(Row, table=True):
    """That a ticket was looked at and what came of it; not whose it was, nor where: no child's movements."""

    __tablename__ = "inspection"
    id: int | None = Field(default=None, primary_key=True)
    inspected_at: datetime = Field(sa_type=UtcDateTime, index=True)
    format: str | None = Field(max_length=3)
    verdict: str = Field(max_length=20)
    organisation_id: int | None = None

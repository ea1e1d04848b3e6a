"""The signer's tables."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.birth_dates import BirthDate
from shared.database import BirthDateText, UtcDateTime
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Row(SQLModel, registry=registry()):
    """Metadata of its own: the API's store has tables in another database."""


def _where(condition: sa.TextClause) -> dict[str, Any]:
    """Of an index that has only such rows."""
    return {"sqlite_where": condition, "postgresql_where": condition}


class AuthorityRow(Row, table=True):
    """What an authority issues (`issuance authority set`)."""

    __tablename__ = "authority"
    authority_id: str = Field(primary_key=True, max_length=32)
    organisation_id: int
    product: int
    product_owner_id: int
    passenger_type: int
    area_organisation_id: int
    area_number: int
    qr_anonymous: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    area_more: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Further areas, numbers with spaces between."""
    service_class: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    payment: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    transport: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    name_as_initials: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class HolderRow(Row, table=True):
    """A holder who waits for a grant. Erased with refusal, withdrawal, or after 180 days."""

    __tablename__ = "waiting_holder"
    application_id: UUID = Field(primary_key=True)
    authority_id: str = Field(max_length=32)
    first_name: str
    last_name: str
    birth_date: BirthDate = Field(sa_type=BirthDateText)
    gender: str | None = Field(max_length=8)
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    change_number: int = Field(default=0, primary_key=True, sa_column_kwargs={"server_default": "0"})
    """0 as handed in; a family's correction has the number of its change."""
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """By the clock of who told it: what was decided before does not erase it."""


LACKS = "something"
_IS_COMPLETE = sa.text("lacks IS NULL")


class GrantRow(Row, table=True):
    """A grant that waits for its holder, or for its authority's terms."""

    __tablename__ = "waiting_grant"
    __table_args__: ClassVar[Any] = (sa.Index("waiting_grant_complete", "received_at", **_where(_IS_COMPLETE)),)
    decision_id: UUID = Field(primary_key=True)
    application_id: UUID = Field(index=True)
    authority_id: str = Field(max_length=32)
    valid_from: date
    valid_until: date
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    holder_change: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    case_id: UUID | None = None
    child: str | None = Field(default=None, max_length=64)
    lacks: str | None = Field(default=LACKS, max_length=10, sa_column_kwargs={"server_default": LACKS})
    """Holder or terms; None once both are here. What waits for them is looked at by nobody."""


_STILL = sa.text("last_day IS NOT NULL")


class EndedRow(Row, table=True):
    """An application or a decision that is over: what still comes for it, out of order, makes no ticket."""

    __tablename__ = "ended"
    __table_args__: ClassVar[Any] = (sa.Index("ended_later", "last_day", **_where(_STILL)),)
    ended_id: UUID = Field(primary_key=True)
    ended_at: datetime = Field(sa_type=UtcDateTime, index=True)
    last_day: date | None = None
    """Of a grant that is over only after this day; None once it is."""
    followed_by: UUID | None = Field(default=None, index=True)
    """The grant that takes its place and was not heard of yet: its ticket may go on under that one."""


class DecisionDigestRow(Row, table=True):
    """With which content a decision was told first: the same id with another one is not acted on."""

    __tablename__ = "decision_digest"
    decision_id: UUID = Field(primary_key=True)
    digest: str = Field(max_length=64)
    heard_at: datetime = Field(sa_type=UtcDateTime, index=True)
    application_id: UUID | None = Field(default=None, index=True)
    """Empty, like the next two, of what was heard before they were kept, and once its family is erased."""
    case_id: UUID | None = None
    outcome: str = Field(default="", max_length=8, sa_column_kwargs={"server_default": ""})


_GOES_ON = sa.text("state IN ('issued', 'suspended') AND last_day IS NULL")
_OF_CHILDREN = sa.text("child IS NOT NULL")
IS_SEEN = sa.text("state IN ('issued', 'suspended')")
NOT_GOOD = sa.text("state IN ('revoked', 'dropped', 'suspended')")
"""Written as the statements have it, too: SQLite takes an index for no condition that only means the same."""


class TicketRow(Row, table=True):
    """A ticket, written down before it is signed. Rows are never deleted: a number is never used again."""

    __tablename__ = "ticket"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("organisation_id", "number"),
        sa.UniqueConstraint("decision_id", "generation", name="ticket_decision_generation"),
        sa.Index("ticket_to_sign", "state", "sequence"),
        sa.Index("ticket_one_of_a_case", "case_id", unique=True, **_where(_GOES_ON)),
        sa.Index("ticket_of_case", "case_id", "generation"),
        sa.Index("ticket_of_child", "child", **_where(_OF_CHILDREN)),
        sa.Index("ticket_not_good", "organisation_id", "number", "state", **_where(NOT_GOOD)),
        sa.Index("ticket_seen_until", "valid_until", **_where(IS_SEEN)),
        sa.Index("ticket_seen_key", "qr_key", "sequence", **_where(IS_SEEN)),
        sa.Index("ticket_seen_module", "vdv_module", "sequence", **_where(IS_SEEN)),
    )
    ticket_id: UUID = Field(primary_key=True)
    decision_id: UUID
    application_id: UUID = Field(index=True)
    authority_id: str = Field(max_length=32)
    organisation_id: int
    number: int = Field(sa_type=sa.BigInteger)
    product: int
    product_owner_id: int
    passenger_type: int
    area_organisation_id: int
    area_number: int
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_until: datetime = Field(sa_type=UtcDateTime)
    first_name: str
    last_name: str
    birth_date: BirthDate = Field(sa_type=BirthDateText)
    gender: str | None = Field(max_length=8)
    token_id: bytes = Field(unique=True)
    sequence: int = Field(sa_type=sa.BigInteger, unique=True)
    approved_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=10)
    reason: str | None = None
    """Why it is held or revoked."""
    issued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    vdv: bytes | None = None
    qr: str | None = None
    generation: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """1 for the first ticket of a case; each later one has the next."""
    replaces: UUID | None = Field(default=None, unique=True)
    """The ticket whose place it takes: each has one successor at most."""
    qr_anonymous: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    area_more: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Further areas, numbers with spaces between."""
    service_class: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    payment: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    transport: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    name_as_initials: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    holder_change: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    qr_key: bytes | None = None
    """Id of the key that has signed the QR code."""
    vdv_module: bytes | None = None
    """The module that has signed the VDV code (domain.module_id); empty for codes from before it was written down."""
    case_id: UUID | None = None
    """Of one case one ticket is good at a time, but for one that ends on a day to come. Empty: from before cases."""
    last_day: date | None = None
    """Of its grant, where that ends before the ticket does."""
    step: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many of its steps were told."""
    number_draw: int | None = None
    """Which draw of the ticket gave its number (domain.numbering). Empty: a random one, from before."""
    child: str | None = Field(default=None, max_length=64)
    """Keyed digest of the child: one ticket of it is good at a time (`one_of_a_child`). Empty: it is not known."""


class FormerCodeRow(Row, table=True):
    """A VDV code that a ticket had before it was signed anew: families may still show it, and it stays good."""

    __tablename__ = "former_code"
    id: int | None = Field(default=None, primary_key=True)
    ticket_id: UUID = Field(index=True)
    vdv: bytes


_ONCE = sa.text("step IN ('issued', 'revoked', 'expired', 'dropped')")


class AuditRow(Row, table=True):
    """One step in the life of a ticket. Rows are only added; what happens once is there once."""

    __tablename__ = "audit"
    __table_args__: ClassVar[Any] = (sa.Index("audit_once", "ticket_id", "step", unique=True, **_where(_ONCE)),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    ticket_id: UUID = Field(index=True)
    step: str = Field(max_length=20)
    reason: str
    asked_by: str = Field(max_length=255)
    """The OIDC subject of a person, or `signer`."""
    request_id: UUID | None = Field(default=None, unique=True)


class SignedHeadRow(Row, table=True):
    """How long each service's chain of acts was when its head was signed last: it is never signed shorter."""

    __tablename__ = "signed_head"
    service: str = Field(primary_key=True, max_length=20)
    chain: str = Field(primary_key=True, max_length=64)
    acts: int = Field(sa_type=sa.BigInteger)
    hash: str = Field(max_length=64)


class CounterRow(Row, table=True):
    """Counters that only grow: `sequence` of the security module."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True, max_length=20)
    value: int = Field(sa_type=sa.BigInteger)


class HourCountRow(Row, table=True):
    """How often something was done in an hour of the clock (`workflow.signer.hours`)."""

    __tablename__ = "hour_count"
    hour: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    """When it began."""
    what: str = Field(primary_key=True, max_length=10)
    whose: str = Field(primary_key=True, max_length=80)
    count: int


class ChildRow(Row, table=True):
    """Which applications were granted for which child, by keyed digest: they are of one right to ride."""

    __tablename__ = "child_application"
    application_id: UUID = Field(primary_key=True)
    child: str = Field(primary_key=True, max_length=64, index=True)


_NOT_LIFTED = sa.text("lifted_at IS NULL")


class SuspensionRow(Row, table=True):
    """A party has suspended a right to ride, for a reason. Kept after it was lifted."""

    __tablename__ = "suspension"
    __table_args__: ClassVar[Any] = (
        sa.Index(
            "suspension_once", "application_id", "party", "reason", unique=True, **_where(_NOT_LIFTED),
        ),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    application_id: UUID
    party: str = Field(max_length=20)
    """authority, operator:ORGANISATION, revocation (left behind by one), unknown (from before parties)."""
    reason: str
    set_at: datetime = Field(sa_type=UtcDateTime)
    set_by: str = Field(default="", max_length=255, sa_column_kwargs={"server_default": ""})
    """Who asked for it; empty: from before this was kept, and in no step of the ticket either."""
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

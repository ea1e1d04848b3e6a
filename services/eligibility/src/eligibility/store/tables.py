"""The tables. Ids are UUIDs as text; JSON is text in one order of keys, so that what is kept is what was hashed."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.database.contents import DIGEST_CHARACTERS, contents_table
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


def where(condition: str) -> dict[str, Any]:
    """Of an index that has only such rows."""
    text = sa.text(condition)
    return {"sqlite_where": text, "postgresql_where": text}


IN_WORK = "state IN ('review', 'prepared')"


class Row(SQLModel, registry=registry()):
    """Metadata of its own: two services in one process may each have a table of one name."""


class AuthorityRow(Row, table=True):
    __tablename__ = "authority"
    id: str = Field(primary_key=True, max_length=32)
    settings: str


class EndedSessionRow(Row, table=True):
    __tablename__ = "ended_session"
    digest: str = Field(primary_key=True, max_length=64)
    until: datetime = Field(sa_type=UtcDateTime)


class SchoolRow(Row, table=True):
    __tablename__ = "school"
    __table_args__: ClassVar[Any] = (sa.Index("school_around", "form", "lat", "lon"),)
    number: str = Field(primary_key=True, max_length=12)
    name: str
    short_name: str
    form: str = Field(max_length=4)
    form_number: str = Field(max_length=4)
    kind: str | None = Field(default=None, max_length=8)
    private: bool
    municipality: str = Field(max_length=12)
    authority_number: str = Field(max_length=12)
    postal_code: str = Field(max_length=10)
    city: str
    street: str
    lat: float | None = None
    lon: float | None = None
    opening_key: str = Field(max_length=2)
    opening_date: str = Field(max_length=10)
    tracks: str
    imported_by: str = Field(max_length=36)


class EntranceRow(Row, table=True):
    """Entrances of school grounds; a school without any is measured to its point in the register."""

    __tablename__ = "entrance"
    id: str = Field(primary_key=True, max_length=36)
    school_number: str = Field(index=True, max_length=12)
    lat: float
    lon: float
    origin: str = Field(max_length=20)
    name: str


class AddressRow(Row, table=True):
    __tablename__ = "address"
    __table_args__: ClassVar[Any] = (
        sa.Index("address_key", "key"),
        sa.Index("address_city_key", "city_key"),
        sa.Index("address_imported_by", "imported_by"),
    )
    source: str = Field(primary_key=True, max_length=64)
    house_number: str = Field(primary_key=True, max_length=32)
    key: str
    city_key: str
    street: str
    postal_code: str = Field(max_length=10)
    city: str
    lat: float
    lon: float
    origin: str = Field(max_length=20)
    imported_by: str = Field(max_length=36)


class CaseRow(Row, table=True):
    __tablename__ = "case_file"  # "case" is a word of SQL
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("application_id", "school_year", name="case_of_year"),
        sa.Index("case_of_authority", "authority_id", "state", "opened_at", "id"),
        sa.Index("case_in_work", "authority_id", "opened_at", "id", **where(IN_WORK)),
        sa.Index("case_by_age", "authority_id", "opened_at", "id"),
        sa.Index("case_taken", "authority_id", "assigned_to", "opened_at", "id", **where("assigned_to IS NOT NULL")),
    )
    id: str = Field(primary_key=True, max_length=36)
    application_id: str = Field(max_length=36)
    authority_id: str = Field(max_length=32)
    state: str = Field(max_length=12)
    school_number: str = Field(max_length=12)
    school_year: str = Field(max_length=7)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    submission: str
    reasons: str
    facts: str
    ways: str
    assigned_to: str | None = Field(default=None, max_length=255)
    assigned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    change_number: int = 0
    dangers: str = "[]"
    search_names: str | None = None
    """The people's names as they are looked for (domain.name_search); None: not made yet. Plain names: written and
    emptied with `submission`, never alone."""


class DecisionRow(Row, table=True):
    """What was decided. A row is written once; only release and end are added to it."""

    __tablename__ = "decision"
    __table_args__: ClassVar[Any] = (sa.Index("decision_round", "case_id", "round", unique=True),)
    id: str = Field(primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", ondelete="CASCADE", index=True, max_length=36)
    authority_id: str = Field(max_length=32)
    outcome: str = Field(max_length=12)
    valid_from: date | None = None
    valid_until: date | None = None
    own_share_cents: int | None = None
    covered_cents: int | None = None
    distance_m: float | None = Field(default=None, sa_type=sa.Double)
    limit_m: int | None = None
    reasons: str
    rules_version: str = Field(max_length=120)
    facts: str
    ways: str
    decided_by: str = Field(max_length=255)
    prepared_at: datetime = Field(sa_type=UtcDateTime)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_by: str | None = Field(default=None, max_length=255)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    round: int = 1
    because: str | None = Field(default=None, max_length=24)
    ended_because: str | None = Field(default=None, max_length=24)
    terms: str = "{}"
    """JSON of domain.Terms, without what is not said."""
    digest: str | None = Field(default=None, max_length=64)
    ended_on: date | None = None


class NoticeRow(Row, table=True):
    """Written down with the decision; printed by a worker, of which that without a PDF is the work list."""

    __tablename__ = "notice"
    __table_args__: ClassVar[Any] = (
        sa.Index("notice_to_print", "written_at", **where("pdf_digest IS NULL")),
        sa.Index("notice_printed", "pdf_digest", **where("pdf_digest IS NOT NULL")),
        sa.Index("notice_to_move", "token", **where("pdf IS NOT NULL")),
        sa.Index("notice_to_seal", "written_at", **where("seal = 'waiting'")),
    )
    token: str = Field(primary_key=True, max_length=32)
    decision_id: str = Field(foreign_key="decision.id", ondelete="CASCADE", index=True, max_length=36)
    content: str
    written_at: datetime = Field(sa_type=UtcDateTime)
    pdf: bytes | None = None
    """Of before they had a table of their own (`notice_pdf`)."""
    pdf_digest: str | None = Field(default=None, max_length=DIGEST_CHARACTERS)
    seal: str | None = Field(default=None, max_length=10)
    """domain.seal.SealState; None: its authority does not seal, or did not when it was printed."""
    sealed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seal_fault: str | None = Field(default=None, max_length=20)
    """Why it went out without one."""


class AuditRow(Row, table=True):
    """One act: who, what, on which case, when. Each authority's acts are a chain (see workflow.audit)."""

    __tablename__ = "audit"
    __table_args__: ClassVar[Any] = (
        sa.Index("audit_of_case", "case_id", "at"),
        sa.Index("audit_chain", "authority_id", "number", unique=True),
    )
    id: str = Field(primary_key=True, max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)
    authority_id: str = Field(max_length=32)
    subject: str = Field(max_length=255)
    act: str = Field(max_length=60)
    case_id: str = Field(max_length=36)
    number: int
    detail: str
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditHeadRow(Row, table=True):
    """The newest link of each chain: who cuts the end off is found out, and two writers queue here."""

    __tablename__ = "audit_head"
    authority_id: str = Field(primary_key=True, max_length=32)
    number: int
    hash: str = Field(max_length=64)


class QuestionRow(Row, table=True):
    __tablename__ = "question"
    __table_args__: ClassVar[Any] = (
        sa.Index("question_open", "case_id", **where("answered_at IS NULL")),
        sa.Index("question_heard", "case_id", **where("hearing")),
    )
    id: str = Field(primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", ondelete="CASCADE", index=True, max_length=36)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    asked_by: str = Field(max_length=255)
    text: str
    text_en: str
    due: date
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str
    hearing: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class ProposalRow(Row, table=True):
    """An override that waits for a second person. `closed_because`: confirmed, dropped, facts_changed …"""

    __tablename__ = "override_proposal"
    __table_args__: ClassVar[Any] = (sa.Index("proposal_open", "case_id", **where("closed_at IS NULL")),)
    id: str = Field(primary_key=True, max_length=36)
    case_id: str = Field(foreign_key="case_file.id", ondelete="CASCADE", index=True, max_length=36)
    proposed_by: str = Field(max_length=255)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    content: str
    closed_because: str | None = Field(default=None, max_length=24)
    closed_by: str | None = Field(default=None, max_length=255)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DeliveryRow(Row, table=True):
    __tablename__ = "delivery"
    __table_args__: ClassVar[Any] = (
        sa.Index("delivery_to_recipient", "token", "recipient", "channel", "day", unique=True),
    )
    id: str = Field(primary_key=True, max_length=36)
    token: str = Field(foreign_key="notice.token", ondelete="CASCADE", max_length=32)
    channel: str = Field(max_length=10)
    day: date
    noted_at: datetime = Field(sa_type=UtcDateTime)
    noted_by: str = Field(max_length=255)
    consent: bool
    instruction_faulty: bool
    recipient: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    provided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    announced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    excluded: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


AUTHORITY: sa.Table = Row.metadata.tables["authority"]
SCHOOL: sa.Table = Row.metadata.tables["school"]
ENDED_SESSION: sa.Table = Row.metadata.tables["ended_session"]
ENTRANCE: sa.Table = Row.metadata.tables["entrance"]
ADDRESS: sa.Table = Row.metadata.tables["address"]
CASE: sa.Table = Row.metadata.tables["case_file"]
DECISION: sa.Table = Row.metadata.tables["decision"]
NOTICE: sa.Table = Row.metadata.tables["notice"]
PDF = contents_table("notice_pdf", Row.metadata)
AUDIT: sa.Table = Row.metadata.tables["audit"]
AUDIT_HEAD: sa.Table = Row.metadata.tables["audit_head"]
QUESTION: sa.Table = Row.metadata.tables["question"]
PROPOSAL: sa.Table = Row.metadata.tables["override_proposal"]
DELIVERY: sa.Table = Row.metadata.tables["delivery"]

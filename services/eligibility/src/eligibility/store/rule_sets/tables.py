"""Tables of the rule sets and own forms. A published row never changes; the archive has each version that decided."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field

from eligibility.store.tables import Row


class RuleSetRow(Row, table=True):
    __tablename__ = "rule_set"
    __table_args__: ClassVar[Any] = (
        sa.Index("rule_set_of_authority", "authority_id", "state", "in_force_from"),
        sa.Index("rule_set_published", "state", "published_at"),
    )
    id: str = Field(primary_key=True, max_length=36)
    authority_id: str = Field(max_length=32)
    name: str = Field(max_length=32)
    state: str = Field(max_length=12)
    rules_version: str = Field(max_length=120)
    text: str
    content: str
    origin: str | None = Field(default=None, max_length=120)
    editors: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    published_by: str | None = Field(default=None, max_length=255)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    in_force_from: date | None = None


class RuleSetArchiveRow(Row, table=True):
    __tablename__ = "rule_set_archive"
    rules_version: str = Field(primary_key=True, max_length=120)
    content: str
    kept_at: datetime = Field(sa_type=UtcDateTime)


class OwnFormRow(Row, table=True):
    __tablename__ = "own_form"
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("authority_id", "version"),
        sa.Index("own_form_of_authority", "authority_id", "created_at"),
    )
    id: str = Field(primary_key=True, max_length=36)
    authority_id: str = Field(max_length=32)
    state: str = Field(max_length=12)
    version: int | None = None
    text: str
    content: str
    taken_over_from: str | None = Field(default=None, max_length=32)
    editors: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    published_by: str | None = Field(default=None, max_length=255)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    valid_from: date | None = None


RULE_SET: sa.Table = Row.metadata.tables["rule_set"]
ARCHIVE: sa.Table = Row.metadata.tables["rule_set_archive"]
OWN_FORM: sa.Table = Row.metadata.tables["own_form"]

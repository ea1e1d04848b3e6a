"""Tables of what people set on the map, of streets for the search, and of imports."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from shared.database import UtcDateTime
from sqlmodel import Field

from eligibility.store.tables import Row


class HazardRow(Row, table=True):
    """One hazard of an authority. Ended, never removed: decisions name it."""

    __tablename__ = "hazard"
    __table_args__: ClassVar[Any] = (sa.Index("hazard_of_authority", "authority_id", "ended_at"),)
    id: str = Field(primary_key=True, max_length=36)
    authority_id: str = Field(max_length=32)
    kind: str = Field(max_length=8)
    line: str
    """JSON: [[lon, lat], …]."""
    ways: str
    reason: str
    levels: str
    season: str = Field(max_length=11)
    decided_on: date
    key: str = Field(default="", max_length=48)
    set_by: str = Field(max_length=255)
    set_at: datetime = Field(sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, max_length=255)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EntranceSetRow(Row, table=True):
    """Who drew the entrances of a school last, and when."""

    __tablename__ = "entrance_set"
    school_number: str = Field(primary_key=True, max_length=12)
    authority_id: str = Field(max_length=32)
    set_by: str = Field(max_length=255)
    set_at: datetime = Field(sa_type=UtcDateTime)


class DoorRow(Row, table=True):
    """The front door of an address, set by a person of an authority, for that authority's decisions."""

    __tablename__ = "door"
    __table_args__: ClassVar[Any] = (sa.Index("door_city_key", "authority_id", "city_key"),)
    authority_id: str = Field(primary_key=True, max_length=32)
    key: str = Field(primary_key=True)
    city_key: str
    street: str
    house_number: str = Field(max_length=32)
    postal_code: str = Field(max_length=10)
    city: str
    lat: float = Field(sa_type=sa.Double)
    lon: float = Field(sa_type=sa.Double)
    reason: str
    set_by: str = Field(max_length=255)
    set_at: datetime = Field(sa_type=UtcDateTime)


class StreetRow(Row, table=True):
    """Every street once for each town, for the search; made anew after each import of addresses."""

    __tablename__ = "street"
    street: str = Field(primary_key=True)
    city: str = Field(primary_key=True)
    postal_codes: str


class ImportRow(Row, table=True):
    """One import that ran to its end: what came in, and what differs from the one before."""

    __tablename__ = "import_run"
    id: str = Field(primary_key=True, max_length=36)
    kind: str = Field(index=True, max_length=20)
    file: str
    finished_at: datetime = Field(sa_type=UtcDateTime)
    taken: int
    refused: int
    added: int
    changed: int
    gone: int
    reasons: str


HAZARD: sa.Table = Row.metadata.tables["hazard"]
ENTRANCE_SET: sa.Table = Row.metadata.tables["entrance_set"]
DOOR: sa.Table = Row.metadata.tables["door"]
STREET: sa.Table = Row.metadata.tables["street"]
IMPORT: sa.Table = Row.metadata.tables["import_run"]

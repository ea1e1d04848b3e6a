"""The tables: passes, the authorities' designs, what was told of tickets beside their issue."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.birth_dates import BirthDate
from shared.database import BirthDateText, UtcDateTime
from shared.database.contents import DIGEST_CHARACTERS, contents_table
from shared.runtime import backlog
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from wallet_pass.domain.passes import GoogleState


class Row(SQLModel, registry=registry()):
    """This service's own metadata."""


def _where(condition: str) -> dict[str, Any]:
    """Of an index that has only such rows."""
    text = sa.text(condition)
    return {"sqlite_where": text, "postgresql_where": text}


class PassRow(Row, table=True):
    __tablename__ = "pass"
    __table_args__ = (
        sa.Index(
            "pass_package_due", "token", sqlite_where=sa.text("package_due"), postgresql_where=sa.text("package_due")
        ),
        sa.Index("pass_turning", "turns_at", **_where("turns_at IS NOT NULL")),
        sa.Index("pass_packed", "package_digest", **_where("package_digest IS NOT NULL")),
        sa.Index("pass_to_move", "token", **_where("package IS NOT NULL")),
        sa.Index(
            "pass_google_due",
            "token",
            sqlite_where=sa.text("google = 'due'"),
            postgresql_where=sa.text("google = 'due'"),
        ),
    )

    token: str = Field(primary_key=True, max_length=22)
    ticket_id: UUID = Field(unique=True)
    serial_number: UUID = Field(unique=True)
    authentication_token: str = Field(max_length=43)
    application_id: UUID = Field(index=True)
    authority_id: str = Field(max_length=32, index=True)
    number: int = Field(sa_type=sa.BigInteger)
    organisation_id: int
    product: int
    first_name: str
    last_name: str
    birth_date: BirthDate = Field(sa_type=BirthDateText)
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_until: datetime = Field(sa_type=UtcDateTime)
    vdv: bytes
    qr: str
    changed_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suspended: bool = False
    early_end: date | None = None
    package: bytes | None = None
    """Of before they had a table of their own (`package`)."""
    package_digest: str | None = Field(default=None, max_length=DIGEST_CHARACTERS)
    package_due: bool
    google: str = Field(default=GoogleState.DUE, max_length=8)
    google_standing: str | None = Field(default=None, max_length=30)
    """Of what Google was told last, where a person must know of a change."""
    update_tag: int = Field(default=0, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})
    """Of the last change that phones can fetch; 0: it is as it was made."""
    link_number: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Of `token`."""
    link_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until when the link leads here; None: made before links had an end of their own."""
    link_ended: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """By the family, or by a loss."""
    turns_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its state changes next of itself, and with it what it shows: it begins, or it is over."""


class EndedLinkRow(Row, table=True):
    """A link that leads nowhere any more."""

    __tablename__ = "ended_link"
    __table_args__ = (sa.Index("ended_link_of_pass", "serial_number"),)

    digest: bytes = Field(primary_key=True)
    serial_number: UUID = Field(foreign_key="pass.serial_number", ondelete="CASCADE")
    ended_at: datetime = Field(sa_type=UtcDateTime)


class DeviceRow(Row, table=True):
    """A phone or watch that wants to be told."""

    __tablename__ = "device"
    __table_args__ = (sa.Index("device_due", "id", **_where("wanted > pushed")),)

    id: UUID = Field(primary_key=True)
    push_token: str = Field(max_length=200)
    registered_at: datetime = Field(sa_type=UtcDateTime)
    wanted: int = Field(sa_type=sa.BigInteger)
    """The tag of the newest change among its passes."""
    wanted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pushed: int = Field(sa_type=sa.BigInteger)
    """The tag of which it was told."""


class RegistrationRow(Row, table=True):
    """A device has a pass."""

    __tablename__ = "registration"
    __table_args__ = (sa.Index("registration_of_pass", "serial_number"),)

    device_id: UUID = Field(primary_key=True, foreign_key="device.id", ondelete="CASCADE")
    serial_number: UUID = Field(primary_key=True, foreign_key="pass.serial_number", ondelete="CASCADE")
    tag: int = Field(sa_type=sa.BigInteger)


class CounterRow(Row, table=True):
    """The last tag; one row."""

    __tablename__ = "update_counter"

    id: int = Field(primary_key=True)
    tag: int = Field(sa_type=sa.BigInteger)
    epoch: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    """Of this database, when it was looked at last: after a restore phones are told of all their passes."""


class WalletsRow(Row, table=True):
    """How many wallets at Google hold a pass: whose, Google does not say."""

    __tablename__ = "google_wallets"
    __table_args__ = (sa.Index("google_wallets_held", "serial_number", **_where("saves > deletes")),)

    serial_number: UUID = Field(primary_key=True, foreign_key="pass.serial_number", ondelete="CASCADE")
    saves: int
    deletes: int
    counted_at: datetime = Field(sa_type=UtcDateTime)


class CallbackRow(Row, table=True):
    """What Google has said, so that it counts once."""

    __tablename__ = "google_callback"

    nonce_digest: str = Field(primary_key=True, max_length=DIGEST_CHARACTERS)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class DesignRow(Row, table=True):
    __tablename__ = "pass_design"

    id: str = Field(primary_key=True, max_length=40)
    """Of the authority; or of the authority and, after a slash, one operator."""
    authority_id: str = Field(max_length=32, index=True)
    organisation_id: int | None = None
    issuer_de: str = Field(max_length=100)
    issuer_en: str = Field(max_length=100)
    background: str = Field(max_length=7)
    foreground: str = Field(max_length=7)
    label: str = Field(max_length=7)
    wording: str | None = Field(default=None, sa_type=sa.Text)
    """Order of the fields, document to be shown, help: as JSON. None: as in a design of before."""
    logo: str | None = Field(default=None, max_length=64)
    icon: str | None = Field(default=None, max_length=64)
    thumbnail: str | None = Field(default=None, max_length=64)


class RotationRow(Row, table=True):
    """An authority wants codes that change."""

    __tablename__ = "authority_rotation"

    authority_id: str = Field(primary_key=True, max_length=32)
    seconds: int
    digits: int
    is_on: bool


class ToldRow(Row, table=True):
    __tablename__ = "ticket_told"

    ticket_id: UUID = Field(primary_key=True)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    replaced: bool
    switched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suspended: bool
    renewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    vdv: bytes | None = None
    qr: str | None = None
    end_step: int = 0
    switch_step: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    renew_step: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    last_day: date | None = None
    link_number: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    link_ended: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class CertificateRow(Row, table=True):
    """With what the passes are signed now: how it came into the folder, nobody could tell else."""

    __tablename__ = "certificate_in_use"

    name: str = Field(primary_key=True, max_length=10)
    """apple, google."""
    fingerprint: str = Field(max_length=64)
    """SHA-256 of Apple's certificate; the id that Google gave the key."""
    of: str = Field(max_length=200)
    """Pass type and team; the account's address."""
    since: datetime = Field(sa_type=UtcDateTime)


class RemakeRow(Row, table=True):
    """All passes of an authority are to be made anew; how far that has come."""

    __tablename__ = "remake"

    of: str = Field(primary_key=True, max_length=40)
    """As a design's id; `*`: all."""
    after: str = Field(max_length=22)
    """The token of the last pass that was made due."""
    asked_at: datetime = Field(sa_type=UtcDateTime)


CERTIFICATES: sa.Table = Row.metadata.tables["certificate_in_use"]
PASSES, DESIGNS, TOLD = (Row.metadata.tables[name] for name in ("pass", "pass_design", "ticket_told"))
DEVICES, REGISTRATIONS = (Row.metadata.tables[name] for name in ("device", "registration"))
WALLETS, CALLBACKS = (Row.metadata.tables[name] for name in ("google_wallets", "google_callback"))
ROTATIONS: sa.Table = Row.metadata.tables["authority_rotation"]
REMAKES: sa.Table = Row.metadata.tables["remake"]
ENDED_LINKS: sa.Table = Row.metadata.tables["ended_link"]
COUNTER: sa.Table = Row.metadata.tables["update_counter"]
PACKAGE, PICTURE = (contents_table(name, Row.metadata) for name in ("package", "design_picture"))
KEY = backlog.key_column(PASSES.c.serial_number)

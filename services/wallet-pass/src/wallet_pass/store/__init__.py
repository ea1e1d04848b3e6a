"""Own tables: passes, the authorities' designs, what was told of tickets beside their issue."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.bus import outbox
from shared.database import UtcDateTime
from shared.errors import Text
from shared.events import Event
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col, select

from wallet_pass.domain import (
    DEFAULT_DESIGN,
    AuthenticationToken,
    Colour,
    Design,
    Pass,
    PassToken,
    Ticket,
    Told,
    next_change,
)
from wallet_pass.workflow import Kept

Condition = sa.ColumnElement[bool]
TICKET_COLUMNS = tuple(field.name for field in fields(Ticket))
GOOGLE_DUE, GOOGLE_TOLD, GOOGLE_REFUSED = "due", "told", "refused"


class Row(SQLModel, registry=registry()):
    """This service's own metadata."""


class PassRow(Row, table=True):
    __tablename__ = "pass"
    __table_args__ = (
        sa.Index(
            "pass_package_due", "token", sqlite_where=sa.text("package_due"), postgresql_where=sa.text("package_due")
        ),
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
    application_id: UUID
    authority_id: str = Field(max_length=32, index=True)
    number: int = Field(sa_type=sa.BigInteger)
    organisation_id: int
    product: int
    first_name: str
    last_name: str
    birth_date: date
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_until: datetime = Field(sa_type=UtcDateTime)
    vdv: bytes
    qr: str
    changed_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suspended: bool = False
    package: bytes | None = None
    package_due: bool
    google: str = Field(default=GOOGLE_DUE, max_length=8)


class DesignRow(Row, table=True):
    __tablename__ = "authority_design"

    authority_id: str = Field(primary_key=True, max_length=32)
    issuer_de: str = Field(max_length=100)
    issuer_en: str = Field(max_length=100)
    background: str = Field(max_length=7)
    foreground: str = Field(max_length=7)
    label: str = Field(max_length=7)


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


PASSES, DESIGNS, TOLD = (Row.metadata.tables[name] for name in ("pass", "authority_design", "ticket_told"))


class PassStore:
    """The service's view of its tables inside one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def by_ticket(self, ticket_id: UUID) -> Kept | None:
        return self._one(col(PassRow.ticket_id) == ticket_id)

    def by_serial(self, serial_number: UUID) -> Kept | None:
        return self._one(col(PassRow.serial_number) == serial_number)

    def by_token(self, token: PassToken) -> Kept | None:
        return self._one(col(PassRow.token) == token)

    def token_of(self, ticket_id: UUID) -> PassToken | None:
        token: PassToken | None = self._value(sa.select(PASSES.c.token).where(PASSES.c.ticket_id == ticket_id))
        return token

    def add(self, wallet_pass: Pass, package: bytes | None) -> None:
        """Without SQLModel's session of objects: for one row that nobody reads again it costs five times as much."""
        row = {name: getattr(wallet_pass.ticket, name) for name in TICKET_COLUMNS}
        row |= {
            "token": wallet_pass.token,
            "authentication_token": wallet_pass.authentication_token,
            "changed_at": wallet_pass.changed_at,
            "revoked_at": wallet_pass.revoked_at,
            "serial_number": UUID(wallet_pass.serial_number),
            "suspended": wallet_pass.suspended,
            "package": package,
            "package_due": package is None,
            "google": GOOGLE_DUE,
        }
        self.session.connection().execute(PASSES.insert(), row)

    def change(self, wallet_pass: Pass) -> None:
        self._update(
            col(PassRow.token) == wallet_pass.token,
            **{name: getattr(wallet_pass.ticket, name) for name in TICKET_COLUMNS},
            revoked_at=wallet_pass.revoked_at,
            suspended=wallet_pass.suspended,
            changed_at=wallet_pass.changed_at,
            package=None,
            package_due=True,
            google=GOOGLE_DUE,
        )

    def keep_package(self, wallet_pass: Pass, package: bytes) -> None:
        self._update(*_unchanged(wallet_pass), package=package, package_due=False)

    def packages_due(self, limit: int) -> Sequence[Kept]:
        return self._several(col(PassRow.package_due).is_(True), limit)

    def google_due(self, limit: int) -> Sequence[Kept]:
        return self._several(col(PassRow.google) == GOOGLE_DUE, limit)

    def google_told(self, wallet_pass: Pass, *, accepted: bool) -> None:
        self._update(*_unchanged(wallet_pass), google=GOOGLE_TOLD if accepted else GOOGLE_REFUSED)

    def design(self, authority_id: str) -> Design:
        row = self.session.connection().execute(DESIGNS.select().where(DESIGNS.c.authority_id == authority_id)).first()
        if row is None:
            return DEFAULT_DESIGN
        return Design(
            Text(row.issuer_de, row.issuer_en),
            Colour.from_hex(row.background),
            Colour.from_hex(row.foreground),
            Colour.from_hex(row.label),
        )

    def set_design(self, authority_id: str, design: Design, now: datetime) -> int:
        """Keep the design and have all passes of the authority made anew. Returns how many."""
        self.session.merge(
            DesignRow(
                authority_id=authority_id,
                issuer_de=design.issuer.de,
                issuer_en=design.issuer.en,
                background=design.background.hex,
                foreground=design.foreground.hex,
                label=design.label.hex,
            )
        )
        rows = self.session.exec(select(PassRow).where(PassRow.authority_id == authority_id)).all()
        for row in rows:
            row.changed_at = next_change(row.changed_at, now)
            row.package, row.package_due, row.google = None, True, GOOGLE_DUE
        return len(rows)

    def told(self, ticket_id: UUID) -> Told:
        row = self.session.connection().execute(TOLD.select().where(TOLD.c.ticket_id == ticket_id)).one_or_none()
        return Told(ticket_id) if row is None else Told(**row._mapping)

    def keep_told(self, told: Told) -> None:
        self.session.merge(ToldRow(**vars(told)))
        self.session.flush()

    def page_of_all(self, after: PassToken | None, limit: int) -> Sequence[Pass]:
        query = select(PassRow).order_by(col(PassRow.token)).limit(limit)
        if after is not None:
            query = query.where(col(PassRow.token) > after)
        return [self._kept(row).wallet_pass for row in self.session.exec(query)]

    def emit(self, event: Event) -> None:
        outbox.emit(self.session, event)

    def _value(self, query: sa.Select[Any]) -> Any:
        return self.session.connection().execute(query).scalar_one_or_none()

    def _one(self, condition: Condition) -> Kept | None:
        row = self.session.exec(select(PassRow).where(condition)).one_or_none()
        return None if row is None else self._kept(row)

    def _several(self, condition: Condition, limit: int) -> list[Kept]:
        return [self._kept(row) for row in self.session.exec(select(PassRow).where(condition).limit(limit))]

    def _kept(self, row: PassRow) -> Kept:
        ticket = Ticket(**{name: getattr(row, name) for name in TICKET_COLUMNS})
        wallet_pass = Pass(
            PassToken(row.token),
            AuthenticationToken(row.authentication_token),
            ticket,
            row.changed_at,
            row.revoked_at,
            row.suspended,
            None if row.serial_number == row.ticket_id else row.serial_number,
        )
        return Kept(wallet_pass, self.design(row.authority_id), row.package, row.google == GOOGLE_TOLD)

    def _update(self, *conditions: Condition, **values: object) -> None:
        self.session.execute(
            sa.update(PassRow).where(*conditions).values(**values).execution_options(synchronize_session="fetch")
        )


def _unchanged(wallet_pass: Pass) -> tuple[Condition, Condition]:
    """The pass is still what was read: a slower writer must not overwrite a newer state."""
    return col(PassRow.token) == wallet_pass.token, col(PassRow.changed_at) == wallet_pass.changed_at

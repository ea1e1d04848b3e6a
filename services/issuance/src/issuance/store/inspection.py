"""The API's tables: what the signer published, what is known of tickets, requests, and that inspections took place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from shared.database import UtcDateTime
from shared.events import Event
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col, select

from issuance.workflow.inspect import KnownTicket, Lists, RevocationRequest
from shared import outbox


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


class TicketRow(Row, table=True):
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


class RequestRow(Row, table=True):
    """Who asked for a revocation, when, and why."""

    __tablename__ = "revocation_request"
    request_id: UUID = Field(primary_key=True)
    ticket_id: UUID = Field(index=True)
    reason: str
    requested_by: str = Field(max_length=255)
    requested_at: datetime = Field(sa_type=UtcDateTime)


class InspectionRow(Row, table=True):
    """That a ticket was looked at and what came of it; not whose it was, nor where: no child's movements."""

    __tablename__ = "inspection"
    id: int | None = Field(default=None, primary_key=True)
    inspected_at: datetime = Field(sa_type=UtcDateTime, index=True)
    format: str | None = Field(max_length=3)
    verdict: str = Field(max_length=20)
    organisation_id: int | None = None


class InspectionStore:
    """One session's view of the API's tables."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def emit(self, event: Event) -> None:
        outbox.emit(self.session, event)

    def keep_trust(self, version: int, trust_list: bytes, certificates: dict[str, bytes]) -> None:
        newest = self.session.exec(select(TrustRow.version).order_by(col(TrustRow.version).desc())).first()
        if newest is not None and newest > version:
            return
        for row in self.session.exec(select(TrustRow).where(TrustRow.version != version)).all():
            self.session.delete(row)
        self.session.merge(TrustRow(version=version, trust_list=trust_list))
        for name, data in certificates.items():
            self.session.merge(CertificateRow(name=name.lower(), certificate=data))

    def keep_status(self, shard: str, version: int, published_at: datetime, data: bytes) -> None:
        known = self.session.get(StatusRow, shard)
        if known is None or known.version < version:
            row = StatusRow(shard=shard, version=version, published_at=published_at, status_list=data)
            self.session.merge(row)

    def keep_issued(self, ticket: KnownTicket) -> None:
        """News of a revocation may have come first: it stands."""
        known = self.session.get(TicketRow, ticket.ticket_id)
        state, reason = ("revoked", known.reason) if known and known.state == "revoked" else ("issued", None)
        self.session.merge(_row(ticket, state, reason))

    def keep_revoked(self, ticket: KnownTicket) -> None:
        known = self.session.get(TicketRow, ticket.ticket_id)
        if known is None:
            self.session.add(_row(ticket, "revoked", ticket.reason))
        else:
            known.state, known.reason = "revoked", ticket.reason

    def tickets(self, *, number: int | None = None, application_id: UUID | None = None) -> list[KnownTicket]:
        query = select(TicketRow).limit(100)
        if number is not None:
            query = query.where(TicketRow.number == number)
        if application_id is not None:
            query = query.where(TicketRow.application_id == application_id)
        return [_known(row) for row in self.session.exec(query)]

    def keep_request(self, request: RevocationRequest) -> None:
        self.session.add(
            RequestRow(
                request_id=request.request_id,
                ticket_id=request.ticket.ticket_id,
                reason=request.reason,
                requested_by=request.requested_by,
                requested_at=request.requested_at,
            )
        )

    def note_inspection(self, now: datetime, form: str | None, verdict: str, organisation_id: int | None) -> None:
        row = InspectionRow(inspected_at=now, format=form, verdict=verdict, organisation_id=organisation_id)
        self.session.add(row)

    def lists_version(self) -> tuple[int, int, int]:
        """Changes whenever a list does: trust list's version, count and sum of status versions."""
        count, total = self.session.exec(select(sa.func.count(), sa.func.sum(StatusRow.version))).one()
        version = self.session.exec(select(sa.func.max(TrustRow.version))).one()
        return version or 0, int(count), int(total or 0)

    def lists(self) -> Lists:
        trusted = self.session.exec(select(TrustRow).order_by(col(TrustRow.version).desc())).first()
        certificates: Sequence[CertificateRow] = self.session.exec(
            select(CertificateRow).order_by(CertificateRow.name)
        ).all()
        statuses = self.session.exec(select(StatusRow).order_by(StatusRow.shard)).all()
        return Lists(
            trusted.trust_list if trusted else None,
            {row.name: row.certificate for row in certificates},
            {row.shard: row.status_list for row in statuses},
        )


def _row(ticket: KnownTicket, state: str, reason: str | None) -> TicketRow:
    return TicketRow(
        ticket_id=ticket.ticket_id,
        application_id=ticket.application_id,
        authority_id=ticket.authority_id,
        organisation_id=ticket.organisation_id,
        number=ticket.number,
        state=state,
        product=ticket.product,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        reason=reason,
    )


def _known(row: TicketRow) -> KnownTicket:
    place = row.ticket_id, row.application_id, row.authority_id, row.organisation_id, row.number, row.state
    return KnownTicket(*place, row.product, row.valid_from, row.valid_until, row.reason)

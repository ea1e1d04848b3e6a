"""What the API reads and writes: lists, known tickets, requests, counts of inspections."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.bus import outbox
from shared.events import Event
from sqlmodel import Session, col, select

from issuance.store.inspection.lists import FollowTables
from issuance.store.inspection.scan_log import ShownTables
from issuance.store.inspection.tables import (
    CertificateRow,
    InspectionRow,
    IssuedListRow,
    RequestRow,
    Row,
    StatusRow,
    TicketRow,
    TrustRow,
)
from issuance.workflow.inspection.inspect import KnownTicket, Lists, RevocationRequest

__all__ = ["InspectionStore", "Row"]


class InspectionStore(FollowTables, ShownTables):
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
                change=request.change,
            )
        )

    def note_inspection(self, now: datetime, form: str | None, verdict: str, organisation_id: int | None) -> None:
        row = InspectionRow(inspected_at=now, format=form, verdict=verdict, organisation_id=organisation_id)
        self.session.add(row)

    def lists_version(self) -> tuple[int, int, int]:
        """Changes whenever a list does: trust list's version, count and sum of the other lists' versions."""
        count, total = self.session.exec(select(sa.func.count(), sa.func.sum(StatusRow.version))).one()
        version = self.session.exec(select(sa.func.max(TrustRow.version))).one()
        parts, of_parts = self.session.exec(select(sa.func.count(), sa.func.sum(IssuedListRow.version))).one()
        return version or 0, int(count) + int(parts), int(total or 0) + int(of_parts or 0)

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
            self.issued_parts(),
            {row.shard: row.version for row in statuses},
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

"""Tickets: revoked, let go, and told again as they are."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select, update

from issuance.domain.ticket import Order, SignedTicket
from issuance.domain.ticket import TicketState as State
from issuance.store.signer import convert
from issuance.store.signer.life import LifeTables
from issuance.store.signer.tables import TicketRow
from issuance.workflow.signer.revoke import Revoked

_LIVING = (State.APPROVED, State.HELD, State.ISSUED, State.SUSPENDED)
_SEEN = (State.ISSUED, State.SUSPENDED)
"""Somebody holds it."""


class TicketTables(LifeTables):
    """Tickets with their life, in one session."""

    def release_held(self) -> int:
        return self._execute(update(TicketRow).where(col(TicketRow.state) == State.HELD).values(state=State.APPROVED))

    def revoke(
        self,
        now: datetime,
        reason: str,
        *,
        application_id: UUID | None = None,
        decision_id: UUID | None = None,
        number: tuple[int, int] | None = None,
        asked_by: str = "signer",
        request_id: UUID | None = None,
    ) -> list[Revoked]:
        query = select(TicketRow).where(col(TicketRow.state).in_(_LIVING)).with_for_update()
        if application_id is not None:
            query = query.where(TicketRow.application_id == application_id)
        elif decision_id is not None:
            query = query.where(TicketRow.decision_id == decision_id)
        elif number is not None:
            query = query.where(TicketRow.organisation_id == number[0], TicketRow.number == number[1])
        else:
            raise ValueError("name what is to be revoked")
        revoked = []
        for row in self.session.exec(query).all():
            is_seen = row.state in _SEEN
            if is_seen:
                revoked.append(convert.revoked(row))
            row.state = State.REVOKED if is_seen else State.DROPPED
            row.reason, row.ended_at = reason, now
            self.mark_changed(row)
            self.note(row.ticket_id, row.state, reason, now, asked_by=asked_by, request_id=request_id)
        self.session.flush()
        return revoked

    # the present state, told again

    def living(self) -> Iterator[tuple[Order, SignedTicket, str | None]]:
        query = select(TicketRow).where(col(TicketRow.state).in_(_SEEN)).order_by(col(TicketRow.sequence))
        for row in self.session.exec(query.execution_options(yield_per=500)):
            if row.vdv is not None and row.qr is not None:
                suspended = (row.reason or "") if row.state == State.SUSPENDED else None
                yield convert.order(row), SignedTicket(row.vdv, row.qr), suspended

    def dead(self) -> Iterator[tuple[Revoked, str]]:
        query = select(TicketRow).where(TicketRow.state == State.REVOKED).order_by(col(TicketRow.sequence))
        for row in self.session.exec(query.execution_options(yield_per=500)):
            yield convert.revoked(row), row.reason or ""

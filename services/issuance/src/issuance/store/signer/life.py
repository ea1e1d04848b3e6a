"""The life of a ticket in the tables, and the audit record of each step."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.runtime.backlog import key_column, may_be_tried
from sqlmodel import col, select, update

from issuance.domain.acts import TicketAct
from issuance.domain.terms import Terms
from issuance.domain.ticket import SEEN, TICKET_STATES, Order, SignedTicket, StoredTicket
from issuance.domain.ticket import TicketState as State
from issuance.lists.status_list import PLACES
from issuance.store.signer import convert
from issuance.store.signer.base import Tables
from issuance.store.signer.list_tables import IssuedListRow, ShardRow
from issuance.store.signer.on_record import STEPS, TICKETS
from issuance.store.signer.tables import (
    IS_SEEN,
    AuditRow,
    AuthorityRow,
    FormerCodeRow,
    GrantRow,
    HolderRow,
    TicketRow,
)
from issuance.workflow.signer.life import HOURLY


class LifeTables(Tables):
    """The life of tickets and their authorities' terms, in one session."""

    def find(self, organisation_id: int, number: int) -> StoredTicket | None:
        """By number and organisation, locked; None where it is not known."""
        return self._one(TicketRow.organisation_id == organisation_id, TicketRow.number == number)

    def state_of(self, ticket_id: UUID) -> StoredTicket | None:
        """By its id, locked; None where it is not known."""
        return self._one(TicketRow.ticket_id == ticket_id)

    def successor_of(self, ticket_id: UUID) -> StoredTicket | None:
        """The ticket that took its place, locked; None where none did."""
        return self._one(TicketRow.replaces == ticket_id)

    def _one(self, *which: sa.ColumnElement[bool] | bool) -> StoredTicket | None:
        self._tickets_in_turn()
        row = self.session.exec(select(TicketRow).where(*which).with_for_update()).first()
        return convert.stored_ticket(row) if row is not None else None

    def terms_of(self, authority_id: str) -> Terms | None:
        """What the authority's tickets are; None where nobody has told."""
        row = self.session.get(AuthorityRow, authority_id)
        return convert.terms(row) if row is not None else None

    def next_generation(self, application_id: UUID, case_id: UUID) -> int:
        """One more than the highest of the application's tickets of this case, those of no case included."""
        of_case = sa.or_(col(TicketRow.case_id) == case_id, col(TicketRow.case_id).is_(None))
        query = select(sa.func.max(TicketRow.generation)).where(TicketRow.application_id == application_id, of_case)
        return int(self.session.exec(query).one() or 0) + 1

    def change_state(self, ticket_id: UUID, state: State, reason: str | None, ended_at: datetime | None) -> None:
        """What the status list says of the ticket changes too: its shard is due."""
        row = self.session.get_one(TicketRow, ticket_id)
        row.state = TICKET_STATES.move(State(row.state), state)
        row.reason, row.ended_at = reason, ended_at
        self.session.flush()
        self.on_record(TICKETS, ticket_id)
        self.mark_changed(row)

    def next_step(self, ticket_id: UUID) -> int:
        """Counts a step of the ticket, and returns its number."""
        row = self.session.get_one(TicketRow, ticket_id)
        row.step += 1
        self.session.flush()
        return row.step

    def mark_changed(self, row: TicketRow) -> None:
        """The ticket's shard has to be published again."""
        shard = col(ShardRow.organisation_id) == row.organisation_id, col(ShardRow.number) == row.number // PLACES
        self.session.exec(update(ShardRow).where(*shard).values(revision=ShardRow.revision + 1))

    def note(
        self,
        ticket_id: UUID,
        act: str,
        reason: str,
        at: datetime,
        *,
        asked_by: str = "signer",
        request_id: UUID | None = None,
    ) -> None:
        """Keeps the act for the auditor: as a row, and as an act in the chain of the ticket's authority."""
        row = AuditRow(ticket_id=ticket_id, step=act, reason=reason, at=at, asked_by=asked_by, request_id=request_id)
        self.session.add(row)
        ticket = self.session.get_one(TicketRow, ticket_id)
        detail = {"ticket": str(ticket_id), "reason": reason, **({"request": str(request_id)} if request_id else {})}
        chain, about = ticket.authority_id, str(ticket.application_id)
        trail.note(self.session, chain=chain, by=asked_by, act=act, about=about, at=at, detail=detail)
        self.on_record(STEPS, ticket_id)

    def is_noted(self, request_id: UUID) -> bool:
        """Whether this request was carried out, or refused, before."""
        return self.session.exec(select(AuditRow.id).where(AuditRow.request_id == request_id)).first() is not None

    def expire(self, before: datetime, now: datetime, limit: int) -> list[Order]:
        """Ends tickets that somebody holds and that ran out before `before`: at most `limit`, the oldest first.
        Each is on record, with its step."""
        self._tickets_in_turn()  # or one that is revoked meanwhile would be written over
        query = select(TicketRow).where(IS_SEEN, TicketRow.valid_until < before)
        query = query.order_by(col(TicketRow.valid_until)).limit(limit)
        rows = self.session.exec(query).all()
        for row in rows:
            row.state, row.ended_at = TICKET_STATES.move(State(row.state), State.EXPIRED), now
            self.on_record(TICKETS, row.ticket_id)
            self.note(row.ticket_id, TicketAct.EXPIRED, "validity_over", now)
        return [convert.order(row) for row in rows]

    def signed_by(
        self, key_ids: Sequence[bytes], modules: Sequence[bytes], now: datetime, after: int, limit: int
    ) -> list[Order]:
        """Living tickets with a code that one of these keys or modules has signed, by sequence after `after`.

        Where a module was stolen, so are counted codes of which it was not written down who has signed them.
        """
        key, module = col(TicketRow.qr_key), col(TicketRow.vdv_module)
        signers = [key == each for each in key_ids] + [module == each for each in modules]
        signers += [module.is_(None)] if modules else []
        found: dict[int, TicketRow] = {}
        for signer in signers:  # each by itself, in the order of an index
            query = select(TicketRow).where(
                IS_SEEN,
                signer,
                TicketRow.valid_until >= now,
                TicketRow.sequence > after,
                may_be_tried(HOURLY, key_column(col(TicketRow.ticket_id))),
            )
            rows = self.session.exec(query.order_by(col(TicketRow.sequence)).limit(limit), params={"now": now})
            found |= {row.sequence: row for row in rows}
        return [convert.order(found[sequence]) for sequence in sorted(found)[:limit]]

    def renew_codes(self, ticket_id: UUID, signed: SignedTicket) -> StoredTicket | None:
        """None where the ticket has died meanwhile. What another module had signed is kept among the former codes."""
        self._tickets_in_turn()
        row = self.session.get(TicketRow, ticket_id, with_for_update=True)
        if row is None or row.state not in SEEN:
            return None
        if row.vdv is not None and row.vdv_module != signed.module:
            self.session.add(FormerCodeRow(ticket_id=ticket_id, vdv=row.vdv))
        for name, value in convert.codes(signed).items():
            setattr(row, name, value)
        self.session.flush()
        # the filter of its shard is read anew: it loses the QR code of before
        of_shard = (
            col(IssuedListRow.organisation_id) == row.organisation_id,
            (col(IssuedListRow.number) == row.number // PLACES),
        )
        self.session.exec(update(IssuedListRow).where(*of_shard).values(keys=None))
        self.on_record(TICKETS, ticket_id)
        return convert.stored_ticket(row)

    def set_terms(self, authority_id: str, terms: Terms) -> None:
        """In place of those before; grants with a holder that waited for them may be tried."""
        self._tickets_in_turn()
        self._in_turn(f"authority {authority_id}")  # a grant that comes meanwhile sees them, or is seen
        self.session.merge(AuthorityRow(authority_id=authority_id, **convert.terms_values(terms)))
        named = sa.exists().where(col(HolderRow.application_id) == col(GrantRow.application_id))
        waiting = update(GrantRow).where(col(GrantRow.authority_id) == authority_id, named)
        self.session.exec(waiting.values(lacks=None))

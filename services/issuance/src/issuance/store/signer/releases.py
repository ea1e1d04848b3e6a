"""What is signed and released: set statements for a whole batch, built once, as for what waits (`waiting`)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.audit import trail
from shared.runtime.backlog import key_column, may_be_tried

from issuance.domain.acts import TicketAct
from issuance.domain.ticket import TICKET_STATES, Order
from issuance.domain.ticket import TicketState as State
from issuance.lists.status_list import PLACES
from issuance.store.signer import convert
from issuance.store.signer.base import Tables
from issuance.store.signer.list_tables import ShardRow, UnlistedCodeRow
from issuance.store.signer.on_record import STEPS, TICKETS
from issuance.store.signer.tables import Row
from issuance.workflow.signer.issue import SIGNING
from issuance.workflow.signer.releases import TicketRelease

TICKET, AUDIT, HOLDER, GRANT = (
    Row.metadata.tables[name] for name in ("ticket", "audit", "waiting_holder", "waiting_grant")
)
SHARD, UNLISTED = (Row.metadata.tables[each.__tablename__] for each in (ShardRow, UnlistedCodeRow))
TICKET_MAY = may_be_tried(SIGNING, key_column(TICKET.c.ticket_id))
_OTHERS = TICKET.c.authority_id.not_in(sa.bindparam("without", expanding=True))
APPROVED = (
    sa.select(TICKET)
    .where(TICKET.c.state == State.APPROVED, TICKET_MAY, _OTHERS)
    .order_by(TICKET.c.sequence)
    .limit(sa.bindparam("most"))
)  # fmt: skip
STILL_APPROVED = (
    sa.select(TICKET)
    .where(TICKET.c.ticket_id.in_(sa.bindparam("ids", expanding=True)), TICKET.c.state == State.APPROVED)
    .order_by(TICKET.c.ticket_id)
    .with_for_update()
)
ASKED_FOR = sa.exists().where(
    GRANT.c.application_id == HOLDER.c.application_id, GRANT.c.holder_change == HOLDER.c.change_number
)
"""A name that another grant of the application still waits with."""
FORGET_HOLDERS = HOLDER.delete().where(
    HOLDER.c.application_id == sa.bindparam("application"),
    HOLDER.c.change_number <= sa.bindparam("named"),
    ~ASKED_FOR,
)
_ONE = TICKET.c.ticket_id == sa.bindparam("ticket")
STORE_CODES = (
    TICKET.update()
    .where(_ONE, TICKET.c.state == TICKET_STATES.begin(State.APPROVED))
    .values(
        state=sa.bindparam("now_state"),
        reason=sa.bindparam("why"),
        step=1,
        replaces=sa.bindparam("in_place_of"),
        vdv=sa.bindparam("vdv"),
        qr=sa.bindparam("qr"),
        qr_key=sa.bindparam("qr_key"),
        vdv_module=sa.bindparam("vdv_module"),
        issued_at=sa.bindparam("at"),
    )
)
SHARD_DUE = (
    SHARD.update()
    .where(SHARD.c.organisation_id == sa.bindparam("organisation"), SHARD.c.number == sa.bindparam("shard"))
    .values(revision=SHARD.c.revision + 1)
)
HOLD = (
    TICKET.update()
    .where(_ONE, TICKET.c.state.in_(TICKET_STATES.before(State.HELD)))
    .values(state=State.HELD, reason=sa.bindparam("why"))
)
NOTE = AUDIT.insert().inline()
NOT_LISTED = UNLISTED.insert().inline()


def _unlisted(order: Order) -> dict[str, Any]:
    ticket = order.ticket
    place = {"organisation_id": ticket.terms.organisation_id, "shard": ticket.number // PLACES}
    return {"ticket_id": ticket.ticket_id, **place}


def _step(ticket_id: UUID, act: TicketAct, reason: str, at: datetime) -> dict[str, Any]:
    return {"ticket_id": ticket_id, "step": act, "reason": reason, "at": at, "asked_by": "signer"}


class ReleaseTables(Tables):
    """Tickets on their way from approved to issued. One transaction."""

    def approved(self, limit: int, now: datetime, without: Collection[str] = ()) -> list[Order]:
        """The oldest that are to be signed, without those of the authorities in `without`, and without failed ones."""
        return [convert.order(row) for row in self._all(APPROVED, most=limit, now=now, without=list(without))]

    def still_approved(self, ticket_ids: Collection[UUID]) -> dict[UUID, Order]:
        """Those of them that nobody has ended meanwhile; no other transaction changes tickets until this one ends."""
        self._tickets_in_turn()
        return {row.ticket_id: convert.order(row) for row in self._all(STILL_APPROVED, ids=list(ticket_ids))}

    def hold(self, ticket_id: UUID, reason: str, now: datetime) -> None:
        """Not released: it waits. The reason stands at the ticket and at its step, which is on record."""
        self._run(HOLD, [{"ticket": ticket_id, "why": reason}])
        self._run(NOTE, [_step(ticket_id, TicketAct.HELD, reason, now)])
        self.on_record(STEPS, ticket_id)

    def release(self, signed: Sequence[TicketRelease], now: datetime) -> None:
        """Stores the codes, the state and the first steps of each ticket, and puts the steps on record."""
        codes = [
            {
                **convert.codes(each.codes),
                "ticket": each.order.ticket.ticket_id,
                "at": now,
                "now_state": TICKET_STATES.move(State.APPROVED, each.state),
                "why": each.suspended,
                "in_place_of": each.order.replaces,
            }
            for each in signed
        ]
        self._run(STORE_CODES, codes)
        steps = [(each.order.ticket.ticket_id, each) for each in signed]
        self._run(NOTE, [_step(ticket_id, TicketAct.ISSUED, "granted", now) for ticket_id, _ in steps])
        born = [(ticket_id, each.suspended) for ticket_id, each in steps if each.suspended is not None]
        self._run(NOTE, [_step(ticket_id, TicketAct.SUSPENDED, why, now) for ticket_id, why in born])
        for each in signed:
            self._release(each, now)
        self._run(NOT_LISTED, [_unlisted(each.order) for each in signed])
        places = {(each.order.ticket.terms.organisation_id, each.order.ticket.number // PLACES) for each in signed
                  if each.suspended is not None}  # fmt: skip
        self._run(SHARD_DUE, [{"organisation": one, "shard": other} for one, other in sorted(places)])
        # the names have found their tickets and wait no longer
        orders = [each.order for each in signed]
        named = [{"application": order.application_id, "named": order.holder_change} for order in orders]
        self._run(FORGET_HOLDERS, named)

    def _release(self, out: TicketRelease, now: datetime) -> None:
        order, ticket_id = out.order, out.order.ticket.ticket_id
        chain, about, detail = order.authority_id, str(order.application_id), {"ticket": str(ticket_id)}
        trail.note(self.session, chain=chain, by="signer", act=TicketAct.ISSUED, about=about, at=now, detail=detail)
        self.on_record(TICKETS, ticket_id)
        self.on_record(STEPS, ticket_id)

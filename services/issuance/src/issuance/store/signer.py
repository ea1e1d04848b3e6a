"""What the signer reads and writes, step by step."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.events import Event
from sqlmodel import Session, col, delete, select, update

from issuance.domain import SHARD_FILL, SHARDS_A_YEAR, Grant, Holder, Order, Ready, SignedTicket, Terms
from issuance.domain import TicketState as State
from issuance.lists.status_list import PLACES, Shard
from issuance.store import convert
from issuance.store.signer_rows import (
    AnnouncementRow,
    AuthorityRow,
    CounterRow,
    EndedRow,
    GrantRow,
    HolderRow,
    ShardRow,
    TicketRow,
)
from issuance.workflow.publish import Due
from issuance.workflow.revoke import Revoked
from shared import outbox

_LIVING = (State.APPROVED, State.HELD, State.ISSUED)


class SignerStore:
    """One session's view of the signer's tables."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def emit(self, event: Event) -> None:
        outbox.emit(self.session, event)

    # what waits

    def keep_holder(self, application_id: UUID, authority_id: str, holder: Holder, now: datetime) -> None:
        """The newest given counts. Not kept where the application is over."""
        if self.session.get(EndedRow, application_id) is not None:
            return
        names = holder.first_name, holder.last_name, holder.birth_date, holder.gender
        self.session.merge(convert.holder_row(application_id, authority_id, names, now))
        self.session.flush()

    def keep_grant(self, grant: Grant, now: datetime) -> None:
        """Not kept where application or decision is over, or the ticket is there."""
        over = [self.session.get(EndedRow, one) for one in (grant.application_id, grant.decision_id)]
        has_ticket = self.session.exec(
            select(TicketRow.ticket_id).where(TicketRow.decision_id == grant.decision_id)
        ).first()
        if any(over) or has_ticket:
            return
        self.session.merge(
            GrantRow(
                decision_id=grant.decision_id,
                application_id=grant.application_id,
                authority_id=grant.authority_id,
                valid_from=grant.valid_from,
                valid_until=grant.valid_until,
                received_at=now,
            )
        )
        self._name_again(grant.application_id, now)
        self.session.flush()

    def _name_again(self, application_id: UUID, now: datetime) -> None:
        """A grant after another one of the same application (decided anew): the holder is on the earlier ticket."""
        if self.session.get(HolderRow, application_id) is not None:
            return
        earlier = select(TicketRow).where(TicketRow.application_id == application_id)
        row = self.session.exec(earlier.order_by(col(TicketRow.sequence).desc())).first()
        if row is not None:
            names = row.first_name, row.last_name, row.birth_date, row.gender
            self.session.add(convert.holder_row(application_id, row.authority_id, names, now))

    def ready(self, application_id: UUID | None, limit: int) -> list[Ready]:
        query = (
            select(GrantRow, HolderRow, AuthorityRow)
            .join(HolderRow, col(HolderRow.application_id) == col(GrantRow.application_id))
            .join(AuthorityRow, col(AuthorityRow.authority_id) == col(GrantRow.authority_id))
            .order_by(col(GrantRow.received_at))
            .limit(limit)
        )
        if application_id is not None:
            query = query.where(GrantRow.application_id == application_id)
        found = self.session.exec(query)
        return [Ready(convert.grant(one), convert.holder(who), convert.terms(terms)) for one, who, terms in found]

    def forget_waiting(self, application_id: UUID) -> None:
        self._execute(delete(HolderRow).where(col(HolderRow.application_id) == application_id))
        self._execute(delete(GrantRow).where(col(GrantRow.application_id) == application_id))

    def drop_grant(self, decision_id: UUID) -> None:
        self._execute(delete(GrantRow).where(col(GrantRow.decision_id) == decision_id))

    def end(self, ended_id: UUID, now: datetime) -> None:
        self.session.merge(EndedRow(ended_id=ended_id, ended_at=now))

    def forget_old(self, before: datetime) -> None:
        self._execute(delete(HolderRow).where(col(HolderRow.received_at) < before))
        self._execute(delete(GrantRow).where(col(GrantRow.received_at) < before))
        self._execute(delete(EndedRow).where(col(EndedRow.ended_at) < before))

    # tickets

    def take_number(self, organisation_id: int, first_shard: int, draw: Callable[[int], int]) -> int:
        shard = self._open_shard(organisation_id, first_shard)
        while True:
            number = shard.number * PLACES + draw(PLACES)
            taken = select(TicketRow.ticket_id).where(
                TicketRow.organisation_id == organisation_id, TicketRow.number == number
            )
            if self.session.exec(taken).first() is None:
                shard.taken += 1
                return number

    def _open_shard(self, organisation_id: int, first: int) -> ShardRow:
        for number in range(first, first + SHARDS_A_YEAR):
            shard = self.session.get(ShardRow, (organisation_id, number), with_for_update=True)
            if shard is None:
                shard = ShardRow(organisation_id=organisation_id, number=number)
                self.session.add(shard)
            if shard.taken < SHARD_FILL:
                return shard
        raise RuntimeError("all shards of this school year are full")

    def take_sequence(self) -> int:
        counter = self.session.get(CounterRow, "sequence", with_for_update=True)
        if counter is None:
            counter = CounterRow(name="sequence", value=0)
            self.session.add(counter)
        counter.value += 1
        return counter.value

    def write_down(self, order: Order) -> None:
        self.session.add(convert.ticket_row(order))
        self.session.flush()
        self.drop_grant(order.decision_id)

    def approved(self, limit: int) -> list[Order]:
        query = select(TicketRow).where(TicketRow.state == State.APPROVED).order_by(col(TicketRow.sequence))
        return [convert.order(row) for row in self.session.exec(query.limit(limit))]

    def release_held(self) -> int:
        return self._execute(update(TicketRow).where(col(TicketRow.state) == State.HELD).values(state=State.APPROVED))

    def hold(self, ticket_id: UUID, reason: str) -> None:
        self._leave_approved(ticket_id, state=State.HELD, reason=reason)

    def let_out(self, order: Order, signed: SignedTicket, now: datetime) -> bool:
        codes = {"vdv": signed.vdv, "qr": signed.qr, "issued_at": now}
        if not self._leave_approved(order.ticket.ticket_id, state=State.ISSUED, reason=None, **codes):
            return False
        # the name has found its ticket and waits no longer
        self._execute(delete(HolderRow).where(col(HolderRow.application_id) == order.application_id))
        return True

    def _leave_approved(self, ticket_id: UUID, **values: Any) -> bool:
        waiting = col(TicketRow.ticket_id) == ticket_id, col(TicketRow.state) == State.APPROVED
        return self._execute(update(TicketRow).where(*waiting).values(**values)) == 1

    def revoke(
        self,
        now: datetime,
        reason: str,
        *,
        application_id: UUID | None = None,
        decision_id: UUID | None = None,
        number: tuple[int, int] | None = None,
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
            if row.state == State.ISSUED:
                revoked.append(convert.revoked(row))
            row.state = State.REVOKED if row.state == State.ISSUED else State.DROPPED
            row.reason, row.ended_at = reason, now
            self._mark_changed(row)
        self.session.flush()
        return revoked

    def _mark_changed(self, row: TicketRow) -> None:
        shard = col(ShardRow.organisation_id) == row.organisation_id, col(ShardRow.number) == row.number // PLACES
        self._execute(update(ShardRow).where(*shard).values(revision=ShardRow.revision + 1))

    # the present state, told again

    def living(self) -> Iterator[tuple[Order, SignedTicket]]:
        query = select(TicketRow).where(TicketRow.state == State.ISSUED).order_by(col(TicketRow.sequence))
        for row in self.session.exec(query.execution_options(yield_per=500)):
            if row.vdv is not None and row.qr is not None:
                yield convert.order(row), SignedTicket(row.vdv, row.qr)

    def dead(self) -> Iterator[tuple[Revoked, str]]:
        query = select(TicketRow).where(TicketRow.state == State.REVOKED).order_by(col(TicketRow.sequence))
        for row in self.session.exec(query.execution_options(yield_per=500)):
            yield convert.revoked(row), row.reason or ""

    def mark_lists_due(self) -> None:
        self._execute(update(ShardRow).values(revision=ShardRow.revision + 1))
        self._execute(delete(AnnouncementRow))

    # lists

    def due_shards(self, before: datetime, limit: int) -> list[Due]:
        changed = col(ShardRow.revision) != col(ShardRow.published_revision)
        query = select(ShardRow).where(sa.or_(changed, col(ShardRow.published_at) < before)).limit(limit)
        rows = self.session.exec(query)
        return [Due(Shard(row.organisation_id, row.number), row.version, row.revision) for row in rows]

    def dead_places(self, shard: Shard) -> Sequence[int]:
        first = shard.number * PLACES
        query = select(TicketRow.number).where(
            TicketRow.organisation_id == shard.organisation_id,
            TicketRow.number >= first,
            TicketRow.number < first + PLACES,
            col(TicketRow.state).in_((State.REVOKED, State.DROPPED)),
        )
        return [number - first for number in self.session.exec(query)]

    def stamp_published(self, due: Due, version: int, now: datetime) -> None:
        shard = col(ShardRow.organisation_id) == due.shard.organisation_id, col(ShardRow.number) == due.shard.number
        values: dict[str, Any] = {"published_revision": due.revision, "version": version, "published_at": now}
        self._execute(update(ShardRow).where(*shard).values(**values))

    def announced(self, version: int, since: datetime) -> bool:
        row = self.session.get(AnnouncementRow, version)
        return row is not None and row.announced_at > since

    def stamp_announced(self, version: int, now: datetime) -> None:
        self.session.merge(AnnouncementRow(version=version, announced_at=now))

    # settings

    def set_terms(self, authority_id: str, terms: Terms) -> None:
        self.session.merge(
            AuthorityRow(
                authority_id=authority_id,
                organisation_id=terms.organisation_id,
                product=terms.product,
                product_owner_id=terms.product_owner_id,
                passenger_type=terms.passenger_type,
                area_organisation_id=terms.area.organisation_id,
                area_number=terms.area.number,
            )
        )

    def _execute(self, statement: Any) -> int:
        return int(self.session.exec(statement).rowcount)

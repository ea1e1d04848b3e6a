"""What the signer reads and writes, step by step."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.bus import outbox
from shared.events import Event
from shared.runtime.backlog import may_be_tried
from sqlmodel import col, delete, select, update

from issuance.domain.terms import Terms
from issuance.domain.ticket import Order, SignedTicket
from issuance.domain.ticket import TicketState as State
from issuance.lists.status_list import Shard
from issuance.store.signer import convert
from issuance.store.signer.life import LifeTables
from issuance.store.signer.lists import ListTables
from issuance.store.signer.tables import (
    AnnouncementRow,
    AuthorityRow,
    EndedRow,
    GrantRow,
    HolderRow,
    ShardRow,
    TicketRow,
)
from issuance.store.signer.waiting import WaitingTables
from issuance.workflow.signer.publish import PUBLISHING, Due
from issuance.workflow.signer.revoke import Revoked

_LIVING = (State.APPROVED, State.HELD, State.ISSUED, State.SUSPENDED)
_SEEN = (State.ISSUED, State.SUSPENDED)
"""Somebody holds it."""


class SignerStore(WaitingTables, LifeTables, ListTables):
    """One session's view of the signer's tables."""

    def emit(self, *events: Event) -> None:
        outbox.emit(self.session, *events)

    # what waits (what is kept, written down and let out: WaitingTables)

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

    def mark_lists_due(self) -> None:
        self._execute(update(ShardRow).values(revision=ShardRow.revision + 1))
        self._execute(delete(AnnouncementRow))

    # lists

    def due_shards(self, before: datetime, limit: int, now: datetime) -> list[Due]:
        changed = col(ShardRow.revision) != col(ShardRow.published_revision)
        name = sa.cast(ShardRow.organisation_id, sa.String) + "-" + sa.cast(ShardRow.number, sa.String)
        query = select(ShardRow).where(
            sa.or_(changed, col(ShardRow.published_at) < before), may_be_tried(PUBLISHING, name, now)
        )
        rows = self.session.exec(query.limit(limit))
        return [Due(Shard(row.organisation_id, row.number), row.version, row.revision) for row in rows]

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
        self.session.merge(AuthorityRow(authority_id=authority_id, **convert.terms_values(terms)))

    def _execute(self, statement: Any) -> int:
        return int(self.session.exec(statement).rowcount)

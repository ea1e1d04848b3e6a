"""A signer's tables, put above what others know of them after an older copy was put in their place."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.bus import epochs
from shared.questions import ToldDecision
from sqlmodel import col, update

from issuance.domain.acts import ENDS, TicketAct
from issuance.domain.elsewhere import LostTicket, ReportedTicket
from issuance.domain.ticket import DEAD, TICKET_STATES, Order, StoredTicket, Ticket
from issuance.domain.ticket import TicketState as State
from issuance.lists.status_list import PLACES, parse_shard
from issuance.store.signer import convert
from issuance.store.signer.list_tables import IssuedListRow, ShardRow, UnlistedCodeRow
from issuance.store.signer.lists import ListTables
from issuance.store.signer.on_record import TICKETS
from issuance.store.signer.tables import CounterRow, FormerCodeRow, Row, TicketRow
from issuance.store.signer.tickets import TicketTables
from issuance.store.signer.waiting import WaitingTables
from issuance.workflow.signer.recover import OwnTicket
from issuance.workflow.signer.trail import revoked_event, tell

SEQUENCE, UNACCOUNTED = "sequence", "unaccounted"
"""Counters: of the security module, and how many of its counts belong to no ticket that is written down here."""
RECOVERED = "recovered"
"""Why a step is noted: it was learnt from others."""

DIGEST, TICKET, ENDED = (Row.metadata.tables[name] for name in ("decision_digest", "ticket", "ended"))
_AFTER, _MOST = sa.bindparam("after", type_=sa.Uuid), sa.bindparam("most", type_=sa.Integer)
LAST = UUID(int=2**128 - 1)
HEARD = (
    sa.select(DIGEST, ENDED.c.ended_at, ENDED.c.last_day)
    .outerjoin(ENDED, ENDED.c.ended_id == DIGEST.c.decision_id)
    .where(DIGEST.c.case_id.is_not(None), DIGEST.c.decision_id > _AFTER)
    .order_by(DIGEST.c.decision_id)
    .limit(_MOST)
)
OF_TICKETS = (
    sa.select(TICKET.c.decision_id, TICKET.c.application_id, TICKET.c.case_id, ENDED.c.ended_at, ENDED.c.last_day)
    .add_columns(sa.func.coalesce(DIGEST.c.digest, "").label("digest"), sa.literal("granted").label("outcome"))
    .outerjoin(ENDED, ENDED.c.ended_id == TICKET.c.decision_id)
    .outerjoin(DIGEST, DIGEST.c.decision_id == TICKET.c.decision_id)
    .where(TICKET.c.decision_id > _AFTER, TICKET.c.decision_id <= sa.bindparam("until", type_=sa.Uuid))
    .where(TICKET.c.case_id.is_not(None), DIGEST.c.case_id.is_(None))
    .where(sa.func.coalesce(TICKET.c.qr, "-") != "")  # not of a family that was erased
    .distinct()
    .order_by(TICKET.c.decision_id)
    .limit(_MOST)
)


class RecoveredTables(WaitingTables, TicketTables, ListTables):
    """What is learnt from others, in one session."""

    @property
    def is_behind(self) -> bool:
        """Whether this database was put back and has not caught up."""
        return epochs.is_behind(self.session)

    def page_of_decisions(self, after: UUID | None, limit: int) -> list[ToldDecision]:
        """By id, those that were heard and those that only a ticket tells of, which was learnt from others; with the
        digest under which each was told, and how it ended."""
        place = {"after": after or UUID(int=0), "most": limit}
        heard = self._all(HEARD, **place)
        # nearly every ticket's decision was heard: no look at those of the pages to come
        until = heard[-1].decision_id if len(heard) == limit else LAST
        rows = [*heard, *self._all(OF_TICKETS, until=until, **place)]
        return [_told(row) for row in sorted(rows, key=lambda each: each.decision_id)[:limit]]

    def here(self, ticket_ids: Collection[UUID]) -> dict[UUID, OwnTicket]:
        """Those of them that are here, by id."""
        columns = col(TicketRow.ticket_id), col(TicketRow.step), col(TicketRow.qr), col(TicketRow.state)
        rows = self.session.execute(sa.select(*columns).where(col(TicketRow.ticket_id).in_(ticket_ids)))
        return {ticket_id: OwnTicket(step, qr, state in DEAD) for ticket_id, step, qr, state in rows}

    def set_reported_state(self, standing: ReportedTicket, now: datetime) -> None:
        """State, reason and step as others heard them last; an end is noted once. What has ended here stays ended,
        and is told again."""
        row = self.session.get_one(TicketRow, standing.ticket_id)
        before = convert.stored_ticket(row)
        is_kept = self._stand(row, before, standing, now)
        self._settle_end(row, before, now, is_kept=is_kept)

    def take_back(self, lost: LostTicket, now: datetime) -> None:
        """A ticket that only a pass still bears is written again; a code of another module that it had here stays as a
        former one."""
        standing, codes, bearer = lost.standing, lost.codes, lost.bearer
        row = self.session.get(TicketRow, standing.ticket_id)
        if row is None:
            values: dict[str, Any] = convert.ticket_values(_order(lost))
            row = TicketRow(**values)
            self.session.add(row)
        elif row.vdv and row.vdv_module != codes.vdv_module:  # as `renew_codes` keeps it: it may still be on paper
            self.session.add(FormerCodeRow(ticket_id=row.ticket_id, vdv=row.vdv))
        row.sequence, row.token_id, row.approved_at = codes.sequence, codes.token_id, codes.sold_at
        row.vdv, row.qr, row.qr_key, row.vdv_module = bearer.vdv, bearer.qr, codes.qr_key, codes.vdv_module
        is_new, row.issued_at = row.issued_at is None, row.issued_at or codes.sold_at
        before = convert.stored_ticket(row)
        is_kept = self._stand(row, before, standing, now)
        if is_new:
            self.note(row.ticket_id, TicketAct.ISSUED, RECOVERED, now)
            self._shard(row.organisation_id, row.number // PLACES).taken += 1
            place = {"organisation_id": row.organisation_id, "shard": row.number // PLACES}
            self.session.merge(UnlistedCodeRow(ticket_id=row.ticket_id, **place))
        self._settle_end(row, before, now, is_kept=is_kept)
        # what waited for it waits no more, or it would be made twice
        self.drop_grant(row.decision_id)
        self.forget_name(row.application_id, now)

    def _stand(self, row: TicketRow, before: StoredTicket, standing: ReportedTicket, now: datetime) -> bool:
        """As told, with the step that was told; but a ticket that this signer has revoked, or let expire, stays so.

        Returns:
            Whether it does, so that others have to hear of it.
        """
        own = before.state
        if own is State.DROPPED:  # nobody was to see it, and somebody has
            own = row.state = TICKET_STATES.move(own, State.REVOKED)
        row.step = standing.step
        is_kept = not TICKET_STATES.leads(own, standing.state)
        if not is_kept:
            row.state, row.reason = TICKET_STATES.catch_up(own, standing.state), standing.reason
            row.last_day, row.decision_id = standing.last_day, standing.decision_id or row.decision_id
            row.ended_at = row.ended_at or (now if standing.is_dead else None)
        self.session.flush()
        self.on_record(TICKETS, row.ticket_id)
        return is_kept

    def _settle_end(self, row: TicketRow, before: StoredTicket, now: datetime, *, is_kept: bool) -> None:
        """A ticket that has ended elsewhere is on record, once. One that has ended here, because this signer went on
        with its old tables before it asked, ends now for all who have heard otherwise."""
        known = convert.stored_ticket(row)
        if known.state in DEAD and before.state not in (State.REVOKED, State.EXPIRED):
            self.note(row.ticket_id, ENDS[known.state], RECOVERED, now)
        if is_kept:
            if known.state is State.REVOKED:
                self.emit(revoked_event(known.order, known.reason or "", now))
            tell(self, known, "announced", now)

    def raise_lists(self, status: Mapping[str, int], issued: Mapping[str, int], now: datetime) -> None:
        """No shard publishes a version that is out already; every one is due."""
        self.session.flush()
        for shard, version in status.items():
            place = parse_shard(shard)
            self.raise_shard(place.organisation_id, place.number, version)
        self._execute(update(ShardRow).values(revision=ShardRow.revision + 1))
        for shard, version in issued.items():
            place = parse_shard(shard)
            row = self.session.get(IssuedListRow, (place.organisation_id, place.number))
            if row is None or row.version < version:
                # the newest that is out, of which it is not known how many tickets it holds: due soon
                head = {"organisation_id": place.organisation_id, "number": place.number}
                self.session.merge(IssuedListRow(**head, version=version, published_at=now, tickets=0, keys=None))
        self.session.flush()
        self._execute(update(IssuedListRow).values(keys=None))  # each is made of all codes once: some came back

    def raise_counter(self, highest: int) -> None:
        """To the highest sequence that anybody has seen; what lies below and is not here counts as unaccounted for."""
        self.session.flush()
        most, count = self.session.execute(sa.select(sa.func.max(TicketRow.sequence), sa.func.count())).one()
        counter = self._counter(SEQUENCE)
        counter.value = max(counter.value, highest, most or 0)
        self._counter(UNACCOUNTED).value = counter.value - count
        self.session.flush()

    def _counter(self, name: str) -> CounterRow:
        row = self.session.get(CounterRow, name, with_for_update=True)
        if row is None:
            row = CounterRow(name=name, value=0)
            self.session.add(row)
        return row

    def note_caught_up(self) -> None:
        """The database is not behind any more."""
        epochs.has_caught_up(self.session)


def _told(row: sa.Row[Any]) -> ToldDecision:
    """What was refused ends by nothing that is told of it."""
    names = ("decision_id", "application_id", "case_id", "digest", "outcome")
    ended = {"ended_at": row.ended_at, "ended_on": row.last_day} if row.outcome == "granted" else {}
    return ToldDecision(**{name: getattr(row, name) for name in names}, **ended)


def _order(lost: LostTicket) -> Order:
    standing, codes, bearer = lost.standing, lost.codes, lost.bearer
    ticket = Ticket(
        ticket_id=standing.ticket_id,
        number=standing.number,
        terms=codes.terms,
        valid_from=bearer.valid_from,
        valid_until=bearer.valid_until,
        first_name=bearer.first_name,
        last_name=bearer.last_name,
        birth_date=bearer.birth_date,
        gender=codes.gender,
        token_id=codes.token_id,
        sequence=codes.sequence,
        sold_at=codes.sold_at,
    )
    place = standing.decision, standing.application_id, standing.authority_id
    more = standing.last_day, standing.number_draw
    return Order(ticket, *place, standing.generation, standing.replaces, 0, standing.case_id, *more)

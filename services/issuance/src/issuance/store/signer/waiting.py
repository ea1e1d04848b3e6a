"""From a waiting holder and grant to a signed ticket: set statements for a whole batch, built once.

Row by row through the object session, SQL cost ten times as much as the signatures.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.database.dialect import ByDialect, Insert
from shared.runtime.backlog import key_column, may_be_tried
from sqlmodel import Session, col, delete

from issuance.domain.grant import WAITING_DAYS, DecisionOrigin, Grant, Holder, IssuableGrant
from issuance.domain.numbering import TicketNumber
from issuance.domain.shards import SHARD_FILL, SHARDS_A_YEAR
from issuance.domain.ticket import Order
from issuance.domain.ticket import TicketState as State
from issuance.lists.status_list import Shard
from issuance.store.signer import convert
from issuance.store.signer.ended import EndedTables
from issuance.store.signer.list_tables import ShardRow
from issuance.store.signer.numbers import free_number
from issuance.store.signer.releases import TICKET_MAY, ReleaseTables
from issuance.store.signer.tables import (
    CounterRow,
    DecisionDigestRow,
    EndedRow,
    GrantRow,
    HolderRow,
    Row,
)
from issuance.workflow.signer.issue import SIGNING

AUTHORITY, HOLDER, GRANT, ENDED, TICKET, AUDIT, DIGEST = (
    Row.metadata.tables[name]
    for name in ("authority", "waiting_holder", "waiting_grant", "ended", "ticket", "audit", "decision_digest")
)
DIGESTS_KEPT_FOR = timedelta(days=2 * 366)
"""Longer than the school year of a decision, in which it may be told again out of a backup."""

DIGEST_OF = sa.select(DIGEST.c.digest).where(DIGEST.c.decision_id == sa.bindparam("of", type_=sa.Uuid))
TICKETS_OF = (
    sa.select(TICKET)
    .where(sa.or_(TICKET.c.decision_id == sa.bindparam("decision"), TICKET.c.application_id == sa.bindparam("of")))
    .order_by(TICKET.c.sequence.desc())
)
# a grant is known by its application, in the holder's table: so that it is asked of pairs that are complete alone
_GRANT_MAY = may_be_tried(SIGNING, key_column(HOLDER.c.application_id))
# A pair that is complete: what misses its authority's terms waits until they are set. Asked together with IS_COMPLETE.
IS_COMPLETE = GRANT.c.lacks.is_(None)
COMPLETE = GRANT.join(
    HOLDER,
    sa.and_(HOLDER.c.application_id == GRANT.c.application_id, HOLDER.c.change_number == GRANT.c.holder_change),
).join(AUTHORITY, AUTHORITY.c.authority_id == GRANT.c.authority_id)
_HOLDER_COLUMNS = (HOLDER.c.first_name, HOLDER.c.last_name, HOLDER.c.birth_date, HOLDER.c.gender)
READY = (
    sa.select(GRANT, *_HOLDER_COLUMNS, ENDED.c.last_day, *(column for column in AUTHORITY.c if not column.primary_key))
    .select_from(COMPLETE.outerjoin(ENDED, ENDED.c.ended_id == GRANT.c.decision_id))
    .where(IS_COMPLETE, _GRANT_MAY, GRANT.c.authority_id.not_in(sa.bindparam("without", expanding=True)))
    .order_by(GRANT.c.received_at)
    .limit(sa.bindparam("most"))
    .with_for_update(of=GRANT)  # who withdraws it now waits, and finds the ticket
)
READY_ONE = READY.where(GRANT.c.application_id == sa.bindparam("of"))
ANYTHING_DUE = sa.select(
    sa.or_(
        sa.exists().where(TICKET.c.state == State.APPROVED, TICKET_MAY),
        sa.select(GRANT.c.decision_id).select_from(COMPLETE).where(IS_COMPLETE, _GRANT_MAY).exists(),
    )
)
GENERATIONS = (
    sa.select(TICKET.c.application_id, TICKET.c.case_id, sa.func.max(TICKET.c.generation).label("last"))
    .where(TICKET.c.application_id.in_(sa.bindparam("ids", expanding=True)))
    .group_by(TICKET.c.application_id, TICKET.c.case_id)
)
_TERMS = sa.exists().where(AUTHORITY.c.authority_id == GRANT.c.authority_id)
_NAME = sa.exists().where(HOLDER.c.application_id == GRANT.c.application_id)
COMPLETE_OF_APPLICATION = (
    GRANT.update().where(GRANT.c.application_id == sa.bindparam("of"), _TERMS, _NAME).values(lacks=None)
)
INSERT_TICKETS = TICKET.insert().inline()
DROP_GRANTS = GRANT.delete().where(GRANT.c.decision_id == sa.bindparam("decided"))


def _upserts(insert: Insert) -> tuple[Any, Any]:
    """Newest holder, newest grant."""

    def newest(table: sa.Table, *keys: str) -> Any:
        statement = insert(table)
        others: dict[str, Any] = {
            column.name: statement.excluded[column.name] for column in table.c if column.name not in keys
        }
        if "told_at" in others:  # told twice, and the first heard last
            others["told_at"] = sa.case((table.c.told_at > others["told_at"], table.c.told_at), else_=others["told_at"])
        return statement.on_conflict_do_update(index_elements=[*keys], set_=others)

    return newest(HOLDER, "application_id", "change_number"), newest(GRANT, "decision_id")


UPSERTS = ByDialect(_upserts)


def _digest_once(insert: Insert) -> Any:
    return insert(DIGEST).on_conflict_do_nothing().returning(DIGEST.c.decision_id)


KEEP_DIGEST = ByDialect(_digest_once)


class WaitingTables(EndedTables, ReleaseTables):
    """What waits, what is written down. One transaction."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._shards: dict[tuple[int, int], ShardRow] = {}
        self._given: dict[int, set[int]] = {}
        """Numbers given in this transaction, whose tickets may not be in the table yet."""

    def keep_holder(  # whose it is, and which
        self, application_id: UUID, authority_id: str, holder: Holder, now: datetime, change_number: int = 0
    ) -> None:
        """The newest given of a number counts. Not kept where the application is over."""
        self._tickets_in_turn()
        if not self.ended(application_id, application_id):
            self._keep(0, convert.holder_values(application_id, authority_id, holder, now, change_number))
            self._look_if_complete(application_id)

    def keep_grant(self, grant: Grant, now: datetime) -> None:
        """Not kept where application or decision is over, or the ticket is there. One that ends before its time, heard
        of before it, is kept until then."""
        self._tickets_in_turn()
        self._in_turn(f"authority {grant.authority_id}", beside_others=True)
        ended = self.ended(grant.application_id, grant.decision_id)
        if any(each.last_day is None for each in ended):
            return
        last = min((each.last_day for each in ended), default=grant.valid_until)
        if last < grant.valid_from:
            return
        grant = replace(grant, valid_until=min(grant.valid_until, last))
        earlier = self._all(TICKETS_OF, decision=grant.decision_id, of=grant.application_id)
        if any(ticket.decision_id == grant.decision_id for ticket in earlier):
            return
        self._keep(1, {**vars(grant), "received_at": now})
        named = [ticket for ticket in earlier if ticket.holder_change == grant.holder_change]
        if named and not self._holder_waits(grant):
            # a grant after another one of the same application (decided anew): the holder is on the earlier ticket
            last_ticket, number = named[0], grant.holder_change
            place = grant.application_id, last_ticket.authority_id
            self._keep(0, convert.holder_values(*place, convert.holder(last_ticket), now, number))
        self._look_if_complete(grant.application_id)

    def _look_if_complete(self, application_id: UUID) -> None:
        self._run(COMPLETE_OF_APPLICATION, [{"of": application_id}])

    def first_digest(self, decision_id: UUID, digest: str, now: datetime, origin: DecisionOrigin) -> str:
        """The digest that is kept for the decision: the first that came, perhaps this one."""
        self._tickets_in_turn()
        values = {"decision_id": decision_id, "digest": digest, "heard_at": now, **vars(origin)}
        if self._all(KEEP_DIGEST.of(self.session), **values):  # RETURNING: psycopg's row count is -1 here
            return digest
        return str(self._all(DIGEST_OF, of=decision_id)[0].digest)

    def _holder_waits(self, grant: Grant) -> bool:
        named = sa.and_(HOLDER.c.application_id == grant.application_id, HOLDER.c.change_number == grant.holder_change)
        return bool(self._all(sa.select(HOLDER.c.application_id).where(named)))

    def _keep(self, which: int, values: dict[str, Any]) -> None:
        self._run(UPSERTS.of(self.session)[which], [values])

    # writing down

    def forget_waiting(self, application_id: UUID) -> None:
        """The application's holder and grants are deleted."""
        self._tickets_in_turn()
        self._execute(delete(HolderRow).where(col(HolderRow.application_id) == application_id))
        self._execute(delete(GrantRow).where(col(GrantRow.application_id) == application_id))

    def forget_name(self, application_id: UUID, decided_at: datetime) -> None:
        """Deletes the name that was told before the decision, unless a grant still waits."""
        self._tickets_in_turn()
        waits = sa.select(GRANT.c.decision_id).where(GRANT.c.application_id == application_id).exists()
        before = sa.or_(col(HolderRow.told_at).is_(None), col(HolderRow.told_at) <= decided_at)
        self._execute(delete(HolderRow).where(col(HolderRow.application_id) == application_id, before, ~waits))

    def drop_grant(self, decision_id: UUID) -> None:
        """It waits no more; what was approved under it stays."""
        self._tickets_in_turn()
        self._execute(delete(GrantRow).where(col(GrantRow.decision_id) == decision_id))

    def forget_old(self, before: datetime) -> None:
        """Deletes holders, grants and ends that came before this moment. Ends with a last day stay; digests are kept
        longer."""
        self._execute(delete(HolderRow).where(col(HolderRow.received_at) < before))
        self._execute(delete(GrantRow).where(col(GrantRow.received_at) < before))
        self._execute(delete(EndedRow).where(col(EndedRow.ended_at) < before, col(EndedRow.last_day).is_(None)))
        told_before = before - (DIGESTS_KEPT_FOR - timedelta(days=WAITING_DAYS))
        self._execute(delete(DecisionDigestRow).where(col(DecisionDigestRow.heard_at) < told_before))

    def anything_due(self, now: datetime) -> bool:
        """Whether there is anything to approve or to sign: one question, as it is asked every second."""
        return bool(self._all(ANYTHING_DUE, now=now)[0][0])

    def ready(
        self, limit: int, now: datetime, only: UUID | None = None, without: Collection[str] = ()
    ) -> list[IssuableGrant]:
        """Grants with holder and terms, each with its next generation; `only` of one application, `without` these
        authorities."""
        self._tickets_in_turn()
        others = list(without)
        if only is None:
            found = self._all(READY, most=limit, now=now, without=others)
        else:
            found = self._all(READY_ONE, most=limit, now=now, without=others, of=only)
        generations = self._generations({row.application_id for row in found})
        made = []
        for row in found:
            grant = convert.grant(row)
            generation = 1 + max(generations[grant.application_id, grant.case], generations[grant.application_id, None])
            generations[grant.application_id, grant.case] = generation
            made.append(IssuableGrant(grant, convert.holder(row), convert.terms(row), generation, row.last_day))
        return made

    def _generations(self, application_ids: Collection[UUID]) -> Counter[tuple[UUID, UUID | None]]:
        """The last one by application and case; None: of tickets from before cases."""
        if not application_ids:
            return Counter()
        found = self._all(GENERATIONS, ids=list(application_ids))
        return Counter({(row.application_id, row.case_id): row.last for row in found})

    def take_number(self, organisation_id: int, first_shard: int, place_of: Callable[[int], int]) -> TicketNumber:
        """A free place in the open shard, not given in this transaction before; the shard counts one more."""
        shard = self._open_shard(organisation_id, first_shard)
        given = self._given.setdefault(organisation_id, set())
        found = free_number(self.session, Shard(organisation_id, shard.number), place_of, given)
        given.add(found.number)
        shard.taken += 1
        return found

    def _open_shard(self, organisation_id: int, first: int) -> ShardRow:
        for number in range(first, first + SHARDS_A_YEAR):
            shard = self._shard(organisation_id, number)
            if shard.taken < SHARD_FILL:
                return shard
        raise RuntimeError("all shards of this school year are full")

    def _shard(self, organisation_id: int, number: int) -> ShardRow:
        """Locked once, then counted on in memory; the session writes it with the transaction."""
        key = organisation_id, number
        if key not in self._shards:
            shard = self.session.get(ShardRow, key, with_for_update=True)
            if shard is None:
                shard = ShardRow(organisation_id=organisation_id, number=number)
                self.session.add(shard)
            self._shards[key] = shard
        return self._shards[key]

    def take_sequences(self, count: int) -> range:
        """The next `count` numbers of the signer's counter, which stays locked until the transaction ends."""
        counter = self.session.get(CounterRow, "sequence", with_for_update=True)
        if counter is None:
            counter = CounterRow(name="sequence", value=0)
            self.session.add(counter)
        counter.value += count
        return range(counter.value - count + 1, counter.value + 1)

    def approve(self, orders: Sequence[Order]) -> None:
        """Tickets are written down before they are signed, and their grants wait no more."""
        self._run(INSERT_TICKETS, [convert.ticket_values(order) for order in orders])
        self._run(DROP_GRANTS, [{"decided": order.decision_id} for order in orders])

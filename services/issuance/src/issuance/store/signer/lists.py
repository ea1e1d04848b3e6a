"""Lists: which are due, and what was published of a shard: where the next delta begins, which filter is out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shared.bus.epochs import epoch_of
from shared.database import UtcDateTime
from shared.runtime.backlog import may_be_tried
from sqlmodel import col, delete, select, update

from issuance.domain.shards import LAST_NUMBER
from issuance.domain.ticket import TicketState as State
from issuance.lists import compact
from issuance.lists.status_list import PLACES, Shard
from issuance.store.signer.base import Tables
from issuance.store.signer.list_tables import (
    AnnouncementRow,
    IssuedListRow,
    PublishedRow,
    ShardRow,
    UnlistedCodeRow,
)
from issuance.store.signer.listed import ListedPlaceRow
from issuance.store.signer.tables import NOT_GOOD, AuthorityRow, FormerCodeRow, Row, TicketRow
from issuance.workflow.signer.publish import PUBLISHING, DueShard
from issuance.workflow.signer.publish import State as PublishedState
from issuance.workflow.signer.publish_issued import DueFilter, FilterContent

SHARD = Row.metadata.tables[ShardRow.__tablename__]
_NAME = sa.cast(SHARD.c.organisation_id, sa.String) + "-" + sa.cast(SHARD.c.number, sa.String)
DUE_SHARDS = (
    sa.select(SHARD.c.organisation_id, SHARD.c.number, SHARD.c.version, SHARD.c.revision)
    .where(
        sa.or_(
            SHARD.c.revision != SHARD.c.published_revision,
            SHARD.c.published_at < sa.bindparam("before", type_=UtcDateTime),
        ),
        may_be_tried(PUBLISHING, _NAME),
    )
    .limit(sa.bindparam("most"))
)
UNLISTED = Row.metadata.tables["unlisted_code"]
LISTED = UNLISTED.delete().where(UNLISTED.c.ticket_id == sa.bindparam("of", type_=sa.Uuid))
AT_ONCE = 500


class ListTables(Tables):
    """Lists and what was published of them, in one session."""

    def dead_places(self, shard: Shard) -> Sequence[int]:
        """Places that are not good, and listed ones whose ticket is not known here, ascending; both suspended and
        revoked."""
        first = shard.number * PLACES
        query = select(TicketRow.number).where(*_in(shard), NOT_GOOD)
        listed = select(ListedPlaceRow.number).where(
            ListedPlaceRow.organisation_id == shard.organisation_id,
            col(ListedPlaceRow.number) >= first,
            col(ListedPlaceRow.number) < first + PLACES,
        )
        numbers = {*self.session.exec(query), *self.session.exec(listed)}
        return sorted(number - first for number in numbers)

    def list_place(self, organisation_id: int, number: int, now: datetime, ticket_id: UUID | None = None) -> bool:
        """Have the status list show a place as revoked that no ticket has here. False where this signer gives no such
        numbers: whose organisation issues nothing here, or beyond the shards of school years."""
        issues = select(AuthorityRow.authority_id).where(AuthorityRow.organisation_id == organisation_id).limit(1)
        shard = organisation_id, number // PLACES
        self._tickets_in_turn()
        is_ours = self.session.exec(issues).first() is not None and 0 <= number < LAST_NUMBER
        if not is_ours and self.session.get(ShardRow, shard) is None:
            return False
        place = {"organisation_id": organisation_id, "number": number}
        self.session.merge(ListedPlaceRow(**place, ticket_id=ticket_id, listed_at=now))
        self.raise_shard(*shard)
        return True

    def raise_shard(self, organisation_id: int, number: int, version: int = 0) -> ShardRow:
        """It is due, and its next list is of a version above `version`."""
        row = self.session.get(ShardRow, (organisation_id, number), with_for_update=True)
        if row is None:
            row = ShardRow(organisation_id=organisation_id, number=number, revision=0)
            self.session.add(row)
        row.revision, row.version = row.revision + 1, max(row.version, version)
        self.session.flush()
        return row

    def suspended_places(self, shard: Shard) -> Sequence[int]:
        """Places that are suspended and not revoked, in no order."""
        first = shard.number * PLACES
        query = select(TicketRow.number).where(*_in(shard), NOT_GOOD, col(TicketRow.state) == State.SUSPENDED)
        return [number - first for number in self.session.exec(query)]

    def places_published(self, shard: Shard, version: int) -> PublishedState | None:
        """As version `version` had them; None where that is not known."""
        row = self.session.get(PublishedRow, tuple(shard))
        if row is None or row.version != version:
            return None
        suspended = compact.decode(row.suspended) if row.suspended is not None else None
        return PublishedState(compact.decode(row.places), suspended)

    def keep_published(self, shard: Shard, version: int, state: PublishedState) -> None:
        """What a version said, compact: the next delta begins at it."""
        row = PublishedRow(organisation_id=shard.organisation_id, number=shard.number, version=version, places=b"")
        row.places, row.suspended = compact.encode(state.dead), compact.encode(state.suspended or ())
        self.session.merge(row)

    def due_issued(self, before: datetime, changed_before: datetime) -> list[DueFilter]:
        """Shards whose filter was published before `before`, or before `changed_before` and lacks tickets."""
        by_shard = col(UnlistedCodeRow.organisation_id), col(UnlistedCodeRow.shard)
        counts = sa.select(*by_shard, sa.func.count()).group_by(*by_shard)
        lacking = {Shard(*place): count for *place, count in self.session.execute(counts)}
        known = {Shard(row.organisation_id, row.number): row for row in self.session.exec(select(IssuedListRow))}
        found = []
        for shard in sorted({*lacking, *known}):
            row, lacks = known.get(shard), lacking.get(shard, 0)
            if row is None:
                found.append(DueFilter(shard, 0, 0, None, None))
            elif row.published_at < before or (lacks and row.published_at < changed_before):
                found.append(DueFilter(shard, row.version, row.tickets, row.published_at, row.keys))
        return found

    def unlisted(self, shard: Shard) -> Sequence[UUID]:
        """Tickets whose codes are in no filter yet."""
        own = col(UnlistedCodeRow.organisation_id) == shard.organisation_id, col(UnlistedCodeRow.shard) == shard.number
        return self.session.exec(select(UnlistedCodeRow.ticket_id).where(*own)).all()

    def codes_of(self, ticket_ids: Sequence[UUID]) -> Iterator[tuple[bytes, str]]:
        """VDV and QR code of those that are signed, read in pieces."""
        for first in range(0, len(ticket_ids), AT_ONCE):
            some = col(TicketRow.ticket_id).in_(ticket_ids[first : first + AT_ONCE])
            for vdv, qr in self.session.exec(select(TicketRow.vdv, TicketRow.qr).where(some)):
                if vdv and qr:
                    yield vdv, qr

    def issued_codes(self, shard: Shard) -> Iterator[tuple[bytes, str]]:
        """Both codes of every ticket that was ever signed, the dead ones too: of those the status list tells.

        A ticket that was signed anew comes once more with the VDV code that it had: it may still be on paper.
        """
        query = select(TicketRow.vdv, TicketRow.qr).where(*_in(shard), col(TicketRow.vdv).is_not(None))
        for vdv, qr in self.session.exec(query.execution_options(yield_per=1000)):
            if vdv and qr:  # an erased one has empty codes
                yield vdv, qr
        former = (
            select(FormerCodeRow.vdv, TicketRow.qr)
            .join(TicketRow, col(TicketRow.ticket_id) == col(FormerCodeRow.ticket_id))
            .where(*_in(shard))
        )
        for vdv, qr in self.session.exec(former.execution_options(yield_per=1000)):
            if qr:
                yield vdv, qr

    def stamp_issued(self, due: DueFilter, made: FilterContent, now: datetime) -> None:
        """The next version is out: what it holds is kept, and these tickets are listed."""
        place = {"organisation_id": due.shard.organisation_id, "number": due.shard.number}
        row = IssuedListRow(**place, version=due.version + 1, published_at=now, tickets=made.tickets, keys=made.keys)
        self.session.merge(row)
        self._run(LISTED, [{"of": ticket_id} for ticket_id in made.listed])

    def mark_lists_due(self) -> None:
        """All shards count as changed, and the trust list as not announced."""
        self._tickets_in_turn()
        self._execute(update(ShardRow).values(revision=ShardRow.revision + 1))
        self._execute(delete(AnnouncementRow))

    def due_shards(self, before: datetime, limit: int, now: datetime) -> list[DueShard]:
        """Each with the epoch of this database, which is asked only where one is due."""
        rows = self._all(DUE_SHARDS, before=before, most=limit, now=now)
        epoch = epoch_of(self.session) if rows else 0  # every write asks, and nearly always nothing is due
        return [DueShard(Shard(row.organisation_id, row.number), row.version, row.revision, epoch) for row in rows]

    def stamp_published(self, due: DueShard, version: int, now: datetime) -> None:
        """The revision that was published; one that came meanwhile keeps the shard due."""
        self._tickets_in_turn()
        shard = col(ShardRow.organisation_id) == due.shard.organisation_id, col(ShardRow.number) == due.shard.number
        values: dict[str, Any] = {"published_revision": due.revision, "version": version, "published_at": now}
        self._execute(update(ShardRow).where(*shard).values(**values))

    def announced(self, version: int, since: datetime) -> bool:
        """Whether this version of the trust list was announced after `since`."""
        row = self.session.get(AnnouncementRow, version)
        return row is not None and row.announced_at > since

    def stamp_announced(self, version: int, now: datetime) -> None:
        """Notes that this version of the trust list was announced now."""
        self.session.merge(AnnouncementRow(version=version, announced_at=now))


def _in(shard: Shard) -> tuple[sa.ColumnElement[bool], ...]:
    first = shard.number * PLACES
    return (
        col(TicketRow.organisation_id) == shard.organisation_id,
        col(TicketRow.number) >= first,
        col(TicketRow.number) < first + PLACES,
    )

"""A ticket number that was never used: derived by a key, so that the list tells nobody who comes after whom."""

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from issuance.domain.numbering import TicketNumber
from issuance.domain.shards import PLACES_DRAWN, TRIES
from issuance.lists.status_list import PLACES, Shard
from issuance.store.signer.listed import ListedPlaceRow
from issuance.store.signer.tables import Row

TICKET, LISTED = Row.metadata.tables["ticket"], Row.metadata.tables[ListedPlaceRow.__tablename__]
AFTER = TICKET.alias("after")
ORGANISATION = TICKET.c.organisation_id == sa.bindparam("organisation")
TAKEN = (
    sa.select(TICKET.c.ticket_id)
    .where(ORGANISATION, TICKET.c.number == sa.bindparam("number"))
    .union_all(
        sa.select(LISTED.c.ticket_id).where(
            LISTED.c.organisation_id == sa.bindparam("organisation"),
            LISTED.c.number == sa.bindparam("number"),
            LISTED.c.ticket_id.is_not(None),
        )
    )
)
_FOLLOWER = sa.exists().where(
    AFTER.c.organisation_id == TICKET.c.organisation_id, AFTER.c.number == TICKET.c.number + 1
)
LAST_BEFORE_A_GAP = (
    sa.select(TICKET.c.number)
    .where(ORGANISATION, TICKET.c.number >= sa.bindparam("start"), TICKET.c.number < sa.bindparam("end"), ~_FOLLOWER)
    .order_by(TICKET.c.number)
    .limit(1)
)


def free_number(session: Session, shard: Shard, place_of: Callable[[int], int], given: Collection[int]) -> TicketNumber:
    """Rows of tickets are never deleted, so a number that is in none was never given out, nor in `given`.

    `place_of(draw)`: the ticket's place by this draw. Filling a shard with a million takes three draws a ticket in the
    mean; the last ones would take thousands, and take the next free place after the last draw instead (draw TRIES).
    """
    first = shard.number * PLACES
    end = first + PLACES_DRAWN
    number = first
    for draw in range(TRIES):
        number = first + place_of(draw)
        if number not in given and not _row(session, TAKEN, shard, number=number):
            return TicketNumber(number, draw)
    for start in (number, first):
        found = _next_free(session, shard, start, end, given)
        if found is not None:
            return TicketNumber(found, TRIES)
    raise RuntimeError(f"shard {shard} is full")


def _next_free(session: Session, shard: Shard, start: int, end: int, given: Collection[int]) -> int | None:
    while start < end:
        if start not in given and not _row(session, TAKEN, shard, number=start):
            return start
        row = _row(session, LAST_BEFORE_A_GAP, shard, start=start, end=end)
        start = max(start, row.number if row else start) + 1
    return None


def _row(session: Session, query: Any, shard: Shard, **values: Any) -> Any:
    return session.connection().execute(query, {"organisation": shard.organisation_id, **values}).first()

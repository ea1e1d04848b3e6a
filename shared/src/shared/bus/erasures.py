"""Applications whose families were erased: what comes late of them is dropped, what was told of them is not kept."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.bus.dead_letters import forget_about
from shared.bus.tables import erased_application as table
from shared.bus.tables import erasure_due, outbox
from shared.database.dialect import insert_of
from shared.events import ApplicationFamilyErased, Event
from shared.row_security.asking import within_as


@dataclass(frozen=True)
class ErasedApplication:
    """That it was erased, and when; nothing of what it was."""

    application_id: UUID
    authority_id: str
    erased_at: datetime


_ERASED = sa.select(table.c.application_id).where(table.c.application_id.in_(sa.bindparam("ids", expanding=True)))


def note(session: Session, application_id: UUID, authority_id: str, now: datetime) -> int:
    """From now on nothing more is taken of this application. What was told of it goes from the outbox, and what was put
    aside is emptied. Returns how many events went: what is to be told after its end is emitted afterwards."""
    with within_as(session, "erasures"):  # who erases its own reads no outbox
        return _note(session, application_id, authority_id, now)


def _note(session: Session, application_id: UUID, authority_id: str, now: datetime) -> int:
    take_turns(session, [application_id])
    values = {"application_id": str(application_id), "authority_id": authority_id, "erased_at": now}
    noted = insert_of(session)(table).values(values).on_conflict_do_nothing().returning(table.c.application_id)
    if session.execute(noted).first() is None:
        return 0  # noted before: what is told of its end since then stays
    told = outbox.c.ordering_key == str(application_id)
    gone = session.execute(sa.select(sa.func.count()).select_from(outbox).where(told)).scalar_one()
    session.execute(outbox.delete().where(told))
    forget_about(session, [application_id])
    return int(gone)


def mark_due(session: Session, erased: Collection[ErasedApplication]) -> int:
    """Of a database that was put back to an older copy: what others know as erased, and this one does not. Returns how
    many are to be erased once more."""
    known = erased_among(session, [each.application_id for each in erased])
    rows = [
        {"application_id": str(each.application_id), "authority_id": each.authority_id, "erased_at": each.erased_at}
        for each in erased
        if each.application_id not in known
    ]
    if rows:
        session.connection().execute(insert_of(session)(erasure_due).on_conflict_do_nothing(), rows)
    return len(rows)


def list_erased(session: Session) -> list[dict[str, str]]:
    """All that were erased, as they are written into a file."""
    found = session.connection().execute(sa.select(table).order_by(table.c.application_id))
    return [
        {"application_id": row.application_id, "authority_id": row.authority_id, "erased_at": row.erased_at.isoformat()}
        for row in found
    ]


def read_erased(content: bytes) -> list[ErasedApplication]:
    """What `list_erased` wrote.

    Raises:
        ValueError: for anything else.
    """
    try:
        return [
            ErasedApplication(
                UUID(each["application_id"]), str(each["authority_id"]), datetime.fromisoformat(each["erased_at"])
            )
            for each in json.loads(content)
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no list of what was erased") from error


def list_due(session: Session, limit: int) -> list[ErasedApplication]:
    """What is still to be erased once more."""
    query = sa.select(erasure_due).order_by(erasure_due.c.application_id).limit(limit)
    found = session.connection().execute(query)
    return [ErasedApplication(UUID(row.application_id), row.authority_id, row.erased_at) for row in found]


def settle(session: Session, application_id: UUID) -> None:
    """It is erased once more."""
    session.connection().execute(erasure_due.delete().where(erasure_due.c.application_id == str(application_id)))


def erased_among(session: Session, application_ids: Collection[UUID]) -> set[UUID]:
    """Those of these applications whose family was erased."""
    if not application_ids:
        return set()
    rows = session.connection().execute(_ERASED, {"ids": list(map(str, application_ids))})
    return set(map(UUID, rows.scalars()))


def page_of_erased(session: Session, after: UUID | None, limit: int) -> list[ErasedApplication]:
    """By id, from the one after `after` on, of all authorities: what a hearer is told again that was put back
    to an older copy. For telling again, not for a page that a person of one authority reads."""
    query = sa.select(table).order_by(table.c.application_id).limit(limit)
    if after is not None:
        query = query.where(table.c.application_id > str(after))
    return [
        ErasedApplication(UUID(row.application_id), row.authority_id, row.erased_at) for row in session.execute(query)
    ]


def take_turns(session: Session, of: Collection[UUID]) -> None:
    """Until this transaction ends, who else takes turns of one of these waits. Two copies of a service hear two events
    of one application at one moment, and each would write what it decided without seeing the other's; and `SERVICE
    rights erase` is a process of its own. Asked before anything is read, in one order, so that nobody waits for who
    waits for it. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    connection = session.connection()
    for each in sorted(of):
        connection.execute(_ALONE, {"of": _lock_of(each)})


_ALONE = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("of", type_=sa.BigInteger)))
_OF_ERASURES = 0x5C4E
"""So that the numbers are not those of other locks."""
_OF_KEYS = UUID("5d0b7f55-9b1e-4c0e-8a53-6c1f0f3f4a10")
"""For events of no application."""


def _lock_of(application_id: UUID) -> int:
    return ((application_id.int ^ (_OF_ERASURES << 96)) >> 65) - (1 << 62)


class ErasedFamilies:
    """Of one batch of events: which of them come too late."""

    def __init__(self, session: Session, events: Collection[Event | None]) -> None:
        ids = {each for event in events if (each := application_of(event)) is not None}
        take_turns(session, ids | {_turn_of(event) for event in events if event is not None})
        self._gone = erased_among(session, ids)

    def has(self, event: Event | None) -> bool:
        """Whether the event is of an application that is erased."""
        return application_of(event) in self._gone

    def heard(self, event: Event | None) -> None:
        """It was handled: what comes after an erasure, in the same batch, is too late."""
        if isinstance(event, ApplicationFamilyErased):
            self._gone.add(event.application_id)


def _turn_of(event: Event) -> UUID:
    """Whose turn an event is: of its application, or of whatever else it has in common with those in whose order it
    arrives."""
    return application_of(event) or uuid5(_OF_KEYS, event.key)


def application_of(event: Event | None) -> UUID | None:
    """Of which application an event tells; None where it is of none."""
    found = getattr(event, "application_id", None)
    return found if isinstance(found, UUID) else None

"""Whether a sender's database went back: an older copy of it was put in its place, and nobody told.

Each database has an epoch, and its outbox counts positions; both travel with every event. A position that is used a
second time under the same epoch, by another event, means that the sender has forgotten what it said. Order across keys
is not promised, so late or repeated positions mean nothing by themselves. Nothing more of such a sender is taken until
its epoch has risen: `local restore` and `SERVICE database raise-epoch` do that, and tell again what was not taken.

What a hearer knows of places goes with its inbox, a day after the stream has forgotten the events: of an older copy
than that it hears nothing by places, so it is put back by `restore`, which raises the epoch in any case.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy.orm import Session

from shared.bus import outbox
from shared.bus.places import Place
from shared.bus.tables import database_state, inbox, sender_state
from shared.database.dialect import insert_of

log = structlog.get_logger("epochs")
refused_total = Counter("events_refused", "Events not taken because their sender's database went back", ["sender"])
refused_gauge = Gauge("sender_refused", "1: the sender's database went back, and nothing of it is taken", ["sender"])

FIRST = 1
BEFORE_EPOCHS = datetime(2025, 1, 1, tzinfo=UTC)
"""Of a database that was put back an epoch is the seconds since then: smaller than 2^31 until 2093."""
CATCH_UP = ("signer", "eligibility")
"""Processes that, put back, ask others what they had said before they say anything more."""
BEFORE_COPY = timedelta(hours=1)
"""What was told so long before the copy was made goes once more: clocks differ, and a copy takes its time."""


# Built once, and run on the connection: each batch and each decision asks them.
_EPOCH = sa.select(database_state.c.epoch)
_IS_BEHIND = sa.select(database_state.c.is_behind)
_USED = sa.select(inbox.c.position, inbox.c.message_id).where(
    inbox.c.sender == sa.bindparam("of"),
    inbox.c.epoch == sa.bindparam("in_epoch"),
    inbox.c.position.in_(sa.bindparam("positions", expanding=True)),
)
_STATES = sa.select(sender_state).where(sender_state.c.sender.in_(sa.bindparam("senders", expanding=True)))


# the sender's side


def epoch_of(session: Session) -> int:
    """Of this database."""
    return session.connection().execute(_EPOCH).scalar_one_or_none() or FIRST


def put_back_at(session: Session) -> datetime | None:
    """When the epoch of this database rose last; None where it never did."""
    return session.execute(sa.select(database_state.c.raised_at)).scalar_one_or_none()


def is_behind(session: Session) -> bool:
    """Whether this database was put back, and has not caught up with what others know since."""
    return bool(session.connection().execute(_IS_BEHIND).scalar_one_or_none())


def has_caught_up(session: Session) -> None:
    """Note that this database knows again what others know of it."""
    session.execute(database_state.update().values(is_behind=False))


def raise_epoch(
    session: Session, process: str, now: datetime, copied_at: datetime | None = None, *, above: int = 0
) -> tuple[int, int]:
    """After an older copy of this process's database was put in its place. Returns the new epoch, and how many events
    go again: what was told since the copy was made was perhaps not taken, and all where that time is not known. One
    copy that is put back twice knows nothing of the first time, and would use the same epoch, with the same places,
    once more: so the clock gives it, and where that has stepped back behind the last that is known, the one after it.

    Args:
        above: the highest epoch that is known elsewhere.
    """
    epoch = max(max(epoch_of(session), above) + 1, int((now - BEFORE_EPOCHS).total_seconds()))
    values = {"epoch": epoch, "is_behind": process in CATCH_UP, "raised_at": now}
    statement = insert_of(session)(database_state).values(id=1, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
    since = None if copied_at is None else copied_at - BEFORE_COPY
    return epoch, outbox.tell_under(session, epoch, since)


# the hearer's side


class Senders:
    """What one transaction has heard of senders. Ask for all events of a batch at once, in their order."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def refuse(self, places: Mapping[str, Place]) -> set[str]:
        """Which of these events, by message id, must not be taken."""
        if not places:
            return set()
        used = self._used(places)
        before = self._states({place.sender for place in places.values()})
        states, refused = dict(before), set()
        for message_id, place in places.items():
            epoch, refused_at = states.get(place.sender, (place.epoch, None))
            if place.epoch > epoch:
                epoch, refused_at = place.epoch, None
            elif place.epoch == epoch and refused_at is None and used.setdefault(place, message_id) != message_id:
                refused_at = self._now
                log.error("sender_went_back", sender=place.sender, epoch=place.epoch, position=place.position)
            states[place.sender] = epoch, refused_at
            if place.epoch == epoch and refused_at is not None:
                refused.add(message_id)
        self._keep({sender: state for sender, state in states.items() if before.get(sender) != state})
        return refused

    def _used(self, places: Mapping[str, Place]) -> dict[Place, str]:
        """By place, the event that was heard from it."""
        wanted: dict[tuple[str, int], list[int]] = {}
        for place in places.values():
            wanted.setdefault((place.sender, place.epoch), []).append(place.position)
        used = {}
        for (sender, epoch), positions in wanted.items():
            values = {"of": sender, "in_epoch": epoch, "positions": positions}
            for position, message_id in self._session.connection().execute(_USED, values):
                used[Place(sender, epoch, position)] = message_id
        return used

    def _states(self, senders: set[str]) -> dict[str, tuple[int, datetime | None]]:
        rows = self._session.connection().execute(_STATES, {"senders": sorted(senders)})
        return {row.sender: (row.epoch, row.refused_at) for row in rows}

    def _keep(self, states: Mapping[str, tuple[int, datetime | None]]) -> None:
        for sender, (epoch, refused_at) in states.items():
            refused_gauge.labels(sender).set(0 if refused_at is None else 1)
            values = {"epoch": epoch, "refused_at": refused_at}
            statement = insert_of(self._session)(sender_state).values(sender=sender, **values)
            # another writer may have heard of a higher epoch meanwhile
            is_later = sender_state.c.epoch <= epoch
            self._session.execute(
                statement.on_conflict_do_update(index_elements=["sender"], set_=values, where=is_later)
            )


def refuse_from_now(session: Session, sender: str, now: datetime) -> None:
    """Something else than a place says that this sender's database went back, as a list that is older than the last."""
    log.error("sender_went_back", sender=sender)
    highest = session.execute(sa.select(sender_state.c.epoch).where(sender_state.c.sender == sender)).scalar()
    Senders(session, now)._keep({sender: (highest or FIRST, now)})


def refused_senders(session: Session) -> dict[str, int]:
    """Of whom nothing is taken, and the highest epoch that was heard of each: `/readyz` says so under `epoch`. Sets the
    gauge too."""
    rows = session.execute(sa.select(sender_state)).all()
    for row in rows:
        refused_gauge.labels(row.sender).set(0 if row.refused_at is None else 1)
    return {row.sender: row.epoch for row in rows if row.refused_at is not None}


def fault_of(session: Session) -> str | None:
    """What an operator must do about epochs, in words; None where there is nothing."""
    told = [
        f"the database of {sender} went back: `database raise-epoch --above {epoch}` there, or restore it by "
        "`local restore`"
        for sender, epoch in sorted(refused_senders(session).items())
    ]
    if is_behind(session):
        told.append(
            "this database was put back and has not caught up yet: eligibility does by itself, "
            "the signer by `issuance recover`"
        )
    return "; ".join(told) or None

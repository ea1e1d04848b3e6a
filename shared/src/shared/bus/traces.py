"""How a trace goes from process to process: with the events, and for an application beside them.

An event's row bears the span in which it was written, for it is sent later and by another task; a header carries on the
span in which it was sent, and who hears it goes on from there. What a worker does it does for many, so its round is a
trace of its own: an event that it writes belongs to the trace in which its application was last heard of, or spoken of,
and is linked to the round. Order, ids and what is done never depend on any of it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.bus.tables import application_trace, outbox
from shared.database import journey
from shared.database.dialect import insert_of
from shared.events import ApplicationFamilyErased, Event
from shared.events.base import ApplicationEvent
from shared.tracing import spans
from shared.tracing.counts import unreadable_parents
from shared.tracing.parents import TRACEPARENT, Parent, read_parent
from shared.tracing.spans import Attribute, Span

if TYPE_CHECKING:
    from shared.bus.received import InboundMessage, Outcome

GOES_ON = timedelta(hours=1)
"""What is done for an application later than this begins a trace of its own: a trace of days is none that a collector
keeps together. Our own choice."""
_WRITTEN = "traceparents"
_LAST_HEARD = sa.select(application_trace.c.application_id, application_trace.c.traceparent).where(
    application_trace.c.application_id.in_(sa.bindparam("keys", expanding=True)),
    application_trace.c.noted_at > sa.bindparam("after"),
)
_NEWEST = (
    sa.select(sa.func.max(outbox.c.position))
    .where(outbox.c.ordering_key.in_(sa.bindparam("keys", expanding=True)), outbox.c.traceparent.is_not(None))
    .group_by(outbox.c.ordering_key)
)
_LAST_SPOKEN = sa.select(outbox.c.ordering_key, outbox.c.traceparent).where(
    outbox.c.position.in_(_NEWEST), outbox.c.emitted_at > sa.bindparam("after")
)


# the sender's side


def begin_creations(session: Session, events: Sequence[Event]) -> Mapping[UUID, str]:
    """By event id, what its row bears. The spans end with the transaction: of one that is rolled back none is told."""
    if not spans.is_on():
        return {}
    active = spans.active_span()
    around = active.parent
    found = _parents_of(session, events) if active.is_round or around is None else {}
    links = [around] if around is not None and active.is_round else []
    if active.is_round:
        active.has_caused = True
    written = {}
    for event in events:
        parent = found.get(event.key) if active.is_round or around is None else around
        span = spans.start_creation(event.subject, parent, links)
        journey.after_commit(session, span.end)
        written[event.event_id] = str(span.parent)
    session.info.setdefault(_WRITTEN, {}).update(written)
    return written


def ids_of(session: Session, event: Event) -> Mapping[str, str]:
    """For a line of the log: the trace of an event that was written in this transaction. So whoever has an
    application's id finds its trace, and nobody the other way round."""
    parent = read_parent(session.info.get(_WRITTEN, {}).get(event.event_id))
    return {} if parent is None else {"trace_id": f"{parent.trace_id:032x}"}


def _parents_of(session: Session, events: Sequence[Event]) -> Mapping[str, Parent]:
    """By application, within which span it was last heard of; else spoken of."""
    keys = sorted({event.key for event in events if isinstance(event, ApplicationEvent)})
    if not keys:
        return {}
    values = {"keys": keys, "after": datetime.now(UTC) - GOES_ON}
    connection = session.connection()
    found = {key: text for query in (_LAST_SPOKEN, _LAST_HEARD) for key, text in connection.execute(query, values)}
    return {key: parent for key, text in found.items() if (parent := read_parent(text)) is not None}


# the hearer's side


def start_handling(subject: str, headers: Mapping[str, str], delivery: int) -> Span:
    """Of a message that can be read. A header that is none harms nothing: what is done begins a trace."""
    if not spans.is_on():
        return spans.NO_SPAN
    text = headers.get(TRACEPARENT)
    parent = read_parent(text)
    if text is not None and parent is None:
        unreadable_parents.inc()
    span = spans.start_handling(subject, parent)
    span.note(Attribute.DELIVERY, delivery)
    return span


def end_handling(received: "InboundMessage", outcome: "Outcome") -> None:
    """Its transaction has ended, whichever way."""
    if received.span is spans.NO_SPAN:
        return
    received.span.note(Attribute.OUTCOME, outcome.value)
    if received.failure is not None:
        received.span.fail(type(received.failure).__name__)
    received.span.end()


def remember(session: Session, done: Sequence["InboundMessage"], now: datetime) -> None:
    """For what workers do with these later: within which span their applications were heard of."""
    if not spans.is_on():
        return
    heard = {
        event.key: str(received.span.parent)
        for received in done
        if isinstance(event := received.event, ApplicationEvent) and not isinstance(event, ApplicationFamilyErased)
    }
    if not heard:
        return
    rows = [{"application_id": key, "traceparent": heard[key], "noted_at": now} for key in sorted(heard)]
    statement = insert_of(session)(application_trace)
    new = {name: statement.excluded[name] for name in ("traceparent", "noted_at")}
    session.connection().execute(statement.on_conflict_do_update(index_elements=["application_id"], set_=new), rows)


def forget_about(session: Session, ids: Collection[UUID]) -> None:
    """The families of these applications are erased."""
    names = [str(each) for each in ids]
    session.execute(application_trace.delete().where(application_trace.c.application_id.in_(names)))


def purge(session: Session, now: datetime, limit: int) -> int:
    """Forget where nothing goes on any more, at most `limit` rows. Returns how many."""
    old = sa.select(application_trace.c.application_id).where(application_trace.c.noted_at < now - GOES_ON).limit(limit)
    keys = list(session.execute(old).scalars())
    if keys:
        session.execute(application_trace.delete().where(application_trace.c.application_id.in_(keys)))
    return len(keys)

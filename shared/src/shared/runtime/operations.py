"""What listens on the operations port: `/metrics`, and health once more.

The operations port is on loopback: what is counted is nobody's business outside, and asking costs the database a look.
Labels are names of our own (streams, workers, kinds, routes), so that no client makes them more.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy.orm import Session

from shared.bus import epochs, inbox, outbox
from shared.bus.outbox import MOST_COUNTED
from shared.database import Database, SessionStore
from shared.row_security.asking import work_as
from shared.runtime import backlog
from shared.runtime.health import Health

waiting_gauge = Gauge("outbox_waiting", "Events that have not reached the bus; at most 10,000 are counted")
oldest_gauge = Gauge("outbox_oldest_seconds", "How long the oldest event waits that has not reached the bus")
behind_gauge = Gauge("database_behind", "1: put back, and it hears nothing before it has caught up with the others")
quarantined_gauge = Gauge("dead_letters", "Messages put aside")
put_aside_gauge = Gauge("work_put_aside", "Rows of work lists that failed again and again", ["worker"])
work_waiting = Gauge("work_waiting", "Rows of a work list that wait; at most 10,000 are counted", ["kind"])
work_oldest = Gauge("work_oldest_seconds", "How long the oldest row of a work list waits", ["kind"])
list_age = Gauge("list_age_seconds", "How long ago the oldest of the lists that are in force was published", ["kind"])

Figures = Callable[[Any, datetime], None]
"""Sets gauges of a service's own, from its store and the time of now, by a few statements that read few rows."""


def operations_app(health: Health, database: Database[Any], figures: Figures | None) -> FastAPI:
    """What listens on the operations port."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(health.router())

    @app.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        """Prometheus' text format. Counts only, no personal data."""
        with work_as("figures"):
            await database.read(lambda store: _measure(store, figures))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def show_work(session: Session, kind: str, since: sa.Select[Any], now: datetime) -> None:
    """Set the two gauges of a work list.

    Args:
        since: one column of this name, when each row began to wait.
    """
    some = since.limit(MOST_COUNTED).subquery()
    count, oldest = session.execute(sa.select(sa.func.count(), sa.func.min(some.c.since))).one()
    work_waiting.labels(kind).set(count)
    work_oldest.labels(kind).set((now - oldest).total_seconds() if oldest else 0)


def _measure(store: SessionStore, figures: Figures | None) -> None:
    session, now = store.session, _now()
    waiting_gauge.set(outbox.count_waiting(session))
    emitted_at = outbox.oldest_waiting(session)
    oldest_gauge.set(0 if emitted_at is None else max(0.0, (now - emitted_at).total_seconds()))
    quarantined_gauge.set(inbox.count_quarantined(session))
    epochs.refused_senders(session)  # sets its gauge, whoever asks for /readyz and whichever copy has heard it
    behind_gauge.set(epochs.is_behind(session))
    put_aside_gauge.clear()
    for worker, (put_aside, _) in backlog.count_failing(session, now).items():
        put_aside_gauge.labels(worker).set(put_aside)
    if figures is not None:
        figures(store, now)


def _now() -> datetime:
    return datetime.now(UTC)

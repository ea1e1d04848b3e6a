"""How a process is: `/healthz` and `/readyz` on both its ports, `/metrics` on the operations port alone.

The operations port is on loopback: what is counted is nobody's business outside, and asking costs the database a look.
Labels are names of our own (streams, workers, kinds, routes), so that no client makes them more.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from shared.bus import inbox, outbox
from shared.bus.connection import Connection
from shared.database import Database, SessionStore
from shared.runtime import backlog
from shared.runtime.worker import WorkerLoop

waiting_gauge = Gauge("outbox_waiting", "Events that have not reached the bus; at most 10,000 are counted")
oldest_gauge = Gauge("outbox_oldest_seconds", "How long the oldest event waits that has not reached the bus")
quarantined_gauge = Gauge("dead_letters", "Messages put aside")
put_aside_gauge = Gauge("work_put_aside", "Rows of work lists that failed again and again", ["worker"])
work_waiting = Gauge("work_waiting", "Rows of a work list that wait; at most 10,000 are counted", ["kind"])
work_oldest = Gauge("work_oldest_seconds", "How long the oldest row of a work list waits", ["kind"])
list_age = Gauge("list_age_seconds", "How long ago the oldest of the lists that are in force was published", ["kind"])

Figures = Callable[[Any, datetime], None]
"""Sets gauges of a service's own, from its store and the time of now, by a few statements that read few rows."""
KEPT_SECONDS = 0.5
"""So long an answer of `/readyz` is good: it is not limited, and must not cost."""


class Process(Protocol):
    """A service that runs, as far as its health goes."""

    @property
    def bus(self) -> Connection | None: ...
    @property
    def warm(self) -> bool: ...
    @property
    def stop(self) -> asyncio.Event: ...
    @property
    def loops(self) -> Sequence[WorkerLoop]: ...


class Health:
    """The same for both ports."""

    def __init__(
        self, process: Process, database: Database[Any], checks: Mapping[str, Callable[[], Awaitable[str]]]
    ) -> None:
        self._process, self._database, self._checks = process, database, checks
        self._told: tuple[float, bool, Mapping[str, str]] | None = None

    def router(self) -> APIRouter:
        router = APIRouter(tags=["operations"])

        @router.get("/healthz")
        async def healthz() -> dict[str, str]:
            """The process answers."""
            return {"status": "ok"}

        @router.get("/readyz")
        async def readyz(response: Response) -> dict[str, str]:
            """The database answers, and the broker was found and checked. A broker that is away later does not count,
            nor does a worker that fails: accepted work waits in the tables. Both are told."""
            if self._told is None or time.monotonic() - self._told[0] > KEPT_SECONDS:
                self._told = (time.monotonic(), *(await self._look()))
            _, ready, state = self._told
            response.status_code = 200 if ready else 503
            return {"status": "ready" if ready else "not ready", **state}

        return router

    async def _look(self) -> tuple[bool, Mapping[str, str]]:
        process, bus = self._process, self._process.bus
        state = {"bus": "connected" if bus and bus.client.is_connected else "away", "database": "ok"}
        if bus is not None and bus.client.is_connected and bus.safety.fault is not None:
            state["bus"] = f"not used: {bus.safety.fault}"
        try:
            state["workers"] = await self._workers()
        except Exception as error:
            state["database"] = type(error).__name__
        for name, check in self._checks.items():
            state[name] = await check()
        ready = bus is not None and process.warm and state["database"] == "ok" and not process.stop.is_set()
        return ready, state

    async def _workers(self) -> str:
        """`ok`, or which workers fail and why, and whose rows do. Raises where the database does not answer."""
        told = [f"{each.worker.name}: {each.failure}" for each in self._process.loops if each.failure]
        counts = await self._database.read(lambda store: backlog.count_failing(store.session, _now()))
        for name, (put_aside, waiting) in counts.items():
            told += [f"{name}: {put_aside} put aside"] if put_aside else []
            told += [f"{name}: {waiting} to be tried again"] if waiting else []
        return "; ".join(told) or "ok"


def operations_app(health: Health, database: Database[Any], figures: Figures | None) -> FastAPI:
    """What listens on the operations port."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(health.router())

    @app.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        """Prometheus' text format. Counts only, no personal data."""
        await database.read(lambda store: _measure(store, figures))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def _measure(store: SessionStore, figures: Figures | None) -> None:
    session, now = store.session, _now()
    waiting_gauge.set(outbox.count_waiting(session))
    emitted_at = outbox.oldest_waiting(session)
    oldest_gauge.set(0 if emitted_at is None else max(0.0, (now - emitted_at).total_seconds()))
    quarantined_gauge.set(inbox.count_quarantined(session))
    put_aside_gauge.clear()
    for worker, (put_aside, _) in backlog.count_failing(session, now).items():
        put_aside_gauge.labels(worker).set(put_aside)
    if figures is not None:
        figures(store, now)


def _now() -> datetime:
    return datetime.now(UTC)

"""How a process is: `/readyz` tells of everything it needs, `/healthz` whether a start anew would help.

Ready means that requests may come. What is not ok need not change that: the front door takes applications while the
broker is away, and a worker that fails leaves its work in the tables. `/healthz` fails where a part of the process has
stopped turning, and not because somebody else is away.
"""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter, Response
from sqlalchemy.engine import make_url

from shared.bus import epochs, outbox
from shared.bus.connection import Connection
from shared.bus.hearing import Hearing
from shared.bus.tables import probe
from shared.copies.fence import Fence
from shared.database import Database, SessionStore
from shared.database.dialect import insert_of
from shared.database.engine import is_sqlite
from shared.database.schema import Schema
from shared.row_security.asking import work_as
from shared.runtime import backlog
from shared.runtime.check import Check, Look
from shared.runtime.worker import WorkerLoop

KEPT_SECONDS = 0.5
"""So long an answer of `/readyz` is good: it is not limited, and must not cost."""
LOOK_SECONDS = 2.0
"""For each look: whoever asks waits a few seconds at most."""
WRITTEN_SECONDS = 5.0
"""A write that is older says little: one is made to see."""
UNSENT_SECONDS = 60.0
STUCK_SECONDS = 60.0
"""What has not come by for so long will not: each of these loops comes by within ten seconds, also while somebody else
is away."""
LEAST_ROOM = 32 << 20
"""Bytes free on the disk of a SQLite database: an application needs 20 kB, and the log beside it grows to some MB."""


class Process(Protocol):
    """A service that runs, as far as its health goes."""

    @property
    def bus(self) -> Connection | None:
        """None before it is connected."""

    @property
    def warm(self) -> bool:
        """Whether what is slow the first time has been done."""

    @property
    def is_leaving(self) -> bool:
        """It was asked to stop and finishes what it has begun."""

    @property
    def loops(self) -> Sequence[WorkerLoop]:
        """Of its workers."""

    @property
    def hearings(self) -> Sequence[Hearing]:
        """One for each of its consumers."""


@dataclass(frozen=True)
class Needs:
    """What differs between the processes."""

    database: Database[Any]
    schema: Schema | None = None
    accepts_without_bus: bool = False
    """The front door: what it accepts is safe in its tables."""
    hears: bool = True
    checks: Mapping[str, Look] = field(default_factory=dict)
    """Of a process's own, by name: certificates, lists."""
    fence: Fence | None = None
    """Of a process of which one copy alone works."""

    @property
    def is_waiting(self) -> bool:
        """Another copy works. This one hears, tells and writes nothing, and nothing is amiss."""
        return self.fence is not None and self.fence.is_waiting


class Health:
    """The same for both ports of a process."""

    def __init__(self, process: Process, needs: Needs) -> None:
        self._process, self._needs = process, needs
        self._told: tuple[float, Mapping[str, Check]] | None = None
        self._looking: asyncio.Task[Mapping[str, Check]] | None = None

    def router(self) -> APIRouter:
        """`/healthz` (503 where a restart helps) and `/readyz` (503 where the process cannot do its work)."""
        router = APIRouter(tags=["operations"])

        @router.get("/healthz")
        async def healthz(response: Response) -> dict[str, str]:
            """503 where a restart helps: a part of the process stands still."""
            stuck = self.stuck()
            response.status_code = 503 if stuck else 200
            return {"status": "stuck", "detail": "; ".join(stuck)} if stuck else {"status": "ok"}

        @router.get("/readyz")
        async def readyz(response: Response) -> dict[str, Any]:
            """Whether requests may come, and how everything is that the process needs: each with `ok`, where it helps
            with `age_seconds` and `detail`. Not everything that is not ok keeps it from being ready."""
            checks = await self.checks()
            if self._process.is_leaving:
                checks = {**checks, "workers": Check(ok=False, detail="the process is about to end")}
            ready = self._process.warm and not self._process.is_leaving
            ready = ready and all(check.ok or not check.blocks for check in checks.values())
            response.status_code = 200 if ready else 503
            return {"ready": ready, "checks": {name: check.to_json() for name, check in checks.items()}}

        return router

    def stuck(self) -> list[str]:
        """What has not come by for a minute, in words."""
        if self._process.is_leaving or self._needs.is_waiting:
            return []
        now, stuck = time.monotonic(), []
        if self._needs.database.writer.seconds_at_work > STUCK_SECONDS:
            stuck.append("a write does not end")
        relays = [each for each in self._process.loops if each.worker.name == "relay"]
        stuck += ["the relay does not turn" for each in relays if now - each.turned_at > STUCK_SECONDS]
        begun = [each for each in self._process.hearings if each.has_begun]
        late = [each.stream for each in begun if now - each.turned_at > STUCK_SECONDS]
        return stuck + [f"the pull loop of {stream} does not turn" for stream in late]

    async def checks(self) -> Mapping[str, Check]:
        """By name. Whoever asks while somebody else looks is told the same."""
        if self._told is not None and time.monotonic() - self._told[0] < KEPT_SECONDS:
            return self._told[1]
        if self._looking is None or self._looking.done():
            with work_as("health"):
                self._looking = asyncio.create_task(self._look())
        checks = await asyncio.shield(self._looking)
        self._told = (time.monotonic(), checks)
        return checks

    async def _look(self) -> Mapping[str, Check]:
        looks: dict[str, Look] = {} if self._needs.schema is None else {"schema": self._schema}
        looks |= {"database": self._database, "bus": self._bus}
        looks |= {"fence": self._fence} if self._needs.fence is not None else {}
        if not self._needs.is_waiting:
            looks |= {"streams": self._streams, "relay": self._relay}
            looks |= {"consumers": self._consumers} if self._needs.hears else {}
        looks |= {"workers": self._workers, "epoch": self._epoch, **self._needs.checks}
        found = await asyncio.gather(*map(_within_time, looks.values()))
        return dict(zip(looks, found, strict=True))

    async def _schema(self) -> Check:
        schema = self._needs.schema
        assert schema is not None  # noqa: S101  # looked at only then
        fault = await self._needs.database.read(lambda store: schema.fault(store.session.connection()))
        return Check(fault is None, fault or f"version {schema.head}")

    async def _database(self) -> Check:
        """It reads, and it writes: by the newest write, or by one that is made to see."""
        database = self._needs.database
        writer = database.writer
        if (left := _room(database.url)) is not None and left < LEAST_ROOM:
            return Check(ok=False, detail=f"{left >> 20} MB are left on the disk")
        if writer.seconds_at_work > LOOK_SECONDS:
            return Check(ok=False, detail="a write waits", age_seconds=writer.seconds_since_write)
        since = writer.seconds_since_write
        if not self._needs.is_waiting and (writer.fails or since is None or since > WRITTEN_SECONDS):
            await database.write(_write_probe, wake=False)
        await database.read(lambda store: store.session.execute(probe.select()).all())
        return Check(ok=True, age_seconds=writer.seconds_since_write)

    async def _fence(self) -> Check:
        """Which copy works. Who waits is ready: to take over, as soon as the other one is gone."""
        return Check(ok=True, detail=str(self._needs.fence))

    async def _bus(self) -> Check:
        bus, blocks = self._process.bus, not self._needs.accepts_without_bus
        if bus is None or not bus.client.is_connected:
            return Check(ok=False, detail="away", blocks=blocks)
        if bus.safety.fault is not None:
            return Check(ok=False, detail=f"not used: {bus.safety.fault}", blocks=blocks)
        return Check(ok=True, detail="connected")

    async def _streams(self) -> Check:
        """Whether the streams keep what was told: compared every half minute."""
        bus, loop, blocks = self._process.bus, self._loop("streams"), not self._needs.accepts_without_bus
        if bus is None or loop is None:
            return Check(ok=False, detail="not seen yet", blocks=blocks)
        age = None if loop.succeeded_at is None else time.monotonic() - loop.succeeded_at
        if loop.failure is not None or not bus.safety.passed:
            detail = bus.safety.fault or (str(loop.failure) if loop.failure else "being looked at")
            return Check(ok=False, detail=detail, age_seconds=age, blocks=blocks)
        return Check(ok=True, age_seconds=age)

    async def _consumers(self) -> Check:
        hearings, blocks = self._process.hearings, not self._needs.accepts_without_bus
        deaf = [str(each) for each in hearings if each.is_deaf]
        if deaf or not hearings:
            return Check(ok=False, detail="; ".join(deaf) or "not heard yet", blocks=blocks)
        return Check(ok=True, age_seconds=max(each.seconds_since_heard for each in hearings))

    async def _relay(self) -> Check:
        """How old the oldest event is that has not reached its stream. Where the broker does not take single ones, the
        others go on, and so does the process."""
        oldest, refused = await self._needs.database.read(_unsent)
        loop = self._loop("relay")
        age = 0.0 if oldest is None else max(0.0, (_now() - oldest).total_seconds())
        told = [f"{count} of {subject} not taken: {kind}" for subject, kind, count in refused]
        if loop is not None and loop.failure is not None:
            told.append(str(loop.failure))
        fails = loop is None or loop.failure is not None
        blocks = fails and not self._needs.accepts_without_bus
        return Check(age <= UNSENT_SECONDS, "; ".join(told), age, blocks=blocks)

    async def _workers(self) -> Check:
        """Which workers fail and why, and whose rows do. What they shall do waits in the tables. What a copy failed at
        before another took over is no trouble of either."""
        if not self._process.warm:
            return Check(ok=False, detail="warming up")
        loops = () if self._needs.is_waiting else self._process.loops
        told = [f"{each.worker.name}: {each.failure}" for each in loops if each.failure]
        counts = await self._needs.database.read(lambda store: backlog.count_failing(store.session, _now()))
        for name, (put_aside, waiting) in counts.items():
            told += [f"{name}: {put_aside} put aside"] if put_aside else []
            told += [f"{name}: {waiting} to be tried again"] if waiting else []
        return Check(not told, "; ".join(told), blocks=False)

    async def _epoch(self) -> Check:
        """Whether a sender's database went back, so that nothing of it is taken, or this one has yet to catch up: that
        blocks nothing, for what it catches up with is asked while it runs."""

        def look(store: SessionStore) -> tuple[str | None, bool]:
            return epochs.fault_of(store.session), bool(epochs.refused_senders(store.session))

        fault, is_deaf = await self._needs.database.read(look)
        return Check(fault is None, fault or "", blocks=is_deaf and not self._needs.accepts_without_bus)

    def _loop(self, name: str) -> WorkerLoop | None:
        return next((each for each in self._process.loops if each.worker.name == name), None)


async def _within_time(look: Look) -> Check:
    try:
        return await asyncio.wait_for(look(), LOOK_SECONDS)
    except TimeoutError:
        return Check(ok=False, detail=f"no answer within {LOOK_SECONDS:.0f} s")
    except Exception as error:
        return Check(ok=False, detail=type(error).__name__)


def _unsent(store: SessionStore) -> tuple[datetime | None, list[tuple[str, str, int]]]:
    return outbox.oldest_waiting(store.session), outbox.failing_events(store.session)


def _write_probe(store: SessionStore) -> None:
    values = {"id": 1, "written_at": _now()}
    statement = insert_of(store.session)(probe).values(values)
    store.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _room(url: str) -> int | None:
    """Bytes that this process may still write beside a SQLite database; None for a server, whose disk is not ours."""
    if not is_sqlite(url):
        return None
    found = os.statvfs(Path(str(make_url(url).database)).parent)
    return found.f_bavail * found.f_frsize


def _now() -> datetime:
    return datetime.now(UTC)

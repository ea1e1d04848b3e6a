"""Runs one service: HTTP, consumers, relay and workers in one process, until SIGTERM."""

import asyncio
import contextlib
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import structlog
import uvloop
from fastapi import APIRouter, FastAPI

from shared.bus.connection import Connection
from shared.bus.consumer import Handlers
from shared.bus.hearing import Hearing
from shared.bus.questions import AnswersTo, Asker
from shared.bus.safety import UnsafeBroker
from shared.bus.topology import durables_of
from shared.copies.fence import Fence
from shared.copies.turns import Turns
from shared.database import Database, SessionStore
from shared.database.schema import Schema
from shared.errors import Text, Unavailable, place_of
from shared.http import problems
from shared.http.edge import Edge, LargerBody
from shared.http.gate import Gate, rules_of
from shared.http.json_bodies import JsonBodies
from shared.http.landing import Link, landing_router
from shared.http.limited import RateLimiter
from shared.http.listening import HttpServer, server_config
from shared.http.openapi import openapi_router
from shared.http.security_txt import LINK, read_contacts, security_txt
from shared.http.tags import Tags
from shared.identity import Identity, Policy
from shared.row_security.access import TableAccess
from shared.row_security.asking import nobody_asks, work_as
from shared.runtime import logs
from shared.runtime.background import all_workers
from shared.runtime.beginning import all_is_made
from shared.runtime.bus_work import BusWork
from shared.runtime.check import Look
from shared.runtime.health import Health, Needs
from shared.runtime.operations import Figures, operations_app
from shared.runtime.retention import RetentionTask
from shared.runtime.settings import ServiceSettings
from shared.runtime.start import alone_at_sqlite, look_at_database, sentence
from shared.runtime.worker import Worker, WorkerLoop, wait_for_first
from shared.tracing.process import trace_process

log = structlog.get_logger("runtime")

Store = TypeVar("Store", bound=SessionStore)

DRAIN_SECONDS, LAST_WORDS_SECONDS = 20, 2
UNSAFE_BROKER_EXIT = 3


@dataclass(frozen=True)
class Service(Generic[Store]):
    """What `main.build` hands over to be run. `name` is the name in the bus's topology."""

    name: str
    settings: ServiceSettings
    database: Database[Store]
    routers: Sequence[APIRouter]
    handlers: Handlers[Store]
    policy: Policy = field(default_factory=dict)
    """Who may use which of its operations: a line for each, or it does not start."""
    identity: Identity | None = None
    """Checks the tokens of those operations that want one; None: as the settings say."""
    workers: Sequence[Worker] = ()
    description: str | Text = ""
    """What it is, told at its root and in its OpenAPI document."""
    examples: Callable[[], Awaitable[Mapping[str, Any]]] | None = None
    """Bodies that work here and now, by operation (`post /v1/applications`): shown in the OpenAPI document."""
    links: Sequence[Link] = ()
    """What a person may open, told at its root."""
    started: list[Callable[[], None]] = field(default_factory=list)
    """Called once in the event loop before anything else."""
    schema: Schema | None = None
    """The version of its tables; it does not start on another one."""
    row_security: TableAccess | None = None
    """Who sees which rows at PostgreSQL, and under which names it works for itself; None: it has no tables."""
    accepts_without_bus: bool = False
    """It is ready also while the broker is away: what it accepts is safe in its tables."""
    checks: Mapping[str, Look] = field(default_factory=dict)
    """What `/readyz` tells besides, by name: certificates, lists."""
    figures: Figures | None = None
    """Sets gauges of its own, asked at `/metrics`."""
    larger_bodies: Sequence[LargerBody] = ()
    own_readers: Sequence[re.Pattern[str]] = ()
    """Paths of routes that read their bodies within bounds of their own, whatever they look like."""
    answers: AnswersTo = field(default_factory=dict)
    """Questions of other services that this one answers."""
    asker: Asker | None = None
    """By whom this service asks others; it is given the connection to the bus."""
    catch_up: Callable[[asyncio.Event], Awaitable[None]] | None = None
    """Waited for, until it stops, before anything is heard: of a database that was put back."""
    retention: Sequence[RetentionTask] = ()
    fence: Fence | None = None
    """Of a process of which one copy alone works; the others wait, and are ready to."""
    warm_up: Callable[[], Awaitable[None]] | None = None
    """Run once in the background; the service is not ready before it has ended."""


def run(service: Service[Any]) -> None:
    """Serve until SIGTERM or Ctrl-C; then end what has begun. Exits as `look_at_database`; with 3 on a wrong broker."""
    logs.configure(service.name, service.settings.log_level)
    if service.schema is not None:
        of = service.database.url, service.schema, service.settings.installation, service.row_security
        look_at_database(service.name, *of)
    running = _ServiceProcess(service)
    with _all_that_lasts(service), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        code = runner.run(running.serve())
    if code:
        sys.exit(code)


@contextlib.contextmanager
def _all_that_lasts(service: Service[Any]) -> Iterator[None]:
    alone = contextlib.nullcontext() if service.fence else alone_at_sqlite(service.name, service.database.url)
    with alone, nobody_asks(), trace_process(service.name):
        yield


def api_of(service: Service[Any]) -> FastAPI:
    """Its application as it is served; NoLine where the policy table and the routes differ."""
    return _ServiceProcess(service).api()


class _ServiceProcess:
    def __init__(self, service: Service[Any]) -> None:
        self.service = service
        self.stop, self.leaving = asyncio.Event(), asyncio.Event()
        self.failed: BaseException | None = None
        self.tasks: list[asyncio.Task[None]] = []
        self.warm = service.warm_up is None
        self.turns = Turns(service.database, service.database.url)
        self.loops = [WorkerLoop(each) for each in all_workers(service, self.turns, _now)]
        if service.row_security is not None:
            service.row_security.require_workers((each.worker.name for each in self.loops), service.policy)
        told = service.handlers, service.answers, service.asker, service.catch_up
        self._bus_work = BusWork(service.name, service.database, *told, self.loops)
        hears, fence = bool(durables_of(service.name)), service.fence
        needs = Needs(service.database, service.schema, service.accepts_without_bus, hears, service.checks, fence)
        self.health = Health(self, needs)

    @property
    def bus(self) -> Connection | None:
        return self._bus_work.bus

    @property
    def hearings(self) -> Sequence[Hearing]:
        return self._bus_work.hearings

    @property
    def is_leaving(self) -> bool:
        return self.leaving.is_set() or self.stop.is_set()

    async def serve(self) -> int:
        # 1. Signals only set a flag.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._leave)
        # 2. HTTP answers at once, also while the broker is away: what is accepted waits in the outbox.
        settings = self.service.settings
        servers = [HttpServer(server_config(self.api(), settings.host, settings.port, DRAIN_SECONDS))]
        if settings.operations_port is not None:
            own = operations_app(self.health, self.service.database, self.service.figures)
            place = settings.operations_host, settings.operations_port
            servers.append(HttpServer(server_config(own, *place, DRAIN_SECONDS)))
        with work_as("start"):
            for call in self.service.started:
                call()
        http = [asyncio.create_task(self._listen(server)) for server in servers]
        # 3. Bus, relay, consumers and workers, supervised: a task that ends by itself ends the process.
        holding = asyncio.create_task(self.service.fence.hold()) if self.service.fence else None
        self._start("warm_up", self._warm_up())
        self._start("bus", self._hear())
        for each in self.loops:
            if each.worker.woken:
                self.service.database.after_commit(each.wake)
            self._start(each.worker.name, each.run(self.stop) if each.worker.also_waiting else self._turns(each.run))
        all_is_made()
        # 4. Asked to end, it says that it is not ready, and answers for as long as a load balancer needs to see it.
        await wait_for_first((self.leaving, self.stop), None)
        log.info("leaving")
        await wait_for_first((self.stop,), settings.lame_duck_seconds)
        self.stop.set()
        # 5. Drain: no new requests, batches finish, the outbox empties once more, connections close.
        await self._drain(servers, http, holding)
        log.info("stopped", error=type(self.failed).__name__ if self.failed else None)
        if isinstance(self.failed, UnsafeBroker):
            sys.stderr.write(sentence(self.service.name, self.failed))
            return UNSAFE_BROKER_EXIT
        return 1 if self.failed else 0

    async def _drain(
        self, servers: Sequence[HttpServer], http: Collection[asyncio.Task[None]], holding: asyncio.Task[None] | None
    ) -> None:
        log.info("draining")
        for server in servers:
            server.should_exit = True
        await asyncio.wait({*http, *self.tasks}, timeout=DRAIN_SECONDS)
        if self._bus_work.relay is not None:  # once more: the last request was answered after the relay had ended
            with contextlib.suppress(TimeoutError), work_as("bus"):
                await asyncio.wait_for(self._bus_work.relay.empty(), LAST_WORDS_SECONDS)
        with contextlib.suppress(Unavailable):  # then they end by themselves
            await self.turns.release()
        if self.service.fence is not None and holding is not None:
            holding.cancel()
            await self.service.fence.release()
        if self.bus is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self.bus.client.close(), LAST_WORDS_SECONDS)
        self.service.database.close()

    def _leave(self) -> None:
        """Whoever asks a second time is in a hurry."""
        if self.leaving.is_set():
            self.stop.set()
        self.leaving.set()

    async def _listen(self, server: HttpServer) -> None:
        try:
            await server.serve()
        except (SystemExit, Exception) as error:  # uvicorn exits where the port is taken
            self.failed = self.failed or error
            log.error("cannot_listen", port=server.config.port)
        self.stop.set()

    def _start(self, name: str, work: Awaitable[None]) -> None:
        async def supervised() -> None:
            try:
                with work_as(name):
                    await work
            except UnsafeBroker as error:
                self.failed = error
                self.stop.set()
            except Exception as error:
                self.failed = error
                log.error("task_failed", task=name, error=type(error).__name__, place=place_of(error))
                self.stop.set()

        self.tasks.append(asyncio.create_task(supervised(), name=name))

    async def _warm_up(self) -> None:
        if self.service.warm_up is not None:
            await self.service.warm_up()
            self.warm = True

    async def _hear(self) -> None:
        if await self._bus_work.connect(self.service.settings.bus, self.stop):
            await self._turns(self._bus_work.work)

    async def _turns(self, work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        """Until the process stops; where one copy alone works, whenever this is the one."""
        if self.service.fence is None:
            await work(self.stop)
        else:
            await self.service.fence.turns(self.stop, work)

    def api(self) -> FastAPI:
        said, url = self.service.description, self.service.settings.public_url
        what = said if isinstance(said, Text) else Text(said, said)
        app = FastAPI(
            title=f"Schulticket: {self.service.name}",
            description=what.de,
            version="1",
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
        )
        problems.install(app, self.service.settings.wrong_sign_ins)
        app.include_router(self.health.router())
        for router in self.service.routers:
            app.include_router(router)
        contacts, links = read_contacts(self.service.settings.security_contact), self.service.links
        if contacts:
            app.include_router(security_txt(contacts, url, _now))
            links = (*links, LINK)
        app.include_router(landing_router(self.service.name, what, links, url))
        app.include_router(openapi_router(app, url, self.service.examples, self.service.policy))
        settings, larger, https = self.service.settings, self.service.larger_bodies, url.startswith("https:")
        identity = self.service.identity or settings.identity
        app.add_middleware(JsonBodies, own_readers=self.service.own_readers)
        app.add_middleware(Gate, rules=rules_of(app, self.service.policy), identity=identity)
        app.add_middleware(Tags)
        app.add_middleware(RateLimiter, limits=settings.limits)
        app.add_middleware(Edge, maximum_body_bytes=settings.maximum_body_bytes, larger=larger, https=https)
        return app


def _now() -> datetime:
    return datetime.now(UTC)

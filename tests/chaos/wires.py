"""Wires between the processes of a cluster, which can be cut and made slow.

What was sent into a cut wire is held and arrives when it is whole again, as with TCP over a network that loses packets
for a while; nobody is told that the wire is cut.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar

from local.cluster.plan import ClusterPlan
from local.cluster.servers import Server
from local.ports import free_ports

Result = TypeVar("Result")
CHUNK = 65_536
DATABASE = "postgresql"


@dataclass
class Wire:
    """From a port of its own to a target's."""

    port: int
    target: int
    delay_seconds: float = 0.0
    whole: asyncio.Event = field(default_factory=asyncio.Event)
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)
    """Of connections that are open."""

    async def listen(self) -> None:
        """For ever, once it listens."""
        self.whole.set()
        await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.whole.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        ends = {writer, far_writer}
        self._ends |= ends
        try:
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        finally:
            self._ends -= ends

    def lead_to(self, target: int) -> None:
        """Whoever is connected hears that the other end is gone; who comes next is led to another port."""
        self.target = target
        for each in self._ends:
            each.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while content := await reader.read(CHUNK):
                await self.whole.wait()
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                writer.write(content)
                await writer.drain()
        with suppress(OSError):
            writer.close()


class Wires:
    """By name: `nats-1` leads clients to a server, `nats-1>nats-2` one server to another, `postgresql` services."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.wires: dict[str, Wire] = {}

    def lead(self, plan: ClusterPlan) -> ClusterPlan:
        """The plan with a wire everywhere."""
        members = plan.servers.members
        names = [DATABASE, *(f"nats-{each.number}" for each in members)]
        names += [f"nats-{a.number}>nats-{b.number}" for a in members for b in members if a is not b]
        targets = dict(zip(names, [plan.postgresql.port, *(each.port for each in members)], strict=False))
        targets |= {f"nats-{a.number}>nats-{b.number}": b.route_port for a in members for b in members if a is not b}
        for name, port in zip(names, free_ports(len(names)), strict=True):
            self.wires[name] = Wire(port, targets[name])
            self.string(name)
        led = tuple(self._led(each, members) for each in members)
        servers = replace(plan.servers, members=led)
        postgresql = replace(plan.postgresql, through=self.wires[DATABASE].port)
        return replace(plan, servers=servers, broker=servers, postgresql=postgresql)

    def _led(self, server: Server, members: tuple[Server, ...]) -> Server:
        name = f"nats-{server.number}"
        others = [each.number for each in members if each is not server]
        routes = tuple((other, self.wires[f"{name}>nats-{other}"].port) for other in others)
        return replace(server, through=self.wires[name].port, routes_through=routes)

    def string(self, name: str) -> None:
        """From now on it listens."""
        self._run(self.wires[name].listen()).result()

    def around(self, server: str) -> list[str]:
        """All wires that end at a server of the bus."""
        return [name for name in self.wires if server in name.split(">")]

    def cut(self, *names: str) -> None:
        for name in names:
            self._loop.call_soon_threadsafe(self.wires[name].whole.clear)

    def mend(self, *names: str) -> None:
        """All of them where none is named; whole, and as fast as they can be."""
        for name in names or tuple(self.wires):
            self.wires[name].delay_seconds = 0.0
            self._loop.call_soon_threadsafe(self.wires[name].whole.set)

    def slow(self, seconds: float, *names: str) -> None:
        for name in names:
            self.wires[name].delay_seconds = seconds

    def lead_to(self, target: int, name: str) -> None:
        """What was under way on this wire is over; from now on it ends at another port."""
        self._loop.call_soon_threadsafe(self.wires[name].lead_to, target)

    def _run(self, what: Coroutine[None, None, Result]) -> Future[Result]:
        return asyncio.run_coroutine_threadsafe(what, self._loop)

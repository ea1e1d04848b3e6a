"""Sends applications with as little CPU of its own as Python allows: HTTP/1.1 on kept connections, nothing else."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NotAccepted(Exception):
    """The answer was not 201."""


@dataclass(frozen=True)
class Load:
    url: str
    authorization: str

    async def send(self, bodies: list[bytes], in_flight: int) -> None:
        """All of them, `in_flight` at a time."""
        waiting = iter(bodies)
        await asyncio.gather(*(self._work(waiting) for _ in range(in_flight)))

    async def send_at(self, bodies: list[bytes], rate: float) -> None:
        """One every 1/rate seconds, whatever the answers take."""
        loop = asyncio.get_running_loop()
        free: list[Connection] = []
        sent, start = [], loop.time()
        for number, body in enumerate(bodies):
            await asyncio.sleep(max(0.0, start + number / rate - loop.time()))
            sent.append(asyncio.create_task(self._one(free, body)))
        await asyncio.gather(*sent)

    async def _work(self, waiting: Iterator[bytes]) -> None:
        reader, writer = await self._connect()
        for body in waiting:
            await self._post(reader, writer, body)
        writer.close()

    async def _one(self, free: list[Connection], body: bytes) -> None:
        while free:
            connection = free.pop()
            if not connection[0].at_eof():  # the service closes those that rest for some seconds
                break
        else:
            connection = await self._connect()
        await self._post(*connection, body)
        free.append(connection)

    async def _connect(self) -> Connection:
        parts = urlsplit(self.url)
        return await asyncio.open_connection(parts.hostname, parts.port)

    async def _post(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
        head = (
            f"POST /v1/applications HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {self.authorization}\r\n"
            f"Idempotency-Key: {uuid4()}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        content = await reader.readexactly(int(length.split(b":")[1]))
        if not answer.startswith(b"HTTP/1.1 201"):
            raise NotAccepted(f"{answer.decode()}{content.decode()}")

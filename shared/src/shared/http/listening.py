"""How a process listens: what it believes of who connects, and how long it waits for whoever does not finish.

uvicorn waits for ever for a request's head and body, and believes `X-Forwarded-For` of whoever connects from this
machine: a header of the client's own would then lift every limit.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import uvicorn
from prometheus_client import Counter
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

unfinished = Counter("http_requests_unfinished_total", "Connections closed because a request did not arrive", ["part"])

HEAD_SECONDS = 10.0
"""For the whole head of a request, from the first byte of the connection or of the request on."""
BODY_SECONDS = 20.0
"""For a body, and a second more for each SLOWEST bytes that have come: as Apache's mod_reqtimeout has it."""
SLOWEST = 2_000
"""Bytes a second: a telephone at the edge of its network sends ten times as much."""
LONGEST_BODY_SECONDS = 180.0
KEEP_SECONDS = 620
"""A connection without a request stays open for longer than the proxy before us keeps it: by themselves nginx keeps one
for 60 s, Caddy for 2 min, Google's balancers for 10. Else a request now and then meets a connection that was just
closed, and its sender reads 502."""
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """One connection, closed where a head or a body does not arrive in its time."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._deadline: asyncio.TimerHandle | None = None
        self._part, self._began_at, self._received = "head", 0.0, 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is awaited from here on: HEAD_SECONDS."""
        super().connection_made(transport)
        self._expect("head", HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._expect_nothing()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A further request of the same connection has HEAD_SECONDS of its own."""
        super().on_message_begin()
        self._expect("head", HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        """From here on the body is awaited: BODY_SECONDS, and more for what comes."""
        self._received, self._began_at = 0, self.loop.time()
        self._expect("body", BODY_SECONDS)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Counts the bytes, by which the deadline grows (SLOWEST)."""
        self._received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """How long the answer takes is not the client's affair."""
        self._expect_nothing()
        super().on_message_complete()

    def _expect(self, part: str, seconds: float) -> None:
        self._expect_nothing()
        self._part = part
        self._deadline = self.loop.call_later(seconds, self._look)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _look(self) -> None:
        """It is late. A body that comes on has more time, and one that we do not read ourselves is not late."""
        if self._part == "body":
            if self.flow is not None and self.flow.read_paused:
                self._expect("body", BODY_SECONDS)
                return
            due = self._began_at + min(BODY_SECONDS + self._received / SLOWEST, LONGEST_BODY_SECONDS)
            if due > self.loop.time():
                self._deadline = self.loop.call_later(due - self.loop.time(), self._look)
                return
        unfinished.labels(self._part).inc()
        if self.transport is not None and not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
                self.transport.write(TOO_SLOW)
            self.transport.close()


class HttpServer(uvicorn.Server):
    """Signals are the process's: uvicorn's way would end it before the consumers have drained."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None is."""
        yield


def server_config(app: Any, host: str, port: int, drain_seconds: int) -> uvicorn.Config:
    """Headers of proxies are read by `limits.client_of` alone, by how many of them are trusted."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="none",
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=drain_seconds,
        timeout_keep_alive=KEEP_SECONDS,
    )

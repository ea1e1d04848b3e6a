"""What every request passes through: a limit of size, safe headers, a count, one answer for the unexpected."""

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import Text, Unavailable, place_of
from shared.http.limits import TooMany
from shared.http.problems import language_of, plain_document, when_again
from shared.http.traced import end_request, start_request

log = structlog.get_logger("http")
requests = Counter("http_requests_total", "Requests by route and answer", ["method", "route", "status"])
seconds = Histogram("http_request_seconds", "Time to answer", ["route"])

NOT_KEPT = (b"cache-control", b"no-store")
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")
SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)


@dataclass(frozen=True)
class Discard:
    """How much of a body that is too large is read and thrown away before the answer. A client that is cut off while
    it sends sees a reset and no answer; one that goes on for ever is cut off."""

    maximum_bytes: int
    seconds: float


DISCARD = Discard(32 * 1024 * 1024, 10)
DISCARD_LARGER = Discard(512 * 1024 * 1024, 60)
"""Where a larger body is expected: a telephone's film of some minutes."""
NOBODY_EXPECTED = Text(
    "Bei uns ist etwas schiefgegangen. Ihre Angaben sind nicht verloren; bitte versuchen Sie es noch einmal.",
    "Something went wrong on our side. Nothing of yours is lost; please try again.",
)
NOT_KEPT_NOW = Text(
    "Gerade kann nicht gespeichert werden. Bitte versuchen Sie es in einer Minute noch einmal.",
    "Nothing can be stored just now. Please try again in a minute.",
)


def _is_the_databases(error: Exception) -> bool:
    """The database did not do it, and nothing was kept: not so a statement of ours that it cannot even read."""
    return isinstance(error, DBAPIError) and not isinstance(error, ProgrammingError | DataError)


@dataclass(frozen=True)
class LargerBody:
    """A route that takes more than the others, and reads it piece by piece."""

    method: str
    path: re.Pattern[str]
    """Of the whole path."""
    maximum_bytes: int
    too_large: Text | None = None
    """What is said of a longer one; None: in general words."""


class TooLarge(Exception):
    """The body is longer than this service reads."""


class Edge:
    """ASGI middleware around the whole application."""

    def __init__(
        self, app: ASGIApp, maximum_body_bytes: int, larger: Sequence[LargerBody] = (), *, https: bool = False
    ) -> None:
        """`https`: the service is reached by it, and browsers shall never try anything else."""
        self._app = app
        self._safe = (*SAFE_HEADERS, HTTPS_ONLY) if https else SAFE_HEADERS
        self._maximum = maximum_body_bytes
        self._larger = larger

    def _larger_of(self, scope: Scope) -> LargerBody | None:
        for each in self._larger:
            if scope["method"] == each.method and each.path.fullmatch(scope["path"]):
                return each
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        larger = self._larger_of(scope)
        maximum = self._maximum if larger is None else larger.maximum_bytes
        too_large = None if larger is None else larger.too_large
        discard = DISCARD if larger is None else DISCARD_LARGER
        exchange = _Exchange(_Connection(scope, receive, send), maximum, discard, too_large)
        exchange.safe = self._safe
        span = start_request(scope)
        try:
            if _declared_length(scope) > maximum:
                raise TooLarge
            if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
                await exchange.answer(404)  # PostgreSQL refuses it as text, so nothing bears such a name
                return
            with span.active():
                await self._app(scope, exchange.receive, exchange.send)
        except TooLarge:
            await exchange.answer(413, too_large, waits=_expects_continue(scope))
        except TooMany as too_many:
            exchange.more = when_again(too_many)
            await exchange.answer(429, too_many.text, waits=_expects_continue(scope))
        except Exception as error:
            log.error("request_failed", route=_route(scope), error=type(error).__name__, place=place_of(error))
            span.fail(type(error).__name__)
            if _is_the_databases(error):
                exchange.more = when_again(Unavailable(NOT_KEPT_NOW))
                await exchange.answer(503, NOT_KEPT_NOW)
            else:
                await exchange.answer(500, NOBODY_EXPECTED)
        finally:
            requests.labels(scope["method"], _route(scope), exchange.status).inc()
            seconds.labels(_route(scope)).observe(time.perf_counter() - started)
            end_request(span, scope["method"], _route(scope), exchange.status)


class _Connection(NamedTuple):
    scope: Scope
    receive: Receive
    send: Send


class _Exchange:
    """One request and its answer, watched."""

    def __init__(self, connection: _Connection, maximum: int, discard: Discard, too_large: Text | None) -> None:
        self.status = 500
        self._discards, self._too_large, self._left = discard, too_large, maximum
        self._scope, self._receive, self._send = connection
        self.safe: Sequence[tuple[bytes, bytes]] = SAFE_HEADERS
        self.more: Mapping[str, str] = {}
        """Headers of an answer of our own."""
        self._begun = False
        self._ended = False
        self._untouched = True
        """Nothing of the body was asked for."""

    async def receive(self) -> Message:
        self._untouched = False
        message = await self._receive()
        self._ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLarge
        return message

    async def send(self, message: Message) -> None:
        if self._left < 0:  # FastAPI makes a 400 of it, but it is a 413
            await self.answer(413, self._too_large)
            return
        if message["type"] == "http.response.start":
            self.status, self._begun = message["status"], True
            present = {name for name, _ in message["headers"]}
            added = (*self.safe, NOT_KEPT) if _is_of_somebody(self._scope) else self.safe
            message["headers"] = [*message["headers"], *(header for header in added if header[0] not in present)]
        await self._send(message)

    async def _discard(self) -> None:
        """Read what still comes, up to a bound: a client that is still sending would see a reset, not the answer."""
        left = self._discards.maximum_bytes
        while left > 0 and not self._ended:
            message = await self._receive()
            left -= len(message.get("body", b""))
            self._ended = message["type"] == "http.disconnect" or not message.get("more_body", False)

    async def answer(self, status: int, detail: Text | None = None, *, waits: bool = False) -> None:
        """Answer with a problem of our own, unless an answer has begun.

        Args:
            waits: the client asks before it sends.
        """
        if self._begun:
            return
        self.status, self._begun = status, True
        if not (waits and self._untouched):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._discard(), self._discards.seconds)
        own = [(name.lower().encode(), value.encode()) for name, value in self.more.items()]
        await _problem(self._scope, self._send, (*self.safe, *own), (status, detail))


def _is_of_somebody(scope: Scope) -> bool:
    """Whoever asked said who it is: the answer may be about a child, and no browser or proxy keeps it."""
    return any(name in (b"authorization", b"cookie") for name, _ in scope["headers"])


def _expects_continue(scope: Scope) -> bool:
    """curl asks before it sends much (RFC 9110, 10.1.1)."""
    return any(name == b"expect" and value.lower() == b"100-continue" for name, value in scope["headers"])


MOST_DIGITS = 20
"""Of a length: beyond 4,300 Python reads none."""


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() and len(value) < MOST_DIGITS else 0
    return 0


def _route(scope: Scope) -> str:
    """The route's pattern, never the path: paths hold tokens."""
    return getattr(scope.get("route"), "path", "none")


PAGE = """<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width">
<title>{title}</title><main><h1>{title}</h1><p>{detail}</p></main></html>"""
"""For a person at a page, before the page's own look is reached; our own words alone."""


def _is_a_browsers(scope: Scope) -> bool:
    """Somebody opens a page, and would not read JSON."""
    return any(name == b"accept" and value.startswith(b"text/html") for name, value in scope["headers"])


async def _problem(
    scope: Scope, send: Send, safe: Sequence[tuple[bytes, bytes]], said: tuple[int, Text | None]
) -> None:
    status, detail = said
    language = language_of(next((v.decode("latin-1") for n, v in scope["headers"] if n == b"accept-language"), None))
    document = plain_document(status, language, detail)
    if status == 500:
        document["type"] = "urn:schulticket:problem:internal"
        document["title"] = Text("Ein Fehler bei uns.", "An error on our side.").in_language(language)
    body, kind = json.dumps(document, ensure_ascii=False).encode(), b"application/problem+json"
    if status == 429 and _is_a_browsers(scope):
        body, kind = PAGE.format(language=language, **document).encode(), b"text/html; charset=utf-8"
    headers = [
        (b"content-type", kind),
        (b"content-language", language.encode()),
        (b"content-length", str(len(body)).encode()),
        NOT_KEPT,
        (b"connection", b"close"),
        *safe,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

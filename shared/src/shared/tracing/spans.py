"""Spans: one request, one event that is written, sent or handled, one round of a worker.

While tracing is off every span is the same one, which does nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from enum import Enum
from typing import Protocol, TypeVar

from shared.tracing.parents import TRACEPARENT, Parent

Result = TypeVar("Result")


class Kind(Enum):
    """As OpenTelemetry names them."""

    SERVER = "SERVER"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"
    INTERNAL = "INTERNAL"


class Attribute(Enum):
    """All that a span may say of itself. None is for an id, a name, an address or a text of anybody's: a value is a
    name of our own, a number, or a kind of error."""

    METHOD = "http.request.method"
    ROUTE = "http.route"
    STATUS = "http.response.status_code"
    SYSTEM = "messaging.system"
    OPERATION = "messaging.operation.type"
    SUBJECT = "messaging.destination.name"
    ERROR = "error.type"
    OUTCOME = "schulticket.outcome"
    WORKER = "schulticket.worker"
    ROWS = "schulticket.rows"
    DELIVERY = "schulticket.delivery"


class Span:
    """One piece of work. This one is of a process without tracing, and does nothing."""

    parent: Parent | None = None
    """The span, as the parent of what it causes; None without tracing."""
    is_round = False
    """Whether it is a worker's round, which works for many: what is caused there belongs to another trace each."""
    has_caused = False
    """Whether anything was caused within a worker's round."""

    @property
    def headers(self) -> dict[str, str]:
        """With which it travels at the bus."""
        return {}

    def active(self) -> AbstractContextManager[None]:
        """While this span is the one within which everything is done."""
        return _NOTHING

    def name(self, name: str) -> None:
        """Call it otherwise than at its beginning: a route is known when it was found."""

    def note(self, attribute: Attribute, value: str | int) -> None:
        """Say something of it."""

    def fail(self, kind: str) -> None:
        """It did not succeed. `kind` is the name of an error's class, never its text."""

    def end(self) -> None:
        """It is over, and told. A span that never ends is not told."""


class Tracer(Protocol):
    """Begins spans that are recorded."""

    def start(self, name: str, kind: Kind, parent: Parent | None, links: Sequence[Parent]) -> Span:
        """A span that has begun; without a parent it begins a trace."""

    def close(self) -> None:
        """Tell what has ended, within seconds."""


NO_SPAN = Span()
_NOTHING = nullcontext()
_tracing: Tracer | None = None
_active: ContextVar[Span] = ContextVar("span", default=NO_SPAN)


def use(tracing: Tracer | None) -> None:
    """From now on spans are begun by this; None: tracing is off."""
    global _tracing  # noqa: PLW0603  # of a process, as its log is
    _tracing = tracing


def is_on() -> bool:
    """Whether this process records spans."""
    return _tracing is not None


def active_span() -> Span:
    """The span within which this is done."""
    return _active.get()


@contextmanager
def activate(span: Span) -> Iterator[None]:
    """While `span` is the active one."""
    token = _active.set(span)
    try:
        yield
    finally:
        _active.reset(token)


def start_request(method: str) -> Span:
    """Of one HTTP request. It begins a trace: what a stranger's header names as parent is nobody's business here."""
    if _tracing is None:
        return NO_SPAN
    span = _tracing.start(method, Kind.SERVER, None, ())
    span.note(Attribute.METHOD, method)
    return span


def start_creation(subject: str, parent: Parent | None, links: Sequence[Parent] = ()) -> Span:
    """Of an event that is written into the outbox; it ends with its transaction."""
    return _start_message("create", subject, Kind.PRODUCER, parent, links)


def start_sending(subject: str, parent: Parent | None) -> Span:
    """Of an event that is brought to the bus."""
    return _start_message("send", subject, Kind.PRODUCER, parent)


def start_handling(subject: str, parent: Parent | None) -> Span:
    """Of an event that was heard."""
    return _start_message("process", subject, Kind.CONSUMER, parent)


def start_round(worker: str) -> Span:
    """Of a worker's round. It is told where it has done something."""
    if _tracing is None:
        return NO_SPAN
    span = _tracing.start(f"work {worker}", Kind.INTERNAL, None, ())
    span.is_round = True
    span.note(Attribute.WORKER, worker)
    return span


def _start_message(
    operation: str, subject: str, kind: Kind, parent: Parent | None, links: Sequence[Parent] = ()
) -> Span:
    if _tracing is None:
        return NO_SPAN
    span = _tracing.start(f"{operation} {subject}", kind, parent, links)
    span.note(Attribute.SYSTEM, "nats")
    span.note(Attribute.OPERATION, operation)
    span.note(Attribute.SUBJECT, subject)
    return span


def headers_of(parent: Parent) -> dict[str, str]:
    """With which a span travels at the bus."""
    return {TRACEPARENT: str(parent)}

"""One span for each request: its method and its route's pattern, never the path or what is asked in it."""

from starlette.types import Scope

from shared.tracing import spans
from shared.tracing.spans import NO_SPAN, Attribute, Span

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "_OTHER"
"""A method is a stranger's word: what is none of those above is called so."""
LOOKS = frozenset({"/healthz", "/readyz"})
"""Somebody looks each second whether the process is well: nothing to be traced."""
SERVERS_FAULT = 500


def start_request(scope: Scope) -> Span:
    """A span that has begun, unless nothing is traced."""
    if not spans.is_on() or scope["path"] in LOOKS:
        return NO_SPAN
    method = scope["method"]
    return spans.start_request(method if method in METHODS else OTHER)


def end_request(span: Span, method: str, route: str, status: int) -> None:
    """The answer has been sent.

    Args:
        route: its pattern; `none` where no route was found.
    """
    span.name(f"{method if method in METHODS else OTHER} {route}")
    span.note(Attribute.ROUTE, route)
    span.note(Attribute.STATUS, status)
    if status >= SERVERS_FAULT:
        span.fail(str(status))
    span.end()

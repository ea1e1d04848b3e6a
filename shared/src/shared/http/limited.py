"""Every request counts: by its address before anything of it is read, and by its account once that is known."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.http.clients import client_of
from shared.http.limits import CountedRequest, Limits, begin, end

READING = ("GET", "HEAD", "OPTIONS")
HEALTH = ("/healthz", "/readyz")
"""Not counted, and cheap: whoever watches a service behind a proxy has the address of those who flood it."""
STATIC = "/static/"
FILE_COST = 0.2
"""A page brings some files, which lie in memory."""


class RateLimiter:
    """ASGI middleware around all routes of a service. Raises TooMany, which the edge answers."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HEALTH:
            await self._app(scope, receive, send)
            return
        connection, address = HTTPConnection(scope), self._limits.address
        cost = FILE_COST if STATIC in scope["path"] and scope["method"] in READING else 1.0
        address.spend(client_of(connection, address.proxies), connection, cost)
        token = begin(CountedRequest(self._limits, connection, changes=scope["method"] not in READING))
        try:
            await self._app(scope, receive, send)
        finally:
            end(token)

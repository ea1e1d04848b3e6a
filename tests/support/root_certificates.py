"""The root certificates are read once in a process of tests, not by each `httpx.get`: that is 30 ms of work, and who waits
for a service asks it twenty times a second over plain HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

from httpx import create_ssl_context


@contextmanager
def shared_root_certificates() -> Iterator[None]:
    """While it lasts, clients with the same settings have one TLS context."""
    with patch("httpx._transports.default.create_ssl_context", cache(create_ssl_context)):
        yield

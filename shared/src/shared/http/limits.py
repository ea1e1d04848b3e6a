"""How often one client may ask an address that is open to everybody: a token bucket for each client and route.

The bucket lies in the memory of one process: two processes allow twice as much, which keeps a flood away from the
processor as well. Behind a proxy the proxy's address would be everybody's: name how many proxies are trusted, and the
client is taken from X-Forwarded-For, counted from its end, which the nearest trusted proxy has written.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address

from fastapi import Request
from prometheus_client import Counter

from shared.errors import Text

refused = Counter("http_requests_limited_total", "Requests refused because a client asked too often", ["route"])

MOST_CLIENTS = 50_000
"""The longest unseen are forgotten: about 10 MB, and a client that is forgotten has a full bucket again."""
PREFIX_OF_A_HOME = 64
"""IPv6 gives a household a /64, of which it may use any address."""
TOO_OFTEN = Text(
    "Das sind gerade zu viele Anfragen. Bitte versuchen Sie es in {seconds} Sekunden wieder.",
    "These are too many requests just now. Please try again in {seconds} seconds.",
)


class TooMany(Exception):
    """HTTP 429. `retry_after`: whole seconds until the next request counts."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        self.text = Text(*(one.format(seconds=retry_after) for one in (TOO_OFTEN.de, TOO_OFTEN.en)))


@dataclass
class Limit:
    """`burst` requests at once, then `per_minute`. 0 a minute: no limit. Use: `Depends(Limit(60, 30).check)`."""

    per_minute: float
    burst: int
    trusted_proxies: int = 0
    monotonic: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    """By client: requests left, and at which time."""

    async def check(self, request: Request) -> None:
        """FastAPI dependency. Raises TooMany."""
        self.spend(client_of(request, self.trusted_proxies), request)

    def spend(self, client: str, request: Request) -> None:
        """For a client that is known by more than its address. Raises TooMany."""
        wait = self.take(client) if self.per_minute > 0 else 0.0
        if wait > 0:
            refused.labels(getattr(request.scope.get("route"), "path", "none")).inc()
            raise TooMany(max(1, math.ceil(wait)))

    def take(self, client: str) -> float:
        """Take one request out of the client's bucket. Returns 0, or how many seconds are missing."""
        now, rate = self.monotonic(), self.per_minute / 60
        left, seen_at = self._buckets.pop(client, (float(self.burst), now))
        left = min(float(self.burst), left + (now - seen_at) * rate)
        wait = 0.0 if left >= 1 else (1 - left) / rate
        self._buckets[client] = (left if wait else left - 1, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return wait


def client_of(request: Request, trusted_proxies: int) -> str:
    """The client's address; of IPv6 the household's. What a client writes itself into the header does not count."""
    address = request.client.host if request.client else ""
    if trusted_proxies:
        told = [part.strip() for part in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
        address = told[-trusted_proxies] if len(told) >= trusted_proxies else told[0] or address
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(int(parsed) >> 128 - PREFIX_OF_A_HOME)
    return str(parsed)

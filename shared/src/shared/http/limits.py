"""How often one may ask: a bucket for each address, for each account and for each authority or operator.

Every request of every service is counted by its address before anything of it is read (`limited.RateLimiter`), and by
its account and its authority or operator as soon as it is known who asks (`count`, called by whoever checks a token or
a session). A route adds nothing for it, and cannot do without. The account's bucket is the tight one; behind one
address may be a whole school or depot. What costs work and needs no sign-in has a tighter bucket of its own for each
address (`Limit.check`).

The buckets lie in the memory of one process: two copies of a process allow twice as much, and have two
processors. Those that protect against a stolen account or a guess are shared by all copies (`shared`, and
shared.copies.shared_limits).
"""

import math
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Protocol

from fastapi import Request
from prometheus_client import Counter
from starlette.requests import HTTPConnection

from shared.errors import Problem, Text
from shared.http.clients import NO_PROXIES, Proxies, client_of

refused = Counter(
    "http_requests_limited_total", "Requests refused because somebody asked too often", ["limit", "route"]
)

MOST_CLIENTS = 50_000
"""Of one limit: about 10 MB."""
SHARED = 256
"""Beside them: for those who come when all are in use."""
LOOKS = 8
"""So many of the longest unseen are looked at for one whose bucket is full again."""
TOO_OFTEN = Text(
    "Das sind gerade zu viele Anfragen. Bitte versuchen Sie es in {seconds} Sekunden wieder.",
    "These are too many requests just now. Please try again in {seconds} seconds.",
)


class TooMany(Problem):
    """`retry_after`: whole seconds until the next request counts."""

    status = 429
    kind = "too-many-requests"
    title = Text("Das waren zu viele Anfragen.", "These were too many requests.")

    def __init__(self, retry_after: int, text: Text = TOO_OFTEN) -> None:
        said = [one.format(seconds=retry_after) for one in (text.de, text.en)]
        if retry_after == 1:
            said = [said[0].replace("1 Sekunden", "einer Sekunde"), said[1].replace("1 seconds", "a second")]
        super().__init__(Text(*said))
        self.retry_after = retry_after


@dataclass
class Limit:
    """`burst` requests at once, then `per_minute`. 0 a minute: no limit. Use: `Depends(Limit(60, 30).check)`."""

    per_minute: float
    burst: int
    proxies: Proxies = NO_PROXIES
    monotonic: Callable[[], float] = time.monotonic
    name: str = "open"
    says: Text = TOO_OFTEN
    """To who is refused; with `{seconds}`."""
    shared: bool = False
    """Whether all copies of the process allow together what one does."""
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    """By client: requests left, and at which time."""
    _spent: dict[str, float] | None = field(default=None, repr=False)
    """Since it was last told to the other copies; None while nobody asks."""

    def __post_init__(self) -> None:
        if self.shared and self.per_minute > 0:
            _to_share.append(weakref.ref(self, _to_share.remove))

    async def check(self, request: Request) -> None:
        """FastAPI dependency, for a route that costs work and needs no sign-in.

        Raises:
            TooMany.
        """
        self.spend(client_of(request, self.proxies), request)

    def spend(self, client: str, connection: HTTPConnection | None = None, cost: float = 1.0) -> None:
        """Raises TooMany.

        Args:
            connection: for the count of those that were refused.
        """
        wait = self.take(client, cost) if self.per_minute > 0 else 0.0
        if wait > 0:
            route = connection.scope.get("route") if connection is not None else None
            refused.labels(self.name, getattr(route, "path", "none")).inc()
            raise TooMany(max(1, math.ceil(wait)), self.says)

    def take(self, client: str, cost: float = 1.0) -> float:
        """Take one request out of the client's bucket. Returns 0, or how many seconds are missing."""
        now, rate = self.monotonic(), self.per_minute / 60
        bucket = self._buckets.pop(client, None)
        if bucket is None and len(self._buckets) >= MOST_CLIENTS and not self._make_room(now):
            client = f"shared {hash(client) % SHARED}"
            bucket = self._buckets.pop(client, None)
        left, seen_at = bucket or (float(self.burst), now)
        left = min(float(self.burst), left + (now - seen_at) * rate)
        wait = 0.0 if left >= cost else (cost - left) / rate
        self._buckets[client] = (left if wait else left - cost, now)
        if not wait and self._spent is not None and len(self._spent) < MOST_CLIENTS:
            self._spent[client] = self._spent.get(client, 0.0) + cost
        return wait

    def take_spent(self) -> dict[str, float]:
        """What was spent since the last call, by client."""
        spent, self._spent = self._spent or {}, {}
        return spent

    def give_back(self, spent: Mapping[str, float]) -> None:
        """The other copies could not be told: it is told with what comes."""
        now = self._spent if self._spent is not None else {}
        self._spent = {**now, **{client: now.get(client, 0.0) + more for client, more in spent.items()}}

    def settle(self, client: str, left: float) -> None:
        """What all copies together have left for a client; what was spent here meanwhile is not told yet."""
        if client in self._buckets:
            since = (self._spent or {}).get(client, 0.0)
            self._buckets[client] = (left - since, self.monotonic())

    def _make_room(self, now: float) -> bool:
        """Forget one whose bucket is full again, which loses nothing. Nobody who has asked much is forgotten because
        others come: whoever has many addresses would free himself that way."""
        for _ in range(LOOKS):
            client, (left, seen_at) = next(iter(self._buckets.items()))
            if left + (now - seen_at) * self.per_minute / 60 >= self.burst:
                del self._buckets[client]
                return True
            self._buckets.move_to_end(client)
        return False


_to_share: "list[weakref.ref[Limit]]" = []


def limits_to_share() -> "list[Limit]":
    """All limits of this process that its copies share."""
    return [limit for reference in tuple(_to_share) if (limit := reference()) is not None]


class Asker(Protocol):
    """Who asks, as far as it is counted (`shared.identity.Caller`)."""

    @property
    def subject(self) -> str:
        """The account, as its issuer names it."""

    @property
    def authority_id(self) -> str | None:
        """Of staff of a school authority; else None."""

    @property
    def organisation_id(self) -> int | None:
        """Of staff of a transport operator, its number in VDV-KA; else None."""

    @property
    def counting(self) -> Collection[str]:
        """The roles that count."""


@dataclass(frozen=True)
class Limits:
    """All that every request is counted by."""

    address: Limit
    account: Limit
    changes: Limit
    """Of one account: requests that may change something."""
    colleagues: Limit
    """Of all accounts of an authority or a transport operator together."""
    by_role: Mapping[str, Limit] = field(default_factory=dict)
    """In place of both limits of an account, for whom this role counts: a scanner asks often, by POST."""

    def spend_of(self, asker: Asker, connection: HTTPConnection, *, changes: bool) -> None:
        """Raises TooMany. The account first: what it has not left takes nothing from its colleagues."""
        own = [self.by_role[role] for role in sorted(asker.counting) if role in self.by_role]
        for limit in own or [self.account, *([self.changes] if changes else [])]:
            limit.spend(asker.subject, connection)
        if asker.authority_id is not None:
            self.colleagues.spend(f"authority {asker.authority_id}", connection)
        elif asker.organisation_id is not None:
            self.colleagues.spend(f"organisation {asker.organisation_id}", connection)


class CountedRequest:
    """One request on its way through a service."""

    def __init__(self, limits: Limits, connection: HTTPConnection, *, changes: bool) -> None:
        self._limits, self._connection, self._changes = limits, connection, changes
        self._counted: set[str] = set()

    def count(self, asker: Asker) -> None:
        """Once, however often it is looked at who asks.

        Raises:
            TooMany.
        """
        if asker.subject not in self._counted:
            self._counted.add(asker.subject)
            self._limits.spend_of(asker, self._connection, changes=self._changes)


_asking: ContextVar[CountedRequest | None] = ContextVar("asking", default=None)


def begin(asking: CountedRequest) -> Token[CountedRequest | None]:
    """What is done from now on is done for this request."""
    return _asking.set(asking)


def end(token: Token[CountedRequest | None]) -> None:
    """What `begin` began is over; `token` is what it returned."""
    _asking.reset(token)


def count(asker: Asker) -> None:
    """It is known who asks: called by whatever checks a token or a session, so that no route can forget it. Outside of
    a request it does nothing.

    Raises:
        TooMany.
    """
    asking = _asking.get()
    if asking is not None:
        asking.count(asker)

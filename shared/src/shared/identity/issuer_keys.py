"""The keys that an identity provider publishes: never older than an hour, and a provider that hangs holds nobody up."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.errors import Text, Unavailable

log = structlog.get_logger("identity")
FETCH_SECONDS = 5.0
WAIT_SECONDS = 1.0
"""So long a request waits for a fetch, where it cannot do without; all that wait wait for the same."""
FAILURE_SECONDS = 5.0
"""So long a failure is remembered: no other fetch is begun, and who needs one is told at once."""
FRESH_SECONDS = 600.0
"""Older keys are fetched anew, beside the requests: a key that the provider took back counts no longer than this."""
LONGEST_SECONDS = 3600.0
"""Where the provider is away, its last keys count so long."""
UNKNOWN_SECONDS = 30.0
"""An unknown key id makes the keys be fetched anew, at most this often: strangers can invent key ids."""
LARGEST_ANSWER = 256 * 1024
AWAY = Text(
    "Die Anmeldung kann gerade nicht geprüft werden. Bitte versuchen Sie es gleich noch einmal.",
    "Sign-in cannot be checked just now. Please try again in a moment.",
)


class IssuerKeys:
    """`transport`: how the provider is reached; None: over the network. `clock`: seconds that only grow."""

    def __init__(
        self,
        issuer: str,
        given: KeySet | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`given`: keys brought by hand (tests); none is fetched then."""
        self._issuer, self._given, self._transport, self._clock = issuer, given, transport, clock
        self._keys: KeySet | None = given
        self._fetched_at = self._failed_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def current(self) -> KeySet:
        """Raises Unavailable where there are none that count, after at most WAIT_SECONDS."""
        if self._given is not None:
            return self._given
        age = self._clock() - self._fetched_at
        if age > FRESH_SECONDS:
            self._begin()
        if age > LONGEST_SECONDS:
            await self._wait()
        if self._keys is None or self._clock() - self._fetched_at > LONGEST_SECONDS:
            raise Unavailable(AWAY)
        return self._keys

    async def newer(self) -> KeySet | None:
        """For a key id that is unknown: fetched anew; None where they were just now, or cannot be."""
        if self._given is not None or self._clock() - self._fetched_at < UNKNOWN_SECONDS:
            return None
        before = self._fetched_at
        self._begin()
        await self._wait()
        return self._keys if self._fetched_at > before else None

    def _begin(self) -> None:
        """One fetch at a time; none right after one that failed."""
        loop, running = asyncio.get_running_loop(), self._fetching
        if running is not None and not running.done() and running.get_loop() is loop:
            return
        if self._clock() - self._failed_at >= FAILURE_SECONDS:
            self._fetching = loop.create_task(self._fetch())

    async def _wait(self) -> None:
        if self._fetching is not None and self._fetching.get_loop() is asyncio.get_running_loop():
            await asyncio.wait([self._fetching], timeout=WAIT_SECONDS)

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                async with httpx.AsyncClient(timeout=FETCH_SECONDS, transport=self._transport) as http:
                    metadata = await _json(http, f"{self._issuer}/.well-known/openid-configuration")
                    if metadata.get("issuer") != self._issuer:
                        raise ValueError("the metadata name another issuer")
                    self._keys = KeySet.import_key_set({"keys": (await _json(http, metadata["jwks_uri"]))["keys"]})
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, KeyError, TypeError, JoseError) as error:
            self._failed_at = self._clock()
            log.warning("keys_not_fetched", error=type(error).__name__)
        else:
            self._fetched_at = self._clock()


async def _json(http: httpx.AsyncClient, address: str) -> dict[str, Any]:
    async with http.stream("GET", address) as answer:
        answer.raise_for_status()
        content = b""
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > LARGEST_ANSWER:
                raise ValueError("an answer without end")
    return _object(content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found

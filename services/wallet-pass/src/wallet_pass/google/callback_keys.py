"""The root keys that Google publishes for its callbacks, fetched by HTTP and kept for as long as it says."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import httpx
import structlog
from pydantic import BaseModel, Field, ValidationError
from shared.errors import Text, Unavailable

from wallet_pass.domain.callbacks import Callback
from wallet_pass.google.callback import (
    PROTOCOL,
    Milliseconds,
    NotGooglesCallback,
    RootKey,
    moment_of,
    public_key,
    read_callback,
)

log = structlog.get_logger("google")
MOST_BYTES = 100_000
USUAL_AGE, LONGEST_AGE = timedelta(hours=1), timedelta(days=1)
LEAST_AGE = timedelta(minutes=1)
"""Between two fetches, whatever is asked: a flood of foreign callbacks is none for Google's server."""
_MAX_AGE = re.compile(r"max-age=([0-9]{1,9})(?![0-9])")
NO_KEYS = Text("Googles Schlüssel sind gerade nicht zu haben.", "Google's keys cannot be had just now.")


class _Key(BaseModel):
    value: Annotated[str, Field(alias="keyValue", max_length=1_000)]
    protocol: Annotated[str, Field(alias="protocolVersion")]
    expires: Annotated[Milliseconds | None, Field(alias="keyExpiration")] = None


class _Keys(BaseModel):
    keys: Annotated[list[_Key], Field(max_length=50)]


class CallbackReader:
    """Reads what Google sends to one issuer."""

    def __init__(self, issuer_id: str, url: str, client: httpx.AsyncClient, clock: Callable[[], datetime]) -> None:
        """`url`: where the keys are."""
        self._issuer_id, self._url, self._client, self._clock = issuer_id, url, client, clock
        self._roots: Sequence[RootKey] = ()
        self._good_until: datetime | None = None
        self._tried_at: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def read(self, body: bytes) -> Callback:
        """What Google has signed; where no key that is known has, its keys are fetched once more.

        Raises:
            NotGooglesCallback.
            Unavailable: where there are no keys.
        """
        await self._refresh(lambda now: self._good_until is None or now >= self._good_until)
        try:
            return read_callback(body, self._issuer_id, self._roots, self._clock())
        except NotGooglesCallback as refused:
            if refused.reason != "root_signature" or not await self._refresh(lambda _: True):
                raise
        return read_callback(body, self._issuer_id, self._roots, self._clock())

    async def _refresh(self, is_needed: Callable[[datetime], bool]) -> bool:
        """Whether there are newer keys. Those of before stay where Google does not answer, until they run out."""
        async with self._one_at_a_time:
            now = self._clock()
            rests = self._tried_at is not None and self._tried_at <= now < self._tried_at + LEAST_AGE
            if rests or not is_needed(now):
                if not self._roots:
                    raise Unavailable(NO_KEYS)
                return False
            self._tried_at = now
            try:
                self._roots, age = await self._fetched()
            except (httpx.HTTPError, httpx.InvalidURL, ValidationError) as error:
                log.warning("google_keys_missing", error=type(error).__name__)
                if not self._roots:
                    raise Unavailable(NO_KEYS) from error
                return False
            self._good_until = now + age
            return True

    async def _fetched(self) -> tuple[Sequence[RootKey], timedelta]:
        response = await self._client.get(self._url)
        response.raise_for_status()
        found = _Keys.model_validate_json(response.content[:MOST_BYTES]).keys
        read = [(public_key(each.value), each.expires) for each in found if each.protocol == PROTOCOL]
        roots = [RootKey(key, None if end is None else moment_of(end)) for key, end in read if key is not None]
        return roots or self._roots, _age(response.headers.get("Cache-Control", ""))


def _age(cache_control: str) -> timedelta:
    """How long the keys may be kept: within our own bounds, whatever the header says."""
    said = _MAX_AGE.search(cache_control)
    return USUAL_AGE if said is None else max(LEAST_AGE, min(timedelta(seconds=int(said[1])), LONGEST_AGE))

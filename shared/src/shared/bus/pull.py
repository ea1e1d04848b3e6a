"""Pulls the messages of a durable, with a loop of our own.

nats-py's `fetch` (2.16) loses what it has taken from its queue when the broker answers its `no_wait` probe with an
error (400: heartbeat without expiry); the broker sends it again only after the ack wait.
"""

import asyncio
import contextlib
import json
import random
from collections.abc import Coroutine
from typing import Any, NamedTuple, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import TimeoutError as NatsTimeoutError

from shared.bus.topology import Durable

BATCH = 64
EXPIRES_SECONDS = 30
HEARTBEAT_SECONDS = 1.0
"""An idle broker says so; silence means that the request was lost (a restart), and it is sent again."""
PULLS_OF_AN_INBOX = 50
"""Between accounts the broker keeps an entry for each pull until its inbox goes: 80,000 pulls of one took 178 MB."""
LONGEST_REST_SECONDS = 5.0
ANSWER_SECONDS = 2.0
NANOSECONDS = 1_000_000_000
HEARTBEAT = "100"
ENDED = ("404", "408")
"""With these a request ends by itself. Any other note is a refusal: of a consumer that is not there (503, at once), or
of one that went (409)."""


Result = TypeVar("Result")


class ConsumerStanding(NamedTuple):
    """What the broker knows of a hearer, whichever process it was before."""

    waiting: int
    """Messages that were never delivered."""
    in_hand: int
    """Messages that were, and are to be answered or to come again."""
    delivered_until: int
    """Sequence of the stream, like the next one."""
    answered_until: int
    """All up to this one were answered for good."""


class Pull:
    """One open request at a time, for up to BATCH messages; what has come is handed out at once, one or many."""

    def __init__(self, client: Client, durable: Durable) -> None:
        self._client = client
        self._durable = durable
        self._request_subject = f"$JS.API.CONSUMER.MSG.NEXT.{durable.stream}.{durable.name}"
        self._inbox = ""
        self._subscription: Subscription | None = None
        self._pulls = 0
        """How often this inbox was named."""
        self._open = 0
        """How many messages the broker may still send for the open request."""
        self._silent = False
        """The last request was given up: it may be answered still."""
        self._rest = 0.0
        """Seconds to wait at most before the next request, after refusals."""
        self.refusal: str | None = None
        """The status of the last refusal; None once the broker answers again."""

    async def next_batch(self) -> list[Msg]:
        """What has come, at most BATCH messages; empty after a while without any. Raises nats.errors.Error."""
        subscription = self._subscription
        if subscription is None or self._open <= 0:
            await asyncio.sleep(self._rest * random.uniform(0.5, 1))  # noqa: S311  # so that a crowd does not ask at once
            subscription = await self._request()
        try:
            first = await subscription.next_msg(timeout=2.5 * HEARTBEAT_SECONDS)
        except NatsTimeoutError:
            self._open, self._silent = 0, True
            return []
        messages = self._sort([first])
        while subscription.pending_msgs and len(messages) < BATCH:
            messages += self._sort([await subscription.next_msg(timeout=0.1)])
        return messages

    @property
    def is_answered(self) -> bool:
        """Whether the broker has answered the last request, be it with nothing: neither silence nor a refusal."""
        return not self._silent and not self._rest

    async def ask_about_consumer(self) -> ConsumerStanding | None:
        """How it stands; None where the broker says that it is not there. Raises nats.errors.Error where it does not
        answer."""
        subject = f"$JS.API.CONSUMER.INFO.{self._durable.stream}.{self._durable.name}"
        told = json.loads((await self._client.request(subject, timeout=ANSWER_SECONDS)).data)
        if told.get("error"):
            return None
        waiting, in_hand = (int(told.get(each, 0)) for each in ("num_pending", "num_ack_pending"))
        delivered, answered = (int(told.get(each, {}).get("stream_seq", 0)) for each in ("delivered", "ack_floor"))
        return ConsumerStanding(waiting, in_hand, delivered, answered)

    async def close(self) -> None:
        """Give back what has come and was not handed out."""
        if self._subscription is None:
            return
        while self._subscription.pending_msgs:
            for message in self._sort([await self._subscription.next_msg(timeout=0.1)]):
                await message.nak()
        await self._subscription.unsubscribe()
        self._subscription = None

    async def _request(self) -> Subscription:
        subscription = await self._take_inbox()
        request = {
            "batch": BATCH,
            "expires": EXPIRES_SECONDS * NANOSECONDS,
            "idle_heartbeat": int(HEARTBEAT_SECONDS * NANOSECONDS),
        }
        await self._client.publish(self._request_subject, json.dumps(request).encode(), reply=self._inbox)
        self._pulls += 1
        self._open, self._silent = BATCH, False
        return subscription

    async def _take_inbox(self) -> Subscription:
        """A fresh one now and then, but not while anything may come to the old one; that one is not kept for ever."""
        due = PULLS_OF_AN_INBOX * (2 if self._silent else 1)
        old = self._subscription
        if old is not None:
            if self._pulls < due or old.pending_msgs:
                return old
            self._subscription = None
            await old.unsubscribe()
        self._inbox, self._pulls = self._client.new_inbox(), 0
        self._subscription = await self._client.subscribe(self._inbox)
        return self._subscription

    def _sort(self, messages: list[Msg]) -> list[Msg]:
        """Keep the messages; of the broker's notes all but heartbeats end the request."""
        kept = []
        for message in messages:
            status = (message.headers or {}).get("Status")
            if status is None:
                self._open -= 1
                kept.append(message)
            elif status != HEARTBEAT:
                self._open = 0
                if status not in ENDED:
                    self._be_refused(status)
                    continue
            self._rest, self.refusal = 0.0, None
        return kept

    def _be_refused(self, status: str) -> None:
        """Who is refused at once and asks again at once keeps a core busy, and the broker too."""
        self.refusal = status
        self._rest = min(max(2 * self._rest, 0.1), LONGEST_REST_SECONDS)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result | None:
    """The result of `work`; None when `stop` is set first. Messages that came meanwhile are given back by `close`."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        return working.result()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    return None

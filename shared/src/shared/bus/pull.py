"""Pulls the messages of a durable, with a loop of our own.

nats-py's `fetch` (2.16) loses what it has taken from its queue when the broker answers its `no_wait` probe with an
error (400: heartbeat without expiry); the broker sends it again only after the ack wait.
"""

import json

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import TimeoutError as NatsTimeoutError

from shared.bus.topology import Durable

BATCH = 64
EXPIRES_SECONDS = 30
HEARTBEAT_SECONDS = 1.0
"""An idle broker says so; silence means that the request was lost (a restart), and it is sent again."""
NANOSECONDS = 1_000_000_000


class Pull:
    """One open request at a time, for up to BATCH messages; what has come is handed out at once, one or many."""

    def __init__(self, client: Client, durable: Durable) -> None:
        self._client = client
        self._request_subject = f"$JS.API.CONSUMER.MSG.NEXT.{durable.stream}.{durable.name}"
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._open = 0
        """How many messages the broker may still send for the open request."""

    async def next_batch(self) -> list[Msg]:
        """What has come, at most BATCH messages; empty after a while without any. Raises nats.errors.Error."""
        if self._subscription is None:
            self._subscription = await self._client.subscribe(self._inbox)
        if self._open <= 0:
            await self._request()
        try:
            first = await self._subscription.next_msg(timeout=2.5 * HEARTBEAT_SECONDS)
        except NatsTimeoutError:
            self._open = 0
            return []
        messages = self._sort([first])
        while self._subscription.pending_msgs and len(messages) < BATCH:
            messages += self._sort([await self._subscription.next_msg(timeout=0.1)])
        return messages

    async def close(self) -> None:
        """Give back what has come and was not handed out."""
        if self._subscription is None:
            return
        while self._subscription.pending_msgs:
            for message in self._sort([await self._subscription.next_msg(timeout=0.1)]):
                await message.nak()
        await self._subscription.unsubscribe()
        self._subscription = None

    async def _request(self) -> None:
        request = {
            "batch": BATCH,
            "expires": EXPIRES_SECONDS * NANOSECONDS,
            "idle_heartbeat": int(HEARTBEAT_SECONDS * NANOSECONDS),
        }
        await self._client.publish(self._request_subject, json.dumps(request).encode(), reply=self._inbox)
        self._open = BATCH

    def _sort(self, messages: list[Msg]) -> list[Msg]:
        """Keep the messages; of the broker's notes only one ends the request (100 is a heartbeat)."""
        kept = []
        for message in messages:
            status = (message.headers or {}).get("Status")
            if status is None:
                self._open -= 1
                kept.append(message)
            elif status != "100":
                self._open = 0
        return kept

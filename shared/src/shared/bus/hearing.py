"""How a hearer stands with one stream: how far it is behind, when the broker last answered it, and whether it is
refused. Told by what came; the broker is asked only where it refuses."""

import time
from datetime import timedelta

import structlog
from nats.aio.msg import Msg
from prometheus_client import Counter, Gauge

from shared.bus.pull import ConsumerStanding

log = structlog.get_logger("hearing")
lag = Gauge("consumer_lag", "Messages of a stream that wait for this service, as of the last one heard", ["stream"])
heard_seconds = Gauge("consumer_heard_seconds", "How long ago the broker last answered this hearer", ["stream"])
refused_total = Counter("consumer_refused", "Requests of this hearer that the broker refused", ["stream"])

DEAF_AFTER_SECONDS = 15.0
"""An idle broker answers each second. A refused hearer rests up to 5 s, and one restart of the broker is no alarm."""
MISSING = "its consumer is not there: run the admin step (`local streams create`)"


class Hearing:
    """Of one stream. `turned_at` is when its loop last came by, in monotonic seconds: it does so also while the broker
    is away."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.turned_at = time.monotonic()
        self.has_begun = False
        """Before, nothing is heard and nothing is amiss: a database that was put back has yet to catch up."""
        self.fault: str | None = None
        """Why the broker refuses, in words; None while it does not."""
        self.was_at_end = False
        """Since it began it has once handled all that the stream kept for it: what it knows of others is whole."""
        self._goal: int | None = None
        """The sequence up to which the stream had been delivered when for the first time nothing waited."""
        self._lag, self._heard_at = lag.labels(stream), time.monotonic()
        self._refusals = refused_total.labels(stream)
        heard_seconds.labels(stream).set_function(lambda: self.seconds_since_heard if self.has_begun else 0.0)

    @property
    def seconds_since_heard(self) -> float:
        """How long ago the broker last answered."""
        return time.monotonic() - self._heard_at

    @property
    def is_deaf(self) -> bool:
        """Whether the broker has not answered for DEAF_AFTER_SECONDS, or answered with a fault."""
        return self.has_begun and (self.fault is not None or self.seconds_since_heard > DEAF_AFTER_SECONDS)

    def __str__(self) -> str:
        heard = f"heard {timedelta(seconds=int(self.seconds_since_heard))} ago"
        return f"{self.stream}: {heard}" + (f", {self.fault}" if self.fault else "")

    def end(self) -> None:
        """Nothing is heard any more, though the process goes on: another copy hears. It is no figure of this one."""
        for gauge in (lag, heard_seconds):
            gauge.remove(self.stream)

    def turn(self) -> None:
        """The loop comes by."""
        self.turned_at = time.monotonic()
        if not self.has_begun:
            self.has_begun, self._heard_at = True, self.turned_at

    def answered(self, messages: list[Msg]) -> None:
        """The broker has answered, perhaps that there is nothing."""
        self._heard_at = time.monotonic()
        if self.fault is not None:
            log.info("hears_again", stream=self.stream)
            self.fault = None
        if messages:
            self._lag.set(messages[-1].metadata.num_pending)

    def stands(self, standing: ConsumerStanding) -> None:
        """As the broker told it when nothing waited. What came before must be answered for good, be it that a process
        before this one had it in hand; what comes meanwhile need not."""
        if self._goal is None:
            self._goal = standing.delivered_until
        if standing.in_hand == 0 or standing.answered_until >= self._goal:
            self.was_at_end = True

    def refused(self, why: str) -> None:
        """The broker does not answer this hearer's requests; logged once for each reason."""
        self._refusals.inc()
        if self.fault != why:
            log.error("pull_refused", stream=self.stream, why=why)
            self.fault = why

    def behind(self, count: int) -> None:
        """The broker tells how many messages wait."""
        self._lag.set(count)

"""How far a hearer is behind, and when the broker last answered it: told by what came, without a question."""

import time

from nats.aio.msg import Msg
from prometheus_client import Gauge

lag = Gauge("consumer_lag", "Messages of a stream that wait for this service, as of the last one heard", ["stream"])
heard_seconds = Gauge("consumer_heard_seconds", "How long ago the broker last answered this hearer", ["stream"])


class Hearing:
    """Of one stream."""

    def __init__(self, stream: str) -> None:
        self._lag, self._heard_at = lag.labels(stream), time.monotonic()
        heard_seconds.labels(stream).set_function(lambda: time.monotonic() - self._heard_at)

    def answered(self, messages: list[Msg]) -> None:
        """The broker has answered, perhaps that there is nothing."""
        self._heard_at = time.monotonic()
        if messages:
            self._lag.set(messages[-1].metadata.num_pending)

"""Spans wait here for their collector. Whatever it does, or where it is away, no work waits for it: what does not fit
is dropped and counted."""

import threading
from collections import deque

import structlog
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace import Span as SdkSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from shared.tracing.counts import spans_total
from shared.tracing.settings import TracingSettings

log = structlog.get_logger("tracing")

LAST_SECONDS = 2.0
"""So long the end of a process waits for a collector that takes its last spans."""


class ExportQueue(SpanProcessor):
    """Of one process, with a thread of its own. The SDK's own one counts for nobody what it drops, and keeps a process
    that ends for half a minute."""

    def __init__(self, exporter: SpanExporter, settings: TracingSettings) -> None:
        self._exporter = exporter
        self._most, self._batch = settings.bsp_max_queue_size, settings.bsp_max_export_batch_size
        self._rest = settings.bsp_schedule_delay / 1000
        self._waiting: deque[ReadableSpan] = deque()
        self._wake, self._closed = threading.Event(), False
        self._is_refused = self._is_over = False
        self._thread = threading.Thread(target=self._run, name="traces", daemon=True)
        self._thread.start()

    def on_start(self, span: SdkSpan, parent_context: Context | None = None) -> None:
        """Nothing is told of a span before its end."""

    def on_end(self, span: ReadableSpan) -> None:
        """It waits, or is dropped where too many do."""
        if not span.context or not span.context.trace_flags.sampled:
            return
        if self._closed or len(self._waiting) >= self._most:
            spans_total.labels("dropped").inc()
            return
        self._waiting.append(span)
        if len(self._waiting) >= self._batch:
            self._wake.set()

    def shutdown(self) -> None:
        """Tell what waits, within LAST_SECONDS."""
        self._closed = True
        self._wake.set()
        self._thread.join(LAST_SECONDS)
        self._is_over = True
        self._exporter.shutdown()  # which ends its own waiting for a collector that is away
        self._thread.join(LAST_SECONDS)
        spans_total.labels("dropped").inc(len(self._waiting))

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002  # the SDK names it
        """Nobody waits for a collector: nothing is forced."""
        return True

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(self._rest)
            self._wake.clear()
            while self._waiting and not self._is_over:
                self._tell()

    def _tell(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(self._batch, len(self._waiting)))]
        try:
            is_taken = self._exporter.export(batch) is SpanExportResult.SUCCESS
        except Exception as error:  # tracing ends no process
            log.warning("traces_failed", error=type(error).__name__)
            is_taken = False
        spans_total.labels("told" if is_taken else "refused").inc(len(batch))
        if is_taken == self._is_refused:
            self._is_refused = not is_taken
            log.warning("traces_taken_again" if is_taken else "traces_not_taken")

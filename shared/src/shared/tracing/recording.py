"""Spans by OpenTelemetry's SDK. This file and what it loads is read only where tracing is on."""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.trace import Span as OpenTelemetrySpan

from shared.tracing.export_queue import ExportQueue
from shared.tracing.parents import Parent
from shared.tracing.settings import TracingSettings
from shared.tracing.spans import Attribute, Kind, Span, activate, headers_of

KINDS = {kind: SpanKind[kind.value] for kind in Kind}
NAMESPACE = "schulticket"


class RecordedSpan(Span):
    """One that is told when it ends."""

    def __init__(self, span: OpenTelemetrySpan) -> None:
        self._span, self._has_failed = span, False
        context = span.get_span_context()
        self.parent: Parent = Parent(context.trace_id, context.span_id, context.trace_flags.sampled)

    @property
    def headers(self) -> dict[str, str]:
        """With which it travels at the bus."""
        return headers_of(self.parent)

    def active(self) -> AbstractContextManager[None]:
        """While this span is the one within which everything is done."""
        return activate(self)

    def name(self, name: str) -> None:
        """Call it otherwise than at its beginning."""
        self._span.update_name(name)

    def note(self, attribute: Attribute, value: str | int) -> None:
        """Say something of it."""
        self._span.set_attribute(attribute.value, value)

    def fail(self, kind: str) -> None:
        """It did not succeed. `kind` is the name of an error's class, never its text; what was said first stays."""
        if self._has_failed:
            return
        self._has_failed = True
        self._span.set_attribute(Attribute.ERROR.value, kind)
        self._span.set_status(StatusCode.ERROR)

    def end(self) -> None:
        """It is over, and waits to be told."""
        self._span.end()


class SpanRecorder:
    """Of one process: what it traces goes to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names."""

    def __init__(self, service: str, settings: TracingSettings) -> None:
        # its words would repeat with each span what the counts say, and name the collector's address
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        resource = Resource.create({"service.name": service, "service.namespace": NAMESPACE})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(ExportQueue(OTLPSpanExporter(), settings))
        self._tracer = self._provider.get_tracer(NAMESPACE)

    def start(self, name: str, kind: Kind, parent: Parent | None, links: Sequence[Parent]) -> Span:
        """A span that has begun; without a parent it begins a trace."""
        above = None if parent is None else NonRecordingSpan(_context_of(parent))
        span = self._tracer.start_span(
            name,
            set_span_in_context(above or NonRecordingSpan(_NO_PARENT)),
            KINDS[kind],
            links=[Link(_context_of(each)) for each in links],
            record_exception=False,
        )
        return RecordedSpan(span)

    def close(self) -> None:
        """Tell what has ended, within seconds."""
        self._provider.shutdown()


_NO_PARENT = SpanContext(0, 0, is_remote=False)


def _context_of(parent: Parent) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if parent.is_sampled else TraceFlags.DEFAULT)
    return SpanContext(parent.trace_id, parent.span_id, is_remote=True, trace_flags=flags)

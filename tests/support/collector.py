"""A collector of traces as an operator has one: OTLP over HTTP, read strictly, and slow or broken on demand."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ProtocolSpan

PATH, CONTENT = "/v1/traces", "application/x-protobuf"


class NotOtlp(Exception):
    """What was sent is not what the protocol says."""


@dataclass(frozen=True)
class ToldSpan:
    """A span as it was told."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    """Empty where it begins a trace."""
    kind: str
    links: tuple[str, ...]
    """Ids of spans."""
    attributes: tuple[tuple[str, str | int], ...]
    failed: bool
    seconds: float

    def get(self, attribute: str) -> str | int | None:
        """None where it says nothing of that."""
        return dict(self.attributes).get(attribute)


@dataclass
class Collector:
    """What was told, and how this one behaves."""

    port: int
    spans: list[ToldSpan] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    status: int = 200
    seconds: float = 0.0
    """Before it answers."""

    @property
    def url(self) -> str:
        """As OTEL_EXPORTER_OTLP_ENDPOINT names it."""
        return f"http://127.0.0.1:{self.port}"

    def of_trace(self, trace: str) -> list[ToldSpan]:
        """Its spans."""
        return [span for span in self.spans if span.trace == trace]

    def take(self, path: str, content: str | None, body: bytes) -> None:
        """Read what came. What is no OTLP is a fault, which a test asks for."""
        try:
            if (path, content) != (PATH, CONTENT):
                raise NotOtlp(f"{path} with {content}")
            self.spans.extend(read(body))
            self.bodies.append(body)
        except Exception as error:  # protobuf's own among them
            self.faults.append(f"{type(error).__name__}: {error}")


def read(body: bytes) -> Sequence[ToldSpan]:
    """Raises NotOtlp where a field is unknown, an id has not its length, or a time does not fit."""
    request = ExportTraceServiceRequest.FromString(body)
    request.DiscardUnknownFields()
    if request.SerializeToString() != body:
        raise NotOtlp("it has fields that the protocol does not know")
    found = []
    for resource in request.resource_spans:
        service = str(dict(map(_pair, resource.resource.attributes)).get("service.name"))
        for scope in resource.scope_spans:
            found += [_span(service, span) for span in scope.spans]
    return found


def _span(service: str, span: ProtocolSpan) -> ToldSpan:
    if len(span.trace_id) != 16 or len(span.span_id) != 8 or len(span.parent_span_id) not in (0, 8):
        raise NotOtlp("an id has not its length")
    if not span.name or not 0 < span.start_time_unix_nano <= span.end_time_unix_nano or span.events:
        raise NotOtlp("a span without name or times, or with an event")
    return ToldSpan(
        service,
        span.name,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        ProtocolSpan.SpanKind.Name(span.kind),
        tuple(link.span_id.hex() for link in span.links),
        tuple(sorted(map(_pair, span.attributes))),
        span.status.code == 2,
        (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
    )


def _pair(attribute: KeyValue) -> tuple[str, str | int]:
    value, kind = attribute.value, attribute.value.WhichOneof("value")
    if kind not in ("string_value", "int_value"):
        raise NotOtlp(f"{attribute.key} is a {kind}")
    return attribute.key, value.string_value if kind == "string_value" else value.int_value


@contextmanager
def running_collector() -> Iterator[Collector]:
    """On loopback, at a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(collector.seconds)
            if collector.status == 200:
                collector.take(self.path, self.headers["Content-Type"], body)
            self.send_response(collector.status)
            self.send_header("Content-Type", CONTENT)
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: object) -> None:
            """It says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def traces_in_log(lines: Sequence[str], application: str) -> set[str]:
    """As an operator finds them: by the application's id, in what a process has written."""
    told = [json.loads(line) for line in lines if application in line and line.startswith("{")]
    return {str(each["trace_id"]) for each in told if "trace_id" in each}

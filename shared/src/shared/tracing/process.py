"""Tracing of one process, from its start to its end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from pydantic import ValidationError

from shared.tracing import spans
from shared.tracing.settings import TracingSettings

log = structlog.get_logger("tracing")
WRONG_SETTING_EXIT = 2


@contextmanager
def trace_process(service: str) -> Iterator[None]:
    """While this process runs. Nothing of OpenTelemetry is loaded where nobody has asked for it; exits with 2 where one
    of its variables is wrong, and names it without its value."""
    try:
        settings = TracingSettings()
    except ValidationError as error:
        for entry in error.errors():
            name = "_".join(map(str, entry["loc"])).upper()
            sys.stderr.write(f"{service}: setting OTEL_{name}: {entry['msg']}\n")
        sys.exit(WRONG_SETTING_EXIT)
    if not settings.is_on:
        yield
        return
    from shared.tracing.recording import SpanRecorder

    recording = SpanRecorder(service, settings)
    spans.use(recording)
    log.info("traces")
    try:
        yield
    finally:
        spans.use(None)
        recording.close()

"""Tracing of one process, from its start to its end."""

import os
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

    try:
        recording = SpanRecorder(service, settings)
    except Exception as error:
        # variables that the SDK reads alone, some by plug-ins of its own; its texts repeat their values
        names = ", ".join(sorted(name for name in os.environ if name.startswith("OTEL_")))
        sys.stderr.write(f"{service}: OpenTelemetry does not start ({type(error).__name__}): look at {names}\n")
        sys.exit(WRONG_SETTING_EXIT)
    spans.use(recording)
    log.info("traces")
    try:
        yield
    finally:
        spans.use(None)
        recording.close()

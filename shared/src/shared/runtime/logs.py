"""Structured logs, one JSON object a line. They name events, ids and kinds of error, never what a person wrote."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from shared.errors import place_of


def configure(service: str, level: str = "info", *, stays: bool = True) -> None:
    """Send structlog's and the libraries' lines to stderr as JSON. `stays=False` in a command: a service that it then
    starts may configure anew."""
    number = logging.getLevelNamesMapping()[level.upper()]

    def name_service(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"service": service, **event}

    shared_steps: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
    ]
    structlog.configure(
        processors=[*shared_steps, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=stays,
    )
    if not stays:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_traceback,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(number, logging.WARNING))


def _without_traceback(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception's own text may quote a request: keep its kind and its place."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[0] is not None:
        event["error"], event["place"] = info[0].__name__, place_of(info[1])
    event.pop("stack_info", None)
    return event

"""What tracing costs a process: nothing while it is off, and on by the span. CPU of the process, its exporting thread
among it; the collector is another process.

    .venv/bin/python tests/bench/tracing.py [--events 5000]
"""

import argparse
import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

import structlog
from shared.bus import outbox, traces
from shared.bus.tables import metadata
from shared.database import Database
from shared.events import ApplicationWithdrawn
from shared.tracing import spans
from shared.tracing.process import trace_process
from sqlmodel import Session

CALLS = 200_000


class Store:
    def __init__(self, session: Session) -> None:
        self.session = session


class Taker(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """It says nothing."""


def collect(told: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    told.send(server.server_address[1])
    server.serve_forever()


def no_work() -> None:
    """What a request and an event pass through while tracing is off, and nothing else."""
    span = spans.start_request("POST")
    with span.active():
        spans.is_on()
    span.end()


def microseconds(call: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - began) / CALLS * 1e6


async def write(database: Database[Store], events: int) -> float:
    """Microseconds of CPU for a request that writes one event, and for reading and handling it."""
    began = time.process_time()
    for _ in range(events):
        event = ApplicationWithdrawn(
            occurred_at=datetime.now(UTC), authority_id="1", application_id=uuid4(), withdrawal_id=uuid4()
        )
        request = spans.start_request("POST")
        with request.active():
            await database.write(lambda store: outbox.emit(store.session, event))  # noqa: B023
        request.end()
        sending = spans.start_sending(event.subject, request.parent)
        sending.end()
        handling = traces.start_handling(event.subject, sending.headers, 1)
        with handling.active():
            pass
        handling.end()
    return (time.process_time() - began) / events * 1e6


def measure(folder: Path, name: str, events: int) -> float:
    database = Database(f"sqlite:///{folder / name}", Store)
    database.write_now(lambda store: metadata.create_all(store.session.connection()))
    with trace_process("bench"):
        asyncio.run(write(database, 200))
        cost = asyncio.run(write(database, events))
    database.close()
    return cost


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=5000)
    events = parser.parse_args().events
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    print(f"off, the calls alone: {microseconds(no_work):.2f} µs a request with its event")
    here, there = multiprocessing.Pipe()
    collector = multiprocessing.Process(target=collect, args=(there,), daemon=True)
    collector.start()
    url = f"http://127.0.0.1:{here.recv()}"
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(2):
            os.environ.pop("OTEL_EXPORTER_OTLP_ENDPOINT", None)
            off = measure(Path(folder), f"off{turn}.db", events)
            os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url
            on = measure(Path(folder), f"on{turn}.db", events)
            print(f"a request that writes an event, which is sent and handled: off {off:.0f} µs, on {on:.0f} µs of CPU "
                  f"({(on - off) / 4:.0f} µs a span)")  # fmt: skip
    collector.terminate()


if __name__ == "__main__":
    main()

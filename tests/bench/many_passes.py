"""A hundred thousand passes: made as their tickets are issued, then all of them once more for another certificate.

    .venv/bin/python tests/bench/many_passes.py [--passes 100000] [--postgresql]

The workflow of `wallet-pass` on its own database, in one process, without a bus: tickets come in batches as the consumer
has them; the certificate changes, and the workers `remakes` and `packages` work that off. Not held back to so many a
second, as `WALLET_PASS_REMAKES_PER_SECOND` does: what is measured is whether time, memory and the database's lock stay
what they are. Every line is progress: passes, seconds, CPU, resident memory, and the longest transaction since the line
before. Nothing here is a test. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from shared.database import Database
from shared.errors import Unavailable
from shared.events import TicketIssued
from shared.row_security.asking import work_as
from shared.runtime.backlog import Backlog
from support.databases import make_tables
from support.postgresql import running_postgresql
from support.wallet_pass.tickets import issued
from wallet_pass import certificates, credentials
from wallet_pass.apple.package import AppleWallet
from wallet_pass.consumer import handlers
from wallet_pass.google.wallet import GoogleWallet, ServiceAccount
from wallet_pass.main import now
from wallet_pass.printing.printer import Printer
from wallet_pass.store import PassStore
from wallet_pass.workflow import Environment, Parties, Tokens, Workflow, workflow_on

Result = TypeVar("Result")
BATCH = 64
"""Messages that the consumer takes up at once."""
URL = "https://pass.example"
AT_ONCE = 100
"""Passes that are made due in one step, as in a second of the service."""


class TimedDatabase(Database[PassStore]):
    """Knows its longest transaction."""

    longest = longest_cpu = 0.0

    def _write(self, step: Callable[[PassStore], Result], seconds: float) -> Result:
        began, used = time.perf_counter(), time.thread_time()
        try:
            return super()._write(step, seconds)
        finally:
            self.longest = max(self.longest, time.perf_counter() - began)
            self.longest_cpu = max(self.longest_cpu, time.thread_time() - used)


@dataclass
class Progress:
    """One phase. `lines`: what was printed, for the last line."""

    name: str
    database: TimedDatabase
    every: int
    lines: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def show(self, count: int) -> None:
        """Where another step is reached."""
        if count < self.every * (len(self.lines) + 1):
            return
        line = {
            "passes": count,
            "seconds": round(time.perf_counter() - self._wall, 1),
            "cpu_ms_each": round(1000 * (time.process_time() - self._cpu) / count, 3),
            "memory_mib": resident_mib(),
            "longest_transaction_ms": round(1000 * self.database.longest, 1),
            "of_it_cpu_ms": round(1000 * self.database.longest_cpu, 1),
            "load": round(os.getloadavg()[0], 1),
        }
        self.database.longest = self.database.longest_cpu = 0.0
        self.lines.append(line)
        sys.stdout.write(f"{self.name:12}" + "  ".join(f"{name} {value:,}" for name, value in line.items()) + "\n")
        sys.stdout.flush()


def resident_mib() -> int:
    """Of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def batches(count: int) -> Iterator[list[TicketIssued]]:
    """Tickets of one authority, each with a code of its own."""
    for start in range(1, count + 1, BATCH):
        numbers = range(start, min(start + BATCH, count + 1))
        yield [
            issued(
                ticket_id=UUID(int=each << 64 | each),
                application_id=UUID(int=each),
                number=each,
                vdv=b"\x9e\x81\x80" + os.urandom(359),
            )
            for each in numbers
        ]


async def issue_all(workflow: Workflow, database: TimedDatabase, count: int, progress: Progress) -> None:
    """As the consumer does: what takes long first, then one transaction for the batch."""
    issue = handlers(workflow)[TicketIssued]
    done = 0
    for batch in batches(count):
        steps = await asyncio.gather(*(issue(event) for event in batch))

        await patiently(lambda steps=steps: database.write(partial(_apply, steps)))  # type: ignore[misc]
        done += len(batch)
        progress.show(done)


def _apply(steps: Sequence[Callable[[PassStore], None]], store: PassStore) -> None:
    for step in steps:
        step(store)


async def remake_all(workflow: Workflow, fingerprint: str, progress: Progress) -> None:
    """As the two workers do, until nothing is left."""
    await patiently(lambda: workflow.note_certificates([("apple", fingerprint, "pass.test TEAM")]))
    done = 0
    while True:
        await patiently(lambda: workflow.spread_remakes(AT_ONCE))
        before = done
        while made := await patiently(workflow.remake):
            done += made
            progress.show(done)
        if done == before:
            return


async def patiently(work: Callable[[], Awaitable[Result]]) -> Result:
    """As a worker does: on a machine that is very busy the database may be too."""
    while True:
        try:
            return await work()
        except Unavailable:
            await asyncio.sleep(1)


def run(folder: Path, count: int, url: str) -> dict[str, object]:
    certificates.hold_ceremony(folder, datetime.now(UTC))
    make_tables(url, "wallet_pass")
    database = TimedDatabase(url, PassStore)
    links = credentials.open_links(folder)
    google = GoogleWallet("3388000000012345678", ServiceAccount.load(folder / certificates.GOOGLE_ACCOUNT), URL, now)
    apple = AppleWallet(credentials.load_signer(folder), URL, f"{URL}/apple")
    environment = Environment(now, Tokens(links.pass_token, links.authentication_token, links.renewed_token), URL)
    workflow = workflow_on(
        database, Parties(apple, google, None, Printer()), environment, lambda worker: Backlog(worker, database, now)
    )
    every = max(1, count // 10)
    issuing = Progress("issued", database, every)
    asyncio.run(issue_all(workflow, database, count, issuing))
    remaking = Progress("made anew", database, every)
    asyncio.run(remake_all(workflow, "b2" * 32, remaking))
    database.close()
    return {"issued": issuing.lines, "made_anew": remaking.lines, "database": url.partition(":")[0]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    chosen = parser.parse_args()
    with work_as("bench"), tempfile.TemporaryDirectory() as name, ExitStack() as outer:
        database_url = f"sqlite:///{name}/wallet-pass.db"
        if chosen.postgresql:
            database_url = outer.enter_context(running_postgresql())()
        sys.stdout.write(json.dumps(run(Path(name), chosen.passes, database_url)) + "\n")

"""The running system as the faults see it: which process is down on purpose, and when all is quiet again."""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from chaos.journal import Journal
from chaos.rows import read_rows
from local.process import DidNotStart, stop_all
from local.system import System
from local.system.plan import SERVICES
from shared.bus import admin
from support.whole_system import is_busy

ALL = (*SERVICES, "nats")
"""Of one machine."""
QUIET_SECONDS = 60.0
"""I9: so long after the last fault at most there is still work."""
SETTLED_SECONDS = 12.0
"""What is quiet may still be on its way to a cache: what is wrong must stay wrong so long."""
ATTEMPTS = 5


@dataclass
class World:
    system: System
    journal: Journal
    random: Random
    down: set[str] = field(default_factory=set)
    """Processes that a fault has ended: all others must run."""
    quiet_seconds: float = QUIET_SECONDS
    settled_seconds: float = SETTLED_SECONDS

    @property
    def all(self) -> tuple[str, ...]:
        """The processes that a fault may hit."""
        return (*self.system.plan.serving, *self.system.plan.brokers)

    # processes, from the main thread (local.process)

    def kill(self, *names: str) -> None:
        self.down |= set(names)
        for name in names:
            self.system.process(name).kill()

    def start(self, *names: str) -> None:
        for name in names:
            self.system.process(name).start()
            self.down.discard(name)

    def wait_ready(self, *names: str) -> None:
        """Raises DidNotStart."""
        for name in names:
            self.system.process(name).wait_ready()

    def start_broker(self, *, with_streams: bool = True) -> None:
        self.start("nats")
        self.wait_ready("nats")
        if with_streams:
            self.make_streams()

    def make_streams(self) -> None:
        """The admin's step."""
        broker = self.system.plan.broker
        for attempt in range(ATTEMPTS):
            try:
                plan, seed = self.system.plan, str(broker.seed_file("admin"))
                asyncio.run(admin.create(broker.url, seed, plan.replicas, installation=plan.installation))
            except Exception:
                if attempt + 1 == ATTEMPTS:
                    raise
                time.sleep(1)
            else:
                return

    def signal(self, name: str, number: signal.Signals) -> None:
        os.kill(self.system.process(name).pid, number)

    def stop_everything(self) -> None:
        """As Ctrl-C does: services first, so that they can say their last words."""
        self.down |= set(self.system.processes)
        stop_all(self.system.process(name) for name in self.system.plan.serving)
        stop_all(self.system.processes.values())

    def start_everything(self) -> None:
        if "nats" in self.down:
            self.start_broker()
        names = [name for name in ("identity", "mails", *SERVICES) if name in self.down]
        self.start(*names)

    def watch(self) -> None:
        """A process that ended though nobody had ended it is a violation; it is started again, as a supervisor does."""
        for name, process in self.system.processes.items():
            if name not in self.down and not process.alive:
                self.journal.violated(f"{name} ended by itself:\n{process.end_of_log(6)}")
                process.start()

    def sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.watch()
            time.sleep(min(0.2, left))

    # databases and commands

    def database(self, name: str) -> Path:
        return self.system.plan.database(name)

    def rows(self, service: str, query: str, *values: object) -> list[sqlite3.Row]:
        return read_rows(self.system.plan, service, query, *values)

    def reconcile(self) -> None:
        """What a restored `application` has lost is no violation where it is listed."""
        lost = self._reconciled("application")
        self.journal.lost |= {UUID(each["application_id"]) for each in lost if each["lost"] == "application"}

    def name_lost_acts(self) -> None:
        """What people did and a restored `eligibility` has lost is no violation where it is named."""
        self.journal.named = {UUID(each["application_id"]) for each in self._reconciled("eligibility")}

    def _reconciled(self, service: str) -> list[dict[str, str]]:
        """What it says that it has lost; asked again while not all is known, as it tells an operator to."""
        deadline = time.monotonic() + self.quiet_seconds
        while True:
            done = self.system.command(service, "reconcile", "--json", check=False)
            if done.returncode != NOT_KNOWN_YET or time.monotonic() > deadline:
                break
            self.sleep(1)
        try:
            lost: list[dict[str, str]] = json.loads(done.stdout)
        except ValueError:
            self.journal.violated(f"{service} reconcile: exit {done.returncode}: {done.stderr[-300:]}")
            return []
        return lost

    # the end

    def make_whole(self) -> None:
        """Nothing is broken any more: from now on it must heal by itself."""
        for name in self.all:
            if name not in self.down:
                with contextlib.suppress(ProcessLookupError):  # one that ends whenever it is started
                    self.signal(name, signal.SIGCONT)
        self.start_everything()
        try:
            self.wait_ready(*self.system.processes)
        except DidNotStart as problem:
            self.journal.violated(f"not ready again: {problem}")

    def wait_until_quiet(self) -> float:
        """Seconds that it took. Raises nothing: what is not done in time is a violation."""
        begun, quiet = time.monotonic(), 0
        while time.monotonic() - begun < self.quiet_seconds:
            self.watch()
            left = self._left()
            quiet = 0 if left else quiet + 1
            if quiet == 2:
                return time.monotonic() - begun
            time.sleep(0.3)
        self.journal.violated(f"not quiet {self.quiet_seconds:.0f} s after the last fault: {', '.join(left)}")
        return self.quiet_seconds

    def _left(self) -> list[str]:
        """What is still to be done."""
        left: list[str] = []
        try:
            left += [what for what, (service, query) in WORK.items() if self.rows(service, query)[0][0]]
            if is_busy(self.system):
                left.append("events")
        except Exception as error:
            left.append(f"no answer ({type(error).__name__})")
        return left


NOT_KNOWN_YET = 3
"""What `reconcile` exits with."""
WORK = {
    **{
        f"outbox of {name}": (name, "SELECT count(*) FROM outbox WHERE published_at IS NULL AND payload IS NOT NULL")
        for name in SERVICES
    },
    "notices to print": ("eligibility", "SELECT count(*) FROM notice WHERE pdf_digest IS NULL"),
    "tickets to sign": ("signer", "SELECT count(*) FROM ticket WHERE state = 'approved'"),
    "lists to publish": ("signer", "SELECT count(*) FROM shard WHERE revision <> published_revision"),
    "packages to make": ("wallet-pass", "SELECT count(*) FROM pass WHERE package_due"),
}

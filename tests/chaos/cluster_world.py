"""The running cluster as the faults see it."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from chaos.disks import Disks
from chaos.wires import DATABASE, Wires
from chaos.world import World
from local.cluster import Cluster
from local.cluster.postgresql import DatabaseServer
from local.process import DidNotStart
from local.system.plan import SERVICES

WITHOUT_DATABASE = "the database does not answer", "the key store cannot be opened (OperationalError)"
"""Who is started while PostgreSQL is away says so and ends; a supervisor starts it again."""
READY_SECONDS = 120.0
"""For processes that are started all at once on few cores."""
DOWN_SECONDS = (0.2, 1.0)
"""So long what was killed is away, at least and at most, before somebody starts it again."""


@dataclass
class ClusterWorld(World):
    system: Cluster
    wires: Wires = field(kw_only=True, default_factory=Wires)
    disks: Disks | None = field(kw_only=True, default=None)
    """Of machines whose power may be cut."""

    @property
    def all(self) -> tuple[str, ...]:
        """Every process, of ours or not."""
        return tuple(self.system.processes)

    @property
    def database_server(self) -> DatabaseServer:
        process = self.system.process(DATABASE)
        assert isinstance(process, DatabaseServer)
        return process

    def watch(self) -> None:
        """What could not begin without the database is started again; all else that ends by itself is a violation."""
        for name in set(self.system.plan.serving) - self.down:
            process = self.system.process(name)
            if not process.alive and any(words in process.end_of_log(3) for words in WITHOUT_DATABASE):
                process.start()
        super().watch()

    def wait_ready(self, *names: str) -> None:
        """Raises DidNotStart."""
        deadline = time.monotonic() + READY_SECONDS
        with httpx.Client(timeout=2) as http:
            for name in names:
                while not self.system.process(name).is_ready(http):
                    if time.monotonic() > deadline:
                        raise DidNotStart(f"{name} is not ready after {READY_SECONDS:.0f} s")
                    self.sleep(0.1)

    def kill_and_start(self, *names: str) -> float:
        """All at once, and back in any order: the seconds until each may be used again. Raises DidNotStart."""
        begun = time.monotonic()
        self.kill(*names)
        self.sleep(self.random.uniform(*DOWN_SECONDS))
        self.start(*self.random.sample(names, len(names)))
        self.wait_ready(*names)
        return time.monotonic() - begun

    def note_waiting(self, when: str, *, older_than: float) -> None:
        """An event that was told for so many seconds and that nobody could bring to the bus is a violation."""
        query = "SELECT count(*) FROM outbox WHERE published_at IS NULL AND payload IS NOT NULL AND emitted_at < ?"
        before = datetime.now(UTC) - timedelta(seconds=older_than)
        for name in SERVICES:
            if count := self.rows(name, query, before)[0][0]:
                self.journal.violated(f"{when}, {count} events of {name} waited")

    def start_everything(self) -> None:
        """What is down; the streams lie on the servers' disks."""
        self.start(*(name for name in self.system.processes if name in self.down))

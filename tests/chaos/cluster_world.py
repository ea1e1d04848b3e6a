"""The running cluster as the faults see it."""

import time
from dataclasses import dataclass, field

from chaos.wires import DATABASE, Wires
from chaos.world import World
from local.cluster import Cluster
from local.cluster.postgresql import DatabaseServer

DOWN_SECONDS = (0.2, 1.0)
"""So long what was killed is away, at least and at most, before somebody starts it again."""


@dataclass
class ClusterWorld(World):
    system: Cluster
    wires: Wires = field(kw_only=True, default_factory=Wires)

    @property
    def all(self) -> tuple[str, ...]:
        """Every process, of ours or not."""
        return tuple(self.system.processes)

    @property
    def database_server(self) -> DatabaseServer:
        process = self.system.process(DATABASE)
        assert isinstance(process, DatabaseServer)
        return process

    def kill_and_start(self, *names: str) -> float:
        """All at once, and back in any order: the seconds until each may be used again. Raises DidNotStart."""
        begun = time.monotonic()
        self.kill(*names)
        self.sleep(self.random.uniform(*DOWN_SECONDS))
        self.start(*self.random.sample(names, len(names)))
        self.wait_ready(*names)
        return time.monotonic() - begun

    def start_everything(self) -> None:
        """What is down; the streams lie on the servers' disks."""
        self.start(*(name for name in self.system.processes if name in self.down))

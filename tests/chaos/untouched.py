"""A system as its set-up has made it: kept, and put back before the next defect is planted."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from chaos.cluster_world import ClusterWorld
from chaos.wires import DATABASE
from chaos.world import World
from local.cluster.plan import ClusterPlan
from local.process import Process
from local.system.plan import Plan


@dataclass
class Untouched:
    world: World
    plan: Plan = field(init=False)
    process: Process | None = field(init=False)
    """PostgreSQL's: a failover makes another one of it."""

    def __post_init__(self) -> None:
        self.plan = self.world.system.plan
        self.process = self.world.system.processes.get(DATABASE)
        self.world.stop_everything()
        for there, kept in self._folders():
            kept.mkdir(parents=True)
            _copy(there, kept)

    def put_back(self) -> None:
        """All processes have ended afterwards."""
        world = self.world
        world.stop_everything()
        for process in world.system.processes.values():
            process.kill()  # what was started and is not known to have ended
        if isinstance(world, ClusterWorld) and self.process is not None and isinstance(self.plan, ClusterPlan):
            world.system.processes[DATABASE] = self.process
            world.system.plan = self.plan
            world.wires.lead_to(self.plan.postgresql.port, DATABASE)
            self.plan.postgresql.folder.mkdir(exist_ok=True)
        for there, kept in self._folders():
            _empty(there)
            _copy(kept, there)
        for log in (world.system.folder / "logs").iterdir():
            log.write_bytes(b"")

    def start(self) -> None:
        """Raises DidNotStart: so does a service into which its defect cannot be put."""
        foundations, serving = self.plan.foundations, self.plan.serving
        self.world.start(*foundations)
        self.world.wait_ready(*foundations)
        self.world.start(*serving)
        self.world.wait_ready(*serving)

    def _folders(self) -> list[tuple[Path, Path]]:
        kept, plan = self.world.system.folder / "untouched", self.plan
        if isinstance(plan, ClusterPlan):
            return [(plan.servers.folder, kept / "nats"), (plan.postgresql.folder, kept / DATABASE)]
        return [(plan.folder / "data", kept / "data"), (plan.broker.store, kept / "store")]


def _copy(there: Path, to: Path) -> None:
    """With owners and rights; and so that no cut of the power takes it back, on whichever disks beneath it lies."""
    subprocess.run(["cp", "-a", f"{there}/.", str(to)], check=True)
    os.sync()


def _empty(folder: Path) -> None:
    """Folders in which a disk is mounted stay."""
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            if each.is_mount():
                _empty(each)
            else:
                shutil.rmtree(each)
        else:
            each.unlink()

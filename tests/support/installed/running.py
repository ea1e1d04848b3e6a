"""An installation by systemd's units that is up to its bus: what each test of a form of it begins with."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.installed.machine import PROGRAMS, Machine
from support.needs import program, root
from support.town import Town

NATS = "schulticket-nats.service"
NEEDS = [
    pytest.mark.timeout(600),
    program("systemd-sysusers", package="systemd"),
    program("nsenter", package="util-linux"),
    root("it starts processes of other users"),
]
"""Of each test that has such a machine."""


def unit_of(service: str) -> str:
    """That serves."""
    return f"schulticket-{service}.service"


@contextmanager
def laid_machine() -> Iterator[Machine]:
    """Programs, secrets and settings are there, and nothing runs. On a disk, as it holds a whole installation, and not
    below pytest's own folder: that is for its user alone."""
    folder = Path(tempfile.mkdtemp(prefix="schulticket-machine-", dir="/var/tmp"))
    folder.chmod(0o755)
    machine = Machine(folder)
    try:
        machine.lay()
        yield machine
    finally:
        machine.close()
        shutil.rmtree(folder, ignore_errors=True)


def start_bus(machine: Machine, *options: str) -> None:
    """The machine is on, its network of streets is built, and the bus has its streams.

    Args:
        options: of the step that makes them, besides address and seed.
    """
    machine.open()
    _build_network(machine)
    machine.start(NATS)
    machine.wait_for(8222, "/healthz", NATS)
    made = machine.run([f"{PROGRAMS}/python", "-m", "shared.bus", "--nats-url", "nats://127.0.0.1:4222",
                        "--seed-file", "/etc/schulticket/secrets/nats/admin.nk", *options])  # fmt: skip
    assert made.returncode == 0, made.stderr


def _build_network(machine: Machine) -> None:
    """The walking network of a few streets, built by the program."""
    town = Town(machine.root / "opt")
    for name, x in (("a", 0.0), ("b", 100.0), ("c", 200.0)):
        town.node(name, x, 0)
    town.way(1, "a b c")
    built = "/var/lib/schulticket/eligibility/walking.network"
    done = machine.run([f"{PROGRAMS}/eligibility", "network", "build", f"/opt/{town.write().name}", "-o", built])
    assert done.returncode == 0, done.stdout + done.stderr
    machine.run(["chown", "schulticket-eligibility", built])

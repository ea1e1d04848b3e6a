"""Disks of the cluster's machines, whose power can be cut: a file system of its own in a file for each.

The power of a disk ends by the request that ext4 has for it (EXT4_IOC_SHUTDOWN, as xfstests does): from that moment
nothing reaches the file any more, also not what lies in the kernel's cache, and not its journal. What is there when it
is mounted again is what was synced, and what the kernel had written out by itself. A disk that says "synced" before it
is true is not tried by this.
"""

import array
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from chaos.wires import DATABASE
from local.cluster.plan import ClusterPlan

SHUTDOWN = 0x8004_587D
"""_IOR('X', 125, __u32)."""
WITHOUT_JOURNAL = 2
TRIED_BYTES = 16 * 2**20
SIZE_BYTES = 6 * 2**30
"""Of a file with holes: it takes what is written."""
OPTIONS = "loop,commit=300"
"""The kernel writes its journal each five minutes by itself, so that what nobody has synced is not there by luck."""
PATIENCE_SECONDS = 20.0
NOT_POSSIBLE = "a cut of the power needs root, losetup, mkfs.ext4 and a free loop device: leave POWER out, or be root"


@cache
def has_disks() -> bool:
    """Whether this machine can mount one and cut its power: tried, as a container may be root and may not mount."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("mkfs.ext4", "mount", "umount", "losetup"))):
        return False
    with tempfile.TemporaryDirectory() as folder:
        image, place = Path(folder) / "image", Path(folder) / "disk"
        place.mkdir()
        with image.open("wb") as opened:
            opened.truncate(TRIED_BYTES)
        made = _succeeds("mkfs.ext4", "-q", str(image)) and _succeeds("mount", "-o", OPTIONS, str(image), str(place))
        try:
            if made:
                _cut(place)
        except OSError:
            return False
        finally:
            if made:
                subprocess.run(["umount", str(place)], capture_output=True, check=False)
    return made


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def require_disks() -> None:
    """Ends the program with the remedy where this machine cannot do it."""
    if not has_disks():
        sys.exit(NOT_POSSIBLE)


def _cut(place: Path) -> None:
    opened = os.open(place, os.O_RDONLY)
    try:
        fcntl.ioctl(opened, SHUTDOWN, array.array("I", [WITHOUT_JOURNAL]))
    finally:
        os.close(opened)


def _is_shut_down(place: Path) -> bool:
    """A disk that is mounted elsewhere, too, is the same one there and here: it does not come back by a mount."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines())
    return any(fields[1] == str(place) and "shutdown" in fields[3].split(",") for fields in mounts)


class Disks:
    """By the name of the process that has one: the servers of the bus and the database."""

    def __init__(self, folder: Path) -> None:
        self._images = folder
        self._places: dict[str, Path] = {}

    @property
    def names(self) -> Sequence[str]:
        return tuple(self._places)

    def lead(self, plan: ClusterPlan) -> ClusterPlan:
        """The plan with a disk for each; mounted, and empty."""
        self._images.mkdir(parents=True)
        for name, server in ((f"nats-{each.number}", each) for each in plan.servers.members):
            self._make(name, server.store)
        self._make(DATABASE, plan.folder / "disk")
        (plan.folder / "disk").chmod(0o711)
        return replace(plan, postgresql=replace(plan.postgresql, folder=plan.folder / "disk" / DATABASE))

    def cut(self, *names: str) -> None:
        """At one moment. Who writes to it must stand still."""
        for name in names:
            _cut(self._places[name])

    def sync(self) -> None:
        """As after a long time without a cut."""
        for place in self._places.values():
            subprocess.run(["sync", "--file-system", str(place)], check=True)

    def mend(self, *names: str) -> None:
        """Mounted again, of who was killed: the kernel reads the journal as after any cut."""
        for name in names:
            self._unmount(name)
            self._mount(name)

    def take_away(self, name: str) -> None:
        self._unmount(name)
        del self._places[name]

    def remove(self) -> None:
        for name in tuple(self._places):
            with contextlib.suppress(subprocess.CalledProcessError):
                self.take_away(name)
        shutil.rmtree(self._images, ignore_errors=True)

    def _make(self, name: str, place: Path) -> None:
        image = self._image(name)
        with image.open("wb") as file:
            file.truncate(SIZE_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
        place.mkdir(parents=True, exist_ok=True)
        self._places[name] = place
        self._mount(name)

    def _image(self, name: str) -> Path:
        return self._images / f"{name}.ext4"

    def _mount(self, name: str) -> None:
        place = self._places[name]
        subprocess.run(["mount", "-o", OPTIONS, str(self._image(name)), str(place)], check=True)
        if _is_shut_down(place):
            raise RuntimeError(f"{place} is still without power: another mount namespace of this machine holds it, too")

    def _unmount(self, name: str) -> None:
        """Who had it open may take a moment to be gone."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            done = subprocess.run(["umount", str(self._places[name])], capture_output=True, check=False)
            if done.returncode == 0:
                return
            if time.monotonic() > deadline:
                done.check_returncode()
            time.sleep(0.1)


@contextlib.contextmanager
def disks_in(folder: Path) -> Iterator[Disks]:
    disks = Disks(folder)
    try:
        yield disks
    finally:
        disks.remove()

"""Ports on loopback for processes that are to start: nobody listens on them, and nobody else is about to."""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

from shared.durable_files import write_durably

from local.process import DidNotStart

PORTS = range(20_000, 32_000)
"""Below Linux's range for outgoing connections (32768 up), so that none of those takes a port before it is used."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, in no order that a second copy would repeat. They are kept for this process until
    it ends: from the draw to the start of who listens, a second is long enough for another to draw the same.

    Raises:
        DidNotStart: where there are fewer.
    """
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        if len(found) == count:
            break
        if _locks.take(port):
            found.append(port)
    if len(found) < count:
        raise DidNotStart(f"fewer than {count} free ports on loopback between {PORTS.start} and {PORTS.stop}")
    return found


def kept_ports(file: Path, count: int) -> list[int]:
    """The ports that `file` remembers of the last start where all are free still, else others, which it then remembers.

    Notices and passes bear addresses: a second start on other ports would leave families with links to nowhere.
    """
    try:
        ports = [int(line) for line in file.read_text().split()]
    except (FileNotFoundError, ValueError):
        ports = []
    if len(ports) != count or not all(map(_nobody_listens, ports)):
        ports = free_ports(count)
        write_durably(file, "\n".join(map(str, ports)))
    for port in ports:
        _locks.take(port)  # refused where another process of the same folder has it
    return ports


def _nobody_listens(port: int) -> bool:
    with socket.socket() as probe:
        # without it, a port of connections that ended within the last minute would look taken
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


class _PortLocks:
    """The ports that processes of this user have drawn: each a byte of one file, locked until its process ends."""

    def __init__(self) -> None:
        self._own: set[int] = set()
        self._file: int | None = None

    def take(self, port: int) -> bool:
        """Whether `port` (a number of TCP) is this process's now, which it was not before, and free."""
        if port in self._own or not _nobody_listens(port):
            return False
        try:
            fcntl.lockf(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        except BlockingIOError:
            return False
        except OSError:
            pass  # without such a file, which another user may have made under its name, a port is only free
        self._own.add(port)
        return True

    def _open(self) -> int:
        if self._file is None:
            path = Path(tempfile.gettempdir(), f"schulticket-ports-{os.getuid()}")
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        return self._file


_locks = _PortLocks()

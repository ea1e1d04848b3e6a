"""Files that a power cut must not empty: keys, secrets, settings. Whole and on the disk, or not there at all.

A file that is only written and renamed may be empty after a power cut: its name was kept, and what it holds was not.
Seen with a broker that then started with an empty configuration, on all addresses and without accounts.
"""

import errno
import os
from pathlib import Path

PUBLIC, OWNER = 0o644, 0o600


def write_durably(path: Path, content: bytes | str, *, mode: int = PUBLIC) -> None:
    """Put a file there, or in place of the one that is there; its folder is made where it is missing. Whoever reads
    meanwhile has the one or the other.

    Args:
        mode: from its first byte on.

    Raises:
        OSError: also where something else than a file is there: a device, a socket or a pipe is not replaced.
    """
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "this is no file, and is not replaced by one", str(path))
    fresh = _write_beside(path, content, mode)
    fresh.replace(path)
    sync(path.parent)


def write_once(path: Path, content: bytes | str, *, mode: int = OWNER) -> None:
    """The same, never over a file that is there: raises FileExistsError. Of two that write at once one does."""
    fresh = _write_beside(path, content, mode)
    try:
        os.link(fresh, path)
    finally:
        fresh.unlink()
        sync(path.parent)


def append_durably(path: Path, line: str) -> None:
    """One more line at the end of a journal."""
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def make_folder(path: Path, *, mode: int = 0o777) -> None:
    """With those above it, each on the disk. What is there stays as it is."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=mode, exist_ok=True)
        sync(path.parent)


def sync(path: Path) -> None:
    """What a file holds, or which names a folder has, is on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_beside(path: Path, content: bytes | str, mode: int) -> Path:
    make_folder(path.parent)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    return fresh

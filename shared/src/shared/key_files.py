"""Files with a key that a process makes for itself at its first start: they must outlive its database."""

import os
import secrets
from pathlib import Path


def key_of(path: Path, length: int) -> bytes:
    """The key in this file, made there where it is missing. `length`: bytes.

    Raises OSError where it cannot be read or made, ValueError where it is not so long.
    """
    if not path.exists():
        _make(path, length)
    key = path.read_bytes()
    if len(key) != length:
        raise ValueError(f"{path} has {len(key)} bytes and must have {length}")
    return key


def _make(path: Path, length: int) -> None:
    """Whole and on the disk, or not at all. Of two that start at once one makes it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(length))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

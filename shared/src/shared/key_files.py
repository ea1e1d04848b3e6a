"""Files with a key that a process makes for itself at its first start: they must outlive its database."""

import contextlib
import secrets
from pathlib import Path

from shared.durable_files import write_once


def key_of(path: Path, length: int) -> bytes:
    """The key in this file, made there where it is missing.

    Args:
        length: bytes.

    Raises:
        OSError: where it cannot be read or made.
        ValueError: where it is not so long.
    """
    if not path.exists():
        path.parent.stat()  # a folder of keys that is missing was named wrongly: it is not made
        _make(path, length)
    key = path.read_bytes()
    if len(key) != length:
        raise ValueError(f"{path} has {len(key)} bytes and must have {length}")
    return key


def _make(path: Path, length: int) -> None:
    """Of two that start at once one makes it."""
    with contextlib.suppress(FileExistsError):
        write_once(path, secrets.token_bytes(length))

"""One copy of the key store, the newest alone, apart from the copies of the databases.

Beside them it would open what they hold, and an older one would bring back keys that were destroyed since: so there is
one, which takes the place of the one before, and no restore touches it.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from shared.durable_files import sync

from local.backup.copies import NoBackup

STORE = Path("keys") / "application-keys.sqlite"
"""Beneath a system's folder."""


def check_apart(folder: Path, copies: Path, system: Path) -> None:
    """Raises NoBackup where keys would lie with what they encrypt."""
    for other in (copies.resolve(), (system / "data").resolve()):
        if folder.resolve().is_relative_to(other) or other.is_relative_to(folder.resolve()):
            raise NoBackup(f"{folder} is not apart from {other}: who finds one of them must not find both")


def copy_keys(system: Path, folder: Path) -> Path:
    """In the place of the copy before, while the service runs.

    Raises:
        NoBackup: where the system has no key store.
        OSError, sqlite3.Error: where the disk does not do it; the copy before stays.
    """
    source = system / STORE
    if not source.exists():
        raise NoBackup(f"{source} is not there")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole, making = folder / STORE.name, folder / f".{STORE.name}.{os.getpid()}"
    try:
        with closing(sqlite3.connect(making)) as copy, closing(sqlite3.connect(source, timeout=10)) as keys:
            keys.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        making.chmod(0o600)
        sync(making)
        making.replace(whole)
    finally:
        making.unlink(missing_ok=True)
    sync(folder)
    return whole

"""A lock of this machine beside a SQLite database: all copies of its service are here, and one at a time has it."""

import contextlib
import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url


def take_beside(url: str) -> IO[bytes] | None:
    """The lock's file, which has it until it is closed or its process ends, however that is; None: another has it.

    Args:
        url: of a SQLite database.

    Raises:
        OSError: its folder cannot be written.
    """
    with contextlib.ExitStack() as opened:
        file = opened.enter_context(Path(f"{make_url(url).database}.lock").open("ab"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        opened.pop_all()
        return file

"""Ends a PostgreSQL server of the tests and removes its folder, also where the tests were killed.

`python -I -S postgresql_end.py FOLDER`: waits until its standard input ends, which it does with the process that holds
the other end. What was left behind of killed runs once filled the machine's memory, where these folders lie.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def main() -> None:
    folder = Path(sys.argv[1])
    sys.stdin.buffer.read()
    with contextlib.suppress(OSError, ValueError, IndexError):
        server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, signal.SIGQUIT)  # at once, with its children
        for _ in range(100):
            os.kill(server, 0)
            time.sleep(0.1)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

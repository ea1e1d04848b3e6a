"""The process that has loaded the program."""

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO

from shared.runtime.beginning import load_libraries_alone, search_seldom


def main() -> None:
    """Serve until nobody asks any more. The argument is the name of a console script of a service."""
    search_seldom()
    load_libraries_alone()
    [found] = entry_points(group="console_scripts", name=sys.argv[1])
    program = found.load()
    importlib.import_module(f"{found.module.partition('.')[0]}.main")
    gc.freeze()  # forked processes share it
    for line in sys.stdin:
        arguments, environment, seconds = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
            child = os.fork()
            if child == 0:
                _become(arguments, environment, seconds, out, error)
                sys.exit(program())
            _, status = os.waitpid(child, 0)
            print(json.dumps([os.waitstatus_to_exitcode(status), _read(out), _read(error)]), flush=True)


def _become(
    arguments: list[str], environment: Mapping[str, str], seconds: int, out: IO[bytes], error: IO[bytes]
) -> None:
    """What the program finds when it begins."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for file, number in ((nothing, 0), (out.fileno(), 1), (error.fileno(), 2)):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(environment)
    sys.modules["__main__"].__package__ = None  # by it, click would call the program `python -m local.shell`
    sys.argv = [str(Path(sys.executable).parent / sys.argv[1]), *arguments]
    signal.alarm(seconds)


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


if __name__ == "__main__":
    main()

"""Commands of one program, one after the other, as an operator types them; the program is loaded once for all.

A start of Python with all that a service imports takes longer than most of what a set-up asks for. So a process loads
the program and waits; each command is a process of its own, forked from it, with its own arguments, environment and
output, and ends as it would have ended by itself.

    python -m local.shell PROGRAM     a line of JSON in for each command, a line of JSON out
"""

import contextlib
import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import IO, cast


class ShellEnded(Exception):
    """It does not answer any more: it was killed, or the program cannot be loaded. Its own words are on stderr."""


class Shell:
    """Made by `open_shell`. For one thread."""

    def __init__(self, program: str, asked: IO[bytes], answers: io.BufferedReader) -> None:
        self._program, self._asked, self._answers = program, asked, answers

    def run(
        self, environment: Mapping[str, str], arguments: list[str], seconds: int
    ) -> "subprocess.CompletedProcess[str]":
        """Run one command, which is killed after so many seconds (SIGALRM).

        Raises:
            ShellEnded.
        """
        with contextlib.suppress(BrokenPipeError):
            self._asked.write(json.dumps([arguments, dict(environment), seconds]).encode() + b"\n")
        line = self._answers.readline()
        if not line:
            raise ShellEnded(f"{self._program} {' '.join(arguments)}: its shell has ended")
        code, out, error = json.loads(line)
        if code == -signal.SIGALRM:  # which says nothing by itself
            error += f"killed: it was not done within {seconds} s\n"
        return subprocess.CompletedProcess([self._program, *arguments], code, out, error)


@contextlib.contextmanager
def open_shell(program: str, environment: Mapping[str, str]) -> Iterator[Shell]:
    """Begins to load the program, and does not wait for it. It ends with the block, and when its parent ends."""
    command = [sys.executable, "-m", "local.shell", program]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=dict(environment), stdin=pipe, stdout=pipe, bufsize=0) as process:
        try:
            yield Shell(program, cast(IO[bytes], process.stdin), io.BufferedReader(cast(io.RawIOBase, process.stdout)))
        finally:
            process.kill()

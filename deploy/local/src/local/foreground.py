"""What every command does that stays in the foreground: it is alone on its folder, ends by a signal with everything
stopped, and says what went wrong."""

import fcntl
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import httpx
from rich.markup import escape
from shared.registers import RegisterUnusable

from local.files import VAR
from local.journey.cases import NoSuchCase
from local.journey.family import Unexpected
from local.process import DidNotStart
from local.report import Report
from local.system.inputs import WrongFile
from local.system.setup import StepFailed

FAILURES = (DidNotStart, StepFailed, NoSuchCase, Unexpected, httpx.HTTPError, OSError, ValueError)
MISTAKEN = (WrongFile, RegisterUnusable)
"""Files that are not what they were given for: told in one sentence."""
INTERRUPTED = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def can_write(report: Report) -> bool:
    """Whether the folder `var` can be written; it is said where not."""
    try:
        VAR.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=VAR):
            return True
    except OSError as error:
        report.line(
            f"[bold red]{VAR} cannot be written[/bold red] ({error.strerror}): copy the project to a folder of yours."
        )
        return False


def say_interruption(report: Report) -> int:
    """Said by who was interrupted and has stopped all; the exit code."""
    report.line("\nInterrupted. Everything that was started is stopped.")
    return INTERRUPTED


def say_mistake(report: Report, error: Exception) -> int:
    """Said where a file is not what it was given for; the exit code."""
    report.line(f"[bold red]It cannot begin:[/bold red] {escape(str(error))}")
    return 1


def say_failure(report: Report, error: Exception, folder: Path) -> int:
    """Said where something did not work, and where its logs are; the exit code."""
    report.line(f"\n[bold red]It did not work:[/bold red] {type(error).__name__}")
    report.console.out(str(error), highlight=False)
    report.line(f"\nLogs and data are kept in {folder}")
    return 1


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """True where no other copy uses `folder`."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def signals_as_exceptions(report: Report) -> Iterator[None]:
    """SIGTERM and a closed terminal end it like Ctrl-C does: everything that was started is stopped.

    SIGINT too is asked for: a shell that starts it in the background has it ignored.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        report.interrupted = True
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.stdout.flush()

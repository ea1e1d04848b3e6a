"""Pictures are read in confined processes (`picture_child`): kept ready, a few at once, and made anew when one dies."""

import asyncio
import contextlib
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from shared.errors import Text, Unavailable

from issuance.barcode import picture
from issuance.barcode.refusal import Unreadable
from issuance.inspection.picture_child import CODES, SECONDS_EACH

AT_ONCE = 2
"""Each may take up to half a gigabyte while it reads a large one."""
MOST_WAITING = 16
"""Of 6 MB each; a phone asks again."""
SECONDS = 2 * SECONDS_EACH
"""By the clock, also where a process does nothing."""
MOST_ANSWERED = 1_000_000
REASONS = ("picture_too_large", "not_a_picture", "no_barcode_found")
BUSY = Text(
    "Gerade werden sehr viele Bilder geprüft. Bitte versuchen Sie es gleich wieder.",
    "Very many pictures are being checked just now. Please try again in a moment.",
)
COMMAND = (sys.executable, "-I", "-m", "issuance.inspection.picture_child")

Result = TypeVar("Result")
Read = Callable[[bytes], tuple[bytes, ...]]
"""The contents of the codes in a picture. Raises Unreadable."""


@dataclass
class PictureReaders:
    at_once: int = AT_ONCE
    command: tuple[str, ...] = COMMAND
    seconds: float = SECONDS
    _waiting: int = 0
    _idle: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._threads = ThreadPoolExecutor(self.at_once, "pictures")
        weakref.finalize(self, _end_all, self._threads, self._idle)

    async def run(self, work: Callable[[Read], Result]) -> Result:
        """`work` in a thread, with what reads pictures.

        Raises:
            Unavailable: where too many wait already.
        """
        if self._waiting >= self.at_once + MOST_WAITING:
            raise Unavailable(BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, self.read)
        finally:
            self._waiting -= 1

    def read(self, data: bytes) -> tuple[bytes, ...]:
        """By a process of its own; one that dies of it, or is too slow, has told enough.

        Raises:
            Unreadable.
        """
        if len(data) > picture.MOST_PICTURE_BYTES:
            raise Unreadable("picture_too_large", f"{len(data)} bytes")
        child = self._idle.pop() if self._idle else self._begin()
        if child.poll() is not None:  # it made room after its time
            child = self._begin()
        late = threading.Timer(self.seconds, child.kill)
        late.start()
        try:
            said = _ask(child, data)
        except (OSError, ValueError) as error:
            _end(child)
            raise Unreadable("picture_too_large") from error
        finally:
            late.cancel()
        self._idle.append(child)
        return _contents(said)

    def _begin(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,  # Ctrl-C is the API's to hear: these end with the pipe
        )


def _ask(child: "subprocess.Popen[bytes]", data: bytes) -> bytes:
    """Raises OSError or ValueError where it does not answer as it should."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("no pipes")
    child.stdin.write(len(data).to_bytes(4, "big") + data)
    child.stdin.flush()
    length = int.from_bytes(head := child.stdout.read(4), "big")
    if len(head) < 4 or not 0 < length <= MOST_ANSWERED or len(said := child.stdout.read(length)) < length:
        raise ValueError("it has died")
    return said


def _contents(said: bytes) -> tuple[bytes, ...]:
    """What a process answers is looked at as if it were the picture's own: it may have been taken over."""
    kind, rest = said[:1], said[1:]
    if kind != CODES:
        reason = rest.decode("ascii", "replace")
        raise Unreadable(reason if reason in REASONS else "not_a_picture")
    found = []
    while rest:
        end = 4 + int.from_bytes(rest[:4], "big")
        found.append(rest[4:end])
        rest = rest[end:]
    return tuple(found)


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    with contextlib.suppress(OSError):
        child.communicate(timeout=SECONDS_EACH)


def _end_all(threads: ThreadPoolExecutor, idle: "list[subprocess.Popen[bytes]]") -> None:
    threads.shutdown(wait=False)
    for child in idle:
        _end(child)

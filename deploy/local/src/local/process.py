"""Processes: start, readiness, and a stop that leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

READY_SECONDS = 60.0
GRACE_SECONDS = 25.0
"""From SIGTERM to SIGKILL: a service drains within 20 s."""
PARENT_DEATH = Path(__file__).with_name("parent_death.py")


class DidNotStart(Exception):
    """A process ended, or did not get ready; the text holds the end of its log."""


@dataclass
class Process:
    """One program that stays. `ready_url` answers 200 as soon as it may be used."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    ready_url: str
    needed: Sequence[Path] = ()
    """Files without which it must not start, be they away or empty."""
    user: str = ""
    """As whom it runs; empty: as who starts it."""
    _running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """Raises RuntimeError where it was not started."""
        if self._running is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._running.pid

    @property
    def alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        """Start it on a leash, in a session of its own: Ctrl-C reaches this program alone, which then stops all.

        From the main thread only: the leash is tied to the thread that starts it.

        Raises:
            DidNotStart: where a file is missing or empty that it needs.
            RuntimeError: it runs already; started twice, the first could not be stopped any more.
        """
        if self.alive:
            raise RuntimeError(f"{self.name} runs already, as process {self.pid}")
        for file in self.needed:
            if not file.is_file() or not file.stat().st_size:
                raise DidNotStart(f"{self.name} is not started: {file} is missing or empty")
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("start processes from the main thread, or they end with the thread that did")
        leashed = [sys.executable, "-I", "-S", str(PARENT_DEATH), str(os.getpid()), self.user, *self.command]
        with self.log.open("ab") as log:
            self._running = _start(leashed, self.environment, log)

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Until `ready_url` answers 200.

        Raises:
            DidNotStart: where the process ends before, or takes too long.
        """
        deadline = time.monotonic() + seconds
        with httpx.Client(timeout=2) as http:
            while time.monotonic() < deadline:
                if not self.alive:
                    raise DidNotStart(f"{self.name} ended at its start:\n{self.end_of_log()}")
                if self.is_ready(http):
                    return
                time.sleep(0.03)
        raise DidNotStart(f"{self.name} was not ready after {seconds:.0f} s:\n{self.end_of_log()}")

    def is_ready(self, http: httpx.Client) -> bool:
        """Whether `ready_url` answers 200 just now."""
        try:
            return http.get(self.ready_url).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """Kill -9, and wait until it is gone."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()

    def ask_to_stop(self) -> None:
        """By SIGTERM; one that has ended is left alone."""
        if self.alive and self._running is not None:
            self._running.send_signal(signal.SIGTERM)

    def wait_stopped(self, deadline: float) -> bool:
        """True where it went by itself before `deadline` (monotonic seconds); otherwise it is killed."""
        if self._running is None:
            return True
        try:
            self._running.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def end_of_log(self, lines: int = 15) -> str:
        """Its last lines, indented, and where the rest is."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:]) + f"\n    (all of it: {self.log})"


def _start(command: list[str], environment: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def stop_all(processes: Iterable[Process], grace: float = GRACE_SECONDS) -> list[str]:
    """Ask all to stop, wait, and kill the rest. Returns the names of those that had to be killed."""
    processes = list(processes)
    for process in processes:
        process.ask_to_stop()
    deadline = time.monotonic() + grace
    return [process.name for process in processes if not process.wait_stopped(deadline)]

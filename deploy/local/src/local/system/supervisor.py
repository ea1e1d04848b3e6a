"""Starts again what ended by itself, and what says that only a new start helps; and says so. Not without end.

On one machine it is what systemd or Kubernetes are elsewhere: the same looks, at the same addresses.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from local.process import DidNotStart, Process
from local.report import Report

LOOK_SECONDS = 0.5
HEALTH_SECONDS = 2.0
"""Between two questions whether a process needs a new start."""
SICK_SECONDS = 10.0
"""So long it must say so: what mends itself meanwhile is left alone. A broker whose disk was full does not: it takes
nothing until it is started anew, though there is room again (nats-server 2.15, measured)."""
SILENT_SECONDS = 60.0
"""So long it may answer nothing at all: a machine that slept, or a person who looks at it with a debugger."""
MOST_RESTARTS, WITHIN_SECONDS = 5, 600.0
"""More often than that in ten minutes is no accident, and helps nobody."""
PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Before the first new start within that time, before the second …"""
STOP_SECONDS = 5.0
ROOM_BYTES = 32 << 20
"""Without so much on its disk a broker is not started anew: it would be as it is."""


class CannotHold(Exception):
    """A process ends again and again."""


@dataclass
class Supervisor:
    """`health`: by a process's name, what answers 200 while no new start is needed."""

    processes: Mapping[str, Process]
    health: Mapping[str, str]
    report: Report
    has_room: Callable[[str], bool] = lambda _name: True
    """Whether the disk of a process has room: without, a new start is put off."""
    on_start: Callable[[], None] = lambda: None
    """Called after one was started anew: it is another process."""
    restarts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """When each was started anew."""
    _due: dict[str, float] = field(default_factory=dict)
    _sick_since: dict[str, float] = field(default_factory=dict)
    _silent_since: dict[str, float] = field(default_factory=dict)
    _looked_at: float = 0.0

    def watch(self) -> int:
        """Until Ctrl-C, or until a process cannot be held up (then its exit code for the shell)."""
        try:
            while True:
                self.look()
                time.sleep(LOOK_SECONDS)
        except CannotHold as error:
            self.report.line(f"[red]{error}[/red]")
            return os.EX_SOFTWARE

    def look(self) -> None:
        """One round. From the main thread (see Process.start).

        Raises:
            CannotHold.
        """
        now = time.monotonic()
        for name, process in self.processes.items():
            if not process.alive:
                self._hold(name, process, now)
        if now - self._looked_at >= HEALTH_SECONDS:
            self._looked_at = now
            self._look_at_health(now)

    def _hold(self, name: str, process: Process, now: float) -> None:
        """Start it when its pause is over; a first time it is said why."""
        if name not in self._due:
            recent = [at for at in self.restarts[name] if now - at < WITHIN_SECONDS]
            if len(recent) >= MOST_RESTARTS:
                end = process.end_of_log()
                raise CannotHold(f"{name} ended {len(recent) + 1} times in {WITHIN_SECONDS / 60:.0f} minutes:\n{end}")
            pause = PAUSES[len(recent)]
            self._due[name] = now + pause
            self.report.line(f"[yellow]{name} ended by itself[/yellow]; it is started again in {pause:.0f} s")
        if now >= self._due[name]:
            del self._due[name]
            self.restarts[name].append(now)
            self._forget(name)
            try:
                process.start()
            except DidNotStart as error:
                raise CannotHold(str(error)) from error
            self.on_start()

    def _look_at_health(self, now: float) -> None:
        with httpx.Client(timeout=1) as http:
            for name, url in self.health.items():
                if not self.processes[name].alive:
                    continue
                try:
                    answer = http.get(url)
                except httpx.HTTPError:
                    self._sick_since.pop(name, None)
                    if now - self._silent_since.setdefault(name, now) > SILENT_SECONDS:
                        self._end(name, "does not answer")
                    continue
                self._silent_since.pop(name, None)
                if answer.status_code == 200:
                    self._sick_since.pop(name, None)
                elif now - self._sick_since.setdefault(name, now) > SICK_SECONDS and self.has_room(name):
                    self._end(name, "says that a new start is needed")

    def _end(self, name: str, why: str) -> None:
        self.report.line(f"[yellow]{name} {why}[/yellow]: {self.health[name]}")
        process = self.processes[name]
        process.ask_to_stop()
        process.wait_stopped(time.monotonic() + STOP_SECONDS)
        self._forget(name)

    def _forget(self, name: str) -> None:
        self._sick_since.pop(name, None)
        self._silent_since.pop(name, None)

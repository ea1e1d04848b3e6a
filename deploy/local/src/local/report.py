"""Tells on the terminal what happens and how long it took; plain lines where there is no terminal."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape


class Report:
    """One line for each finished step. Steps may run side by side."""

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._quiet = quiet
        self._lock = threading.Lock()
        self.seconds: dict[str, float] = {}
        self.interrupted = False
        """Somebody wants it to end: what is broken off then has not failed."""

    def headline(self, text: str) -> None:
        """As it is: brackets in it are no markup."""
        self.line(f"\n[bold]{escape(text)}[/bold]")

    def line(self, markup: str = "") -> None:
        """With rich's markup; nothing where the report is quiet."""
        if not self._quiet:
            self.console.print(markup)

    @contextmanager
    def step(self, title: str) -> Iterator["Detail"]:
        """Times what happens inside, and prints it when done; a failure is marked and goes on."""
        detail = Detail()
        started = time.perf_counter()
        try:
            yield detail
        except BaseException:
            mark, why = ("[yellow]–[/yellow]", "interrupted") if self.interrupted else ("[red]✗[/red]", "")
            self._print(mark, title, time.perf_counter() - started, why)
            raise
        self._print("[green]✓[/green]", title, time.perf_counter() - started, detail.text)

    def _print(self, mark: str, title: str, seconds: float, detail: str) -> None:
        with self._lock:
            self.seconds[title] = seconds
            self.line(f"  {mark} {escape(title):<46}{seconds:7.2f} s  [dim]{escape(detail)}[/dim]")


class Detail:
    """What a step wants to add to its line."""

    def __init__(self) -> None:
        self.text = ""

"""The worker that prints notices: the row without a PDF is its work list, so nothing is lost when it is killed."""

import asyncio
import contextlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from shared.database import Database
from shared.errors import NotFound, Text, Unavailable
from shared.runtime import until

from eligibility.domain.ids import NoticeToken
from eligibility.printing.page import page
from eligibility.printing.press import Press
from eligibility.store.decision.decisions import DecisionTables
from eligibility.workflow.ports import NoticePage

log = structlog.get_logger("printing")
AT_ONCE = 16
"""Notices per transaction: a commit costs more than a row."""
NICENESS = 10
"""A notice takes about 15 ms of processor time, more than the decision itself; nobody waits for it: others first."""
NO_NOTICE = Text("Diesen Bescheid gibt es nicht.", "There is no such notice.")


class Printing:
    def __init__(self, database: Database[Any], press: Press) -> None:
        self._database = database
        self._press = press
        self._background = ThreadPoolExecutor(1, thread_name_prefix="print", initializer=_give_way)
        self._at_once = ThreadPoolExecutor(1, thread_name_prefix="print-now")
        self._work = asyncio.Event()
        self._failed: set[NoticeToken] = set()

    def wake(self) -> None:
        self._work.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Print what is due, until `stop` is set."""
        async for _ in until(stop, self._work, 1.0):
            with contextlib.suppress(Unavailable):
                while not stop.is_set() and await self._print_some():
                    pass
        self._background.shutdown(wait=True)

    async def pdf(self, token: NoticeToken) -> bytes:
        """The notice, printed now where the worker has not come to it yet. Raises NotFound."""
        found: tuple[dict[str, Any], bytes | None] | None = await self._database.read(partial(_find, token))
        if found is None:
            raise NotFound(NO_NOTICE)
        content, kept = found
        if kept is not None:
            return kept
        pdf = await asyncio.get_running_loop().run_in_executor(self._at_once, self._press.print, content)
        await self._database.write(partial(_keep, [(token, pdf)]), wake=False)
        return pdf

    async def html(self, token: NoticeToken) -> NoticePage:
        """The same content as a page. Raises NotFound."""
        found: tuple[dict[str, Any], bytes | None] | None = await self._database.read(partial(_find, token))
        if found is None:
            raise NotFound(NO_NOTICE)
        return page(found[0])

    async def _print_some(self) -> bool:
        """Print a batch; False when nothing is left. One that cannot be printed is logged and holds up no other."""
        due = await self._database.read(lambda store: store.notices_to_print(AT_ONCE, skip=tuple(self._failed)))
        printed = []
        for token, content in due:
            try:
                printed.append((token, await self._in_background(content)))
            except Exception as error:
                # what Typst says may quote the notice: only its kind is logged. It is tried again after a restart.
                self._failed.add(token)
                log.error("notice_not_printed", error=type(error).__name__)
        if printed:
            await self._database.write(partial(_keep, printed), wake=False)
        return len(due) == AT_ONCE

    async def _in_background(self, content: dict[str, Any]) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._background, self._press.print, content)


def _find(token: NoticeToken, store: DecisionTables) -> tuple[dict[str, Any], bytes | None] | None:
    return store.notice(token)


def _keep(printed: list[tuple[NoticeToken, bytes]], store: DecisionTables) -> None:
    for token, pdf in printed:
        store.set_pdf(token, pdf)


def _give_way() -> None:
    """Linux lets a single thread be nice; elsewhere all goes on as it is."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)

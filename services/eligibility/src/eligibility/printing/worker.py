"""The worker that prints notices: the row without a PDF is its work list, so nothing is lost when it is killed."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from shared.database import Transactions
from shared.errors import NotFound, Text, Unavailable
from shared.events import AuthorityId
from shared.runtime.backlog import Backlog, row_key

from eligibility.domain.ids import NoticeToken
from eligibility.printing.page import page
from eligibility.printing.press import Press
from eligibility.store.decision.decisions import DecisionTables
from eligibility.store.decision.notices import PRINTING, NoticeToPrint, StoredNotice
from eligibility.workflow.outer_ports import NoticePage

AT_ONCE = 16
"""Notices per transaction: a commit costs more than a row."""
NICENESS = 10
"""A notice takes about 15 ms of processor time, more than the decision itself; nobody waits for it: others first."""
BEING_SEALED = Text(
    "Der Bescheid wird gerade elektronisch gesiegelt. Bitte versuchen Sie es in einigen Minuten noch einmal.",
    "The notice is being sealed electronically. Please try again in a few minutes.",
)
NO_NOTICE = Text("Diesen Bescheid gibt es nicht.", "There is no such notice.")


class NoticePrinter:
    """`sealing`: the authorities whose notices wait for a seal when they are printed."""

    def __init__(
        self,
        database: Transactions[DecisionTables],
        press: Press,
        clock: Callable[[], datetime],
        sealing: Collection[AuthorityId] = (),
    ) -> None:
        self._sealing = frozenset(sealing)
        self._database = database
        self._press = press
        self._clock = clock
        self._backlog = Backlog(PRINTING, database, clock)
        self._background = ThreadPoolExecutor(1, thread_name_prefix="print", initializer=_give_way)
        self._at_once = ThreadPoolExecutor(1, thread_name_prefix="print-now")

    async def print_due(self) -> int:
        """Print a batch. Returns 0 when nothing is left. What Typst says may quote the notice: it is logged nowhere."""
        due: Sequence[NoticeToPrint] = await self._database.read(
            lambda store: store.notices_to_print(AT_ONCE, self._clock())
        )
        if due:
            await self._backlog.together(due, lambda notice: row_key(notice.decision_id), self._print)
        return len(due) == AT_ONCE

    async def pdf(self, token: NoticeToken) -> bytes:
        """The notice, printed now where the worker has not come to it yet.

        Raises:
            NotFound.
            Unavailable: while it waits for the seal of its authority.
        """
        notice = await self._find(token)
        if notice.waits_for_seal:
            raise Unavailable(BEING_SEALED)
        if notice.pdf is not None:
            return notice.pdf
        pdf = await asyncio.get_running_loop().run_in_executor(self._at_once, self._press.print, notice.content)
        waits = notice.authority_id in self._sealing
        await self._database.write(partial(_keep, [(token, pdf, waits)]), wake=waits)
        await self._backlog.succeeded([row_key(notice.decision_id)])
        if waits:
            raise Unavailable(BEING_SEALED)
        return pdf

    async def letter(self, token: NoticeToken, addressee: Sequence[str]) -> bytes:
        """The notice with this name and address in the window: the one that is kept where it says so.

        Raises:
            NotFound.
            Unavailable: while it waits for the seal of its authority, whoever it goes to.
        """
        notice = await self._find(token)
        if self._waits(notice):
            await self.pdf(token)
        if list(addressee) == notice.content["addressee"]:
            return await self.pdf(token)
        content = {**notice.content, "addressee": list(addressee)}
        return await asyncio.get_running_loop().run_in_executor(self._at_once, self._press.print, content)

    async def html(self, token: NoticeToken) -> NoticePage:
        """The same content as a page.

        Raises:
            NotFound.
            Unavailable: while it waits for the seal of its authority: nothing of it goes out before.
        """
        notice = await self._find(token)
        if self._waits(notice):
            raise Unavailable(BEING_SEALED)
        return page(notice.content)

    def _waits(self, notice: StoredNotice) -> bool:
        return notice.waits_for_seal or (notice.pdf is None and notice.authority_id in self._sealing)

    async def _find(self, token: NoticeToken) -> StoredNotice:
        notice: StoredNotice | None = await self._database.read(partial(_notice, token))
        if notice is None:
            raise NotFound(NO_NOTICE)
        return notice

    async def _print(self, notices: Sequence[NoticeToPrint]) -> None:
        loop = asyncio.get_running_loop()
        printed = [
            (
                each.token,
                await loop.run_in_executor(self._background, self._press.print, each.content),
                each.authority_id in self._sealing,
            )
            for each in notices
        ]
        await self._database.write(partial(_keep, printed), wake=any(waits for _, _, waits in printed))


def _notice(token: NoticeToken, store: DecisionTables) -> StoredNotice | None:
    return store.notice(token)


def _keep(printed: list[tuple[NoticeToken, bytes, bool]], store: DecisionTables) -> None:
    for token, pdf, waits in printed:
        store.set_pdf(token, pdf, waits_for_seal=waits)


def _give_way() -> None:
    """Linux lets a single thread be nice; elsewhere all goes on as it is."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)

"""Empties the Maildir into which the mailbox for reports is delivered.

A file goes when the transaction that rests on it has committed. Read twice it changes nothing the second time.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import structlog
from prometheus_client import Counter

from shared.database import Transactions
from shared.mail.reports import MOST_BYTES, Report, ReportKind, read_report
from shared.mail.return_paths import ReturnPaths
from shared.mail.rows import MailState
from shared.mail.sending import Ended, MailStore, Outcome, end_mail

log = structlog.get_logger("mail")
reports_total = Counter("mail_reports", "Messages to the mailbox for reports, by what they were", ["kind"])
FILES_AT_ONCE = 50
Store = TypeVar("Store", bound=MailStore)


class ReportsFolder(Generic[Store]):
    """The worker `mail_reports`. `folder`: a Maildir; its server writes to `new`."""

    def __init__(
        self,
        database: Transactions[Store],
        folder: Path,
        return_paths: ReturnPaths,
        clock: Callable[[], datetime],
        ended: Ended[Store],
    ) -> None:
        self._database = database
        self._ended = ended
        self._new = folder / "new"
        self._return_paths = return_paths
        self._clock = clock

    async def work(self) -> int:
        """Read what has come. Returns how many messages.

        Raises:
            OSError: the folder is not there or cannot be read: then nobody would learn what comes back.
        """
        files = await asyncio.to_thread(self._waiting)
        for path in files:
            report = await asyncio.to_thread(self._read, path)
            reports_total.labels("foreign" if report is None else report.kind).inc()
            if report is not None and report.kind is ReportKind.FAILED:
                await self._database.write(partial(self._note, report, self._clock()))
                log.info("mail_came_back", mail=report.mail_id.hex, code=report.code)
            await asyncio.to_thread(path.unlink, missing_ok=True)
        return len(files)

    def _waiting(self) -> Sequence[Path]:
        return sorted(each for each in self._new.iterdir() if each.is_file() and not each.is_symlink())[:FILES_AT_ONCE]

    def _read(self, path: Path) -> Report | None:
        with path.open("rb") as file:
            return read_report(file.read(MOST_BYTES), self._return_paths)

    def _note(self, report: Report, now: datetime, store: Store) -> None:
        end_mail(store, self._ended, Outcome(report.mail_id, MailState.REFUSED, report.code), now)

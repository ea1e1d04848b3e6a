"""A family that gets mails from a real, strict server, and the reports that come back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from application.store import SqlStore
from application.store.mails import MAIL
from application.web.mail_templates import MAIL_TEMPLATES
from application.workflow import MailOffice
from application.workflow.mails.hints import draw_consequences
from shared.database import Database
from shared.mail import MailAddress, MailSender, MailSending, MailTerms, ReportsFolder
from shared.mail.return_paths import ReturnPaths
from shared.mail.smtp import Submission
from support.mail.reports import deliver, failure_report, make_maildir
from support.mail.server import PASSWORD, USER, StrictServer, TakenMail, strict_server

OFFICE = MailOffice("http://antrag.test", bytes(32))
PATHS = ReturnPaths(MailAddress.parse("zurueck@amt.example"), bytes(32))


@dataclass
class PostRoom:
    """What the workers of the service do, at the moment of `clock[0]`."""

    database: Database[SqlStore]
    server: StrictServer
    maildir: Path
    clock: list[datetime]
    seen: int = field(default=0)

    def __post_init__(self) -> None:
        password = self.maildir.parent / "mail-password"
        password.write_text(PASSWORD)
        submission = Submission("localhost", self.server.port, "starttls", self.server.ca_file, USER, password, 10)
        sender = MailSender(MailAddress.parse("noreply@amt.example"), "Schulticket")
        terms = MailTerms(sender, PATHS, timedelta(hours=48), MAIL_TEMPLATES)
        now = lambda: self.clock[0]  # noqa: E731
        self.sending = MailSending(self.database, submission, terms, now, draw_consequences)
        self.reports = ReportsFolder(self.database, self.maildir, PATHS, now, draw_consequences)

    async def send(self) -> list[TakenMail]:
        """All that waits. Returns what arrived."""
        while await self.sending.work():
            pass
        arrived, self.seen = self.server.mails[self.seen :], len(self.server.mails)
        return arrived

    async def come_back(self, mail: TakenMail) -> None:
        deliver(self.maildir, failure_report(mail.return_path, to=mail.to))
        await self.reports.work()

    def waiting(self) -> list[str]:
        """The templates of what waits."""
        query = MAIL.select().where(MAIL.c.state == "waiting").order_by(MAIL.c.queued_at)
        return self.database.read_now(lambda store: [row.template for row in store.session.connection().execute(query)])

    async def live(self, hours: int) -> None:
        """Hour by hour."""
        for _ in range(hours):
            self.clock[0] += timedelta(hours=1)
            await self.send()


@contextmanager
def post_room(database: Database[SqlStore], folder: Path, clock: list[datetime]) -> Iterator[PostRoom]:
    with strict_server(folder) as server:
        yield PostRoom(database, server, make_maildir(folder / "maildir"), clock)


def token_of(mail: TakenMail) -> str:
    """Of the link in a mail that asks for a confirmation."""
    found = re.fullmatch(r"http://antrag\.test/emails/([A-Za-z0-9_-]{22})", mail.link)
    assert found is not None, mail.link
    return found[1]


DISPATCH = UUID(int=61)

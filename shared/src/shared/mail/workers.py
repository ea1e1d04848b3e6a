"""The workers of a service that sends mails."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from shared.database import Transactions
from shared.mail.reports_folder import ReportsFolder
from shared.mail.sending import Ended, MailSending, MailStore, MailTerms
from shared.mail.settings import MailSettings
from shared.mail.templates import MailTemplate
from shared.runtime.worker import Worker

Store = TypeVar("Store", bound=MailStore)
SENDING_SECONDS = 30.0
"""The longest rest; what is written wakes it, and what is tried again waits for its minute."""
REPORTS_SECONDS = 60.0


def mail_workers(
    settings: MailSettings,
    database: Transactions[Store],
    templates: Mapping[str, MailTemplate],
    ended: Ended[Store],
    clock: Callable[[], datetime],
) -> list[Worker]:
    """`mails` and `mail_reports`; none where no server is named.

    Args:
        templates: by the name in the row.
        ended: what follows from a mail's end, in the transaction that writes it down.
    """
    submission, folder = settings.submission, settings.mail_reports
    if submission is None or folder is None:
        return []
    patience = timedelta(hours=settings.mail_patience_hours)
    terms = MailTerms(settings.mail_from, settings.return_paths, patience, templates)
    sending = MailSending(database, submission, terms, clock, ended)
    reports = ReportsFolder(database, folder, terms.return_paths, clock, ended)
    return [
        Worker("mails", sending.work, SENDING_SECONDS, woken=True, everywhere=True),
        Worker("mail_reports", reports.work, REPORTS_SECONDS),
    ]

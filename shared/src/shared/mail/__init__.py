"""Mails that carry a hint without personal data: rows of a transaction, brought to a server by a worker; and what comes
back. It never heard of tickets: a service brings templates, and draws the consequences."""

from shared.mail.addresses import MailAddress
from shared.mail.reports_folder import ReportsFolder
from shared.mail.rows import Mail, MailEnd, MailRows, MailState, mail_table, waiting_since
from shared.mail.sending import MailSending, MailStore, MailTerms
from shared.mail.settings import MailSettings
from shared.mail.templates import MailSender, MailTemplate
from shared.mail.workers import mail_workers

__all__ = [
    "Mail",
    "MailAddress",
    "MailEnd",
    "MailRows",
    "MailSender",
    "MailSending",
    "MailSettings",
    "MailState",
    "MailStore",
    "MailTemplate",
    "MailTerms",
    "ReportsFolder",
    "mail_table",
    "mail_workers",
    "waiting_since",
]

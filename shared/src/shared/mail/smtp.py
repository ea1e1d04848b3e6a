"""Hands mails to a server (RFC 6409), with the standard library's client in a thread of its own.

What the server says of one mail is an answer; what keeps every mail from going (no connection, no TLS, a wrong
password, a sender that it does not take) is `Unavailable`, and no mail's fault.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Literal

from shared.errors import Text, Unavailable
from shared.mail.addresses import MailAddress

AWAY = Text("Der Mailserver nimmt gerade nichts an.", "The mail server takes nothing just now.")
NO_TLS = Text("Der Mailserver bietet keine Verschlüsselung an.", "The mail server offers no encryption.")


class MailAnswer(StrEnum):
    """What became of one try."""

    TAKEN = "taken"
    LATER = "later"
    """4xx: busy, greylisted, mailbox full for now."""
    REFUSED = "refused"
    """5xx: it will never be taken."""


@dataclass(frozen=True)
class Submission:
    """How the server is reached."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    ca_file: Path | None = None
    user: str | None = None
    password_file: Path | None = None
    timeout_seconds: float = 30.0

    @contextlib.contextmanager
    def connected(self, our_name: str) -> Iterator["SmtpConnection"]:
        """A connection that is ready to take mails, as long as the block runs.

        Raises:
            Unavailable: the server is away, or does not let us in as the settings say.
        """
        try:
            client = self._open(our_name)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(AWAY) from error
        try:
            yield SmtpConnection(client)
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()

    def _open(self, our_name: str) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=None if self.ca_file is None else str(self.ca_file))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        client: smtplib.SMTP
        if self.security == "tls":
            client = smtplib.SMTP_SSL(
                self.host, self.port, local_hostname=our_name, timeout=self.timeout_seconds, context=context
            )
        else:
            client = smtplib.SMTP(self.host, self.port, local_hostname=our_name, timeout=self.timeout_seconds)
        try:
            self._let_in(client, context)
        except BaseException:
            client.close()
            raise
        return client

    def _let_in(self, client: smtplib.SMTP, context: ssl.SSLContext) -> None:
        client.ehlo_or_helo_if_needed()
        if self.security == "starttls":
            if not client.has_extn("starttls"):  # smtplib raises the same for it; said here, as nothing goes in clear
                raise smtplib.SMTPNotSupportedError(NO_TLS.en)
            client.starttls(context=context)
            client.ehlo()
        if self.user is not None and self.password_file is not None:
            client.login(self.user, self.password_file.read_text(encoding="utf-8").strip())


@dataclass(frozen=True)
class Reply:
    """`code`: the server's figures alone, as its words may repeat the address."""

    answer: MailAnswer
    code: str = ""


class SmtpConnection:
    """Takes one mail after the other."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client

    def send(self, message: EmailMessage, return_path: str, to: MailAddress) -> Reply:
        """Hand over one mail for one recipient.

        Raises:
            Unavailable: the connection ended, or the server takes nothing from this sender.
        """
        options = ["SMTPUTF8", "BODY=8BITMIME"] if to.needs_utf8 else []
        if options and not (self._client.has_extn("smtputf8") and self._client.has_extn("8bitmime")):
            return Reply(MailAnswer.REFUSED, "SMTPUTF8")
        try:
            refused = self._client.sendmail(return_path, [str(to)], message.as_bytes(), mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPDataError as error:
            return _reply(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise Unavailable(AWAY) from error
        for code, words in refused.values():
            return _reply(code, words)
        return Reply(MailAnswer.TAKEN)


NOT_OF_RECIPIENT = frozenset({421, 530, 535})
"""The server closes, or wants a sign-in that it has not had: no recipient's fault."""


def _reply(code: int, words: bytes | str) -> Reply:
    """5.7 is a matter of policy (RFC 3463, 3.8), most often of a relay that does not know us yet: it is tried again."""
    if code in NOT_OF_RECIPIENT:
        raise Unavailable(AWAY)
    said = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    first = said.split(" ", 1)[0]
    enhanced = first if first.replace(".", "").isdigit() and first.count(".") == 2 and len(first) <= 9 else ""
    never = 500 <= code <= 599 and not enhanced.startswith("5.7.")
    answer = MailAnswer.REFUSED if never else MailAnswer.LATER
    return Reply(answer, f"{code} {enhanced}".strip())

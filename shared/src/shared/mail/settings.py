"""What a service must be told so that it can send mails: `APPLICATION_MAIL_HOST`, …"""

import ipaddress
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from shared.key_files import key_of
from shared.mail.addresses import MailAddress
from shared.mail.return_paths import KEY_BYTES, ReturnPaths
from shared.mail.smtp import Submission
from shared.mail.templates import MailSender
from shared.runtime.settings import ServiceSettings

NEEDED = ("sender", "return_address", "key_file", "reports")


class MailSettings(ServiceSettings):
    """A subclass names its prefix."""

    made_at_first: ClassVar = frozenset({"mail_key_file"})
    """Files that the process makes itself where they are missing."""

    mail_host: str | None = None
    """The server that takes mails of ours and brings them on. None: none are sent, and all below is unset."""
    mail_port: int = Field(587, ge=1, le=65535)
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    """none: on this machine alone."""
    mail_ca_file: Path | None = None
    """Whose certificates the server may show; without it those that this machine trusts."""
    mail_user: str | None = None
    mail_password_file: Path | None = None
    mail_sender: str | None = None
    """The address from which mails come, without a name."""
    mail_sender_name: str = Field("Schulticket", max_length=80, pattern=r"^[^\x00-\x1f\x7f<>]+$")
    mail_return_address: str | None = None
    """The mailbox for reports that a mail could not be delivered: its server delivers `mailbox+anything` there too."""
    mail_key_file: Path | None = None
    """Key of the return paths, 32 bytes, made where it is missing. Mails that are under way when it is lost come back
    unseen."""
    mail_reports: Path | None = None
    """The Maildir into which that mailbox is delivered; it is read and emptied here."""
    mail_timeout_seconds: float = Field(30, gt=0, le=600)
    """Of each step with the server."""
    mail_patience_hours: float = Field(48, gt=0, le=120)
    """So long a mail is tried again; then it counts as undelivered. Our own choice: RFC 5321 (4.5.4.1) speaks of four
    to five days for what nothing waits for; here a letter takes its place."""

    @field_validator("mail_sender", "mail_return_address")
    @classmethod
    def _address_can_be_read(cls, value: str | None) -> str | None:
        return None if value is None else str(MailAddress.parse(value))

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        missing = [f"mail_{each}" for each in NEEDED if getattr(self, f"mail_{each}") is None]
        if self.mail_host is not None and missing:
            raise ValueError(f"mails need {', '.join(missing)} too")
        if (self.mail_user is None) != (self.mail_password_file is None):
            raise ValueError("mail_user and mail_password_file belong together")
        if self.mail_security == "none" and self.mail_host is not None and not _is_here(self.mail_host):
            raise ValueError("mail_security=none is for a server on this machine alone")
        return self

    @property
    def submission(self) -> Submission | None:
        """How the server is reached; None where no mails are sent."""
        if self.mail_host is None:
            return None
        return Submission(
            host=self.mail_host,
            port=self.mail_port,
            security=self.mail_security,
            ca_file=self.mail_ca_file,
            user=self.mail_user,
            password_file=self.mail_password_file,
            timeout_seconds=self.mail_timeout_seconds,
        )

    @property
    def mail_from(self) -> MailSender:
        """Whom a mail's head names."""
        assert self.mail_sender is not None  # noqa: S101  # said by _mail_is_whole
        return MailSender(MailAddress.parse(self.mail_sender), self.mail_sender_name)

    @property
    def return_paths(self) -> ReturnPaths:
        """By which what comes back finds its mail."""
        assert self.mail_return_address is not None  # noqa: S101
        return ReturnPaths(MailAddress.parse(self.mail_return_address), self.key_of_mails())

    def key_of_mails(self) -> bytes:
        """Of the return paths, and of what else must tell nothing of an address. Exits where it cannot be used."""
        assert self.mail_key_file is not None  # noqa: S101
        try:
            return key_of(self.mail_key_file, KEY_BYTES)
        except (OSError, ValueError) as error:
            prefix = self.model_config.get("env_prefix", "")
            raise SystemExit(f"setting {prefix}MAIL_KEY_FILE: {error}") from None


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""Where the server of this run's mails is, and what the service that sends them is told."""

import sys
from dataclasses import dataclass
from pathlib import Path

from local.mails.server import reports_folder
from local.ports import kept_ports


@dataclass(frozen=True)
class MailPlace:
    """`data`: the folder of the whole run."""

    data: Path
    smtp_port: int
    page_port: int

    @classmethod
    def make(cls, data: Path) -> "MailPlace":
        """With free ports, or those of an earlier start from this folder."""
        return cls(data, *kept_ports(data / "mail-ports", 2))

    @property
    def page(self) -> str:
        """The page with this run's mails."""
        return f"http://127.0.0.1:{self.page_port}"

    @property
    def folder(self) -> Path:
        """Each mail as a file, and what comes back."""
        return self.data / "mail"

    @property
    def command(self) -> list[str]:
        """By which it starts."""
        return [sys.executable, "-m", "local.mails.server", str(self.folder), str(self.smtp_port), str(self.page_port)]

    def settings(self) -> dict[str, str]:
        """Of the service that sends, without its prefix."""
        return {
            "MAIL_HOST": "127.0.0.1",
            "MAIL_PORT": str(self.smtp_port),
            "MAIL_SECURITY": "none",
            "MAIL_SENDER": "noreply@schulticket.example",
            "MAIL_RETURN_ADDRESS": "zurueck@schulticket.example",
            "MAIL_KEY_FILE": str(self.data / "keys" / "mail.key"),
            "MAIL_REPORTS": str(reports_folder(self.folder)),
        }

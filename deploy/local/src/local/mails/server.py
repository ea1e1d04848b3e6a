"""Takes the local run's mails, keeps each as a file, and shows them on a page. On loopback alone.

Two addresses behave as bad ones do, so that it can be seen what follows: `refused@…` is refused at once,
`returned@…` is taken, and comes back as a report.
"""

import sys
from contextlib import suppress
from email import message_from_bytes, policy
from html import escape
from pathlib import Path

import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

MOST_SHOWN = 50
REPORT = """Return-Path: <>
Delivered-To: {path}
From: MAILER-DAEMON@schulticket.example
To: {path}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="of-this-report"

--of-this-report
Content-Type: text/plain

The mailbox does not exist.
--of-this-report
Content-Type: message/delivery-status

Reporting-MTA: dns; schulticket.example

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
--of-this-report--
"""


class Keeper:
    """What the server does with a mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("new", "cur", "tmp"):
            (reports_folder(folder) / name).mkdir(parents=True, exist_ok=True)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's names
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        """Whom it takes mails for."""
        if address.startswith("refused@"):
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
        """Keep it."""
        content = envelope.original_content or b""
        number = len(list(self.folder.glob("*.eml"))) + 1
        (self.folder / f"{number:05}.eml").write_bytes(content)
        for to in envelope.rcpt_tos:
            if to.startswith("returned@"):
                self._return(number, str(envelope.mail_from), to)
        return "250 2.0.0 OK"

    def _return(self, number: int, path: str, to: str) -> None:
        beside = reports_folder(self.folder) / "tmp" / str(number)
        beside.write_text(REPORT.format(path=path, to=to))
        beside.rename(reports_folder(self.folder) / "new" / str(number))


def reports_folder(folder: Path) -> Path:
    """The Maildir of what comes back."""
    return folder / "reports"


def page_of(folder: Path) -> str:
    """The newest mails, as text with their links."""
    shown = "".join(_shown(each) for each in sorted(folder.glob("*.eml"), reverse=True)[:MOST_SHOWN])
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8"><title>E-Mails dieses Laufs</title></head><body>'
        f"<main><h1>E-Mails dieses Laufs</h1>{shown or '<p>Noch keine.</p>'}</main></body></html>"
    )


def _shown(file: Path) -> str:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    lines = str(body.get_content() if body else "").splitlines()
    text = "<br>".join(f'<a href="{escape(line)}">{escape(line)}</a>' if line.startswith("http") else escape(line)
                       for line in lines)  # fmt: skip
    return (
        f"<article><h2>{escape(str(message['Subject']))}</h2><p>{escape(str(message['To']))}</p><p>{text}</p></article>"
    )


def app(folder: Path) -> FastAPI:
    """`/` with the mails."""
    pages = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @pages.get("/healthz")
    def health() -> dict[str, str]:
        """It runs."""
        return {"status": "ok"}

    @pages.get("/", response_class=HTMLResponse)
    def mails() -> HTMLResponse:
        """No script, nothing from elsewhere: what is shown was written by others."""
        policy_of_page = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return HTMLResponse(page_of(folder), headers={"Content-Security-Policy": policy_of_page})

    return pages


def main() -> None:
    """Serve until it is ended. Arguments: the folder, the port of SMTP, the port of the page."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=int(sys.argv[2]), enable_SMTPUTF8=True)
    controller.start()
    with suppress(KeyboardInterrupt):
        uvicorn.run(app(folder), host="127.0.0.1", port=int(sys.argv[3]), log_level="warning")
    controller.stop()


if __name__ == "__main__":
    main()

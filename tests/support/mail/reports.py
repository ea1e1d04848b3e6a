"""Reports that a mail was not delivered, as servers write them (RFC 3464), and what else comes to such a mailbox."""

from pathlib import Path


def failure_report(
    return_path: str, *, action: str = "failed", status: str = "5.1.1", to: str = "zoe@example.org"
) -> bytes:
    """As Postfix writes it; the words repeat the address, which must not get anywhere."""
    return f"""Return-Path: <>
Delivered-To: {return_path}
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {return_path}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="ab/mx.example"

--ab/mx.example
Content-Type: text/plain; charset=utf-8

<{to}>: host mx.example said: 550 {status} <{to}>: Recipient address rejected

--ab/mx.example
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 30 Nov 2026 12:00:00 +0100 (CET)

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{to}>: Recipient address rejected

--ab/mx.example
Content-Type: message/rfc822

From: "Schulticket" <noreply@amt.example>
To: <{to}>
Subject: hint

text
--ab/mx.example--
""".encode()


def old_report(return_path: str) -> bytes:
    """As servers wrote them before there were fields (qmail)."""
    return f"""Return-Path: <>
Delivered-To: {return_path}
From: MAILER-DAEMON@old.example
To: {return_path}
Subject: failure notice

Hi. This is the qmail-send program. I'm afraid I wasn't able to deliver your message.
""".encode()


def absence(return_path: str) -> bytes:
    """A notice of absence, as well-behaved programs send it."""
    return f"""Return-Path: <>
Delivered-To: {return_path}
From: Zoe <zoe@example.org>
To: {return_path}
Subject: Nicht im Büro
Auto-Submitted: auto-replied

Bin ab Montag wieder da.
""".encode()


def make_maildir(folder: Path) -> Path:
    """Empty."""
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


def deliver(maildir: Path, content: bytes, name: str = "1") -> Path:
    """As a server does: written beside, then moved."""
    beside = maildir / "tmp" / name
    beside.write_bytes(content)
    return beside.rename(maildir / "new" / name)

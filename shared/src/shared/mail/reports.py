"""Reads what comes to a return path: reports that a mail was not delivered (RFC 3464), and whatever else arrives there.

The bytes are foreign: they are bounded before they are parsed, and count only where a recipient of theirs is a return
path of ours, which nobody can guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from enum import StrEnum
from uuid import UUID

from shared.mail.return_paths import ReturnPaths

MOST_BYTES = 262_144
"""Of one message; a report that brings the mail back says what it says in its first kilobytes."""
MOST_PARTS = 40
"""A report has three, and those of the mail that it brings back. The parser goes deeper with each part that says its
type, until the program's stack is full; of a message with more only the head is read."""
_BLANK_LINES = re.compile(rb"(\r?\n|\r){3,}")
"""Each blank line in a report's fields begins a block, and a block costs the parser as much as a message."""
MOST_RECIPIENTS = 20
HEADS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
"""By which servers say to which address a message came."""
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,253}")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class ReportKind(StrEnum):
    """`other`: it came to a return path of ours and is no failure: a delay, a notice of absence."""

    FAILED = "failed"
    OTHER = "other"


@dataclass(frozen=True)
class Report:
    """What came of a mail. `code`: figures alone (RFC 3463), as the words repeat the address."""

    mail_id: UUID
    kind: ReportKind
    code: str = ""


def read_report(content: bytes, return_paths: ReturnPaths) -> Report | None:
    """What a message says of a mail of ours; None where it came to no return path of ours."""
    content = _BLANK_LINES.sub(b"\n\n", content[:MOST_BYTES])
    if content.lower().count(b"content-type") > MOST_PARTS:
        content = content.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in content else content.partition(b"\n\n")[0]
    message = message_from_bytes(content, policy=policy.compat32)
    mail_id = next((found for each in _recipients(message) if (found := return_paths.find_mail(each))), None)
    if mail_id is None:
        return None
    actions = list(_actions(message))
    if any(action == "failed" for action, _ in actions):
        return Report(mail_id, ReportKind.FAILED, next((code for action, code in actions if action == "failed"), ""))
    if not actions and _comes_from_server(message):
        return Report(mail_id, ReportKind.FAILED)
    return Report(mail_id, ReportKind.OTHER)


def _recipients(message: Message) -> Iterator[str]:
    heads = [str(each) for name in HEADS for each in message.get_all(name, [])]
    for head in heads[:MOST_RECIPIENTS]:
        yield from _ADDRESS.findall(head[:2000])[:MOST_RECIPIENTS]


def _actions(message: Message) -> Iterator[tuple[str, str]]:
    """Action and status of each recipient that a report names."""
    for part in message.walk():
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        blocks = part.get_payload()
        if isinstance(blocks, list):
            for block in blocks[: MOST_RECIPIENTS + 1]:
                if isinstance(block, Message) and block.get("Action") is not None:
                    status = _STATUS.search(str(block.get("Status", "")))
                    yield str(block["Action"]).strip().lower(), status[0] if status else ""


def _comes_from_server(message: Message) -> bool:
    """A report of an old kind, without fields to read. Only what servers send has the empty return path (RFC 5321,
    4.5.5); what answers for a person says so (RFC 3834). Taken for a failure, it costs a letter; not taken for one,
    it costs a family its period."""
    empty = str(message.get("Return-Path", "")).strip() == "<>"
    automatic = str(message.get("Auto-Submitted", "no")).strip().lower()
    return empty and not automatic.startswith("auto-replied")

"""The audit trail as a chain: each act bears the hash of the one before, so none can be changed or left out. Pure."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from shared.events import AuthorityId

from eligibility.domain.desk import Act

BEGINNING = "0" * 64
"""Before the first act."""


def linked(
    head: tuple[int, str], *, authority_id: AuthorityId, subject: str, act: str, case_id: str, detail: str, at: datetime
) -> Act:
    """The next act after `head` (number and hash of the newest, or (0, BEGINNING))."""
    number, previous = head[0] + 1, head[1]
    values = (number, at, authority_id, subject, act, case_id, detail, previous)
    return Act(*values, hash=link(*values))


def link(  # noqa: PLR0917  # one for each column
    number: int, at: datetime, authority_id: str, subject: str, act: str, case_id: str, detail: str, previous: str
) -> str:
    """SHA-256 in hex over the act and the hash before it, in one spelling."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [number, moment, authority_id, subject, act, case_id, detail, previous]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def broken(acts: Iterable[Act], head: tuple[int, str]) -> str | None:
    """What is wrong with a chain of one authority, in order of its numbers; None where it holds."""
    last = (0, BEGINNING)
    for act in acts:
        if act.number != last[0] + 1:
            return f"act {last[0] + 1} is missing"
        if act.previous != last[1]:
            return f"act {act.number} does not follow act {last[0]}"
        values = (act.number, act.at, act.authority_id, act.subject, act.act, act.case_id, act.detail, act.previous)
        if link(*values) != act.hash:
            return f"act {act.number} was changed"
        last = (act.number, act.hash)
    return None if last == head else f"the chain ends with act {last[0]}, but act {head[0]} was written"

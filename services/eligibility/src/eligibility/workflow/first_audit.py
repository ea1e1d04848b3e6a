"""The audit trail's first form, as it was written until migration 0021: it is read and checked, never written again.
What came after is shared's (`shared.audit`), whose chain goes on where this one ends. Pure."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from eligibility.domain.desk import Act

BEGINNING = "0" * 64
"""Before the first act."""


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

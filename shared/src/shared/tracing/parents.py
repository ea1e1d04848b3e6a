"""Which span a piece of work belongs to, as text that travels with an event: `traceparent` of W3C Trace Context."""

import re
from typing import NamedTuple

TRACEPARENT = "traceparent"
"""The header at the bus, and the column of the outbox."""
LENGTH = 55
SAMPLED = 1
_FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


class Parent(NamedTuple):
    """A span elsewhere, or at another time."""

    trace_id: int
    span_id: int
    is_sampled: bool
    """Whether whoever began the trace has it recorded: who goes on with it does as it was decided there."""

    def __str__(self) -> str:
        return f"00-{self.trace_id:032x}-{self.span_id:016x}-{int(self.is_sampled):02x}"


def read_parent(text: str | None) -> Parent | None:
    """None where it is missing, or is not exactly what a process of ours writes (version 00)."""
    if text is None or len(text) != LENGTH or (found := _FORM.fullmatch(text)) is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    return Parent(trace_id, span_id, bool(flags & SAMPLED)) if trace_id and span_id else None

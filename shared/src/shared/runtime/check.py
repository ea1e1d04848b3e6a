"""What `/readyz` says of one thing that a process needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """`ok`: nobody need look at it. What is not ok may leave the process ready all the same (`blocks=False`): a load
    balancer must not take away what still works."""

    ok: bool
    detail: str = ""
    age_seconds: float | None = None
    """How long ago it was last seen to work, or how old the oldest is of what waits or is published."""
    blocks: bool = True
    """Whether the process is not ready where it is not ok."""

    def to_json(self) -> dict[str, Any]:
        """As `/readyz` tells it; the age in seconds."""
        told: dict[str, Any] = {"ok": self.ok}
        if self.age_seconds is not None:
            told["age_seconds"] = round(self.age_seconds, 1)
        return told | ({"detail": self.detail} if self.detail else {})


Look = Callable[[], Awaitable[Check]]
"""Looks at one thing. What it raises is told by its kind alone."""

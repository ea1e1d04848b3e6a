"""How far the change of the school year is."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TypedDict


class RenewalProgressJson(TypedDict):
    """As the API and `eligibility renew` tell it."""

    of: int
    done: int
    outcomes: dict[str, int]


@dataclass
class RenewalProgress:
    """How far it is. `outcomes`: carried_on, review, applied, or why a family applies anew."""

    of: int = 0
    done: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> RenewalProgressJson:
        """As the API and `eligibility renew` tell it."""
        return {"of": self.of, "done": self.done, "outcomes": dict(sorted(self.outcomes.items()))}

"""What a grant costs, as the rules of cost find it."""

from dataclasses import dataclass
from datetime import date

from eligibility.rules.findings import Finding


@dataclass(frozen=True, slots=True)
class Cost:
    """Cents a month. `covered_cents` is None where the fare is not known."""

    findings: tuple[Finding, ...]
    own_share_cents: int | None
    covered_cents: int | None = None
    changes: tuple[tuple[date, int], ...] = ()
    """Own shares that follow in the school year, each from a day on."""

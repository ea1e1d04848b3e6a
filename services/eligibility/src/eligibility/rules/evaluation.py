"""What the rules say of given facts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from eligibility.rules.findings import Finding, asked_of
from eligibility.rules.law.transport import Kind

Outcome = Literal["granted", "refused", "review"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rules say, and why."""

    outcome: Outcome
    limit_m: int | None
    own_share_cents: int | None
    covered_cents: int | None
    """What the authority bears a month; None where the fare is not known, or nothing is granted."""
    reasons: tuple[Finding, ...]
    rules_version: str
    decided_by: frozenset[str] = field(default_factory=frozenset)
    """The rules on which the outcome rests: the grounds met, or the conditions not met, or the questions open."""
    own_share_changes: tuple[tuple[date, int], ...] = ()
    """Own shares that follow in the school year, each from a day on."""
    transport: Kind | None = None
    """Where something was said about it."""
    valid: tuple[date, date] | None = None
    """First and last day of a grant."""
    engine: int = 1
    allowance_cents: int | None = None
    """A month, in place of a ticket."""
    kilometre_cents: int | None = None
    firm: bool = False
    """Refused because a condition failed: whatever is claimed beside it, and however long the way is."""

    def as_json(self) -> dict[str, Any]:
        """As `eligibility evaluate` prints it."""
        said: dict[str, Any] = {
            "outcome": self.outcome,
            "limit_m": self.limit_m,
            "own_share_cents": self.own_share_cents,
            "covered_cents": self.covered_cents,
            "reasons": [
                {
                    "rule": each.rule,
                    "result": each.result,
                    "legal_basis": each.legal_basis,
                    "text": each.text,
                    "text_en": each.text_en,
                }
                for each in self.reasons
            ],
            "rules_version": self.rules_version,
        }
        if self.engine == 1:
            return said
        allowance = {"allowance_cents": self.allowance_cents, "kilometre_cents": self.kilometre_cents}
        return said | self._since_2() | (allowance if self.engine > 2 else {})

    def _since_2(self) -> dict[str, Any]:
        first, last = self.valid or (None, None)
        return {
            "valid_from": first and first.isoformat(),
            "valid_until": last and last.isoformat(),
            "transport": self.transport,
            "own_share_changes": [
                {"from": day.isoformat(), "own_share_cents": cents} for day, cents in self.own_share_changes
            ],
            "questions": [
                {"rule": each.rule, "asked_of": asked_of(each.rule)}
                for each in self.reasons
                if each.result == "question"
            ],
        }

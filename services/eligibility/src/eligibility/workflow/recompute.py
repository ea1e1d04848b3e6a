"""A decision computed again from its facts and the version it names. Pure."""

from dataclasses import asdict, dataclass
from typing import Any

from eligibility.domain import Decision
from eligibility.rules import Rules, canonical_json, evaluate, read

ADDED = frozenset({"measurement", "person", "danger_list", "self_payer"})
"""Reasons that come from the measurement, a person or the authority's offers, not from the rules."""


@dataclass(frozen=True)
class Recomputed:
    """`differences` names the parts that came out otherwise: none where the decision is the same, byte for byte."""

    rules_version: str
    decided_by: str
    kept: dict[str, Any]
    again: dict[str, Any]

    @property
    def differences(self) -> list[str]:
        return [
            name
            for name in self.kept
            if canonical_json({"": self.kept[name]}) != canonical_json({"": self.again[name]})
        ]

    @property
    def same(self) -> bool:
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        return {
            "same": self.same,
            "differences": self.differences,
            "rules_version": self.rules_version,
            "decided_by": self.decided_by,
            "kept": self.kept,
            "again": self.again,
        }


def recomputed(decision: Decision, rules: Rules) -> Recomputed:
    """Where a person decided, outcome and share are the person's: then only the limit is compared."""
    again = evaluate(read(canonical_json(decision.facts)), rules)
    reasons = [{key: str(value) for key, value in asdict(each).items()} for each in again.reasons]
    kept_reasons = [dict(each) for each in decision.reasons if each["rule"] not in ADDED]
    kept: dict[str, Any] = {"limit_m": decision.limit_m, "rules_version": decision.rules_version}
    computed: dict[str, Any] = {"limit_m": again.limit_m, "rules_version": again.rules_version}
    if decision.decided_by == "rules":
        kept |= {
            "outcome": decision.outcome,
            "own_share_cents": decision.own_share_cents,
            "covered_cents": decision.covered_cents,
            "reasons": kept_reasons,
        }
        computed |= {
            "outcome": again.outcome,
            "own_share_cents": again.own_share_cents,
            "covered_cents": again.covered_cents,
            "reasons": reasons,
        }
    return Recomputed(decision.rules_version, decision.decided_by, kept, computed)

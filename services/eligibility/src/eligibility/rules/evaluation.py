"""What the rules say of given facts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NotRequired, TypedDict

from eligibility.rules.engines import differences
from eligibility.rules.findings import Finding, Result, asked_of
from eligibility.rules.law.transport import Kind

Outcome = Literal["granted", "refused", "review"]


class ReasonJson(TypedDict):
    """A finding as it is printed."""

    rule: str
    result: Result
    legal_basis: str
    text: str
    text_en: str


class OpenQuestionJson(TypedDict):
    """A question, and whom it goes to."""

    rule: str
    asked_of: Literal["family", "authority"]


OwnShareChangeJson = TypedDict("OwnShareChangeJson", {"from": str, "own_share_cents": int})


class EvaluationJson(TypedDict):
    """An evaluation as `eligibility evaluate` prints it; what a later engine says is missing of an earlier one's."""

    outcome: Outcome
    limit_m: int | None
    own_share_cents: int | None
    covered_cents: int | None
    reasons: list[ReasonJson]
    rules_version: str
    # Since the second engine.
    valid_from: NotRequired[str | None]
    valid_until: NotRequired[str | None]
    transport: NotRequired[Kind | None]
    own_share_changes: NotRequired[list[OwnShareChangeJson]]
    questions: NotRequired[list[OpenQuestionJson]]
    # Since the third.
    allowance_cents: NotRequired[int | None]
    kilometre_cents: NotRequired[int | None]


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

    def as_json(self) -> EvaluationJson:
        """As `eligibility evaluate` prints it."""
        printed: EvaluationJson = {
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
        does = differences(self.engine)
        if does.say_days_and_transport:
            self._add_days_and_transport(printed)
        if does.say_allowance:
            printed["allowance_cents"] = self.allowance_cents
            printed["kilometre_cents"] = self.kilometre_cents
        return printed

    def _add_days_and_transport(self, printed: EvaluationJson) -> None:
        first, last = self.valid or (None, None)
        printed["valid_from"] = first.isoformat() if first else None
        printed["valid_until"] = last.isoformat() if last else None
        printed["transport"] = self.transport
        printed["own_share_changes"] = [
            {"from": day.isoformat(), "own_share_cents": cents} for day, cents in self.own_share_changes
        ]
        printed["questions"] = [
            {"rule": each.rule, "asked_of": asked_of(each.rule)} for each in self.reasons if each.result == "question"
        ]

"""Law tests: sentences that a rule set must fulfil. An authority adds its own; publishing requires all of them green."""

import json
from dataclasses import dataclass
from typing import Any

from shared.errors import Invalid

from eligibility.rules.document import LawTest, LawTests
from eligibility.rules.evaluate import evaluate
from eligibility.rules.facts import read
from eligibility.rules.rule_set import Rules


@dataclass(frozen=True)
class Failed:
    """A sentence that does not hold. `differences`: what was expected, and what came."""

    name: str
    basis: str
    differences: dict[str, tuple[Any, Any]]

    def as_json(self) -> dict[str, Any]:
        came = {key: {"expected": wanted, "came": got} for key, (wanted, got) in self.differences.items()}
        return {"name": self.name, "basis": self.basis, "differences": came}


def run(rules: Rules, tests: LawTests) -> list[Failed]:
    """Those that fail, in order."""
    return [failed for each in tests.sentences if (failed := _one(rules, tests.base, each)) is not None]


def over(base: Any, facts: Any) -> Any:
    """`facts` laid over `base`; null takes away."""
    if not (isinstance(base, dict) and isinstance(facts, dict)):
        return facts
    merged = {**base, **{key: over(base.get(key), value) for key, value in facts.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def _one(rules: Rules, base: dict[str, Any], sentence: LawTest) -> Failed | None:
    try:
        facts = read(json.dumps(over(base, sentence.facts), default=str))
    except Invalid as error:
        wrong = {each.field: (None, each.text.en) for each in error.problems}
        return Failed(sentence.name, sentence.basis, wrong)
    decision = evaluate(facts, rules).as_json()
    asked = [each["rule"] for each in decision["reasons"] if each["result"] == "question"]
    differences: dict[str, tuple[Any, Any]] = {}
    for key, wanted in json.loads(json.dumps(sentence.expected, default=str)).items():
        if key == "asks":
            if wanted not in asked:
                differences[key] = (wanted, asked)
        elif key not in decision or decision[key] != wanted:
            differences[key] = (wanted, decision.get(key))
    return Failed(sentence.name, sentence.basis, differences) if differences else None

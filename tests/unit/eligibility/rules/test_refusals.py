"""No refusal while something is open: completed in all ways, a refused case stays refused (see support completions).

.venv/bin/python tests/unit/eligibility/rules/test_refusals.py --cases 100000 --seed 1
"""

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import pytest
from eligibility.presets import from_text, preset
from eligibility.rules import Rules, evaluate, read
from support.eligibility.completions import (
    CLAIMS,
    completed,
    laid_over,
    not_yet_made,
    random_course,
    random_facts,
    random_facts_with_gaps,
)

OWN = """name: eigen
version: "1"
origin: nrw
parameters:
  claims.afternoon_ways:
    - {valid_from: 2005-08-01, value: 2, legal_basis: Ratsbeschluss, source: Ratsbeschluss, certainty: official}
conditions:
  - {key: second, when: 'grade == "02" && distance_m > 800.0', effect: grant, legal_basis: Ratsbeschluss, source: Ratsbeschluss, text: freiwillig, text_en: voluntary, valid_from: 2005-08-01}
"""
RULES = {"nrw": preset("nrw"), "rp": preset("rp"), "eigen": from_text(OWN).rules}
DRAWN = [random_facts, random_facts, random_facts_with_gaps, random_course]
"""In turn: mostly whole facts, and those with gaps, where a rule may come to its answer by what was told beside them."""
CASES_IN_TESTS = {"nrw": 400, "rp": 150, "eigen": 150}


def outcome(facts: dict[str, object], rules: Rules) -> str:
    return evaluate(read(json.dumps(facts)), rules).outcome


def wrongly_refused(facts: dict[str, object], rules: Rules) -> list[tuple[str, ...]]:
    """The completions by which a refused case would not be refused."""
    return [names for names, whole in completed(facts) if outcome(whole, rules) != "refused"]


def worsening(facts: dict[str, object], rules: Rules) -> list[str]:
    """The claims by which the case would come out refused though it did not without them."""
    if outcome(facts, rules) == "refused":
        return []
    added = [(name, laid_over(facts, claim)) for name, claim in CLAIMS if not_yet_made(facts, claim)]
    return [name for name, whole in added if outcome(whole, rules) == "refused"]


def trial(rng: random.Random, counts: Counter[str], rules: Rules) -> None:
    facts = DRAWN[counts["cases"] % len(DRAWN)](rng)
    counts["cases"] += 1
    if outcome(facts, rules) == "refused":
        counts["refused"] += 1
        if found := wrongly_refused(facts, rules):
            counts["refused while something is open"] += 1
            print(json.dumps(facts), found[:3], file=sys.stderr)
    elif found_claims := worsening(facts, rules):
        counts["worse by a claim"] += 1
        print(json.dumps(facts), found_claims, file=sys.stderr)


@pytest.mark.parametrize("name", RULES)
def test_a_refusal_is_right_only_if_every_completion_refuses_and_no_claim_makes_it_worse(name: str) -> None:
    rng, counts = random.Random(20261128), Counter[str]()
    for _ in range(CASES_IN_TESTS[name]):
        trial(rng, counts, RULES[name])
    assert counts["refused"] > CASES_IN_TESTS[name] / 10
    assert counts["refused while something is open"] == counts["worse by a claim"] == 0


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--rules", choices=RULES, default="nrw")
    chosen = arguments.parse_args()
    drawn, total = random.Random(chosen.seed), Counter[str]()
    for number in range(chosen.cases):
        trial(drawn, total, RULES[chosen.rules])
        if number % 1000 == 0:
            print(f"\r{number} of {chosen.cases}", end="", file=sys.stderr)
    print(file=sys.stderr)
    print(json.dumps(total))

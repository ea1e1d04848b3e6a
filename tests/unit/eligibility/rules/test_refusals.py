"""No refusal while something is open: completed in all ways, a refused case stays refused (see support completions).

.venv/bin/python tests/unit/eligibility/rules/test_refusals.py --cases 100000 --seed 1
"""

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from eligibility.presets import preset
from eligibility.rules import evaluate, read
from support.eligibility.completions import CLAIMS, completed, laid_over, not_yet_made, random_facts

NRW = preset("nrw")
CASES_IN_TESTS = 400


def outcome(facts: dict[str, Any]) -> str:
    return evaluate(read(json.dumps(facts)), NRW).outcome


def wrongly_refused(facts: dict[str, Any]) -> list[tuple[str, ...]]:
    """The completions by which a refused case would not be refused."""
    return [names for names, whole in completed(facts) if outcome(whole) != "refused"]


def worsening(facts: dict[str, Any]) -> list[str]:
    """The claims by which the case would come out refused though it did not without them."""
    if outcome(facts) == "refused":
        return []
    added = [(name, laid_over(facts, claim)) for name, claim in CLAIMS if not_yet_made(facts, claim)]
    return [name for name, whole in added if outcome(whole) == "refused"]


def trial(rng: random.Random, counts: Counter[str]) -> None:
    facts = random_facts(rng)
    counts["cases"] += 1
    if outcome(facts) == "refused":
        counts["refused"] += 1
        if found := wrongly_refused(facts):
            counts["refused while something is open"] += 1
            print(json.dumps(facts), found[:3], file=sys.stderr)
    elif found_claims := worsening(facts):
        counts["worse by a claim"] += 1
        print(json.dumps(facts), found_claims, file=sys.stderr)


def test_a_refusal_is_right_only_if_every_completion_refuses_and_no_claim_makes_it_worse() -> None:
    rng, counts = random.Random(20261128), Counter[str]()
    for _ in range(CASES_IN_TESTS):
        trial(rng, counts)
    assert counts["refused"] > CASES_IN_TESTS / 10
    assert counts["refused while something is open"] == counts["worse by a claim"] == 0


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    drawn, total = random.Random(chosen.seed), Counter[str]()
    for number in range(chosen.cases):
        trial(drawn, total)
        if number % 1000 == 0:
            print(f"\r{number} of {chosen.cases}", end="", file=sys.stderr)
    print(file=sys.stderr)
    print(json.dumps(total))

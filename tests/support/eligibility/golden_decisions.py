"""Decisions of the present engine, kept before the next one begins: they are computed again ever after, byte for byte.

Run once, before anything changes, as long as the present engine is the newest:

    PYTHONPATH=tests .venv/bin/python -m support.eligibility.golden_decisions

It writes engine-N-rules.json and engine-N-decisions.jsonl into tests/unit/eligibility/rules/golden. Files that are there
already say what was: it stops before them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from eligibility.presets import from_text
from eligibility.rules import Rules, as_kept, canonical_json, evaluate, read
from eligibility.rules.engines import ENGINE
from hypothesis import given, seed, settings
from support.eligibility.drawn_facts import EACH_CLAIM, FACTS

GOLDEN = Path(__file__).resolve().parents[2] / "unit/eligibility/rules/golden"
DRAWN = 400
SEED = 20261130
OWN = """name: eigen
version: "1"
origin: nrw
parameters:
  claims.afternoon_ways:
    - {valid_from: 2005-08-01, value: 2, legal_basis: Ratsbeschluss, source: Ratsbeschluss, certainty: official}
  own_share.by_rank_cents:
    - {valid_from: 2005-08-01, value: [1000, 500, 0], legal_basis: Ratsbeschluss, source: Ratsbeschluss, certainty: official}
conditions:
  - {key: first, when: 'grade == "01" && distance_m > 1500.0', effect: grant, legal_basis: Ratsbeschluss, source: Ratsbeschluss, text: freiwillig, text_en: voluntary, valid_from: 2005-08-01}
  - {key: kiz, when: 'benefits.exists(b, b == "KiZ")', effect: exempt, legal_basis: Ratsbeschluss, source: Ratsbeschluss, text: befreit, text_en: exempt, valid_from: 2005-08-01}
"""
"""An authority's rules: what it may set, and what it may decide by conditions of its own, on top of the law."""


def drawn(count: int) -> list[dict[str, object]]:
    """Facts as the properties draw them, each with a claim more; the same ones at each call."""
    every: list[dict[str, object]] = []

    @seed(SEED)
    @given(FACTS)
    @settings(max_examples=count, deadline=None, database=None)
    def draw(facts: dict[str, object]) -> None:
        claim = EACH_CLAIM[len(every) % len(EACH_CLAIM)]
        every.append(facts | {name: value for name, value in claim.items() if not facts[name]})

    draw()
    return every


def golden_lines(rules: Rules, count: int) -> Iterator[bytes]:
    """Each decision as a line of its golden file."""
    for each in drawn(count):
        facts = read(json.dumps(each))
        yield canonical_json({"decision": evaluate(facts, rules).as_json(), "facts": as_kept(facts)}) + b"\n"


def write_golden_decisions(folder: Path, count: int = DRAWN) -> None:
    """Both files of the present engine. Raises FileExistsError where they are there already."""
    rules = from_text(OWN).rules
    with (folder / f"engine-{ENGINE}-rules.json").open("xb") as file:
        file.write(canonical_json(rules.rule_set.content()) + b"\n")
    with (folder / f"engine-{ENGINE}-decisions.jsonl").open("xb") as file:
        file.writelines(golden_lines(rules, count))


if __name__ == "__main__":
    write_golden_decisions(GOLDEN)

"""What an earlier engine decided is computed again byte for byte: golden/ holds decisions as they were made."""

import json
from pathlib import Path

import pytest
from eligibility.rules import canonical_json, evaluate, parse, read
from eligibility.rules.engines import ENGINE, FIRST

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("engine", range(FIRST, ENGINE))
def test_decisions_of_an_earlier_engine_come_out_as_they_were(engine: int) -> None:
    content: dict[str, object] = json.loads((GOLDEN / f"engine-{engine}-rules.json").read_text(encoding="utf-8"))
    rules = parse({**content, "engine": engine}, None)
    lines = (GOLDEN / f"engine-{engine}-decisions.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 100
    for line in lines:
        kept = json.loads(line)
        assert canonical_json(evaluate(read(json.dumps(kept["facts"])), rules).as_json()) == canonical_json(
            kept["decision"]
        )

"""The law as sentences: law/*.yaml, read one by one."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from eligibility.rule_sets import preset
from eligibility.rules import evaluate, read


def over(base: Any, facts: Any) -> Any:
    """`facts` laid over `base`; null takes away."""
    if not (isinstance(base, dict) and isinstance(facts, dict)):
        return facts
    merged = {**base, **{key: over(base.get(key), value) for key, value in facts.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def sentences() -> list[Any]:
    found = []
    for path in sorted((Path(__file__).parent / "law").glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [pytest.param(content["base"], each, id=each["name"]) for each in content["tests"]]
    return found


@pytest.mark.parametrize(("base", "sentence"), sentences())
def test_the_law_says(base: dict[str, Any], sentence: dict[str, Any]) -> None:
    assert sentence["basis"]
    facts = read(json.dumps(over(base, sentence["facts"])))
    decision = evaluate(facts, preset(sentence.get("rules", "nrw"))).as_json()
    expected = dict(sentence["expected"])
    asks = expected.pop("asks", None)
    assert {key: decision[key] for key in expected} == expected, decision
    asked = [each["rule"] for each in decision["reasons"] if each["result"] == "question"]
    assert (asks is None and (decision["outcome"] != "review")) or asks in asked, decision
    assert all(each["legal_basis"] and each["text"] and each["text_en"] for each in decision["reasons"])
    if decision["outcome"] != "granted":
        assert decision["own_share_cents"] is None

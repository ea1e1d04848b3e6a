"""The law as sentences, read one by one: those that are shipped (eligibility/rules/presets/STATE/sentences/*.yaml, by which every rule set is
tested before it is published), and *.yaml here, of what an authority may choose."""

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import pytest
import yaml
from _pytest.mark.structures import ParameterSet
from eligibility.presets import PRESETS, preset
from eligibility.rules import Rules, evaluate, parse, read
from eligibility.rules.rule_set.content import DatedContent
from eligibility.rules.rule_set.kinds import ALL_KINDS
from support.json import Json, mapping, text
from support.making import make
from support.yaml_loader import Loader


def over(base: object, facts: object) -> object:
    """`facts` laid over `base`; null takes away."""
    if not (isinstance(base, dict) and isinstance(facts, dict)):
        return facts
    merged = {**base, **{key: over(base.get(key), value) for key, value in facts.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def chosen(name: str, choosing: dict[str, object]) -> Rules:
    """The preset, with what an authority chooses in place of its values from 2020 on."""
    content = preset(name).rule_set.content()
    for parameter, value in choosing.items():
        last = content["parameters"][parameter][-1]
        content["parameters"][parameter] = [make(DatedContent, **last | {"value": value, "valid_from": "2020-08-01"})]
    return parse(content, None)


def sentences() -> list[ParameterSet]:
    found = []
    shipped = Path(str(resources.files("eligibility.rules") / "presets"))
    for path in sorted([*shipped.glob("*/sentences/*.yaml"), *Path(__file__).parent.glob("*.yaml")]):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader)
        land = path.parent.parent.name
        state = land if land in PRESETS else "nrw"
        found += [
            pytest.param(content["base"], {"rules": state, **each}, id=f"{state}: {each['name']}")
            for each in content["tests"]
        ]
    return found


def test_every_preset_has_every_parameter_and_every_sentence_its_own_name() -> None:
    for name in PRESETS:
        assert preset(name).rule_set.parameters.keys() == ALL_KINDS.keys()
    names = [each.id for each in sentences()]
    assert len(names) == len(set(names)) > 250


@pytest.mark.parametrize(("base", "sentence"), sentences())
def test_the_law_says(base: dict[str, object], sentence: Json) -> None:
    assert sentence["basis"]
    facts = read(json.dumps(over(base, sentence["facts"])))
    decision = evaluate(facts, chosen(text(sentence.get("rules", "nrw")), mapping(sentence.get("choosing")))).as_json()
    expected = dict(mapping(sentence["expected"]))
    asks = expected.pop("asks", None)
    printed: Mapping[str, object] = decision
    assert {key: printed[key] for key in expected} == expected, decision
    asked = [each["rule"] for each in decision["reasons"] if each["result"] == "question"]
    assert (asks is None and (decision["outcome"] != "review")) or asks in asked, decision
    assert all(each["legal_basis"] and each["text"] and each["text_en"] for each in decision["reasons"])
    if decision["outcome"] != "granted":
        assert decision["own_share_cents"] is None

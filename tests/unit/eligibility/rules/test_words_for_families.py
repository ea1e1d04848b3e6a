"""Every question has words for the family beside those for the desk, made where the question is made."""

import ast
import inspect
import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from pathlib import Path

import eligibility
import pytest
from eligibility.presets import PRESETS, from_text, preset
from eligibility.rules import evaluate, read, to_family, to_prove
from eligibility.rules.findings import as_dict, for_family
from hypothesis import given, settings
from hypothesis import strategies as st
from shared.errors import Text
from support.eligibility.desk_words import desk_words_in
from support.eligibility.drawn_facts import FACTS

SOURCE = Path(eligibility.__file__).parent
OWN = """name: eigen
version: "1"
origin: nrw
conditions:
  - {key: looked_at, when: 'grade == "01"', effect: review, legal_basis: Ratsbeschluss, source: Ratsbeschluss, text: Wo liegt die Haustür der Familie?, text_en: Where is the front door?, valid_from: 2005-08-01}
  - {key: first, when: 'second_home', effect: grant, legal_basis: Ratsbeschluss, source: Ratsbeschluss, text: Das Kind, text_en: the child, valid_from: 2005-08-01}
"""
RULES = {name: preset(name) for name in PRESETS} | {"eigen": from_text(OWN).rules}
ARGUMENTS: dict[str, object] = {"german": "am 01.03.2015", "english": "on 1 March 2015", "refusing": "Annaschule", "nearest": "Domschule", "day": date(2027, 2, 1)}  # fmt: skip
CHOICES = {"told": (False, True), "several": (False, True)}
"""Arguments of which each value makes other words."""


def all_words() -> list[Text]:
    """Each that these modules hold, or make."""
    named = [(module.__name__, each) for module in (to_family, to_prove) for each in vars(module).values()]
    found = [each for _, each in named if isinstance(each, Text)]
    made = [each for module, each in named if inspect.isfunction(each) and each.__module__ == module]
    return [*found, *(words for each in made for words in _words_of(each))]


def _words_of(made: Callable[..., Text]) -> Iterator[Text]:
    names = list(inspect.signature(made).parameters)
    for values in product(*(CHOICES.get(name) or (ARGUMENTS[name],) for name in names)):
        yield made(**dict(zip(names, values, strict=True)))


@given(FACTS, st.sampled_from([*RULES]))
@settings(max_examples=500, deadline=None)
def test_whatever_the_rules_ask_has_words_for_the_family(facts: dict[str, object], name: str) -> None:
    for each in evaluate(read(json.dumps(facts)), RULES[name]).reasons:
        if each.result != "question":
            assert each.family is None
            continue
        assert each.family is not None
        assert not desk_words_in(f"{each.family.de} {each.family.en}")
        assert for_family(as_dict(each)) == each.family


@pytest.mark.parametrize("words", all_words(), ids=lambda text: text.en[:40])
def test_no_words_for_families_are_of_the_desk(words: Text) -> None:
    assert len(words.de) > 20
    assert len(words.en) > 20
    assert not desk_words_in(f"{words.de} {words.en}")
    assert words.de[-1] in ".?"


def test_no_question_is_made_without_words_for_the_family() -> None:
    """Also those that no test here raises: of the measurement, of doubles, of the own share, of changes."""
    made = [
        (file.name, call)
        for file in sorted(SOURCE.rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("question", "Finding")
    ]
    assert len(made) > 50
    without = [
        f"{file}:{call.lineno}"
        for file, call in made
        if call.func.id == "question" and "family" not in {each.arg for each in call.keywords}  # type: ignore[attr-defined]
    ]
    assert without == []
    assert {file for file, call in made if call.func.id == "Finding"} == {"findings.py"}  # type: ignore[attr-defined]


def test_of_a_question_kept_before_there_were_words_for_families_they_read_that_somebody_looks() -> None:
    kept = {"rule": "no_way", "result": "question", "legal_basis": "§ 7", "text": "50.7451", "text_en": "50.7451"}
    assert for_family(kept) == to_family.WE_LOOK

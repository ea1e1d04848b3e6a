"""An authority's form as it is written: what is accepted, and what a hostile one is told."""

import json
import time

import pytest
import yaml
from eligibility.rules.own_form.document import merge_forms, read_form
from hypothesis import given
from shared.errors import Invalid
from shared.events.own_form import MOST_QUESTIONS, OwnForm
from support.own_forms import BUS, QUESTIONS, own_forms


def with_question(**changes: object) -> str:
    return json.dumps({"questions": [{**QUESTIONS[0], **changes}]})


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        read_form(text)
    return " ".join([refused.value.text.en, *(f"{each.field} {each.text.en}" for each in refused.value.problems)])


@given(own_forms())
def test_what_may_be_written_is_read_the_same_from_json_and_from_yaml(form: dict[str, object]) -> None:
    read = read_form(json.dumps(form, ensure_ascii=False))
    assert read == read_form(yaml.safe_dump(form, allow_unicode=True))
    assert OwnForm.model_validate_json(read.model_dump_json()).questions == read.questions


HOSTILE = {
    "no document": ("- a", "A form is made of"),
    "unknown part": ('{"scripts": {}}', "scripts"),
    "unknown page": ('{"texts": {"admin": {"de": "a", "en": "b"}}}', "texts.admin"),
    "one language": ('{"texts": {"home": {"de": "a"}}}', "texts.home.en"),
    "too long": (json.dumps({"texts": {"home": {"de": "a" * 601, "en": "b"}}}), "texts.home.de"),
    "blank": (json.dumps({"texts": {"home": {"de": "\u2800 ", "en": "b"}}}), "nothing here that can be read"),
    "lines": (json.dumps({"texts": {"home": {"de": "a\nb", "en": "b"}}}), "texts.home.de"),
    "turned around": (json.dumps({"texts": {"home": {"de": "a\u202eb", "en": "b"}}}), "texts.home.de"),
    "deep": ('{"texts": ' + "[" * 200 + "]" * 200 + "}", "levels"),
    "large": (json.dumps({"texts": {"home": {"de": "a" * 300_000, "en": "b"}}}), "too long"),
    "alias": ("texts: &a {}\nquestions: *a", "aliases"),
    "twice": ('{"texts": {}, "texts": {}}', "twice"),
    "key": (with_question(key="Linie 1"), "questions.0.key"),
    "key of another thing": (with_question(key="__class__"), "questions.0.key"),
    "any schema": (with_question(answer={"type": "object"}), "questions.0.answer.type"),
    "reference": (with_question(answer={"$ref": "file:///etc/passwd"}), "questions.0.answer"),
    "pattern": (with_question(answer={"type": "string", "maxLength": 9, "pattern": "(a+)+$"}), "pattern"),
    "unbounded": (with_question(answer={"type": "string"}), "must be one of these"),
    "endless": (with_question(answer={"type": "string", "maxLength": 10**9}), "questions.0.answer.maxLength"),
    "half bounds": (with_question(answer={"type": "integer", "minimum": 1}), "must be one of these"),
    "upside down": (with_question(answer={"type": "integer", "minimum": 2, "maximum": 1}), "greater than"),
    "choices": (with_question(answer={"type": "string", "enum": ["a", "b"]}), "a text for each choice"),
    "unknown fact": (with_question(when='income == "low"'), "Unknown fact income"),
    "no answer": (with_question(when="sibling_count"), "must give yes or no"),
    "nested": (with_question(when="benefits.all(a, benefits.all(b, benefits.all(c, true)))"), "must not hold another"),
    "map": (with_question(when="benefits.map(a, a).size() > 0"), "not provided for"),
    "literal list": (with_question(when="[1, 2].exists(a, a == 1)"), "only for benefits"),
    "long condition": (with_question(when="true || " * 100 + "true"), "when"),
    "itself twice": (json.dumps({"questions": [QUESTIONS[0]] * 2}), "same key"),
    "too many": (
        json.dumps({"questions": [{**QUESTIONS[0], "key": f"k{each}"} for each in range(MOST_QUESTIONS + 1)]}),
        "questions",
    ),
}


@pytest.mark.parametrize(("text", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_form_is_refused_at_its_place_and_at_once(text: str, said: str) -> None:
    begun = time.perf_counter()
    assert said in refusal(text)
    assert time.perf_counter() - begun < 5


def test_a_mistake_in_a_condition_has_its_line_and_column() -> None:
    text = "questions:\n- key: a\n  title: {de: a, en: b}\n  answer: {type: boolean}\n  when: grde == '05'\n"
    assert "Line 5, column 9" in refusal(text)
    assert "Meant: grade?" in refusal(text)


def test_own_words_and_questions_replace_those_beneath_at_their_place_and_new_ones_come_behind() -> None:
    beneath = OwnForm.model_validate(BUS)
    own = {**QUESTIONS[1], "title": {"de": "Ganztag?", "en": "Day care?"}}
    new = {**QUESTIONS[2], "key": "new"}
    form = read_form(json.dumps({"texts": {"child": {"de": "a", "en": "b"}}, "questions": [new, own]}))
    whole = merge_forms([form, beneath])
    assert [each.key for each in whole.questions] == ["bus_line", "day_care", "since", "new"]
    assert whole.questions[1].title.de == "Ganztag?"
    assert set(whole.texts) == {"home", "child"}


def test_more_questions_than_may_be_asked_are_refused_also_where_most_are_taken_over() -> None:
    def of(letter: str, count: int) -> OwnForm:
        return OwnForm.model_validate(
            {"questions": [{**QUESTIONS[0], "key": f"{letter}{each}"} for each in range(count)]}
        )

    assert len(merge_forms([of("a", 10), of("b", 10)]).questions) == MOST_QUESTIONS
    with pytest.raises(Invalid):
        merge_forms([of("a", 11), of("b", 10)])

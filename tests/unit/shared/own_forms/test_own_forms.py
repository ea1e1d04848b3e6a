"""What both sides do with an authority's form: whatever the check accepts can be asked, answered and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.events import EligibilityFormPublished
from shared.events.own_form import FurtherAnswer, OwnForm
from shared.own_forms.answers import answer_of, problem_of
from shared.own_forms.conditions import FACTS, check, facts_of, questions_for
from support.own_forms import BUS, CONDITIONS, VALUES, own_forms

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
TOLD = st.dictionaries(st.sampled_from([name.partition(".")[0] for name in FACTS]), ANYTHING)


@given(own_forms(), TOLD)
def test_which_questions_are_asked_can_be_said_of_any_form_and_any_family(
    form: dict[str, object], told: dict[str, object]
) -> None:
    own = OwnForm.model_validate(form)
    asked = questions_for(own, told)
    assert [each for each in own.questions if each in asked] == list(asked)
    assert {each.key for each in own.questions if each.when is None} <= {each.key for each in asked}
    assert asked == questions_for(own, told)


@given(own_forms(), VALUES)
def test_a_value_fits_and_can_be_read_or_is_refused_in_words_that_do_not_repeat_it(
    form: dict[str, object], value: object
) -> None:
    for question in OwnForm.model_validate(form).questions:
        problem = problem_of(question, value)
        if problem is not None:
            assert problem.de and problem.en
            assert not isinstance(value, str) or len(value) < 12 or value not in problem.de + problem.en
            continue
        assert isinstance(value, bool | int | str), "no value of an answer fits otherwise"
        told = answer_of(question, value)
        assert told.said.de and told.said.en
        assert FurtherAnswer.model_validate_json(told.model_dump_json()) == told
        assert type(FurtherAnswer.model_validate_json(told.model_dump_json()).value) is type(value)


@given(own_forms())
def test_an_event_is_read_as_it_was_told(form: dict[str, object]) -> None:
    told = EligibilityFormPublished.model_validate(
        {"occurred_at": "2026-11-30T09:00:00Z", "authority_id": "1", "version": 1, "valid_from": "2026-12-01",
         "content": form}
    )  # fmt: skip
    assert EligibilityFormPublished.model_validate_json(told.model_dump_json()) == told


@given(CONDITIONS)
def test_drawn_conditions_are_such_as_the_check_accepts(when: str) -> None:
    assert check(when) is None


@given(TOLD)
def test_each_fact_has_a_value_of_its_type_whatever_was_told(told: dict[str, object]) -> None:
    kinds = {"bool": bool, "string": str, "int": int, "list(string)": list}
    assert {name: kinds[kind] for name, kind in FACTS.items()} == {
        name: type(value) for name, value in facts_of(told).items()
    }


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({}, ["bus_line"]),
        ({"grade": "03", "school_form": "G"}, ["bus_line", "day_care"]),
        ({"grade": "03", "school_form": "GY", "benefits": ["SGB II", "WoGG"]}, ["bus_line", "since"]),
    ],
)
def test_a_question_is_asked_where_its_condition_holds(told: dict[str, object], asked: list[str]) -> None:
    assert [each.key for each in questions_for(OwnForm.model_validate(BUS), told)] == asked


@pytest.mark.parametrize(
    ("place", "value", "fits"),
    [
        (0, "12", True), (0, "12345678901", False), (0, " ", False), (0, "1\n2", False), (0, 12, False), (0, True, False),
        (1, "long", True), (1, "", False), (1, "Long", False),
        (2, "2026-02-28", True), (2, "2026-02-30", False), (2, "28.02.2026", False), (2, "20260228", False),
    ],
)  # fmt: skip
def test_an_answer_fits_its_schema_or_not(place: int, value: object, fits: bool) -> None:
    assert (problem_of(OwnForm.model_validate(BUS).questions[place], value) is None) is fits

"""A child in two homes is refused only where it would be refused from either of them."""

import json

from eligibility.presets import preset
from eligibility.rules import Evaluation, evaluate, read
from hypothesis import given, settings
from hypothesis import strategies as st
from support.eligibility.drawn_facts import AT_LIMITS, FACTS

NRW = preset("nrw")
METRES = st.one_of(st.sampled_from(AT_LIMITS), st.floats(0, 3000))
ALONE: dict[str, object] = {"second_home": None, "second_home_distance_m": None}
"""As if there were no other home."""


def decide(facts: dict[str, object], **changes: object) -> Evaluation:
    return evaluate(read(json.dumps({**facts, **changes})), NRW)


@settings(max_examples=400)
@given(FACTS, METRES)
def test_whom_a_second_home_does_not_help_is_refused_from_both(facts: dict[str, object], metres: float) -> None:
    found = decide(facts, second_home=True, second_home_distance_m=metres)
    if found.outcome == "refused" and not found.firm:
        there = {"distance_m": metres, "nearest_distance_m": metres, "attends_nearest": True}
        assert decide(facts, **ALONE).outcome == "refused"
        assert decide(facts, **ALONE | there, distance_without_hazards_m=None).outcome == "refused"
        assert "second_home" in found.decided_by


@settings(max_examples=400)
@given(FACTS, METRES)
def test_a_measured_second_home_only_settles_what_was_asked_of_it(facts: dict[str, object], metres: float) -> None:
    asked, found = (
        decide(facts, **ALONE | {"second_home": True}),
        decide(facts, second_home=True, second_home_distance_m=metres),
    )
    assert found.outcome == asked.outcome or asked.decided_by == {"second_home"}


NEAR: dict[str, object] = {
    "school_year": "2026/27", "application_date": "2026-05-01", "grade": "03", "school": {"form": "G", "kind": "GMS"},
    "pupil": {"birth_date": "2017-03-04", "lives_in_nrw": True}, "second_home": True,
    "distance_m": 1500.2, "nearest_distance_m": 1500.2, "attends_nearest": True,
}  # fmt: skip
"""Two homes, the first too near."""


def test_what_a_person_is_asked_names_both_lengths_and_the_limit() -> None:
    (asked,) = (each for each in decide(NEAR, second_home_distance_m=2000.001).reasons if each.result == "question")
    assert all(each in asked.text for each in ("1.500,2 m", "2.000,001 m", "2.000 m)"))
    refused = decide(NEAR, second_home_distance_m=2000.0)
    (said,) = (each for each in refused.reasons if each.rule == "second_home")
    assert refused.outcome == "refused" and "2.000 m" in said.text


def test_a_way_to_another_place_of_teaching_from_home_says_nothing_of_the_second_home() -> None:
    told = {"required": True, "distance_m": 1000.0}
    assert decide(NEAR, **ALONE, place_of_teaching=told).outcome == "refused"
    asked = decide(NEAR, second_home_distance_m=1600.0, place_of_teaching=told)
    assert asked.outcome == "review" and asked.decided_by == {"second_home"}
    not_required = told | {"required": False}
    assert decide(NEAR, second_home_distance_m=1600.0, place_of_teaching=not_required).outcome == "refused"


def test_a_way_beyond_the_limit_is_never_called_no_longer() -> None:
    found = decide(NEAR, second_home_distance_m=2500.0, monthly_fare_cents=0)
    assert found.outcome == "review" and not any("nicht länger: Zu Fuß" in each.text for each in found.reasons)


@settings(max_examples=400)
@given(FACTS, METRES, st.sampled_from(["nrw", "he", "rp"]))
def test_a_refusal_from_both_rests_on_a_length_within_the_limit(
    facts: dict[str, object], metres: float, law: str
) -> None:
    told = {**facts, "second_home": True, "second_home_distance_m": metres}
    found = evaluate(read(json.dumps(told)), preset(law))
    if found.outcome == "refused" and any(each.rule == "second_home" for each in found.reasons):
        assert found.limit_m is not None and metres <= found.limit_m

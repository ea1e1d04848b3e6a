"""What must hold for all facts."""

import json
from datetime import date
from typing import Any

from eligibility.rule_sets import preset
from eligibility.rules import canonical, evaluate, read
from eligibility.rules.texts import metres
from hypothesis import given, settings
from hypothesis import strategies as st

RANK = {"refused": 0, "review": 1, "granted": 2}
LENGTHS = st.one_of(
    st.none(), st.floats(0, 12_000), st.sampled_from([2000.0, 2000.001, 3500.0, 3500.001, 5000.0, 5000.001])
)
FLAG = st.sampled_from([None, True, False])
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2021, 1, 1)).map(str)
SIBLINGS = st.lists(
    st.fixed_dictionaries(
        {
            "birth_date": DATES,
            "funded": FLAG,
            "funded_until": st.sampled_from([None, "2026-07-31", "2027-01-31"]),
            "funded_from": st.sampled_from([None, "2026-10-01"]),
        }
    ),
    max_size=4,
)
FACTS = st.fixed_dictionaries(
    {
        "school_year": st.sampled_from(["2026/27", "2010/11", None]),
        "application_date": st.sampled_from([None, "2026-05-01", "2027-11-01"]),
        "pupil": st.fixed_dictionaries({"birth_date": st.one_of(st.none(), DATES), "lives_in_nrw": FLAG}),
        "school": st.fixed_dictionaries({"form": st.sampled_from(["G", "GY", "GE", "BK", "S", "WB", None])}),
        "grade": st.sampled_from([None, "01", "04", "05", "10", "EF", "Q1"]),
        "track": st.sampled_from([None, "GY8", "GY9"]),
        "course": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {"annex": st.sampled_from(["A", "C", "E"]), "full_time": FLAG, "district_class": FLAG}
            ),
        ),
        "distance_m": LENGTHS,
        "attends_nearest": FLAG,
        "nearest_distance_m": LENGTHS,
        "monthly_fare_cents": st.sampled_from([None, 0, 4900, 12000]),
        "nearest_monthly_fare_cents": st.sampled_from([None, 0, 4900]),
        "siblings": SIBLINGS,
        "benefits": st.lists(st.sampled_from(["SGB XII", "SGB II"]), max_size=2),
        "applicant": st.sampled_from([None, "guardian", "pupil", "other"]),
        "transport": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {
                    "kind": st.sampled_from([None, "public", "car", "taxi", "special"]),
                    "public_available": FLAG,
                    "special_available": FLAG,
                    "minutes_a_day": st.sampled_from([None, 180, 181]),
                    "kilometres_one_way": st.sampled_from([None, 12.5]),
                    "school_days_a_month": st.sampled_from([None, 20]),
                }
            ),
        ),
    }
)
CLAIMS = st.sampled_from(
    [
        {"health": {"weeks": 20, "certificate": True}},
        {"health": {"weeks": 20}},
        {"health": {"weeks": 3, "certificate": True}},
        {"dangerous_route_claimed": True},
        {"dangerous_route_claimed": True, "distance_without_hazards_m": 6000.0},
        {"dangerous_route_claimed": True, "distance_without_hazards_m": 10.0},
        {"nearest_refused": True},
        {"second_home": True},
        {"assigned_place": {}},
        {"afternoon_lessons": {"mostly": True}},
        {"afternoon_lessons": {}},
        {"place_of_teaching": {"distance_m": 9000.0, "required": True}},
        {"place_of_teaching": {"distance_m": 10.0, "required": True}},
    ]
)
RULES = preset("nrw")


def decide(facts: dict[str, Any]) -> dict[str, Any]:
    return evaluate(read(json.dumps(facts)), RULES).as_json()


@given(FACTS, st.sampled_from(["distance_m", "nearest_distance_m"]), st.floats(0, 5000))
@settings(max_examples=250, deadline=None)
def test_a_longer_way_is_never_worse(facts: dict[str, Any], which: str, more: float) -> None:
    if facts[which] is None:
        return
    longer = {**facts, which: facts[which] + more}
    assert RANK[decide(facts)["outcome"]] <= RANK[decide(longer)["outcome"]]


@given(FACTS, CLAIMS)
@settings(max_examples=250, deadline=None)
def test_a_claim_more_is_never_worse(facts: dict[str, Any], claim: dict[str, Any]) -> None:
    assert RANK[decide(facts)["outcome"]] <= RANK[decide({**facts, **claim})["outcome"]]


@given(FACTS, CLAIMS)
@settings(max_examples=200, deadline=None)
def test_the_own_share_is_within_the_law_and_a_review_always_asks(facts: dict[str, Any], claim: dict[str, Any]) -> None:
    decision = decide({**facts, **claim})
    share = decision["own_share_cents"]
    if decision["outcome"] == "granted":
        district_class = bool(facts["course"] and facts["course"]["district_class"])
        assert 0 <= share <= (5000 if district_class else 1400)
        assert all(0 <= each["own_share_cents"] <= 1400 for each in decision["own_share_changes"])
        if facts["benefits"] == ["SGB XII"] and not district_class:
            assert share == 0
        assert not [each for each in decision["reasons"] if each["result"] == "question"]
    else:
        assert share is None
    asked = [each for each in decision["reasons"] if each["result"] == "question"]
    assert bool(asked) == (decision["outcome"] == "review")
    if decision["outcome"] == "refused":
        assert [each for each in decision["reasons"] if each["result"] == "not_met"]


@given(FACTS, CLAIMS)
@settings(max_examples=100, deadline=None)
def test_the_same_facts_give_the_same_bytes(facts: dict[str, Any], claim: dict[str, Any]) -> None:
    first = read(json.dumps({**facts, **claim}))
    kept = read(canonical(first))
    assert json.dumps(evaluate(first, RULES).as_json()) == json.dumps(evaluate(kept, RULES).as_json())
    assert canonical(kept) == canonical(first)


@given(FACTS)
@settings(max_examples=100, deadline=None)
def test_null_is_the_same_as_missing(facts: dict[str, Any]) -> None:
    bare = {key: value for key, value in facts.items() if value is not None}
    assert decide(bare) == decide(facts)


@given(st.floats(0, 1e6), st.sampled_from([2000, 3500, 5000]))
@settings(deadline=None)
def test_a_length_in_words_stays_on_its_side_of_the_limit(value: float, limit: int) -> None:
    german, english = metres(value, limit)
    said = float(english.removesuffix(" m").replace(",", ""))
    assert (said > limit) == (value > limit)
    assert german.translate(str.maketrans(",.", ".,")) == english


def test_two_thousand_and_a_little_is_not_printed_as_two_thousand() -> None:
    assert metres(2000.4, 2000) == ("2.000,4 m", "2,000.4 m")
    assert metres(2000.0000001, 2000)[0] == "2.000,0000001 m"
    assert metres(1999.99, 2000)[0] == "1.999,99 m"
    assert metres(2000.0, 2000)[0] == "2.000,0 m"

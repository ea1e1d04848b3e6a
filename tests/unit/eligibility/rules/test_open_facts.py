"""The smallest cases in which engine 6 refused although an answer to what nobody had told would not have been a refusal."""

import json

import pytest
from eligibility.presets import from_text, preset
from eligibility.rules import Evaluation, Rules, evaluate, read

NRW = preset("nrw")
OWN = """name: eigen
version: "1"
origin: nrw
parameters:
  claims.afternoon_ways:
    - {valid_from: 2005-08-01, value: 2, legal_basis: Ratsbeschluss, source: Ratsbeschluss, certainty: official}
  limit.year_10_of_eight_m:
    - {valid_from: 2012-08-01, value: 3000, legal_basis: Ratsbeschluss, source: Ratsbeschluss, certainty: official}
"""
OF_AUTHORITY = from_text(OWN).rules
BASE: dict[str, object] = {
    "school_year": "2026/27", "application_date": "2026-05-01", "pupil": {"birth_date": "2010-03-01", "lives_in_nrw": True},
    "distance_m": 9000.0, "attends_nearest": True,
}  # fmt: skip
IN_A_DISTRICT_CLASS = {**BASE, "school": {"form": "BK"}, "monthly_fare_cents": 4900}
AT_A_GYMNASIUM = {**BASE, "school": {"form": "GY"}, "grade": "06", "distance_m": 1900.0, "attends_nearest": None}
AT_A_REALSCHULE = {**BASE, "school": {"form": "R"}, "grade": "06", "distance_m": 1900.0, "nearest_distance_m": 900.0}
DANGER = {"dangerous_route_claimed": True, "distance_without_hazards_m": 1000.0}
TWICE = {"afternoon_lessons": {"mostly": True}}
CASES: list[tuple[str, Rules, dict[str, object], str]] = [
    ("neither annex nor hours", NRW, IN_A_DISTRICT_CLASS | {"course": {"district_class": True}}, "course"),
    ("no hours", NRW, IN_A_DISTRICT_CLASS | {"course": {"district_class": True, "annex": "A"}}, "course"),
    ("no annex", NRW, IN_A_DISTRICT_CLASS | {"course": {"district_class": True, "full_time": False}}, "course"),
    ("a free ticket", NRW, IN_A_DISTRICT_CLASS | {"course": {"district_class": True}, "monthly_fare_cents": 0}, "course"),
    ("a Förder-Berufskolleg", NRW, IN_A_DISTRICT_CLASS | {"school": {"form": "SB"}, "course": {"district_class": True}}, "course"),
    ("whether a nearer school has the branch", NRW, AT_A_GYMNASIUM | DANGER, "nearest_school"),
    ("whose way is walked twice", OF_AUTHORITY, AT_A_REALSCHULE | TWICE | {"attends_nearest": None}, "nearest_school"),
    ("which of two ways is walked twice", OF_AUTHORITY, AT_A_REALSCHULE | TWICE, "afternoon_lessons"),
    ("eight or nine years", OF_AUTHORITY, AT_A_GYMNASIUM | {"grade": "10", "distance_m": 3200.0, "attends_nearest": True}, "limit"),
]  # fmt: skip


def decided(facts: dict[str, object], rules: Rules, *, engine: int = 7) -> Evaluation:
    return evaluate(read(json.dumps(facts)), Rules(rules.rule_set.model_copy(update={"engine": engine})))


@pytest.mark.parametrize(("rules", "facts", "asked"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_nobody_has_told_is_asked_before_it_refuses(rules: Rules, facts: dict[str, object], asked: str) -> None:
    found = decided(facts, rules)
    assert found.outcome == "review" and found.decided_by == {asked} and not found.firm
    assert found.reasons[0].result == "question" and found.reasons[0].family is not None
    assert decided(facts, rules, engine=6).outcome == "refused"


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        (IN_A_DISTRICT_CLASS | {"course": {"district_class": True, "annex": "A", "full_time": False}}, "fare"),
        (IN_A_DISTRICT_CLASS | {"course": {"district_class": True}, "distance_m": 4000.0}, "distance"),
        (
            IN_A_DISTRICT_CLASS
            | {"course": {"district_class": True}, "application_date": "2028-05-01", "monthly_fare_cents": 12000},
            "deadline",
        ),
        (AT_A_GYMNASIUM, "distance"),
        (AT_A_GYMNASIUM | {"grade": "10", "distance_m": 3200.0}, "distance"),
    ],
)
def test_a_refusal_stands_where_every_answer_refuses(facts: dict[str, object], by: str) -> None:
    found = decided(facts, NRW)
    assert found.outcome == "refused" and found.decided_by == {by}


@pytest.mark.parametrize(
    ("born", "outcome"), [("2024-03-01", "review"), ("2021-03-01", "review"), ("1950-03-01", "granted")]
)
def test_nobody_of_five_years_attends_a_course_and_adults_do(born: str, outcome: str) -> None:
    course = {"annex": "C", "full_time": True, "district_class": False}
    facts = BASE | {"school": {"form": "BK"}, "course": course, "pupil": {"birth_date": born, "lives_in_nrw": True}}
    assert decided(facts, NRW).outcome == outcome and decided(facts, NRW, engine=6).outcome == "granted"

"""Where a birth date is known in part, the rules say what every possible day would make them say, or ask a person."""

import json
import random
from datetime import date, timedelta

import pytest
from eligibility.presets import preset
from eligibility.rules import evaluate, read
from eligibility.rules.evaluation import EvaluationJson
from support.eligibility.completions import random_facts
from support.json import mapping

NRW = preset("nrw")
BASE: dict[str, object] = {
    "school_year": "2026/27", "application_date": "2026-05-01", "grade": "06", "distance_m": 4000.0, "attends_nearest": True,
    "pupil": {"birth_date": "2015-06-03", "lives_in_nrw": True}, "school": {"form": "R"},
}  # fmt: skip


def decided(facts: dict[str, object]) -> EvaluationJson:
    return evaluate(read(json.dumps(facts)), NRW).as_json()


def days_of(written: str) -> list[str]:
    year, month = int(written[:4]), int(written[5:7])
    every = (date(year, 1, 1) + timedelta(days=each) for each in range(366))
    return [each.isoformat() for each in every if each.year == year and month in (0, each.month)]


def born(facts: dict[str, object], pupil: str, *siblings: str) -> dict[str, object]:
    told = [{"birth_date": each, "funded": True} for each in siblings]
    return {**facts, "pupil": {**mapping(facts["pupil"]), "birth_date": pupil}, **({"siblings": told} if told else {})}


@pytest.mark.parametrize("written", ["2015-00-00", "2015-06-00"])
def test_where_the_day_decides_nothing_the_child_is_granted_as_any_other(written: str) -> None:
    assert decided(born(BASE, written)) == decided(BASE)


@pytest.mark.parametrize(
    ("pupil", "siblings"),
    [
        ("2015-00-00", ["2015-03-01"]),  # who is the older?
        ("2015-06-00", ["2015-06-12"]),
        ("2015-00-00", ["2015-00-00"]),
        ("2015-03-01", ["2015-00-00"]),
        ("2013-05-05", ["2008-00-00"]),  # is the sibling of age on 1 August?
    ],
)
def test_where_the_day_decides_the_own_share_a_person_is_asked(pupil: str, siblings: list[str]) -> None:
    found = decided(born(BASE, pupil, *siblings))
    assert found["outcome"] == "review" and found["own_share_cents"] is None
    assert found["reasons"][0]["rule"] == "birth_date"
    assert {"rule": "birth_date", "asked_of": "authority"} in found["questions"]


def test_whether_the_child_may_apply_itself_is_asked_where_the_day_decides() -> None:
    facts = {**born(BASE, "2008-00-00"), "school": {"form": "GE"}, "grade": "Q1", "distance_m": 9000.0}
    found = decided({**facts, "applicant": "pupil"})
    assert found["outcome"] == "review" and "birth_date" in [each["rule"] for each in found["questions"]]
    assert decided({**born(facts, "2006-00-00"), "applicant": "pupil"})["outcome"] == "granted"


def test_whatever_is_decided_holds_for_every_day_that_it_may_be() -> None:
    luck = random.Random(20150000)
    for _ in range(150):
        facts = random_facts(luck)
        pupil = luck.choice(["2008-00-00", "2009-07-00", "2015-00-00", "2012-06-00"])
        siblings = [
            luck.choice(["2008-00-00", "2015-04-00", "2012-06-11", "2015-00-00"]) for _ in range(luck.randrange(3))
        ]
        found = decided(born(facts, pupil, *siblings))
        if found["outcome"] == "review":
            continue
        for _ in range(12):
            exact = decided(born(facts, luck.choice(days_of(pupil)), *(luck.choice(_all(each)) for each in siblings)))
            assert exact == found, (facts, pupil, siblings)


def _all(written: str) -> list[str]:
    return days_of(written) if written.endswith("-00") else [written]


def test_more_children_than_are_gone_through_are_a_persons() -> None:
    assert decided(born(BASE, "2015-06-03", *["2014-00-00"] * 8))["outcome"] == "review"

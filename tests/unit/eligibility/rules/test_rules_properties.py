"""What must hold for all facts."""

import json
import os
import subprocess
import sys
from datetime import date
from typing import Any

from eligibility.presets import PRESETS, from_text, preset
from eligibility.rules import canonical, evaluate, parse, read
from eligibility.rules.facts import SiblingFacts
from eligibility.rules.rule_set.conditions import fact_names
from eligibility.rules.texts import metres
from hypothesis import given, settings
from hypothesis import strategies as st

RANK = {"refused": 0, "review": 1, "granted": 2}
AT_LIMITS = [1750.0, 1750.001, 2000.0, 2000.001, 3500.0, 3500.001, 5000.0, 5000.001]
LENGTHS = st.one_of(st.none(), st.floats(0, 12_000), st.sampled_from(AT_LIMITS))
FLAG = st.sampled_from([None, True, False])
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2021, 1, 1)).map(str)


def part(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(fields)


def seldom(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), strategy)


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


SIBLINGS = st.lists(
    part(
        birth_date=DATES,
        funded=FLAG,
        counts_first=FLAG,
        funded_until=one_of("2026-07-31", "2027-01-31"),
        funded_from=one_of("2026-10-01"),
    ),
    max_size=4,
)
ANY = part(
    school_year=st.sampled_from(["2026/27", "2026/27", "2010/11", None]),
    application_date=one_of("2026-05-01", "2027-10-31", "2027-11-01"),
    pupil=part(
        birth_date=st.one_of(st.none(), DATES),
        lives_in_nrw=st.sampled_from([True, True, None, False]),
        lives_in_authority_area=FLAG,
        special_needs=FLAG,
        severely_disabled=FLAG,
    ),
    school=part(form=one_of("G", "GY", "GE", "BK", "S", "WB", "R", "SG"), kind=one_of("GMS", "RKB"), private=FLAG),
    grade=one_of("01", "04", "05", "10", "EF", "Q1", "13"),
    track=one_of("GY8", "GY9"),
    course=seldom(
        part(annex=one_of("A", "B", "C", "D", "E"), full_time=FLAG, district_class=FLAG, after_training=FLAG)
    ),
    distance_m=LENGTHS,
    attends_nearest=FLAG,
    nearest_distance_m=LENGTHS,
    nearest_refused=seldom(FLAG),
    nearest_refusal_proven=FLAG,
    nearest_refused_school=one_of("123456"),
    monthly_fare_cents=one_of(0, 1400, 4900, 10_001, 12_000),
    nearest_monthly_fare_cents=one_of(0, 4900, 12_000),
    health=seldom(part(weeks=one_of(3.0, 8.0, 8.142857, 20.0), certificate=FLAG)),
    dangerous_route_claimed=seldom(FLAG),
    distance_without_hazards_m=LENGTHS,
    second_home=seldom(FLAG),
    siblings=SIBLINGS,
    benefits=st.lists(st.sampled_from(["SGB XII", "SGB II", "KiZ"]), max_size=2),
    applicant=one_of("guardian", "guardian", "pupil", "other"),
    afternoon_lessons=seldom(part(mostly=FLAG)),
    assigned_place=seldom(part(confirmed=FLAG)),
    place_of_teaching=seldom(part(distance_m=LENGTHS, required=FLAG)),
    transport=seldom(
        part(
            kind=one_of("public", "car", "motorcycle", "bicycle", "taxi", "special"),
            public_available=FLAG,
            special_available=FLAG,
            walk_to_stops_m=one_of(1000.0, 1000.001, 2000.0, 2000.001),
            minutes_a_day=one_of(180, 181),
            minutes_one_way=one_of(60, 61),
            waiting_minutes=one_of(45, 46),
            leaves_home_at=one_of("05:59", "06:00"),
            public_unsuitable_proven=FLAG,
            public_unsuitable_claimed=FLAG,
            kilometres_one_way=one_of(12.5, 0.0),
            rides_a_day=one_of(1, 4),
            school_days_a_month=one_of(20),
            passengers=one_of(0, 3),
        )
    ),
    escort=seldom(part(proven=FLAG, monthly_fare_cents=one_of(3000))),
    boarding=one_of(False, True),
    wanted_from=one_of("2026-09-15", "2027-08-01"),
    leaves_on=one_of("2027-01-31"),
    income_within_limit=FLAG,
)
BK = {"school": {"form": "BK"}, "grade": None}
SOUND = part(
    at=st.sampled_from(
        [
            {"school": {"form": "G"}, "grade": "04"},
            {"school": {"form": "GE"}, "grade": "05"},
            {"school": {"form": "GY"}, "grade": "EF", "track": "GY9"},
            {"school": {"form": "S"}, "grade": "03"},
            {**BK, "course": {"annex": "C", "full_time": True, "district_class": False, "after_training": False}},
            {**BK, "course": {"annex": "A", "full_time": False, "district_class": True, "after_training": False}},
        ]
    ),
    attends_nearest=st.booleans(),
    monthly_fare_cents=one_of(1400, 4900, 12_000),
    nearest_monthly_fare_cents=one_of(4900),
    birth_date=DATES,
    distance_m=st.one_of(st.floats(1500, 12_000), st.sampled_from(AT_LIMITS)),
)


def sound(drawn: tuple[dict[str, Any], dict[str, Any] | None]) -> dict[str, Any]:
    """Facts by which only the way, the claims and the cost decide; left as they were drawn in one case of four."""
    facts, kept = drawn
    if kept is None:
        return facts
    at = {"track": None, "course": None, **kept["at"]}
    pupil = {**facts["pupil"], "lives_in_nrw": True, "lives_in_authority_area": None, "birth_date": kept["birth_date"]}
    settled: dict[str, Any] = dict.fromkeys(["applicant", "boarding", "wanted_from", "leaves_on", "transport"])
    settled |= {"school_year": "2026/27", "application_date": "2026-05-01", "income_within_limit": True, "pupil": pupil}
    for name in ("attends_nearest", "monthly_fare_cents", "nearest_monthly_fare_cents", "distance_m"):
        settled[name] = kept[name]
    nearest = kept["distance_m"] if kept["attends_nearest"] else facts["nearest_distance_m"]
    return {**facts, **settled, **at, "nearest_distance_m": nearest}


FACTS = st.tuples(ANY, st.one_of(st.none(), SOUND, SOUND, SOUND)).map(sound)
EACH_CLAIM: list[dict[str, Any]] = [
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
    {"place_of_teaching": {}},
    {"pupil": {"special_needs": True}},
    {"pupil": {"severely_disabled": True}},
    {"escort": {}},
    {"escort": {"proven": True}},
    {"escort": {"proven": True, "monthly_fare_cents": 3000}},
    {"benefits": ["SGB XII"]},
    {"benefits": ["SGB II"]},
    {"siblings": [{"birth_date": "1999-01-01", "funded": True}]},
    {"siblings": [{"birth_date": "2022-01-01", "funded": True}]},
]
CLAIMS = st.sampled_from(EACH_CLAIM)
"""What a family may put forward. The kind of transport is none of them: it is chosen once the way is granted."""
OWN = """name: eigen
version: "1"
origin: nrw
parameters:
  claims.afternoon_ways:
    - {valid_from: 2005-08-01, value: 2, legal_basis: Ratsbeschluss, source: Ratsbeschluss, certainty: official}
  own_share.by_rank_cents:
    - {valid_from: 2005-08-01, value: [1000, 500, 0], legal_basis: Ratsbeschluss, source: Ratsbeschluss, certainty: official}
conditions:
  - {key: first, when: 'grade == "01" && distance_m > 1500.0', effect: grant, legal_basis: Ratsbeschluss, source: Ratsbeschluss, text: freiwillig, text_en: voluntary, valid_from: 2005-08-01}
  - {key: kiz, when: 'benefits.exists(b, b == "KiZ")', effect: exempt, legal_basis: Ratsbeschluss, source: Ratsbeschluss, text: befreit, text_en: exempt, valid_from: 2005-08-01}
"""
RULES = {name: preset(name) for name in PRESETS} | {"eigen": from_text(OWN).rules}
LENGTHENED = ["distance_m", "nearest_distance_m", "distance_without_hazards_m"]
MOST = {"nrw": 1400, "he": 0, "rp": 0, "eigen": 1000}
STATES = st.sampled_from(["nrw", "nrw", "nrw", "eigen", "he", "rp"])
"""Cents of own share that the law, or what the authority chose within it, allows for a ticket."""


def decide(facts: dict[str, Any], rules: str = "nrw") -> dict[str, Any]:
    return evaluate(read(json.dumps(facts)), RULES[rules]).as_json()


def claiming(facts: dict[str, Any], claim: dict[str, Any]) -> dict[str, Any]:
    """The claim added where the facts do not make it yet: to answer what was asked of one is something else."""
    added, first = dict(facts), next(iter(claim))
    if first not in ("pupil", "siblings", "benefits") and facts[first] is not None:
        return facts
    for key, value in claim.items():
        if key == "pupil":
            added[key] = {**value, **{name: each for name, each in facts[key].items() if each is not None}}
        elif isinstance(value, list):
            added[key] = [*facts[key], *(each for each in value if each not in facts[key])]
        elif facts[key] is None:
            added[key] = value
    return added


def test_every_fact_that_the_engine_knows_is_drawn() -> None:
    drawn: set[str] = set()

    @given(FACTS)
    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    def draw(facts: dict[str, Any]) -> None:
        for key, value in facts.items():
            drawn.update([f"{key}.{name}" for name in value] if isinstance(value, dict) else [key])
            drawn.update(f"siblings.{name}" for each in facts["siblings"] for name in each)

    draw()
    siblings = {f"siblings.{name}" for name in SiblingFacts.model_fields}
    known = (fact_names().keys() - {"pupil.age"}) | siblings
    assert known <= drawn


@given(FACTS, STATES, st.sampled_from(LENGTHENED), st.floats(0, 5000))
@settings(max_examples=250, deadline=None)
def test_a_longer_way_is_never_worse(facts: dict[str, Any], state: str, which: str, more: float) -> None:
    if facts[which] is None:
        return
    longer = {**facts, which: facts[which] + more}
    assert RANK[decide(facts, state)["outcome"]] <= RANK[decide(longer, state)["outcome"]]


@given(FACTS, STATES)
@settings(max_examples=120, deadline=None)
def test_a_claim_more_is_never_worse(facts: dict[str, Any], state: str) -> None:
    before = decide(facts, state)
    for claim in EACH_CLAIM:
        if "siblings" in claim and facts["pupil"]["birth_date"] is None:
            continue  # then the rank among the siblings is asked for, which is no claim to the way
        after = decide(claiming(facts, claim), state)
        assert RANK[before["outcome"]] <= RANK[after["outcome"]], claim
        if before["outcome"] == after["outcome"] == "granted":
            # without the cap more is borne, and a share that the fare had bounded may rise to its amount
            assert after["own_share_cents"] <= before["own_share_cents"] or "pupil" in claim, claim
            if before["covered_cents"] is not None and after["covered_cents"] is not None:
                assert after["covered_cents"] >= before["covered_cents"], claim


@given(FACTS, STATES, CLAIMS)
@settings(max_examples=200, deadline=None)
def test_the_own_share_is_within_the_law_and_a_review_always_asks(
    facts: dict[str, Any], state: str, claim: dict[str, Any]
) -> None:
    facts = claiming(facts, claim)
    decision = decide(facts, state)
    share = decision["own_share_cents"]
    if decision["outcome"] == "granted":
        district_class = facts["school"]["form"] == "BK" and bool(facts["course"]["district_class"])
        assert 0 <= share <= (5000 if district_class else MOST[state])
        assert all(0 <= each["own_share_cents"] <= MOST[state] for each in decision["own_share_changes"])
        if "SGB XII" in facts["benefits"] and not district_class:
            assert share == 0
        without_cap = facts["pupil"].get("special_needs") or facts["pupil"].get("severely_disabled") or facts["escort"]
        if decision["covered_cents"] is not None:
            assert decision["covered_cents"] >= 0
            if state == "nrw" and not without_cap and not district_class:
                assert decision["covered_cents"] + share <= 10_000
        assert not [each for each in decision["reasons"] if each["result"] == "question"]
    else:
        assert share is None
    asked = [each for each in decision["reasons"] if each["result"] == "question"]
    assert bool(asked) == (decision["outcome"] == "review")
    if decision["outcome"] == "refused":
        assert [each for each in decision["reasons"] if each["result"] == "not_met"]


@given(FACTS, STATES)
@settings(max_examples=100, deadline=None)
def test_the_same_facts_give_the_same_bytes(facts: dict[str, Any], state: str) -> None:
    first, rules = read(json.dumps(facts)), RULES[state]
    kept, again = read(canonical(first)), parse(json.loads(json.dumps(rules.rule_set.content())), None)
    assert json.dumps(evaluate(first, rules).as_json()) == json.dumps(evaluate(kept, again).as_json())
    assert canonical(kept) == canonical(first)


def test_in_another_process_they_come_to_the_same_bytes() -> None:
    """With another seed of Python's hashes, by which sets are ordered."""
    facts = json.dumps(
        {
            "school_year": "2026/27", "school": {"form": "S"}, "grade": "03", "distance_m": 100, "attends_nearest": True,
            "pupil": {"lives_in_nrw": True}, "health": {}, "dangerous_route_claimed": True, "second_home": True,
            "siblings": [{"birth_date": "2015-01-01", "funded": True}], "benefits": ["KiZ", "WoGG"],
        }
    )  # fmt: skip
    program = "import sys; from eligibility.commands import main; sys.argv = ['eligibility', 'evaluate', '-', '--json']; main()"
    said = {
        subprocess.run(
            [sys.executable, "-c", program], input=facts, capture_output=True, check=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1
    assert json.loads(said.pop())["outcome"] == "review"


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

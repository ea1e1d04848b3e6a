"""What must hold for all facts."""

import json
import os
import subprocess
import sys

from eligibility.presets import PRESETS, from_text, preset
from eligibility.rules import canonical, evaluate, parse, read
from eligibility.rules.evaluation import EvaluationJson
from eligibility.rules.facts import SiblingFacts
from eligibility.rules.rule_set.conditions import fact_names
from eligibility.rules.texts import metres
from hypothesis import given, settings
from hypothesis import strategies as st
from support.eligibility.drawn_facts import EACH_CLAIM, FACTS
from support.eligibility.golden_decisions import OWN
from support.json import listed, mapping, number

OF_A_GRANT = {"own_share", "period", "transport", "escort", "cap", "fare_as_at_nearest"}
"""Rules that say what a grant brings: none of them is named in a refusal."""
RANK = {"refused": 0, "review": 1, "granted": 2}
CLAIMS = st.sampled_from(EACH_CLAIM)
"""What a family may put forward. The kind of transport is none of them: it is chosen once the way is granted."""
RULES = {name: preset(name) for name in PRESETS} | {"eigen": from_text(OWN).rules}
LENGTHENED = ["distance_m", "nearest_distance_m", "distance_without_hazards_m", "second_home_distance_m"]
MOST = {"nrw": 1400, "he": 0, "rp": 0, "eigen": 1000}
STATES = st.sampled_from(["nrw", "nrw", "nrw", "eigen", "he", "rp"])
"""Cents of own share that the law, or what the authority chose within it, allows for a ticket."""


def decide(facts: dict[str, object], rules: str = "nrw") -> EvaluationJson:
    return evaluate(read(json.dumps(facts)), RULES[rules]).as_json()


def own_share(granted: EvaluationJson) -> int:
    """Cents, of a grant that says how much."""
    cents = granted["own_share_cents"]
    assert cents is not None
    return cents


def claiming(facts: dict[str, object], claim: dict[str, object]) -> dict[str, object]:
    """The claim added where the facts do not make it yet: to answer what was asked of one is something else."""
    added, first = dict(facts), next(iter(claim))
    if first not in ("pupil", "siblings", "benefits") and facts[first] is not None:
        return facts
    for key, value in claim.items():
        if key == "pupil":
            added[key] = {
                **mapping(value),
                **{name: each for name, each in mapping(facts[key]).items() if each is not None},
            }
        elif isinstance(value, list):
            added[key] = [*listed(facts[key]), *(each for each in value if each not in listed(facts[key]))]
        elif facts[key] is None:
            added[key] = value
    return added


def test_every_fact_that_the_engine_knows_is_drawn() -> None:
    drawn: set[str] = set()

    @given(FACTS)
    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    def draw(facts: dict[str, object]) -> None:
        for key, value in facts.items():
            drawn.update([f"{key}.{name}" for name in value] if isinstance(value, dict) else [key])
            drawn.update(f"siblings.{name}" for each in listed(facts["siblings"]) for name in mapping(each))

    draw()
    siblings = {f"siblings.{name}" for name in SiblingFacts.model_fields}
    known = (fact_names().keys() - {"pupil.age"}) | siblings
    assert known <= drawn


@given(FACTS, STATES, st.sampled_from(LENGTHENED), st.floats(0, 5000))
@settings(max_examples=250, deadline=None)
def test_a_longer_way_is_never_worse(facts: dict[str, object], state: str, which: str, more: float) -> None:
    if facts[which] is None:
        return
    longer = {**facts, which: number(facts[which]) + more}
    assert RANK[decide(facts, state)["outcome"]] <= RANK[decide(longer, state)["outcome"]]


@given(FACTS, STATES)
@settings(max_examples=120, deadline=None)
def test_a_claim_more_is_never_worse(facts: dict[str, object], state: str) -> None:
    before = decide(facts, state)
    for claim in EACH_CLAIM:
        if "siblings" in claim and mapping(facts["pupil"])["birth_date"] is None:
            continue  # then the rank among the siblings is asked for, which is no claim to the way
        after = decide(claiming(facts, claim), state)
        assert RANK[before["outcome"]] <= RANK[after["outcome"]], claim
        if before["outcome"] == after["outcome"] == "granted":
            # without the cap more is borne, and a share that the fare had bounded may rise to its amount
            assert own_share(after) <= own_share(before) or "pupil" in claim, claim
            if before["covered_cents"] is not None and after["covered_cents"] is not None:
                assert after["covered_cents"] >= before["covered_cents"], claim


@given(FACTS, STATES, CLAIMS)
@settings(max_examples=200, deadline=None)
def test_the_own_share_is_within_the_law_and_a_review_always_asks(
    facts: dict[str, object], state: str, claim: dict[str, object]
) -> None:
    facts = claiming(facts, claim)
    decision = decide(facts, state)
    share = decision["own_share_cents"]
    if decision["outcome"] == "granted":
        assert share is not None
        district_class = mapping(facts["school"])["form"] == "BK" and bool(mapping(facts["course"])["district_class"])
        assert 0 <= share <= (5000 if district_class else MOST[state])
        assert all(0 <= each["own_share_cents"] <= MOST[state] for each in decision["own_share_changes"])
        dated = facts["benefits_from"] or facts["benefits_until"]
        if "SGB XII" in listed(facts["benefits"]) and not district_class and not dated:
            assert share == 0
        without_cap = (
            mapping(facts["pupil"]).get("special_needs")
            or mapping(facts["pupil"]).get("severely_disabled")
            or facts["escort"]
        )
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
        assert not {each["rule"] for each in decision["reasons"]} & OF_A_GRANT


@given(FACTS, STATES)
@settings(max_examples=100, deadline=None)
def test_the_same_facts_give_the_same_bytes(facts: dict[str, object], state: str) -> None:
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
def test_null_is_the_same_as_missing(facts: dict[str, object]) -> None:
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

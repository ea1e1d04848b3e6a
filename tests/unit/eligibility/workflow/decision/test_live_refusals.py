"""The same oracle along the live path, from the form's event to the verdict, with lengths in the band and two readings.

.venv/bin/python tests/unit/eligibility/workflow/decision/test_live_refusals.py --cases 100000 --seed 1
"""

import argparse
import json
import random
import sys
from collections import Counter
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[4]))

import pytest
from eligibility.presets import preset
from eligibility.rules import Facts, Rules, canonical_json, evaluate
from eligibility.workflow.decision.assessment import Assessment
from eligibility.workflow.decision.verdict import Verdict, verdict
from eligibility.workflow.policy import policy_of
from eligibility.workflow.ports import ApplicationContext, MeasuredRoutes
from geography.model import Measurement
from geography.model.types import WithoutHazards
from shared.events import ApplicationSubmitted, Circumstances, Claims, Course, PlaceOfTeaching, Transport
from support.eligibility import small_place
from support.eligibility.completions import completed

NRW = preset("nrw")
OF_ENGINE_3 = Rules(NRW.rule_set.model_copy(update={"engine": 3}))
BAND_M = 50.0
CASES_IN_TESTS = 250
SCHOOLS = {
    form: small_place.school("100001", form=form, kind="GMS" if form == "G" else None)
    for form in ("G", "GE", "GY", "S", "R", "BK", "SB", "FW", "HI")
}
GRADES = {
    "G": ["02"],
    "GE": ["06", "EF", "11"],
    "FW": ["06", "12"],
    "HI": ["11"],
    "GY": ["06", "EF"],
    "S": ["04"],
    "R": ["08"],
    "BK": ["01"],
    "SB": ["02"],
}
BORN = {"02": 2018, "04": 2016, "06": 2014, "08": 2012, "EF": 2010, "01": 2010, "11": 2010, "12": 2009}
CLAIMS: list[tuple[str, dict[str, object]]] = [
    ("illness", {"claims": {"health_claimed": True}}),
    ("six weeks", {"claims": {"health_weeks": 6, "health_certificate": True}}),
    ("twenty weeks", {"claims": {"health_weeks": 20}}),
    ("twenty weeks, certificate", {"claims": {"health_weeks": 20, "health_certificate": True}}),
    ("danger", {"claims": {"dangerous_route": True}}),
    ("refused by the nearest", {"claims": {"nearest_refused": True}}),
    ("second home", {"claims": {"second_home": True}}),
    ("twice a day", {"claims": {"afternoon_lessons": True}}),
    ("named place", {"claims": {"assigned_place": True}}),
    ("escort", {"claims": {"escort": True}}),
    ("boarding", {"claims": {"boarding": True}}),
    ("branch", {"claims": {"own_branch": True}}),
    ("special needs", {"circumstances": {"special_needs": True}}),
    ("disability", {"circumstances": {"severely_disabled": True}}),
    ("internship", {"place_of_teaching": PlaceOfTeaching()}),
    ("no internship", {"place_of_teaching": PlaceOfTeaching(required=False)}),
    ("internship near by", {"place_of_teaching": PlaceOfTeaching(required=True, distance_m=500.0)}),
    ("bus impossible", {"transport": Transport(kind="car", public_unsuitable=True)}),
    ("no bus", {"transport": Transport(kind="special", public_available=False, special_available=True)}),
]


def way(rng: random.Random, metres: float) -> Measurement:
    """With readings around it, now and then far apart, or without a strict way at all."""
    lenient = metres - rng.choice([0.0, 0.0, 5.0, 400.0])
    strict = rng.choice([metres, metres, metres + 5.0, metres + 900.0, None])
    safe = (
        WithoutHazards(metres + rng.choice([5.0, 600.0]), None, ({"id": "h1", "levels": []},))
        if rng.random() < 0.3
        else None
    )
    return small_place.measurement(metres, lenient_m=max(lenient, 1.0), strict_m=strict, without_hazards=safe)


def claiming(event: ApplicationSubmitted, claim: dict[str, object]) -> ApplicationSubmitted:
    changes = {}
    for key, value in claim.items():
        part = getattr(event, key)
        changes[key] = part.model_copy(update=value) if isinstance(value, dict) else value
    return event.model_copy(update=changes)


def claimed(event: ApplicationSubmitted, claim: dict[str, object]) -> bool:
    """Whether something is said of it already."""
    ((key, value),) = claim.items()
    part = getattr(event, key)
    if not isinstance(value, dict):
        return part is not None
    health = key == "claims" and any(name.startswith("health") for name in value)
    names = ["health_weeks", "health_certificate", "health_claimed"] if health else list(value)
    return any(getattr(part, name) not in (None, False) for name in names)


def random_case(rng: random.Random) -> tuple[ApplicationSubmitted, ApplicationContext, MeasuredRoutes | None]:
    form = rng.choice(list(SCHOOLS))
    grade = rng.choice(GRADES[form])
    limit = (
        2000 if form in ("G", "S") else 3500 if grade not in ("EF", "11", "12") and form not in ("BK", "SB") else 5000
    )
    attended = limit + rng.choice([-1500.0, -300.0, -51.0, -50.0, -20.0, 0.0, 0.5, 50.0, 51.0, 300.0, 3000.0])
    routes = MeasuredRoutes(way(rng, attended))
    if rng.random() < 0.5:
        nearer = max(attended - rng.choice([1.0, 30.0, 60.0, 400.0, 2500.0]), 10.0)
        routes = MeasuredRoutes(routes.attended, ("100003", way(rng, nearer)))
    course = (
        Course(annex=rng.choice("ABE"), full_time=rng.random() < 0.7, district_class=rng.random() < 0.2)
        if form in ("BK", "SB")
        else None
    )
    event = small_place.submitted(
        grade=grade,
        birth_date=date(BORN[grade], 5, 1),
        track=rng.choice(["GY9", "GY8", None]) if form == "GY" else None,
        course=course,
        circumstances=Circumstances(lives_in_nrw=rng.choice([True] * 8 + [False, None])),
        claims=Claims(own_branch=rng.choice([None, False]) if form == "GY" else None),
    )
    for _ in range(rng.choice([0, 1, 1, 2])):
        event = claiming(event, rng.choice(CLAIMS)[1])
    home = small_place.ADDRESSES[0] if rng.random() < 0.8 else None
    found = ApplicationContext(small_place.authority(review_band_m=BAND_M), NRW, SCHOOLS[form], home)
    return event, found, routes if home is not None else None


def judged(
    event: ApplicationSubmitted, found: ApplicationContext, routes: MeasuredRoutes | None, rules: Rules
) -> Verdict:
    policy = policy_of(found.authority, rules)
    return verdict(Assessment(event, found, routes, rules.law(event.school_year), policy))


def possible_lengths(facts: dict[str, object], routes: MeasuredRoutes) -> list[dict[str, object]]:
    """The facts by every end of what the lengths may be."""
    assert isinstance(routes.attended, Measurement)
    nearest = routes.nearer[1] if routes.nearer else routes.attended
    ends = [
        [each.metres, each.lenient_m, 90_000.0 if each.strict_m is None else each.strict_m, each.metres + BAND_M]
        for each in (routes.attended, nearest)
    ]
    lengths = list(product(*ends)) if routes.nearer else [(each, each) for each in ends[0]]
    found = []
    for one, other in lengths:
        whole = {**facts, "distance_m": one}
        if "nearest_distance_m" in facts:
            whole["nearest_distance_m"] = min(other, one)
        found.append(whole)
    return found


def outcome(facts: dict[str, object]) -> str:
    return evaluate(Facts.model_validate_json(canonical_json(facts)), NRW).outcome


def wrongly_refused(found: Verdict, routes: MeasuredRoutes | None) -> list[object]:
    facts = found.facts.model_dump(mode="json", exclude_none=True)
    wrong: list[object] = [names for names, whole in completed(facts) if outcome(whole) != "refused"]
    moved = [each for each in (possible_lengths(facts, routes) if routes else []) if outcome(each) != "refused"]
    return [*wrong, *(("lengths", each["distance_m"], each.get("nearest_distance_m")) for each in moved)]


def trial(rng: random.Random, counts: Counter[str]) -> None:
    event, context, routes = random_case(rng)
    counts["cases"] += 1
    for rules in (NRW, OF_ENGINE_3):
        found = judged(event, context, routes, rules)
        counts[found.outcome] += 1
        if found.outcome == "refused":
            if wrong := wrongly_refused(found, routes):
                counts["refused while something is open"] += 1
                print(
                    rules.rule_set.engine,
                    json.dumps(found.facts.model_dump(mode="json", exclude_none=True)),
                    wrong[:3],
                    file=sys.stderr,
                )
        else:
            for name, claim in CLAIMS:
                if (
                    not claimed(event, claim)
                    and judged(claiming(event, claim), context, routes, rules).outcome == "refused"
                ):
                    counts["worse by a claim"] += 1
                    print(rules.rule_set.engine, name, found.facts.model_dump_json(exclude_none=True), file=sys.stderr)


def test_along_the_live_path_nothing_is_refused_while_something_is_open() -> None:
    rng, counts = random.Random(20261128), Counter[str]()
    for _ in range(CASES_IN_TESTS):
        trial(rng, counts)
    assert min(counts["refused"], counts["granted"], counts["review"]) > CASES_IN_TESTS / 20
    assert counts["refused while something is open"] == counts["worse by a claim"] == 0


@pytest.mark.parametrize("engine", [1, 2, 3, 4, 5])
def test_a_rule_set_from_before_refuses_nobody_for_a_last_day_that_was_no_working_day(engine: int) -> None:
    before = Rules(NRW.rule_set.model_copy(update={"engine": engine}))
    for metres in (300.0, 6000.0):
        event = small_place.submitted(occurred_at=datetime(2027, 11, 2, 8, 0, tzinfo=UTC))
        found = ApplicationContext(small_place.authority(), before, SCHOOLS["G"], small_place.ADDRESSES[0])
        routes = MeasuredRoutes(small_place.measurement(metres))
        assert judged(event, found, routes, before).outcome == "review"
        late = event.model_copy(update={"occurred_at": datetime(2027, 11, 3, 8, 0, tzinfo=UTC)})
        assert judged(late, found, routes, before).outcome == "refused"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    drawn, total = random.Random(chosen.seed), Counter[str]()
    for number in range(chosen.cases):
        trial(drawn, total)
        if number % 1000 == 0:
            print(f"\r{number} of {chosen.cases}", end="", file=sys.stderr)
    print(file=sys.stderr)
    print(json.dumps(total))

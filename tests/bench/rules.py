"""What one decision costs: reading the facts, evaluating them, and the floor of both.

    .venv/bin/python tests/bench/rules.py [--cases 20000] [--simulated 100000]

The floor of reading is Python's own JSON parser on the same bytes; the floor of evaluating is the reasons alone: an
object per reason that the decision gives, with its two sentences formatted. There is no peer that knows this law.
One simulation of a draft with own conditions, each case decided by the rules in force and by the draft, on all cores.
The cases are drawn with a fixed seed over forms, grades, lengths, claims and siblings; half lie near a limit.
"""

import argparse
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable

from eligibility.presets import from_text, preset
from eligibility.rules import Facts, Rules, evaluate, read
from eligibility.rules.findings import Finding
from eligibility.rules.trials.simulation import SimulatedCase
from eligibility.simulating import run

FORMS = {"G": ("01", "04"), "GY": ("05", "10"), "GE": ("05", "10"), "R": ("05", "10"), "BK": ("01", "03")}
LIMITS = (2000, 3500, 5000)
ROUNDS = 5


def drawn(dice: random.Random) -> dict[str, object]:
    form = dice.choice(list(FORMS))
    first, last = FORMS[form]
    near = dice.choice(LIMITS) + dice.uniform(-60, 60) if dice.random() < 0.5 else dice.uniform(200, 12_000)
    facts: dict[str, object] = {
        "school_year": "2026/27",
        "application_date": "2026-05-01",
        "pupil": {
            "birth_date": f"{dice.randint(2008, 2020)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
            "lives_in_nrw": True,
        },
        "school": {"form": form, "kind": "GMS" if form == "G" else None},
        "grade": f"{dice.randint(int(first), int(last)):02}",
        "course": {"annex": dice.choice("ABCD"), "full_time": dice.random() < 0.8, "district_class": False}
        if form == "BK"
        else None,
        "distance_m": near,
        "attends_nearest": True,
        "siblings": [
            {"birth_date": f"{dice.randint(2006, 2020)}-05-05", "funded": dice.random() < 0.7}
            for _ in range(dice.choice((0, 0, 1, 2)))
        ],
        "benefits": ["SGB XII"] if dice.random() < 0.05 else [],
    }
    if dice.random() < 0.2:
        facts |= {"attends_nearest": False, "nearest_distance_m": near * dice.uniform(0.3, 1.0)}
    if dice.random() < 0.05:
        facts["health"] = {"weeks": dice.choice((4, 8, 9, 40)), "certificate": dice.random() < 0.5}
    if dice.random() < 0.05:
        facts |= {"dangerous_route_claimed": True, "distance_without_hazards_m": near * 1.2}
    return facts


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some rounds: other work on the machine can only slow it down."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def floor_of(reasons: list[tuple[Finding, ...]]) -> Callable[[], object]:
    """The same number of reasons with texts of the same length, and nothing decided."""

    def work() -> None:
        for each in reasons:
            tuple(Finding(one.rule, one.result, one.legal_basis, f"{one.text}{1}", f"{one.text_en}{1}") for one in each)

    return work


def percentiles(facts: list[Facts], rules: Rules) -> tuple[float, float]:
    """Median and 99th percentile of single evaluations, microseconds."""
    times = []
    for each in facts[:20_000]:
        started = time.perf_counter_ns()
        evaluate(each, rules)
        times.append((time.perf_counter_ns() - started) / 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


DRAFT = """{"name": "bench", "title": "bench", "version": "1", "origin": "nrw", "parameters": {"own_share.by_rank_cents": [
    {"valid_from": "2020-08-01", "value": [1200, 600, 0], "legal_basis": "bench", "source": "bench", "certainty": "unverified"}]},
    "conditions": [{"key": "kiz", "when": "benefits.exists(b, b == 'KiZ')", "effect": "exempt", "legal_basis": "bench",
    "source": "bench", "text": "bench", "text_en": "bench", "valid_from": "2020-08-01"}]}"""


def simulated(count: int) -> float:
    """Seconds of one simulation, starting its processes included."""
    dice = random.Random(98)
    cases = [SimulatedCase(str(each), json.dumps(drawn(dice)).encode()) for each in range(count)]
    started = time.perf_counter()
    tally = run(cases, preset("nrw"), from_text(DRAFT).rules, lambda _: None)
    seconds = time.perf_counter() - started
    print(f"simulation: {tally.cases:,} cases, each decided twice, in {seconds:.1f} s: {dict(tally.effects)}")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="how many different cases")
    parser.add_argument("--simulated", type=int, default=100_000, help="how many cases of the simulation")
    options = parser.parse_args()
    count = options.cases
    dice = random.Random(97)
    bodies = [json.dumps(drawn(dice)).encode() for _ in range(count)]
    rules = preset("nrw")
    facts = [read(body) for body in bodies]
    decisions = [evaluate(each, rules) for each in facts]

    seconds = {
        "JSON parser alone (floor of reading)": fastest(lambda: [json.loads(body) for body in bodies]),
        "read and check the facts": fastest(lambda: [read(body) for body in bodies]),
        "reasons alone (floor of evaluating)": fastest(floor_of([each.reasons for each in decisions])),
        "evaluate": fastest(lambda: [evaluate(each, rules) for each in facts]),
        "read, evaluate, print as JSON": fastest(
            lambda: [json.dumps(evaluate(read(body), rules).as_json()) for body in bodies]
        ),
    }
    median, slowest = percentiles(facts, rules)
    outcomes = Counter(each.outcome for each in decisions)

    print(f"{count} cases, {rules.version}: " + ", ".join(f"{outcomes[each]} {each}" for each in sorted(outcomes)))
    print(f"{'':40}{'µs a case':>12}{'cases/s':>12}")
    for name, total in seconds.items():
        print(f"{name:40}{total / count * 1e6:12.1f}{count / total:12,.0f}")
    print(f"{'one evaluation, median':40}{median:12.1f}")
    print(f"{'one evaluation, 99th percentile':40}{slowest:12.1f}")
    whole = seconds["read, evaluate, print as JSON"]
    print(f"100,000 cases from facts to decision: {whole / count * 100_000:.1f} s on one core")
    tell(seconds, count, (median, slowest), options.simulated)


def tell(seconds: dict[str, float], count: int, one: tuple[float, float], simulated_cases: int) -> None:
    """The last line: all figures as one JSON object. `one`: microseconds of one evaluation, median and 99th percentile."""
    median, slowest = one
    seconds_of_simulation = simulated(simulated_cases)
    figures = {name: round(total / count * 1e6, 2) for name, total in seconds.items()}
    keys = ("json_floor_us", "read_us", "evaluate_floor_us", "evaluate_us", "whole_us")
    result = dict(zip(keys, figures.values(), strict=True))
    print(
        json.dumps(
            {
                "bench": "rules",
                "cases": count,
                **result,
                "evaluate_median_us": round(median, 2),
                "evaluate_p99_us": round(slowest, 2),
                "simulated_cases": simulated_cases,
                "simulation_seconds": round(seconds_of_simulation, 2),
            }
        )
    )


if __name__ == "__main__":
    main()

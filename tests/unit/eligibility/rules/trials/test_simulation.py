"""A rule set tried out on cases: who gains, who loses, what it costs."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from eligibility import presets
from eligibility.simulating import from_body, from_csv, from_jsonl, from_path, run
from eligibility.workflow.rule_sets.simulation_desk import without_fare
from support.eligibility.rule_set_document import MUSTERSTADT


@cache
def base() -> dict[str, object]:
    return presets.from_text(MUSTERSTADT).tests.base


def cases(**changes: object) -> bytes:
    return json.dumps({**base(), **changes}).encode()


def test_a_simulation_says_who_gains_who_loses_and_what_it_costs() -> None:
    lines = [cases(), cases(grade="01", distance_m=1600), cases(distance_m=100), b"{", cases(benefits=["KiZ"])]
    before, after = presets.preset("nrw"), presets.from_text(MUSTERSTADT).rules
    heard: list[int] = []
    result = run(from_jsonl(lines), before, after, heard.append, workers=1).as_json(before.version, after.version)
    assert result["effects"] == {"gains": 1, "loses": 0, "pays_less": 2, "pays_more": 0, "asked": 0, "same": 1}
    assert (result["cases"], result["unusable"], heard) == (5, 1, [5])
    assert result["cost_by_month_cents"]["2026-09"] == {"before": 2 * (4300 - 1400), "after": 2 * (4300 - 1200) + 4300}
    assert result["cost_by_month_cents"]["2027-01"]["after"] == 2 * (4500 - 1200) + 4500
    year = 5 * (2 * (4300 - 1200) + 4300) + 7 * (2 * (4500 - 1200) + 4500)
    assert result["cost_of_the_year_cents"]["after"] == year
    gained = result["examples"]["gains"][0]
    assert gained["label"] == "line 2"
    assert gained["before"]["outcome"] == "refused"
    assert any("freiwillig" in each["text"] for each in gained["after"]["reasons"])
    backwards = run(from_jsonl(lines), after, before, heard.append, workers=1)
    assert (backwards.effects["loses"], backwards.effects["pays_more"]) == (1, 2)


@pytest.mark.parametrize(
    ("flat", "changes", "months"),
    [
        ("", {}, (4300 - 1200, 4500 - 1200)),
        ("flat: true", {"attends_nearest": False, "nearest_distance_m": 2400}, (4300 - 1200, 4500 - 1200)),
        ("", {"attends_nearest": False, "nearest_distance_m": 2400}, None),
        ("", {"monthly_fare_cents": 12_000}, (10_000 - 1200, 10_000 - 1200)),
        ("", {"siblings": [{"birth_date": "2012-01-01", "funded": True, "funded_until": "2026-12-31"}]}, (4300 - 600, 4500 - 1200)),
    ],
)  # fmt: skip
def test_the_cost_of_a_product_follows_the_rules_of_cost(
    flat: str, changes: dict[str, object], months: tuple[int, int] | None
) -> None:
    """Cap, fare as at the nearest school, and the change of fare and rank in the middle of the school year."""
    rules = presets.from_text(
        MUSTERSTADT.replace("      fares:", f"      {flat}\n      fares:" if flat else "      fares:")
    ).rules
    found = run(from_jsonl([cases(**changes)]), rules, rules, lambda _: None, workers=1).as_json("", "")
    if months is None:
        assert (found["grants_without_fare"], found["cost_complete"]) == (1, False)
        assert found["cost_of_the_year_cents"] == {"before": None, "after": None}
        return
    by_month = found["cost_by_month_cents"]
    assert (by_month["2026-12"]["after"], by_month["2027-01"]["after"]) == months
    assert found["cost_of_the_year_cents"]["after"] == 5 * months[0] + 7 * months[1]


def test_a_past_decisions_old_fare_gives_way_to_the_products() -> None:
    facts = json.dumps({**base(), "monthly_fare_cents": 3000, "nearest_monthly_fare_cents": 3000})
    assert json.loads(without_fare(facts)) == base()


def test_in_processes_it_comes_to_the_same(tmp_path: Path) -> None:
    """Called as a user does: a worker of the test runner cannot start processes of its own."""
    draft, facts = tmp_path / "own.yaml", tmp_path / "cases.jsonl"
    draft.write_text(MUSTERSTADT, encoding="utf-8")
    facts.write_bytes(b"\n".join(cases(distance_m=1400 + each % 200, grade="01") for each in range(450)))
    # parts of a hundred instead of thousands: several to each process, and a last one that is not whole
    program = "from eligibility import simulating; simulating.PART, simulating.SMALL = 100, 200; "
    program += "from eligibility.commands import main; main()"
    command = [sys.executable, "-c", program, "simulate", "--json"]
    command += ["--draft", str(draft), "--facts", str(facts), "--workers"]
    answer = subprocess.run([*command, "2"], capture_output=True, check=True, text=True)
    before, after = presets.preset("nrw"), presets.from_text(MUSTERSTADT).rules
    here = run(from_path(facts), before, after, lambda _: None, workers=1).as_json(before.version, after.version)
    assert json.loads(answer.stdout) == here
    assert "450 cases" in answer.stderr


def test_cases_may_come_as_a_table() -> None:
    text = "label;school_year;grade;pupil.lives_in_nrw;distance_m;siblings\nAnna;2026/27;3;ja;2000.5;[]\n"
    (case,) = from_csv(text.splitlines(keepends=True))
    assert case.label == "Anna"
    assert json.loads(case.facts) == {
        "school_year": "2026/27",
        "grade": "03",
        "pupil": {"lives_in_nrw": True},
        "distance_m": 2000.5,
        "siblings": [],
    }
    assert [each.facts for each in from_body(text.encode(), most=10)] == [case.facts]

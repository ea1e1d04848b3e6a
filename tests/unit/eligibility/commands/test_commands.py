"""The commands of rules, rule sets, decisions, authorities and the audit trail, through their real entry: `main` with argv."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from eligibility import presets
from eligibility.commands import main
from eligibility.domain.acts import ActKind
from eligibility.domain.decision import Decision
from eligibility.domain.ids import DecisionId
from eligibility.store import Store
from eligibility.store.tables import DECISION
from eligibility.tables_of_before import keep_presets
from eligibility.workflow.decision import recompute
from shared.audit.tables import ACT
from support.eligibility import small_place as make
from support.eligibility.world import World

OWN = """name: musterstadt
version: "1"
origin: nrw
parameters:
  own_share.by_rank_cents:
    - {valid_from: 2020-08-01, value: [1200, 600, 0], legal_basis: "§ 97 Abs. 3 SchulG NRW", source: Ratsbeschluss, certainty: official}
"""
FACTS: dict[str, object] = {
    "school_year": "2026/27",
    "pupil": {"birth_date": "2015-03-04", "lives_in_nrw": True},
    "school": {"form": "GE"},
    "grade": "07",
    "distance_m": 3600,
    "attends_nearest": True,
}


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture
def call(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", f"sqlite:///{tmp_path / 'eligibility.db'}")
    monkeypatch.chdir(tmp_path)

    def calling(*words: str, **files: str) -> Said:
        for name, text in files.items():
            Path(name.replace("_", ".")).write_text(text, encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["eligibility", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return calling


@pytest.mark.parametrize(
    ("rules", "metres", "outcome", "limit"),
    [
        ("nrw", 3600, "granted", 3500),
        ("nrw", 3500, "refused", 3500),
        ("he", 3000.001, "granted", 3000),
        ("he", 3000, "refused", 3000),
        ("rp", 4000.001, "granted", 4000),
        ("rp", 4000, "refused", 4000),
        ("own.yaml", 3600, "granted", 3500),
    ],
)
def test_evaluate_decides_by_each_preset_and_by_a_file(
    call: Call, rules: str, metres: float, outcome: str, limit: int
) -> None:
    facts = json.dumps({**FACTS, "distance_m": metres})
    said = call("evaluate", "facts.json", "--rules", rules, "--json", facts_json=facts, own_yaml=OWN)
    decision = json.loads(said.out)
    assert (said.code, decision["outcome"], decision["limit_m"]) == (0, outcome, limit)
    readable = call("evaluate", "facts.json", "--rules", rules)
    assert readable.out.startswith(outcome)
    assert all(each["text"] in readable.out for each in decision["reasons"])


def test_bad_input_ends_with_two_and_says_where(call: Call) -> None:
    wrong = OWN.replace("source: Ratsbeschluss, ", "")
    assert call("evaluate", "none.json").code == 2
    assert "none.json: No such file" in call("evaluate", "none.json").err
    said = call("evaluate", "facts.json", "--rules", "wrong.yaml", facts_json=json.dumps(FACTS), wrong_yaml=wrong)
    assert said.code == 2
    assert "wrong.yaml" in said.err
    assert "Line 6, column 7: source is missing" in said.err
    assert "There are: nrw, he, rp" in call("evaluate", "facts.json", "--rules", "bavaria").err
    assert "Line 6, column 7" in call("rules", "check", "wrong.yaml").err
    assert call("rules", "check", "wrong.yaml").code == call("rules", "test", "wrong.yaml").code == 2
    assert call("rules", "check", "none.yaml").code == 2
    broken = call("rules", "check", "broken.yaml", broken_yaml="name: [")
    assert (broken.code, broken.err.count("Line 2, column 1")) == (2, 1)
    assert call("simulate", "--facts", "none.jsonl", "--draft", "nrw").code == 2
    assert call("simulate", "--facts", "facts.json", "--draft", "wrong.yaml").code == 2
    latin = Path("latin.json")
    latin.write_bytes('{"grade": "ä"}'.encode("latin-1"))
    assert call("evaluate", "latin.json").code == 2


def test_rule_sets_are_checked_tested_compared_and_described(call: Call) -> None:
    checked = call("rules", "check", "own.yaml", own_yaml=OWN)
    assert (checked.code, "on top of nrw" in checked.out) == (0, True)
    tested = call("rules", "test", "own.yaml")
    assert tested.code == 0
    assert "~ Line 5, column 3: own_share.by_rank_cents" in tested.out
    red = (
        OWN
        + """  scope.course_forms:
    - {valid_from: 2005-08-01, value: [], legal_basis: "§ 97", source: Irrtum, certainty: official}
"""
    )
    failing = call("rules", "test", "red.yaml", red_yaml=red)
    assert failing.code == 1
    assert "✗ the dual system in part time is not covered (§ 97 Abs. 1 SchulG)" in failing.out
    assert "Line 7, column 3: scope.course_forms" in failing.out
    (change,) = [each for each in json.loads(call("rules", "diff", "nrw", "own.yaml").out) if "." in each["path"]]
    assert change["path"] == "parameters.own_share.by_rank_cents"
    assert json.loads(call("rules", "schema").out)["title"] == "Schulticket rule set"
    assert "distance_m" in call("rules", "facts").out
    assert json.loads(call("facts-schema").out)["title"] == "Schulticket facts"


def test_simulate_says_who_gains_what_it_costs_and_what_is_not_known(call: Call) -> None:
    lines = [{**FACTS, "monthly_fare_cents": 4900}, FACTS, {**FACTS, "distance_m": 100}]
    text = "\n".join(map(json.dumps, lines))
    said = call("simulate", "--facts", "cases.jsonl", "--draft", "own.yaml", cases_jsonl=text, own_yaml=OWN)
    assert said.code == 0
    assert "3 cases" in said.err
    assert "pays_less           2" in said.out
    assert "1 grant without a known fare" in said.out
    assert "not counted" in said.out
    table = json.loads(call("simulate", "--facts", "cases.jsonl", "--draft", "own.yaml", "--json").out)
    assert table["cost_of_the_year_cents"] == {"before": 12 * 3500, "after": 12 * 3700}
    assert table["grants_without_fare"] == 1
    unknown = call("simulate", "--facts", "one.jsonl", "--draft", "own.yaml", "--json", one_jsonl=json.dumps(FACTS))
    assert json.loads(unknown.out)["cost_of_the_year_cents"] == {"before": None, "after": None}
    assert "unknown" in call("simulate", "--facts", "one.jsonl", "--draft", "own.yaml").out


async def test_recompute_compares_all_that_was_stored(call: Call, world: World) -> None:
    keep_presets(world.database, datetime.now(UTC))
    product = {
        "key": "d",
        "name": "Ticket",
        "fares": [{"valid_from": "2026-01-01", "monthly_cents": 4300, "source": "Erlass"}],
    }
    version = world.publish({"products": [product], "approval": "standing"})
    text = presets.as_yaml(
        {"name": "eschenborn", "title": "Eschenborn", "version": "1", "origin": "nrw",
         "choices": {"products": [product], "approval": "standing"}}
    )  # fmt: skip
    content = presets.from_text(text).rules.rule_set.content()
    world.database.write_now(lambda store: store.archive(version, content, world.environment.now()))
    first, second = make.submitted(), make.submitted()
    for event in (first, second):
        await world.hear(event)
    decision = world.decision_of(first.application_id)
    same = call("recompute", str(decision.id))
    assert (same.code, "the same in" in same.out) == (0, True)
    whole = call("recompute")
    assert (whole.code, whole.out.strip()) == (0, "2 decisions: 2 the same, 0 differ, 0 without facts (erased)")
    assert "2 decisions" in whole.err
    each_other_column_differs(call, world, decision.id)
    assert call("recompute").code == 0
    world.database.write_now(
        lambda store: store.session.connection().execute(
            DECISION.update().where(DECISION.c.id == str(decision.id)).values(facts="{}")
        )
    )
    assert json.loads(call("recompute", "--json").out)["erased"] == 1
    assert (call("recompute", "none").code, call("recompute", "none").err) == (2, "There is no such decision here.\n")


def each_other_column_differs(call: Call, world: World, decision: DecisionId) -> None:
    """Whatever is stored otherwise is named; put back as it was, it differs no more."""
    for column, value in (
        ("own_share_cents", 1),
        ("covered_cents", 1),
        ("limit_m", 1),
        ("distance_m", 1.0),
        ("valid_until", None),
        ("outcome", "refused"),
        ("reasons", "[]"),
        ("terms", '{"product": "other"}'),
    ):

        def spoil(store: Store, column: str = column, value: object = value) -> object:
            chosen = DECISION.c.id == str(decision)
            kept = store.session.connection().execute(sa.select(DECISION.c[column]).where(chosen)).scalar_one()
            store.session.connection().execute(DECISION.update().where(chosen).values({column: value}))
            return kept

        kept = world.database.write_now(spoil)
        report = json.loads(call("recompute", "--json").out)
        assert call("recompute").code == 1
        assert [(each["decision"], each["differs_in"]) for each in report["examples"]] == [(str(decision), column)]
        world.database.write_now(partial(spoil, value=kept))


def test_every_part_of_a_decision_is_compared_or_named_as_none_of_the_rules() -> None:
    computed = {"outcome", "valid_from", "valid_until", "own_share_cents", "covered_cents", "distance_m", "limit_m"}
    computed |= {"reasons", "rules_version", "facts", "terms"}
    assert {each.name for each in fields(Decision)} == computed | recompute.APART
    assert not computed & recompute.APART


AUTHORITY = """id: "54321"
name: Stadt Neustadt
rules: nrw
"""


def test_authorities_are_set_and_the_audit_trail_is_checked(call: Call, world: World) -> None:
    wrong = call("authority", "set", "wrong.yaml", wrong_yaml=AUTHORITY + "relase_by_person: nothing\n")
    assert wrong.code == 2
    assert "relase_by_person" in wrong.err
    assert call("authority", "set", "none.yaml").code == 2
    assert call("authority", "set", "broken.yaml", broken_yaml="id: [").code == 2
    unknown = call("authority", "set", "other.yaml", other_yaml=AUTHORITY.replace("nrw", "bavaria"))
    assert unknown.code == 2
    world.database.write_now(
        lambda store: store.audit(
            authority_id="12345", subject="anna", act=ActKind.TAKEN, case_id=None, now=world.environment.now()
        )
    )
    held = call("audit", "verify")
    assert held.code == 0
    assert "acts hold" in held.out
    assert call("audit", "verify", "--authority", "99999").code == 2
    other = ACT.c.by == "anna"
    world.database.write_now(lambda store: store.run(ACT.update().where(other).values(by="mallory")))
    assert call("audit", "verify").code == 1
    world.database.write_now(lambda store: store.run(ACT.update().where(ACT.c.by == "mallory").values(by="anna")))


def test_without_a_database_the_setting_is_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ELIGIBILITY_DATABASE_URL")
    for words in (["recompute"], ["audit", "verify"]):
        said = call(*words)
        assert (said.code, "ELIGIBILITY_DATABASE_URL" in said.err) == (2, True)

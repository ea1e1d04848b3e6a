"""A rule set as an authority writes it: refused with the place and the remedy, compared, taken over."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from eligibility import presets
from eligibility.commands import app
from eligibility.rules import evaluate, parse, read
from eligibility.rules.rule_set import conditions
from eligibility.rules.rule_set.difference import offered_changes
from eligibility.rules.rule_set.document import json_schema
from eligibility.rules.trials import law_tests
from shared.errors import Invalid
from support.eligibility.rule_set_document import MUSTERSTADT
from typer.testing import CliRunner


def mistakes(text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        presets.from_text(text)
    return {each.field: each.text.en for each in refused.value.problems}


def test_a_rule_set_on_top_of_nrw_fulfils_its_own_law_tests() -> None:
    document = presets.from_text(MUSTERSTADT)
    assert law_tests.run(document.rules, document.tests) == []
    assert document.origin == presets.preset("nrw").version
    assert document.rules.version.startswith("musterstadt 2026.1 ")


def test_kept_content_gives_the_same_version_and_decides_the_same_bytes() -> None:
    document = presets.from_text(MUSTERSTADT)
    again = parse(json.loads(json.dumps(document.rules.rule_set.content())), None)
    facts = read(json.dumps(document.tests.base))
    assert again.version == document.rules.version
    assert json.dumps(evaluate(facts, again).as_json()) == json.dumps(evaluate(facts, document.rules).as_json())


def test_json_is_as_good_as_yaml() -> None:
    text = json.dumps(yaml.safe_load(MUSTERSTADT), default=str, indent="\t")
    assert presets.from_text(text).rules.version == presets.from_text(MUSTERSTADT).rules.version


@pytest.mark.parametrize(
    ("was", "now", "field", "said"),
    [
        ("valid_until: 2026-12-31", "valid_until: 2027-01-31", "choices.products.0", "Line 11, column 7: 0: the periods"),
        ("valid_until: 2026-12-31", "valid_until: 2026-11-30", "choices.products.0", "Begin the second on 2026-12-01"),
        ("source: Ratsbeschluss, certainty", "certainty", "parameters.own_share.by_rank_cents.0.source", "Line 7, column 7: source is missing"),
        ("[1200, 600, 0]", "[1500, 600, 0]", "parameters.own_share.by_rank_cents.0.value", "goes beyond the law"),
        ("[1200, 600, 0]", "[1200, 600]", "parameters.own_share.by_rank_cents.0.value", "goes beyond the law"),
        ("[1200, 600, 0]", "[-1]", "parameters.own_share.by_rank_cents.0.value", "not of the kind"),
        ("own_share.by_rank_cents:", "own_share.by_rang_cents:", "parameters.own_share.by_rang_cents", "Meant: own_share.by_rank_cents?"),
        ('b == "KiZ")', 'c == "KiZ")', "conditions.0.when", "Line 18, column 30: Unknown fact c"),
        ("distance_m > 1500.0", "distanz_m > 1500.0", "conditions.1.when", "Line 26, column 28: Unknown fact distanz_m. Meant: distance_m?"),
        ("distance_m > 1500.0", "distance_m > 1500", "conditions.1.when", "1500.0, not 1500"),
        ("effect: grant", "effect: refuse", "conditions.1.effect", "Line 27, column 5"),
        ("approval: standing", "approval: sometimes", "choices.approval", "Line 9, column 3"),
        ("origin: nrw", "origin: bayern", "origin", "Line 4, column 1"),
        ("origin: nrw\n", "", "law", "Line 1, column 1"),
        ("title: Musterstadt\n", "title: Musterstadt\ntitle: Doppelt\n", "title", "here twice"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_line_column_and_remedy(was: str, now: str, field: str, said: str) -> None:
    assert said in mistakes(MUSTERSTADT.replace(was, now, 1))[field]


@pytest.mark.parametrize("text", ["a: [", "- 1", "a: &x 1\nb: *x", "", "\x00", "{" * 5000])
def test_what_is_no_document_is_refused(text: str) -> None:
    assert mistakes(text)


@pytest.mark.parametrize(
    "when",
    [
        "siblings.all(a, siblings.all(b, b.funded))",
        "siblings.filter(a, a.funded).size() > 1",
        "[1, 2, 3].all(x, x > 0)",
        "siblings.exists(s, s.fundet)",
        "siblings.exists(s, s.funded > 1)",
        "pupil.age",
        "grade = 3",
        "(" * 100 + "true" + ")" * 100,
        "true || " * 100 + "true",
        "`grade` == '03'",
    ],
)
def test_a_condition_that_could_run_away_or_does_not_compile_is_refused(when: str) -> None:
    assert conditions.check(when) is not None


@pytest.mark.parametrize(
    "when",
    [
        'siblings.exists(s, s.funded && s.birth_date < "2012-01-01")',
        '"siblings.all(" == grade',
        "pupil.age >= 16 && !second_home // a remark",
        'benefits.exists_one(b, b in ["KiZ", "WoGG"])',
    ],
)
def test_a_condition_that_is_sound_is_taken(when: str) -> None:
    assert conditions.check(when) is None


def test_what_a_condition_needs_and_nobody_knows_is_asked() -> None:
    text = MUSTERSTADT.replace('grade == "01" && distance_m > 1500.0', "pupil.age < 8")
    document = presets.from_text(text)
    facts = {**document.tests.base, "distance_m": 1000, "pupil": {"lives_in_nrw": True}}
    decision = evaluate(read(json.dumps(facts)), document.rules).as_json()
    assert decision["outcome"] == "review"
    assert decision["questions"] == [{"rule": "own.voluntary", "asked_of": "authority"}]


def test_a_red_law_test_says_what_came(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(MUSTERSTADT.replace("own_share_cents: 1200}", "own_share_cents: 1300}"), encoding="utf-8")
    answer = CliRunner().invoke(app, ["rules", "test", str(path)])
    assert answer.exit_code == 1
    assert "own_share_cents: expected 1300, came 1200" in answer.stdout


@pytest.mark.parametrize(
    ("parameter", "value", "worse"),
    [
        ("limit.primary_m", "2001", True),
        ("limit.primary_m", "1500", False),
        ("cost.cap_cents", "9999", True),
        ("cost.cap_cents", "12000", False),
        ("claims.health_weeks", "9", True),
        ("claims.health_weeks", "4", False),
        ("transport.leaves_home_before", '"05:30"', True),
        ("transport.leaves_home_before", '"06:30"', False),
        ("scope.district_classes_covered", "false", True),
        ("scope.part_time_covered", "true", False),
        ("residence.required", "false", False),
        ("scope.levels", "[primary, lower]", True),
        ("scope.forms_excluded", "[WB, BK]", True),
        ("scope.forms_excluded", "[]", False),
        ("own_share.exempt_by_law", "[]", True),
        ("own_share.exempt_by_choice", "[KiZ]", False),
        ("transport.car_cents_km", "12", True),
        ("transport.car_cents_km", "30", False),
        ("place_of_teaching.farthest_m", "30000", False),
    ],
)
def test_an_authority_may_favour_families_and_never_stand_them_worse(parameter: str, value: str, worse: bool) -> None:
    entry = f"  {parameter}:\n    - {{valid_from: 2005-08-01, value: {value}, legal_basis: Rat, source: Ratsbeschluss, certainty: official}}\n"
    text = MUSTERSTADT.replace("choices:\n", f"{entry}choices:\n", 1)
    if worse:
        assert "goes beyond the law" in mistakes(text)[f"parameters.{parameter}.0.value"]
    else:
        assert law_tests.check(presets.from_text(text)).failed == []


def test_what_nobody_has_seen_of_the_law_binds_nobody() -> None:
    text = MUSTERSTADT.replace("origin: nrw", "origin: rp").replace("[1200, 600, 0]", "[2500]")
    assert presets.from_text(text).rules.law("2026/27") is not None


def test_each_presets_sentences_hold_by_the_preset_and_a_name_changes_nothing() -> None:
    for name in presets.PRESETS:
        text = f"name: musterstadt\ntitle: Musterstadt\nversion: '1'\norigin: {name}\n"
        checked = law_tests.check(presets.from_text(text))
        assert (checked.failed, checked.changed) == ([], [])
        assert checked.sentences >= 15
    private = {**presets.from_text(MUSTERSTADT).tests.base, "school": {"form": "G", "private": True}}
    named = [presets.preset("nrw"), presets.from_text("name: eigen\nversion: '1'\norigin: nrw\n").rules]
    first, second = (evaluate(read(json.dumps(private)), each) for each in named)
    assert first.reasons == second.reasons
    assert "private_school" in {each.rule for each in first.reasons}


def test_the_schema_takes_the_document_and_refuses_a_misspelling() -> None:
    content = json.loads(json.dumps(yaml.safe_load(MUSTERSTADT), default=str))
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.validate(content, json_schema())
    content["parameters"]["limit.primery_m"] = content["parameters"]["own_share.by_rank_cents"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, json_schema())


def test_a_later_origin_is_offered_as_a_difference_and_own_adaptations_are_marked() -> None:
    then = presets.preset("nrw").rule_set
    content = then.content()
    content["parameters"]["own_share.by_rank_cents"][-1]["value"] = [1300, 700, 0]
    content["parameters"]["cost.cap_cents"][-1]["value"] = 11000
    now = parse(content, None).rule_set
    found = {each.path: each.adapted for each in offered_changes(then, now, presets.from_text(MUSTERSTADT).adapted)}
    assert found == {"parameters.own_share.by_rank_cents": True, "parameters.cost.cap_cents": False}


@pytest.mark.parametrize("opening", ["- ", "[", "{a: ", "? ", '{"a":[', "a:", "[\n"])
@pytest.mark.parametrize("levels", [31, 1_000, 60_000])
def test_nesting_that_no_rule_set_has_is_refused_in_words_before_anything_is_built(opening: str, levels: int) -> None:
    deeper = "".join(" " * level + "a:\n" for level in range(min(levels, 700)))
    text = deeper if opening == "a:" else opening * levels + "x"
    with pytest.raises(Invalid) as refused:
        presets.from_text(text[:250_000])
    assert {each.text.en.split(":")[0][:4] for each in refused.value.problems} == {"Line"}


def test_no_more_conditions_are_compiled_and_no_more_faults_are_told_than_anybody_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: list[str] = []
    monkeypatch.setattr(conditions, "check", compiled.append)
    listed = "".join(f"- {{key: k{number}, when: 'distance_m > {number}.0'}}\n" for number in range(3000))
    with pytest.raises(Invalid) as refused:
        presets.from_text(f"name: x\nversion: '1'\norigin: nrw\nconditions:\n{listed}")
    assert len(compiled) == 50
    assert len(refused.value.problems) <= 100


@pytest.mark.parametrize("value", ["!!bool x", "!!timestamp x", "!!int x", '!!float ""', "!!set [1]", "!!omap [1]"])
def test_a_tag_on_a_value_of_another_kind_is_refused_in_words(value: str) -> None:
    with pytest.raises(Invalid):
        presets.from_text(f"name: {value}\nversion: '1'\norigin: nrw\n")

"""`eligibility evaluate` and `eligibility facts-schema` as a user calls them."""

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml
from eligibility.commands import app
from eligibility.presets import rules_by_name
from eligibility.rules import json_schema
from shared.errors import Invalid
from support.json import mapping
from typer.testing import CliRunner, Result

GRANTED = {
    "school_year": "2026/27",
    "application_date": "2026-05-01",
    "pupil": {"birth_date": "2017-02-28", "lives_in_nrw": True, "special_needs": None, "severely_disabled": False},
    "school": {"form": "G", "kind": "GMS", "private": False},
    "grade": "03",
    "track": None,
    "course": None,
    "distance_m": 2000.4,
    "attends_nearest": True,
    "nearest_distance_m": 2000.4,
    "nearest_refused": False,
    "monthly_fare_cents": 4900,
    "nearest_monthly_fare_cents": None,
    "health": None,
    "dangerous_route_claimed": False,
    "distance_without_hazards_m": None,
    "second_home": False,
    "siblings": [{"birth_date": "2012-01-01", "funded": True}],
    "benefits": ["WoGG"],
}


def call(tmp_path: Path, facts: object, *options: str) -> Result:
    path = tmp_path / "facts.json"
    path.write_text(facts if isinstance(facts, str) else json.dumps(facts))
    return CliRunner().invoke(app, ["evaluate", str(path), *options])


def test_a_decision_has_what_the_interface_promises(tmp_path: Path) -> None:
    answer = call(tmp_path, GRANTED, "--json")
    decision = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert (decision["outcome"], decision["limit_m"], decision["own_share_cents"]) == ("granted", 2000, 700)
    assert {"rule", "legal_basis", "text"} <= decision["reasons"][0].keys()
    assert decision["rules_version"].startswith("nrw ")
    assert any("2.000,4 m" in each["text"] for each in decision["reasons"])


def test_a_refusal_and_a_review_exit_with_zero(tmp_path: Path) -> None:
    assert call(tmp_path, {**GRANTED, "distance_m": 2000, "nearest_distance_m": 2000}, "--json").exit_code == 0
    assert call(tmp_path, {}, "--json").exit_code == 0


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ("{", "FACTS"),
        ("[]", "FACTS"),
        ({**GRANTED, "distance_m": "2000"}, "distance_m"),
        ({**GRANTED, "distance_m": -1}, "distance_m"),
        (json.dumps(GRANTED).replace('"distance_m": 2000.4', '"distance_m": NaN', 1), "distance_m"),
        ({**GRANTED, "grade": "14"}, "grade"),
        ({**GRANTED, "grade": 3}, "grade"),
        ({**GRANTED, "school": {"form": "XX"}}, "school.form"),
        ({**GRANTED, "pupil": {"lives_in_nrw": "yes"}}, "pupil.lives_in_nrw"),
        ({**GRANTED, "pupil": {"birth_date": "2027-02-29"}}, "pupil.birth_date"),
        ({**GRANTED, "pupil": {"birth_date": "2026-05-02"}}, "pupil.birth_date"),
        ({**GRANTED, "siblings": [{"funded": True}]}, "siblings.0.birth_date"),
        ({**GRANTED, "school_year": "2026/28"}, "school_year"),
        ({**GRANTED, "dangerous_route": True}, "dangerous_route"),
        ({**GRANTED, "monthly_fare_cents": 49.5}, "monthly_fare_cents"),
    ],
)
def test_unusable_facts_are_named_and_exit_with_two(tmp_path: Path, facts: object, field: str) -> None:
    answer = call(tmp_path, facts, "--json")
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert f"  {field}: " in answer.stderr


def test_a_missing_file_and_an_unknown_preset_exit_with_two(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["evaluate", str(tmp_path / "none.json")]).exit_code == 2
    assert call(tmp_path, GRANTED, "--rules", "bavaria").exit_code == 2


def test_the_schema_takes_what_the_command_takes(tmp_path: Path) -> None:
    schema = json.loads(CliRunner().invoke(app, ["facts-schema"]).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(GRANTED, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**GRANTED, "grade": "14"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**GRANTED, "dangerous_route": True}, schema)


def test_the_published_schema_is_the_one_of_the_code() -> None:
    """Written by `eligibility facts-schema -o services/eligibility/src/eligibility/rules/facts.schema.json`."""
    published = (resources.files("eligibility.rules") / "facts.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == json_schema()


def rule_set(**changes: object) -> dict[str, object]:
    content: dict[str, object] = yaml.safe_load(
        (resources.files("eligibility.rules") / "presets" / "nrw" / "parameters.yaml").read_text()
    )
    content["parameters"] = mapping(content["parameters"]) | changes
    return content


DATED = {"legal_basis": "§ 1", "source": "somewhere", "certainty": "unverified"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"limit.primary_m": [{"valid_from": "2005-08-01", "value": "far", **DATED}]}, "not of the kind"),
        ({"limit.primary_m": []}, "limit.primary_m"),
        ({"limit.secret_m": [{"valid_from": "2005-08-01", "value": 1, **DATED}]}, "no rule reads"),
        ({"limit.primary_m": [{"valid_from": "2005-08-01", "value": 1, **DATED, "source": ""}]}, "source"),
        (
            {
                "limit.primary_m": [
                    {"valid_from": "2005-08-01", "value": 1, **DATED},
                    {"valid_from": "2006-08-01", "value": 2, **DATED},
                ]
            },
            "overlap",
        ),
        (
            {
                "limit.primary_m": [
                    {"valid_from": "2005-08-01", "valid_until": "2006-07-31", "value": 1, **DATED},
                    {"valid_from": "2007-08-01", "value": 2, **DATED},
                ]
            },
            "gap",
        ),
    ],
)
def test_a_broken_rule_set_is_refused_with_its_place(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(rule_set(**changes), default=str))
    with pytest.raises(Invalid) as refused:
        rules_by_name(str(path))
    assert any(said in each.text.en and each.text.en.startswith("Line ") for each in refused.value.problems)


def test_a_rule_set_of_ones_own_has_its_own_version(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    own = rule_set(**{"own_share.by_rank_cents": [{"valid_from": "2005-08-01", "value": [1200, 600, 0], **DATED}]})
    path.write_text(json.dumps({**own, "name": "bielefeld"}, default=str))
    decision = json.loads(call(tmp_path, GRANTED, "--rules", str(path), "--json").stdout)
    assert decision["own_share_cents"] == 600
    assert decision["rules_version"].startswith("bielefeld 2026.5 ")

"""Overriding a value from a day on leaves the law of the years before as it was, and says what is different after."""

import json
from datetime import date, timedelta

import pytest
from eligibility import presets
from eligibility.rules import Rules
from eligibility.rules.rule_set.difference import difference
from eligibility.rules.rule_set.kinds import ALL_KINDS
from eligibility.rules.rule_set.rule_set import parse
from eligibility.rules.trials.law_tests import check
from shared.errors import Invalid

YEARS = [f"{year}/{(year + 1) % 100:02}" for year in range(2005, 2032)]
FIRST = date(2026, 8, 1)
HEAD = {"name": "stadt", "title": "Stadt", "version": "1"}
SOURCE = {"legal_basis": "Ratsbeschluss", "source": "Ratsbeschluss vom 1. März 2026", "certainty": "practice"}


def made(origin: str = "nrw", kept: dict[str, Rules] | None = None, **parts: object) -> Rules:
    return presets.from_text(json.dumps(HEAD | {"origin": origin} | parts, default=str), kept).rules


def values_of(rules: Rules, school_year: str) -> dict[str, object] | None:
    """The law of a school year, without the version that names the rule set."""
    law = rules.law(school_year)
    return law if law is None else {name: each.value for name, each in law.in_force.items()}


def begins(school_year: str) -> date:
    return date(int(school_year[:4]), 8, 1)


OVERRIDDEN = sorted(name for name in ALL_KINDS if name in presets.preset("nrw").rule_set.parameters)


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_any_parameter_overridden_from_a_day_on_keeps_the_law_of_the_years_before(name: str) -> None:
    """With its own value of today, so that no bound of the law is crossed: only when it holds is tried."""
    preset = presets.preset("nrw")
    now = preset.rule_set.parameters[name][-1].value
    rules = made(parameters={name: [{"valid_from": FIRST.isoformat(), "value": now, **SOURCE}]})
    for year in YEARS:
        if begins(year) < FIRST or name not in (values_of(preset, year) or {}):
            assert values_of(rules, year) == values_of(preset, year), year
        else:
            assert (values_of(rules, year) or {})[name] == now
    assert [
        each.path for each in difference(preset.rule_set, rules.rule_set) if each.path.startswith("parameters")
    ] == [f"parameters.{name}"]


def test_the_limit_of_the_fault_no_longer_takes_last_years_law_away_and_the_trial_says_what_it_changes() -> None:
    text = presets.as_yaml(
        HEAD
        | {"origin": "nrw", "parameters": {"limit.lower_secondary_m": [{"valid_from": FIRST, "value": 3000, **SOURCE}]}}
    )
    document = presets.from_text(text)
    law = document.rules.law("2025/26")
    assert law is not None and law.number("limit.lower_secondary_m") == 3500
    found = check(document, None)
    assert not found.failed
    assert found.changed
    said = " ".join(each.name for each in found.changed)
    assert "of the year before" not in said  # it is decided as it was


def test_a_value_for_one_year_gives_way_to_the_law_again() -> None:
    year = [{"valid_from": "2026-08-01", "valid_until": "2027-07-31", "value": 3000, **SOURCE}]
    rules = made(parameters={"limit.lower_secondary_m": year})
    found = {
        each: (values_of(rules, each) or {})["limit.lower_secondary_m"] for each in ("2025/26", "2026/27", "2027/28")
    }
    assert found == {"2025/26": 3500, "2026/27": 3000, "2027/28": 3500}


def test_a_value_without_an_end_holds_over_what_the_origin_knows_of_later() -> None:
    first = made(parameters={"limit.lower_secondary_m": [
        {"valid_from": "2026-08-01", "valid_until": "2028-07-31", "value": 3400, **SOURCE},
        {"valid_from": "2028-08-01", "value": 3300, **SOURCE},
    ]})  # fmt: skip
    own = [{"valid_from": "2027-08-01", "value": 3000, **SOURCE}]
    second = made(first.version, {first.version: first}, parameters={"limit.lower_secondary_m": own}, name="andere")
    found = [(values_of(second, each) or {})["limit.lower_secondary_m"] for each in ("2025/26", "2026/27", "2028/29")]
    assert found == [3500, 3400, 3000]


def fare(begins: str, cents: int, ends: str | None = None) -> dict[str, object]:
    return {"valid_from": begins, "monthly_cents": cents, "source": "Tarif"} | ({"valid_until": ends} if ends else {})


def test_a_products_earlier_fares_are_kept() -> None:
    old = {
        "key": "ticket",
        "name": "Ticket",
        "fares": [fare("2020-01-01", 4000, "2025-12-31"), fare("2026-01-01", 4300)],
    }
    first = made(choices={"products": [old]})
    new = {"key": "ticket", "name": "Ticket", "fares": [fare("2027-01-01", 4800)]}
    rules = made(first.version, {first.version: first}, choices={"products": [new]}, name="andere")
    product = rules.rule_set.choices.product("ticket")
    assert product is not None
    days = (date(2025, 6, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [product.fare(each) for each in days] == [4000, 4300, 4800]


def entry(key: str, first: str, **more: object) -> dict[str, object]:
    return {"key": key, "valid_from": first} | more


def test_a_conditions_and_a_dangers_time_before_is_kept() -> None:
    grant = {
        "when": "distance_m > 1400.0", "effect": "grant", "legal_basis": "Ratsbeschluss", "source": "Ratsbeschluss",
        "text": "Freiwillig.", "text_en": "Voluntarily.",
    }  # fmt: skip
    stretch = {"stretch": "B 64 ohne Gehweg", "levels": ["primary"], "source": "Verkehrsschau"}
    first = made(
        conditions=[entry("mine", "2020-08-01", **grant), entry("other", "2020-08-01", **grant)],
        choices={"danger_list": [entry("b64", "2020-08-01", **stretch), entry("b1", "2020-08-01", **stretch)]},
    )
    rules = made(
        first.version, {first.version: first}, name="andere",
        conditions=[entry("mine", "2026-08-01", **grant | {"when": "distance_m > 1700.0"})],
        choices={"danger_list": [entry("b64", "2026-08-01", **stretch | {"levels": ["lower"]})]},
    )  # fmt: skip
    held = [(each.key, each.when[-7:-2], each.holds_on(date(2025, 8, 1))) for each in rules.rule_set.conditions]
    assert sorted(held) == [("mine", " 1400", True), ("mine", " 1700", False), ("other", " 1400", True)]
    dangers = [(each.key, each.levels, each.valid_until) for each in rules.rule_set.choices.danger_list]
    assert dangers == [("b64", ("primary",), FIRST - timedelta(days=1)), ("b64", ("lower",), None)]


def test_what_is_published_is_kept_whole_and_never_merged_anew() -> None:
    rules = made(parameters={"limit.lower_secondary_m": [{"valid_from": FIRST, "value": 3000, **SOURCE}]})
    again = parse(rules.rule_set.content(), None)
    assert again.version == rules.version


def test_a_mistake_is_told_at_its_own_line_whatever_was_inherited_before_it() -> None:
    text = (
        "name: stadt\ntitle: Stadt\nversion: '1'\norigin: nrw\nparameters:\n  limit.lower_secondary_m:\n"
        "    - valid_from: 2026-08-01\n      value: 4000\n      legal_basis: Rat\n      source: Ratsbeschluss\n"
        "      certainty: practice\n"
    )
    with pytest.raises(Invalid) as error:
        presets.from_text(text)
    (problem,) = error.value.problems
    assert "Zeile 8" in problem.text.de and problem.field == "parameters.limit.lower_secondary_m.0.value"

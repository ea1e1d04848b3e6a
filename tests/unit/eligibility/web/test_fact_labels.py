"""The case page names every fact, and shows every claim: who releases a refusal must see what it was claimed against."""

from typing import cast

import pytest
from eligibility.domain.kept_facts import KeptFacts
from eligibility.rules import Facts
from eligibility.rules.rule_set.conditions import fact_names
from eligibility.rules.texts import year_of_school
from eligibility.web.fact_labels import LABELS
from eligibility.web.facts_view import rows
from eligibility.web.formatter import Formatter

GERMAN = Formatter("de")


def test_every_fact_that_the_rules_know_has_a_name_on_the_page() -> None:
    known = {name for name in fact_names() if not name.startswith(("siblings.", "pupil.age"))}
    assert known <= LABELS.keys()


@pytest.mark.parametrize("claim", ["escort", "assigned_place", "afternoon_lessons", "place_of_teaching", "own_branch"])
def test_a_claim_of_which_nothing_more_is_known_is_shown(claim: str) -> None:
    facts = Facts.model_validate({claim: {}}).model_dump(mode="json", exclude_none=True)
    assert rows(cast("KeptFacts", facts), GERMAN) == [(LABELS[claim].de, "ja")]


@pytest.mark.parametrize(
    ("grade", "form", "said"),
    [("03", "G", "Klasse 3"), ("01", "BK", "1. Jahr des Bildungsgangs"), ("02", "SB", "2. Jahr des Bildungsgangs"), ("Q1", "GY", "Jahrgangsstufe Q1"), ("EF", None, "Jahrgangsstufe EF"), ("", "G", "")],
)  # fmt: skip
def test_the_year_is_called_as_at_that_school(grade: str, form: str | None, said: str) -> None:
    assert year_of_school(grade, form)[0] == said

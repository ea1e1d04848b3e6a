"""Whom a question of a rule goes to is decided for every rule, not by default."""

from eligibility.rules.findings import ASKED_OF_AUTHORITY, asked_of
from support.eligibility.rules_in_code import files_of_unnamed_rules, rules_by_result

ASKED_OF_FAMILY = frozenset(
    {
        "afternoon_lessons", "applicant", "assigned_place", "bearer", "contradiction", "course", "distance", "fare",
        "health", "income", "limit", "nearest_refused", "nearest_school", "own_branch", "own_share", "period",
        "place_of_teaching", "residence", "school",
    }
)  # fmt: skip
"""What the family knows or can prove."""


def test_of_every_rule_that_asks_it_is_decided_who_can_answer() -> None:
    asking = rules_by_result()["question"]
    assert asking - ASKED_OF_AUTHORITY == ASKED_OF_FAMILY, (
        "a new rule: ASKED_OF_AUTHORITY of rules/findings.py, or here"
    )
    assert {asked_of(rule) for rule in ASKED_OF_FAMILY} == {"family"}


def test_the_only_rules_without_a_name_in_the_code_are_those_of_authorities() -> None:
    assert files_of_unnamed_rules() == {"rules/rule_set/own_conditions.py"}
    assert asked_of("own.any") == "authority"

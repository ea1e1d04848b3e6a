"""The rules: small pure functions over facts and dated parameters; each cites its paragraph.

`evaluate` tells the plan. `read` makes facts from JSON, `parse` makes rules from a rule set's content.
"""

from eligibility.rules.evaluate import evaluate
from eligibility.rules.evaluation import Evaluation, Outcome
from eligibility.rules.facts import Facts
from eligibility.rules.facts_json import as_kept, canonical, canonical_json, json_schema, read
from eligibility.rules.findings import Finding
from eligibility.rules.rule_set.rule_set import Rules, RuleSet, parse

__all__ = [
    "Evaluation",
    "Facts",
    "Finding",
    "Outcome",
    "RuleSet",
    "Rules",
    "as_kept",
    "canonical",
    "canonical_json",
    "evaluate",
    "json_schema",
    "parse",
    "read",
]

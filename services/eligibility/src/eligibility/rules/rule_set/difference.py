"""What differs between two versions of a rule set, and what a later version of its origin brings to an adaptation."""

from dataclasses import dataclass
from typing import TypedDict

from pydantic import JsonValue

from eligibility.rules.rule_set.content import (
    ConditionContent,
    DatedContent,
    FormContent,
    Written,
    conditions_of,
    entries_of,
)
from eligibility.rules.rule_set.rule_set import RuleSet

Entry = JsonValue | list[DatedContent] | FormContent | ConditionContent | list[ConditionContent]
"""What stands under one path: a text, a number, a parameter, a choice, a school form, a condition with its periods."""


class ChangeJson(TypedDict):
    """As the API and `eligibility rules diff` print it."""

    path: str
    before: Entry
    after: Entry
    adapted: bool


@dataclass(frozen=True)
class Change:
    """One entry that is new, gone (after is None) or other. `adapted`: the authority has its own, which stays."""

    path: str
    before: Entry
    after: Entry
    adapted: bool = False

    def as_json(self) -> ChangeJson:
        """As the API and `eligibility rules diff` print it."""
        return {"path": self.path, "before": self.before, "after": self.after, "adapted": self.adapted}


def difference(before: RuleSet, after: RuleSet) -> list[Change]:
    """By parameter, choice, condition and school form, in order of their names."""
    old, new = _entries(before), _entries(after)
    paths = sorted(old.keys() | new.keys())
    return [Change(each, old.get(each), new.get(each)) for each in paths if old.get(each) != new.get(each)]


def offered_changes(origin_then: RuleSet, origin_now: RuleSet, adapted: Written) -> list[Change]:
    """What the origin has changed since. What the authority has adapted itself is marked: it is not overwritten."""
    own = {f"{part}.{name}" for part in ("parameters", "choices") for name in entries_of(adapted, part)}
    own |= {f"conditions.{each['key']}" for each in conditions_of(adapted)}
    return [
        Change(each.path, each.before, each.after, each.path in own) for each in difference(origin_then, origin_now)
    ]


def _entries(rule_set: RuleSet) -> dict[str, Entry]:
    content = rule_set.content()
    entries: dict[str, Entry] = {"title": content["title"], "law": content["law"], "engine": content.get("engine", 1)}
    parts = ("parameters", content["parameters"]), ("choices", content.get("choices", {})), ("forms", content["forms"])
    for part, values in parts:
        entries |= {f"{part}.{name}": value for name, value in values.items()}
    by_key: dict[str, list[ConditionContent]] = {}
    for each in content.get("conditions", []):
        by_key.setdefault(f"conditions.{each['key']}", []).append(each)
    return entries | {path: found[0] if len(found) == 1 else found for path, found in by_key.items()}

"""What differs between two versions of a rule set, and what a later version of its origin brings to an adaptation."""

from dataclasses import dataclass
from typing import Any

from eligibility.rules.rule_set.rule_set import RuleSet


@dataclass(frozen=True)
class Change:
    """One entry that is new, gone (after is None) or other. `adapted`: the authority has its own, which stays."""

    path: str
    before: Any
    after: Any
    adapted: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the API and `eligibility rules diff` print it."""
        return {"path": self.path, "before": self.before, "after": self.after, "adapted": self.adapted}


def difference(before: RuleSet, after: RuleSet) -> list[Change]:
    """By parameter, choice, condition and school form, in order of their names."""
    old, new = _entries(before), _entries(after)
    paths = sorted(old.keys() | new.keys())
    return [Change(each, old.get(each), new.get(each)) for each in paths if old.get(each) != new.get(each)]


def offered(origin_then: RuleSet, origin_now: RuleSet, adapted: dict[str, Any]) -> list[Change]:
    """What the origin has changed since. What the authority has adapted itself is marked: it is not overwritten."""
    own = {f"parameters.{name}" for name in adapted.get("parameters") or {}}
    own |= {f"choices.{name}" for name in adapted.get("choices") or {}}
    own |= {f"conditions.{each['key']}" for each in adapted.get("conditions") or []}
    return [
        Change(each.path, each.before, each.after, each.path in own) for each in difference(origin_then, origin_now)
    ]


def _entries(rule_set: RuleSet) -> dict[str, Any]:
    content = rule_set.content()
    entries = {"title": content["title"], "law": content["law"], "engine": content.get("engine", 1)}
    for part in ("parameters", "choices", "forms"):
        entries |= {f"{part}.{name}": value for name, value in content.get(part, {}).items()}
    by_key: dict[str, list[Any]] = {}
    for each in content.get("conditions", []):
        by_key.setdefault(f"conditions.{each['key']}", []).append(each)
    return entries | {path: found[0] if len(found) == 1 else found for path, found in by_key.items()}

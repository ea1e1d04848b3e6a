"""Which rules the code knows, read from the calls that make a finding."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import eligibility

SOURCE = Path(eligibility.__file__).parent
MAKERS: Mapping[str, frozenset[str]] = {
    "met": frozenset({"met"}),
    "not_met": frozenset({"not_met"}),
    "question": frozenset({"question"}),
    "note": frozenset({"note"}),
    "compare_length": frozenset({"met", "not_met"}),
}
"""Functions of rules.findings, each with the results that its finding may have."""


def rules_by_result() -> dict[str, frozenset[str]]:
    """By result: the rules of the package `rules` that may come to it."""
    found = defaultdict[str, set[str]](set)
    for _, maker, rule in _calls():
        for result in MAKERS[maker] if rule is not None else ():
            found[result].add(str(rule))
    return {result: frozenset(rules) for result, rules in found.items()}


def files_of_unnamed_rules() -> frozenset[str]:
    """Where a finding's rule is neither written out nor a constant of its module."""
    return frozenset(file for file, _, rule in _calls() if rule is None)


def _calls() -> Iterator[tuple[str, str, str | None]]:
    for file in sorted((SOURCE / "rules").rglob("*.py")):
        path = file.relative_to(SOURCE)
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MAKERS:
                yield str(path), call.func.id, _rule(call, f"eligibility.{'.'.join(path.with_suffix('').parts)}")


def _rule(call: ast.Call, module: str) -> str | None:
    match call.args[0]:
        case ast.Constant(value=str(rule)):
            return rule
        case ast.Name(id=name):
            constant = getattr(import_module(module), name, None)
            return constant if isinstance(constant, str) else None
    return None

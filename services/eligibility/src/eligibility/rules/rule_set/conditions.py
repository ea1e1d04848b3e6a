"""Conditions in CEL (cel.dev) over the facts: checked when a rule set is saved, evaluated to yes, no, or not known.

The compiler refuses unknown names and wrong types, the guard what could run away (`shared.cel`). Dates are texts in ISO
form, which compare as dates do.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue
from shared.cel.check import mistake_in
from shared.cel.compiler import Compiler, ConditionMistake

from eligibility.rules.facts import Facts, SiblingFacts
from eligibility.rules.rule_set.rule_set import Law

DERIVED = {"pupil.age": "int"}
"""pupil.age: whole years on the school year's first day."""
NOT_CLAIMED = (
    "pupil.special_needs", "pupil.severely_disabled", "school.private", "dangerous_route_claimed", "second_home",
    "nearest_refused", "nearest_refusal_proven", "health.certificate", "course.district_class", "course.after_training",
    "afternoon_lessons.mostly", "assigned_place.confirmed", "transport.public_unsuitable_proven", "escort.proven",
    "boarding",
)  # fmt: skip
"""Claims and circumstances: missing means not claimed."""


@lru_cache(maxsize=1)
def fact_names() -> Mapping[str, str]:
    """Every fact that a condition can name, with its type in CEL: documented, and declared to the compiler."""
    names = dict(_names(Facts, "")) | DERIVED
    names.pop("schema_reference")
    return names | {"siblings": "list(map(string, dyn))", "benefits": "list(string)"}


def check(when: str) -> ConditionMistake | None:
    """What is wrong with a condition, where, and what to do; None where it can be used."""
    return mistake_in(when, _compiler(), {"siblings": dict(_names(SiblingFacts, "")), "benefits": {"": "string"}})


class Answers:
    """Answers conditions about the facts of one case."""

    def __init__(self, facts: Facts, law: Law) -> None:
        from cel_expr_python import cel

        self._unknown = cel.Type.ERROR
        self._bound = _bound(facts, law)

    def holds(self, when: str) -> bool | None:
        """None where a fact is missing on which it depends (or a calculation is not possible)."""
        value = _compiler().compile(when).eval(data=self._bound)
        return None if value.type() == self._unknown else bool(value.value())


def _names(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        yield from _typed(f"{prefix}{name}", field.annotation)


def _typed(name: str, annotation: Any) -> Iterator[tuple[str, str]]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _typed(name, get_args(annotation)[0])
    elif origin in (UnionType, Union):
        yield from _typed(name, next(each for each in get_args(annotation) if each is not type(None)))
    elif origin is Literal:
        yield name, "string"
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _names(annotation, f"{name}.")
    elif annotation in (bool, int, float, str, date):
        yield name, {bool: "bool", int: "int", float: "double"}.get(annotation, "string")


@lru_cache(maxsize=1)
def _compiler() -> Compiler:
    return Compiler(fact_names())


def _bound(facts: Facts, law: Law) -> dict[str, JsonValue]:
    bound: dict[str, JsonValue] = {**dict.fromkeys(NOT_CLAIMED, False), "siblings": [], "benefits": []}
    content = facts.model_dump(mode="json", exclude_none=True, exclude={"unproven"})
    for name, value in content.items():
        if isinstance(value, dict):
            bound |= {f"{name}.{part}": each for part, each in value.items()}
        else:
            bound[name] = value
    birth = facts.pupil.born if facts.pupil else None
    if birth is not None:
        day = law.begins
        bound["pupil.age"] = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    bound["siblings"] = [{"funded": False, "counts_first": False} | each for each in content.get("siblings", [])]
    return bound

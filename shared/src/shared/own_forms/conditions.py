"""When a further question is asked: a condition in CEL over what the family told in the form. Pure.

Each fact has a value, also where nothing was told: a text is empty then, a claim false, a number 0. So a condition
holds or does not; what cannot be calculated does not hold.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.cel.check import mistake_in
from shared.cel.compiler import Compiler, ConditionMistake
from shared.events.own_form import FurtherQuestion, OwnForm

FACTS: Mapping[str, str] = {
    "school_form": "string",
    "school_year": "string",
    "grade": "string",
    "track": "string",
    "course.annex": "string",
    "course.full_time": "bool",
    "applicant": "string",
    "special_needs": "bool",
    "severely_disabled": "bool",
    "lives_in_nrw": "bool",
    "claims.health": "bool",
    "claims.dangerous_route": "bool",
    "claims.nearest_refused": "bool",
    "claims.second_home": "bool",
    "claims.escort": "bool",
    "claims.boarding": "bool",
    "claims.own_branch": "bool",
    "transport.kind": "string",
    "place_of_teaching": "bool",
    "sibling_count": "int",
    "benefits": "list(string)",
    "medium": "string",
    "language": "string",
}
"""What a condition can name, with its type in CEL. grade, track and the like as the form has them: 05, EF, GY9."""
NOTHING: Mapping[str, Any] = {"string": "", "bool": False, "int": 0, "list(string)": []}


def check(when: str) -> ConditionMistake | None:
    """What is wrong with a condition, where, and what to do; None where it can be used."""
    return mistake_in(when, _compiler(), {"benefits": {"": "string"}})


def questions_for(form: OwnForm, told: Mapping[str, Any]) -> tuple[FurtherQuestion, ...]:
    """Those that are asked of a family.

    Args:
        told: the form, by its parts, and `school_form`.
    """
    if not form.questions:
        return ()
    facts = facts_of(told) if any(each.when is not None for each in form.questions) else {}
    return tuple(each for each in form.questions if each.when is None or _holds(each.when, facts))


def facts_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """Each of FACTS; what is not told, or is no such value, is as if nothing were told."""
    facts = {name: _fact(name, kind, told) for name, kind in FACTS.items()}
    siblings = told.get("siblings")
    return facts | {"sibling_count": len(siblings) if isinstance(siblings, list | tuple) else 0}


def _fact(name: str, kind: str, told: Mapping[str, Any]) -> Any:
    value: Any = told
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if kind == "bool":
        return value is not None and value is not False
    if kind == "list(string)":
        return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []
    return value if kind == "string" and isinstance(value, str) else NOTHING[kind]


def _holds(when: str, facts: Mapping[str, Any]) -> bool:
    from cel_expr_python import cel

    value = _compiler().compile(when).eval(data=facts)
    return value.type() != cel.Type.ERROR and bool(value.value())


@lru_cache(maxsize=1)
def _compiler() -> Compiler:
    return Compiler(FACTS)

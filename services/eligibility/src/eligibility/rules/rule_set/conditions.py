"""Conditions in CEL (cel.dev) over the facts: checked when a rule set is saved, evaluated to yes, no, or not known.

The compiler refuses unknown names and wrong types. It sets no bound on the work, so this module does: a condition is
short, and `all`, `exists`, `exists_one` may only be asked of siblings and benefits (at most 30 and 20), never nested:
the work then grows with the length of the text alone. Dates are texts in ISO form, which compare as dates do.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from shared.errors import Text

from eligibility.rules.facts import Facts, SiblingFacts
from eligibility.rules.rule_set.choices import LONGEST_CONDITION
from eligibility.rules.rule_set.rule_set import Law

LISTS = ("siblings", "benefits")
MACROS = ("all", "exists", "exists_one")
REFUSED_MACROS = ("map", "filter")
DERIVED = {"pupil.age": "int"}
"""pupil.age: whole years on the school year's first day."""
NOT_CLAIMED = (
    "pupil.special_needs", "pupil.severely_disabled", "school.private", "dangerous_route_claimed", "second_home",
    "nearest_refused", "nearest_refusal_proven", "health.certificate", "course.district_class", "course.after_training",
    "afternoon_lessons.mostly", "assigned_place.confirmed", "transport.public_unsuitable_proven", "escort.proven",
    "boarding",
)  # fmt: skip
"""Claims and circumstances: missing means not claimed."""
TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)|(?P<text>[rRbB]{0,2}(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>.)""",
    re.DOTALL,
)
COMPILER_SAYS = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")


@dataclass(frozen=True)
class ConditionMistake:
    """Line and column within the condition, from 1."""

    line: int
    column: int
    text: Text


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int


@dataclass(frozen=True)
class _Asking:
    """One `siblings.exists(s, …)`: where it and its body begin, and the name of its variable."""

    start: int
    body: int
    end: int
    variable: str
    over: str


class _Refused(Exception):
    def __init__(self, place: int, german: str, english: str) -> None:
        super().__init__(english)
        self.place, self.text = place, Text(german, english)


@lru_cache(maxsize=1)
def fact_names() -> Mapping[str, str]:
    """Every fact that a condition can name, with its type in CEL: documented, and declared to the compiler."""
    names = dict(_names(Facts, "")) | DERIVED
    names.pop("schema_reference")
    return names | {"siblings": "list(map(string, dyn))", "benefits": "list(string)"}


def check(when: str) -> ConditionMistake | None:
    """What is wrong with a condition, where, and what to do; None where it can be used."""
    if len(when) > LONGEST_CONDITION:
        return ConditionMistake(1, 1, Text(f"Die Bedingung ist länger als {LONGEST_CONDITION} Zeichen. Teilen Sie sie auf.",
                                           f"The condition is longer than {LONGEST_CONDITION} characters. Split it."))  # fmt: skip
    try:
        askings = list(_askings(when))
    except _Refused as refused:
        before = when[: refused.place]
        return ConditionMistake(before.count("\n") + 1, len(before) - before.rfind("\n"), refused.text)
    for each in (when, _flat(when, askings)):
        variables = {
            f"{one.variable}.{name}": kind
            for one in askings
            if one.over == "siblings"
            for name, kind in _names(SiblingFacts, "")
        }
        variables |= {one.variable: "string" for one in askings if one.over == "benefits"}
        mistake = _compiles(each, variables if each is not when else {})
        if mistake is not None:
            return mistake
    return None


class Answers:
    """Answers conditions about the facts of one case."""

    def __init__(self, facts: Facts, law: Law) -> None:
        from cel_expr_python import cel

        self._environment, self._unknown = _environment(), cel.Type.ERROR
        self._bound = _bound(facts, law)

    def holds(self, when: str) -> bool | None:
        """None where a fact is missing on which it depends (or a calculation is not possible)."""
        value = _compiled(when).eval(data=self._bound)
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


def _types(names: Mapping[str, str]) -> dict[str, Any]:
    from cel_expr_python import cel

    simple = {"bool": cel.Type.BOOL, "int": cel.Type.INT, "double": cel.Type.DOUBLE, "string": cel.Type.STRING}
    lists = {
        "list(string)": cel.Type.List(cel.Type.STRING),
        "list(map(string, dyn))": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
    }
    return {name: (simple | lists)[kind] for name, kind in names.items()}


@lru_cache(maxsize=1)
def _environment() -> Any:
    from cel_expr_python import cel

    return cel.NewEnv(variables=_types(fact_names()))


@lru_cache(maxsize=1000)
def _compiled(when: str) -> Any:
    return _environment().compile(when)


def _compiles(when: str, extra: Mapping[str, str]) -> ConditionMistake | None:
    from cel_expr_python import cel

    try:
        compiled = cel.NewEnv(variables=_types({**fact_names(), **extra})).compile(when)
    except RuntimeError as error:
        found = COMPILER_SAYS.search(str(error))
        line, column, said = (int(found[1]), int(found[2]), found[3]) if found else (1, 1, str(error).split("\n")[0])
        return ConditionMistake(line, column, _remedy(said.replace(" (in container '')", "")))
    if compiled.return_type() != cel.Type.BOOL:
        return ConditionMistake(
            1, 1, Text("Die Bedingung muss ja oder nein ergeben (bool).", "The condition must give yes or no (bool).")
        )
    return None


def _remedy(said: str) -> Text:
    unknown = re.search(r"undeclared reference to '([^']*)'", said)
    if unknown:
        from difflib import get_close_matches

        close = get_close_matches(unknown[1], fact_names(), n=1)
        meant = (f" Gemeint: {close[0]}?", f" Meant: {close[0]}?") if close else ("", "")
        return Text(f"Unbekannte Angabe {unknown[1]}.{meant[0]} Alle Angaben nennt das Schema der Fakten.",
                    f"Unknown fact {unknown[1]}.{meant[1]} The schema of the facts names all of them.")  # fmt: skip
    if "(double, int)" in said or "(int, double)" in said:
        return Text(f"Metern und Wochen stehen Zahlen mit Punkt gegenüber: 1500.0 statt 1500 ({said}).",
                    f"Metres and weeks compare to numbers with a point: 1500.0, not 1500 ({said}).")  # fmt: skip
    return Text(f"Die Bedingung ist so nicht verwendbar: {said}", f"The condition cannot be used like this: {said}")


def _askings(when: str) -> Iterator[_Asking]:
    """The comprehensions of a condition. Raises _Refused for what could run away."""
    tokens = [
        _Token(str(each.lastgroup), each.group(), each.start())
        for each in TOKEN.finditer(when)
        if each.lastgroup != "space"
    ]
    inside = 0
    for index, token in enumerate(tokens):
        called = token.kind == "name" and index + 1 < len(tokens) and tokens[index + 1].text == "("
        if token.text == "`":
            raise _Refused(token.start, "Namen stehen ohne Akzentzeichen (`).", "Names stand without backquotes (`).")
        if called and token.text in REFUSED_MACROS:
            raise _Refused(token.start, f"{token.text} ist nicht vorgesehen: Fragen Sie mit exists oder all.",
                           f"{token.text} is not provided for: ask with exists or all.")  # fmt: skip
        if not (called and token.text in MACROS):
            continue
        if token.start < inside:
            raise _Refused(token.start, "Eine Frage über eine Liste darf keine weitere enthalten: Teilen Sie die Bedingung auf.",
                           "A question about a list must not hold another one: split the condition.")  # fmt: skip
        asking = _asking(tokens, index)
        inside = asking.end
        yield asking


def _asking(tokens: list[_Token], index: int) -> _Asking:
    over = tokens[index - 2] if index > 1 and tokens[index - 1].text == "." else tokens[index]
    own = index < 3 or tokens[index - 3].text != "."
    if over.text not in LISTS or not own:
        raise _Refused(tokens[index].start, "all, exists und exists_one gibt es nur für siblings und benefits.",
                       "all, exists and exists_one are only for siblings and benefits.")  # fmt: skip
    variable, comma = tokens[index + 2 : index + 3], tokens[index + 3 : index + 4]
    if not (variable and comma and variable[0].kind == "name" and comma[0].text == ","):
        raise _Refused(
            tokens[index].start, f"Schreiben Sie {over.text}.exists(x, …).", f"Write {over.text}.exists(x, …)."
        )
    depth = 1
    for token in tokens[index + 4 :]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return _Asking(over.start, comma[0].start + 1, token.start, variable[0].text, over.text)
    raise _Refused(tokens[index].start, "Eine Klammer ist nicht geschlossen.", "A bracket is not closed.")


def _flat(when: str, askings: list[_Asking]) -> str:
    """The same text with each question about a list replaced by its body, at the same place: the body is then checked
    with the types of the list's members, which the compiler cannot know."""
    for each in askings:
        head = when[each.start : each.body]
        blank = "".join(sign if sign == "\n" else " " for sign in head[:-1]) + "("
        when = when[: each.start] + blank + when[each.body :]
    return when


def _bound(facts: Facts, law: Law) -> dict[str, Any]:
    bound: dict[str, Any] = dict.fromkeys(NOT_CLAIMED, False) | {"siblings": [], "benefits": []}
    content = facts.model_dump(mode="json", exclude_none=True)
    for name, value in content.items():
        if isinstance(value, dict):
            bound |= {f"{name}.{part}": each for part, each in value.items()}
        else:
            bound[name] = value
    birth = facts.pupil.birth_date if facts.pupil else None
    if birth is not None:
        day = law.begins
        bound["pupil.age"] = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    bound["siblings"] = [{"funded": False, "counts_first": False} | each for each in bound["siblings"]]
    return bound

"""A rule set: dated parameters, each with its legal basis and source, and the law they make for one school year."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, cast

from pydantic import ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError
from shared.calendar import SchoolYear
from shared.errors import Text
from shared.working_days import is_holiday

from eligibility.rules.engines import ENGINE, FIRST, Differences, differences
from eligibility.rules.rule_set.choices import Choices, Condition, RulePart, check_succession
from eligibility.rules.rule_set.content import RuleSetContent
from eligibility.rules.rule_set.kinds import ALL_KINDS, KIND_NAMES, KINDS

MOST_CONDITIONS = 50
"""Of an authority's own: each is compiled when the rule set is read."""

Level = Literal["primary", "lower", "upper"]
Value = bool | int | str | list[int] | list[str] | None


DATED: Final = "Dated"
"""What the JSON Schema of rule sets calls a dated value: editors and other programs have read it so."""


class DatedValue(RulePart):
    """A value, from when to when (first days of school years), by which paragraph, seen where, and how surely."""

    model_config = ConfigDict(title=DATED)

    valid_from: date
    valid_until: date | None = None
    value: Value
    legal_basis: Annotated[str, StringConstraints(min_length=3)]
    source: Annotated[str, StringConstraints(min_length=3)]
    certainty: Literal["official", "court", "practice", "unverified"]


class SchoolForm(RulePart):
    """What kind of school a short key names, and which grades it has (none named: not tested)."""

    register_key: str
    title: str
    grades: frozenset[str] = frozenset()
    level: Level | None = None
    eight_or_nine_years: bool = False


class RuleSet(RulePart):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
    title: str
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,32}$")]
    law: str
    parameters: dict[str, Annotated[list[DatedValue], Field(min_length=1)]]
    forms: dict[str, SchoolForm]
    engine: Annotated[int, Field(ge=1, le=ENGINE)] = ENGINE
    choices: Choices = Choices()
    conditions: Annotated[tuple[Condition, ...], Field(max_length=MOST_CONDITIONS)] = ()

    @field_validator("parameters")
    @classmethod
    def _complete(cls, parameters: dict[str, list[DatedValue]]) -> dict[str, list[DatedValue]]:
        found = parameter_mistakes(parameters)
        if found:
            said = "; ".join(each.text.en for each in found)
            raise PydanticCustomError("mistakes", "{said}", {"said": said, "mistakes": found})
        return parameters

    def content(self) -> RuleSetContent:
        """As JSON, whole, in one order: what is kept for good. Read again by `parse`, it has the same version."""
        content = cast(RuleSetContent, self.model_dump(mode="json"))
        for form in content["forms"].values():
            form["grades"] = sorted(form["grades"])
        if not differences(self.engine).keep_choices:
            del content["engine"], content["choices"], content["conditions"]
        return content

    def rules_version(self) -> str:
        """Name, version and a hash of the content: two rule sets of one version never pass for each other."""
        content = self.content()
        engine = content.pop("engine", FIRST)
        data = json.dumps([engine, content], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        return f"{self.name} {self.version} {hashlib.sha256(data).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """The parameters in force for one school year. Worked out once, and told from others by identity."""

    school_year: str
    begins: date
    ends: date
    rules_version: str
    forms: Mapping[str, SchoolForm]
    in_force: Mapping[str, DatedValue]

    engine: int = ENGINE
    conditions: tuple[Condition, ...] = ()
    """The authority's own, in force for this school year."""
    does: Differences = field(init=False)
    """What its engine does otherwise than earlier ones: what the law asks where it was read otherwise before."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "does", differences(self.engine))

    def has(self, name: str) -> bool:
        """Whether the rule set speaks of it at all."""
        return name in self.in_force

    def basis(self, name: str) -> str:
        """The paragraph of a parameter in force.

        Raises:
            KeyError: where none is in force.
        """
        return self.in_force[name].legal_basis

    def flag(self, name: str) -> bool:
        """The value of a parameter that is true or false.

        Raises:
            KeyError: where none is in force.
        """
        return cast("bool", self.in_force[name].value)

    def word(self, name: str) -> str:
        """The value of a parameter that is text.

        Raises:
            KeyError: where none is in force.
        """
        return cast("str", self.in_force[name].value)

    def number(self, name: str) -> int | None:
        """The value of a parameter that is a whole number, or null (no limit).

        Raises:
            KeyError: where none is in force.
        """
        return cast("int | None", self.in_force[name].value)

    def words(self, name: str) -> list[str]:
        """The value of a parameter that is a list of texts.

        Raises:
            KeyError: where none is in force.
        """
        return cast("list[str]", self.in_force[name].value)

    def numbers(self, name: str) -> list[int]:
        """The value of a parameter that is a list of whole numbers.

        Raises:
            KeyError: where none is in force.
        """
        return cast("list[int]", self.in_force[name].value)


class Rules:
    """A rule set made ready: the law of each school year is worked out once."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self.version = rule_set.rules_version()
        self._laws: dict[str, Law | None] = {}

    def law(self, school_year: str) -> Law | None:
        """The law for a school year, or None where this rule set does not reach so far back or forth."""
        if school_year not in self._laws:
            self._laws[school_year] = self._work_out(school_year)
        return self._laws[school_year]

    def _work_out(self, school_year: str) -> Law | None:
        begins, ends = SchoolYear.parse(school_year).span
        in_force = {}
        for name, values in self.rule_set.parameters.items():
            for each in values:
                if each.valid_from <= begins and (each.valid_until is None or begins <= each.valid_until):
                    in_force[name] = each
        if not in_force.keys() >= KINDS.keys():
            return None
        own = tuple(each for each in self.rule_set.conditions if each.holds_on(begins))
        return Law(school_year, begins, ends, self.version, self.rule_set.forms, in_force, self.rule_set.engine, own)


def parse(content: object, forms: object) -> Rules:
    """Rules from parsed YAML or JSON. Raises pydantic's ValidationError, which says what is wrong and where."""
    if isinstance(content, dict) and "forms" not in content:
        content = {**content, "forms": forms}
    return Rules(RuleSet.model_validate(content))


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where (the path within the rule set), and what to do."""

    path: tuple[str | int, ...]
    text: Text


def parameter_mistakes(parameters: Mapping[str, list[DatedValue]]) -> list[Mistake]:
    """Missing, unknown, of a wrong kind, overlapping or with gaps: all at once."""
    found = [
        Mistake(("parameters",), Text(f"{name}: fehlt. Geben Sie den Wert an, oder nennen Sie unter origin einen Regelsatz, der ihn hat.",
                                      f"{name}: is missing. Give it, or name under origin a rule set that has it."))
        for name in sorted(KINDS.keys() - parameters.keys())
    ]  # fmt: skip
    for name, values in parameters.items():
        if name in ALL_KINDS:
            found += _kinds(name, values) + _periods(name, values)
            continue
        close = get_close_matches(name, ALL_KINDS, n=1)
        meant = (f" Gemeint: {close[0]}?", f" Meant: {close[0]}?") if close else ("", "")
        text = Text(
            f"{name}: Diesen Parameter liest keine Regel.{meant[0]}", f"{name}: no rule reads this parameter.{meant[1]}"
        )
        found.append(Mistake(("parameters", name), text))
    return found


def _kinds(name: str, values: list[DatedValue]) -> list[Mistake]:
    wanted = ALL_KINDS[name]
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    names = ", ".join(KIND_NAMES[each] for each in kinds)
    wrong = [
        index
        for index, each in enumerate(values)
        if type(each.value) not in kinds
        or (isinstance(each.value, int) and each.value < 0)
        or (isinstance(each.value, list) and not _members(name, each.value))
    ]
    return [
        Mistake(("parameters", name, index, "value"),
                Text(f"{name}: {values[index].value!r} ist nicht von der Art, die die Regel liest ({names}).",
                     f"{name}: {values[index].value!r} is not of the kind that the rule reads ({names})."))
        for index in wrong
    ]  # fmt: skip


def _members(name: str, value: list[Any]) -> bool:
    """Lists hold texts, but for the amounts by rank, which are never negative and at least one."""
    if name == "own_share.by_rank_cents":
        return bool(value) and all(type(each) is int and each >= 0 for each in value)
    if name == "deadline.holidays":
        return all(isinstance(each, str) and is_holiday(each) for each in value)
    return all(isinstance(each, str) for each in value)


def _periods(name: str, values: list[DatedValue]) -> list[Mistake]:
    found = []
    for index, each in enumerate(values):
        if each.valid_until is not None and each.valid_until < each.valid_from:
            text = Text(f"{name}: valid_until liegt vor valid_from.", f"{name}: valid_until is before valid_from.")
            found.append(Mistake(("parameters", name, index, "valid_until"), text))
    for index, (earlier, later) in enumerate(pairwise(values), start=1):
        wrong = check_succession(earlier.valid_from, earlier.valid_until, later.valid_from)
        if wrong is not None:
            place = ("parameters", name, index, "valid_from")
            found.append(Mistake(place, Text(f"{name}: {wrong.de}", f"{name}: {wrong.en}")))
    return found

"""A rule set as its authority writes it: YAML or JSON, on top of an origin, with law tests. Every mistake has its place."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pydantic import Field, JsonValue, ValidationError
from pydantic_core import ErrorDetails
from shared.errors import FieldProblem, Invalid, Text
from shared.http.problems import from_validation

from eligibility.rules.rule_set import conditions
from eligibility.rules.rule_set.bounds import beyond
from eligibility.rules.rule_set.choices import RulePart
from eligibility.rules.rule_set.content import Written
from eligibility.rules.rule_set.inheritance import over_origin, own_place
from eligibility.rules.rule_set.kinds import ALL_KINDS, KIND_NAMES
from eligibility.rules.rule_set.positions import Path, Places, parse_text
from eligibility.rules.rule_set.rule_set import DATED, MOST_CONDITIONS, DatedValue, Mistake, Rules, RuleSet

UNUSABLE = Text("Der Regelsatz ist so nicht verwendbar.", "The rule set cannot be used like this.")
MOST_PROBLEMS = 100
"""Told at once: who reads them mends the first ones, and looks again."""
OWN = ("origin", "tests", "$schema")
"""Keys of a document that are no part of the rules."""


class LawTest(RulePart):
    """A sentence that a lawyer reads: these facts, laid over the base, are decided so. null takes a fact away."""

    name: str = Field(min_length=3, max_length=300)
    facts: dict[str, object] = Field(default_factory=dict)
    expected: dict[str, object] = Field(
        min_length=1, description="outcome, limit_m, own_share_cents, covered_cents, asks …"
    )
    basis: str = Field(min_length=3, max_length=300, description="The paragraph or judgment that says so.")


class LawTests(RulePart):
    base: dict[str, object] = Field(default_factory=dict)
    sentences: tuple[LawTest, ...] = Field(default=(), max_length=2000)


@dataclass(frozen=True)
class Document:
    """A document that can be used."""

    rules: Rules
    tests: LawTests
    origin: str | None
    """The version of the rule set that it adapts."""
    adapted: Written
    """What this document says itself, kept apart from its origin."""
    origin_rules: Rules | None = None
    places: Places = field(default_factory=lambda: Places(None, ""), compare=False)
    law: Rules | None = None
    """The preset that holds the bounds of its law, and the sentences of that law, which it must fulfil."""
    law_sentences: tuple[LawTests, ...] = ()


def load(
    text: str, forms: object, origin_of: Callable[[str], Rules | None], law_of: Callable[[str], Rules | None]
) -> Document:
    """A document from YAML or JSON.

    Args:
        origin_of: a rule set by its name or version.
        law_of: the preset that holds the bounds of a law, by `law`.

    Raises:
        Invalid: every mistake with path, line, column and remedy.
    """
    content, places = parse_text(text)
    problems = [places.problem(each) for each in places.twice[:MOST_PROBLEMS]]
    origin = _origin(content, origin_of, places)
    whole = _over_origin(content, origin, forms)
    rules, tests, bounds = None, LawTests(), None
    try:
        tests = LawTests.model_validate(content.get("tests") or {})
    except ValidationError as error:
        problems += [places.problem(each) for each in _mistakes(error, "tests")]
    found: list[Mistake] = []
    try:
        rules = Rules(RuleSet.model_validate(whole))
    except ValidationError as error:
        found += _mistakes(error)
    problems += _condition_problems(content, places)
    if rules is not None:
        bounds = law_of(rules.rule_set.law)
        found += beyond(rules, bounds) if bounds else []
    located = found[:MOST_PROBLEMS]
    problems += [places.problem(replace(each, path=own_place(each.path, whole, content))) for each in located]
    if problems or rules is None:
        raise Invalid(UNUSABLE, problems=problems[:MOST_PROBLEMS])
    adapted = {name: value for name, value in content.items() if name not in OWN}
    return Document(rules, tests, origin.version if origin else None, adapted, origin, places, bounds)


def _origin(content: Written, origin_of: Callable[[str], Rules | None], places: Places) -> Rules | None:
    wanted = content.get("origin")
    if wanted is None:
        return None
    origin = origin_of(wanted) if isinstance(wanted, str) else None
    if origin is None:
        text = Text("Diesen Regelsatz gibt es nicht. Nennen Sie eine Vorgabe (nrw, he, rp) oder eine veröffentlichte Fassung.",
                    "There is no such rule set. Name a preset (nrw, he, rp) or a published version.")  # fmt: skip
        raise Invalid(UNUSABLE, problems=[places.problem(Mistake(("origin",), text))])
    return origin


def _over_origin(content: Written, origin: Rules | None, forms: object) -> Written:
    """Parameters and choices replace the origin's one by one, conditions by their key, each from its own first day."""
    own = {name: value for name, value in content.items() if name not in OWN}
    if origin is None:
        return {"forms": forms, **own} if forms is not None else own
    return over_origin(own, origin.rule_set.content())


def _condition_problems(content: Written, places: Places) -> list[FieldProblem]:
    found, listed = [], content.get("conditions")
    for index, each in enumerate(listed[:MOST_CONDITIONS] if isinstance(listed, list) else []):
        when = each.get("when") if isinstance(each, dict) else None
        wrong = conditions.check(when) if isinstance(when, str) else None
        if wrong is not None:
            found.append(places.problem_within(("conditions", index, "when"), wrong))
    return found


def _mistakes(error: ValidationError, *prefix: str) -> list[Mistake]:
    found: list[Mistake] = []
    for each in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]:
        path = (*prefix, *each["loc"])
        if each["type"] == "mistakes":
            found += each["ctx"]["mistakes"]
        else:
            found.append(Mistake(path, _field_text(each, path)))
    return found


def _field_text(error: ErrorDetails, path: Path) -> Text:
    name = str(path[-1]) if path else ""
    if error["type"] == "missing" and name in ("source", "legal_basis"):
        return Text(f"{name} fehlt. Jeder Wert nennt seine Rechtsgrundlage und Quelle.",
                    f"{name} is missing. Every value names its legal basis and its source.")  # fmt: skip
    text = from_validation([error]).problems[0].text
    return Text(f"{name}: {text.de}", f"{name}: {text.en}")


def json_schema() -> dict[str, JsonValue]:
    """The JSON Schema of a rule set's document: gives editors completion for parameters, choices and conditions."""
    schema = RuleSet.model_json_schema()
    tests = LawTests.model_json_schema()
    definitions = {**schema.pop("$defs"), **tests.pop("$defs"), "LawTests": tests}
    definitions = {DATED if name == DatedValue.__name__ else name: each for name, each in definitions.items()}
    kinds = {bool: "boolean", int: "integer", str: "string", list: "array", type(None): "null"}
    dated = definitions[DATED]
    parameters: dict[str, JsonValue] = {}
    for name, kind in ALL_KINDS.items():
        of = kind if isinstance(kind, tuple) else (kind,)
        value = {"type": [kinds[each] for each in of], "description": " or ".join(KIND_NAMES[each] for each in of)}
        one = {**dated, "properties": {**dated["properties"], "value": value}}
        parameters[name] = {"type": "array", "minItems": 1, "items": one}
    properties = {
        **schema["properties"],
        "parameters": {"type": "object", "additionalProperties": False, "properties": parameters},
        "origin": {"type": "string", "description": "A preset (nrw, he, rp) or the version that this one adapts."},
        "tests": {"$ref": "#/$defs/LawTests"},
        "$schema": {"type": "string"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Schulticket rule set",
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "version"],
        "properties": properties,
        "$defs": definitions,
    }


def export(
    document: Document, text_of: Callable[[object], str] = lambda each: json.dumps(each, ensure_ascii=False, indent=2)
) -> str:
    """The document again, whole: with origin, own adaptations and law tests."""
    tests = document.tests.model_dump(mode="json")
    own = json.loads(json.dumps(document.adapted, default=str))
    return text_of({**({"origin": document.origin} if document.origin else {}), **own, "tests": tests})

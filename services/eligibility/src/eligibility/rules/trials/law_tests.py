"""Law tests: sentences that a rule set must fulfil. Publishing requires them green.

Three kinds: the authority's own; those of the law, shipped with the preset of that law; those of the rule set that it
adapts. Own ones hold as they stand. The others hold unless a choice that the law leaves to the authority changes what
they expect: then they are named, with the choice, and the authority's own sentences stand in their place.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal, TypedDict, TypeVar

from shared.errors import Invalid, Text

from eligibility.rules.evaluate import evaluate
from eligibility.rules.facts_json import read
from eligibility.rules.rule_set.bounds import may_choose
from eligibility.rules.rule_set.content import Written, conditions_of, entries_of
from eligibility.rules.rule_set.document import Document, LawTest, LawTests
from eligibility.rules.rule_set.positions import Path
from eligibility.rules.rule_set.rule_set import Mistake, Rules, RuleSet

Kind = Literal["own", "law", "origin"]
Entry = TypeVar("Entry")


class Expectation(TypedDict):
    """What a sentence expected of one part, and what came."""

    expected: object
    came: object


class Cause(TypedDict):
    """What of the document does it."""

    path: str
    text: str
    text_en: str


class FailedSentenceJson(TypedDict):
    """As the API and the commands answer it."""

    name: str
    basis: str
    kind: Kind
    differences: dict[str, Expectation]
    because: list[Cause]


@dataclass(frozen=True)
class FailedSentence:
    """A sentence that does not hold. `differences`: what was expected, and what came. `because`: what of the document
    does it (path, and the place in its text in both languages)."""

    name: str
    basis: str
    differences: dict[str, tuple[object, object]]
    kind: Kind = "own"
    because: tuple[tuple[str, Text], ...] = ()

    def as_json(self) -> FailedSentenceJson:
        """As the API and the commands answer it."""
        came: dict[str, Expectation] = {
            key: {"expected": wanted, "came": got} for key, (wanted, got) in self.differences.items()
        }
        because: list[Cause] = [{"path": path, "text": text.de, "text_en": text.en} for path, text in self.because]
        return {"name": self.name, "basis": self.basis, "kind": self.kind, "differences": came, "because": because}


@dataclass(frozen=True)
class SentenceReport:
    """What the sentences say of a document: `failed` forbids publishing, `changed` is the authority's choice."""

    sentences: int
    failed: list[FailedSentence] = field(default_factory=list)
    changed: list[FailedSentence] = field(default_factory=list)


def run(rules: Rules, tests: LawTests) -> list[FailedSentence]:
    """Those that fail, in order."""
    return [failed for each in tests.sentences if (failed := _one(rules, tests.base, each)) is not None]


def check(document: Document, origin_tests: LawTests | None = None) -> SentenceReport:
    """All sentences that bind a document.

    1. Its own. 2. Those of the law. 3. Those of the version that it adapts, where it is none of the law's presets.
    """
    # 1.
    failed = [_placed(document, each) for each in run(document.rules, document.tests)]
    count, changed = len(document.tests.sentences), list[FailedSentence]()
    # 2. and 3.
    bound: list[tuple[Kind, Rules, LawTests]] = []
    if document.law is not None:
        bound += [("law", document.law, tests) for tests in document.law_sentences]
    if document.origin_rules is not None and origin_tests is not None:
        bound.append(("origin", document.origin_rules, origin_tests))
    for kind, reference, tests in bound:
        count += len(tests.sentences)
        red, chosen = _against(document, kind, reference, tests)
        failed += red
        changed += chosen
    return SentenceReport(count, failed, changed)


def over(base: object, facts: object) -> object:
    """`facts` laid over `base`; null takes away."""
    if not (isinstance(base, dict) and isinstance(facts, dict)):
        return facts
    merged = {**base, **{key: over(base.get(key), value) for key, value in facts.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def _against(
    document: Document, kind: Kind, reference: Rules, tests: LawTests
) -> tuple[list[FailedSentence], list[FailedSentence]]:
    """Which sentences of the reference fail, and which of them only through what the authority may choose."""
    own, wanted = document.rules, {each.name: each for each in tests.sentences}
    failing = run(own, tests)
    if not failing:
        return [], []
    differing = _differing(own.rule_set, reference.rule_set)
    choices = [each for each in differing if _is_choice(each, reference.rule_set)]
    red, chosen = list[FailedSentence](), list[FailedSentence]()

    @cache
    def reverted(paths: tuple[Path, ...]) -> Rules:
        return _reverted(own.rule_set, reference.rule_set, paths)

    for each in failing:
        sentence = wanted[each.name]

        def holds(paths: Iterable[Path], sentence: LawTest = sentence) -> bool:
            return _one(reverted(tuple(paths)), tests.base, sentence) is None

        if not holds(differing):
            continue  # the reference does not fulfil it by this engine either: it says nothing about this rule set
        lies_in_choice = holds(choices)
        given = [] if lies_in_choice else choices
        because = _because([path for path in differing if (path in choices) == lies_in_choice], given, holds)
        placed = tuple((".".join(map(str, path)), _said(document, path)) for path in because)
        (chosen if lies_in_choice else red).append(replace(each, kind=kind, because=placed))
    return red, chosen


def _because(suspects: list[Path], given: list[Path], holds: Callable[[list[Path]], bool]) -> list[Path]:
    """Those that alone are to blame (once `given` is put back); where only several together are, all of them."""
    alone = [path for path in suspects if holds([*given, path])]
    return alone or suspects


def _differing(own: RuleSet, reference: RuleSet) -> list[Path]:
    mine, theirs = own.parameters, reference.parameters
    found: list[Path] = [
        ("parameters", name) for name in sorted(mine.keys() | theirs.keys()) if mine.get(name) != theirs.get(name)
    ]
    known = {each.key: each for each in reference.conditions}
    found += [("conditions", each.key) for each in own.conditions if known.get(each.key) != each]
    found += [("forms", name) for name in sorted(own.forms) if own.forms[name] != reference.forms.get(name)]
    return found


def _is_choice(path: Path, reference: RuleSet) -> bool:
    part, name = path
    if part == "parameters":
        return may_choose(str(name), reference.parameters.get(str(name), []))
    return part == "conditions"  # they add to the law and never take from it


def _reverted(own: RuleSet, reference: RuleSet, paths: Iterable[Path]) -> Rules:
    """The rule set with these parts as the reference has them."""
    parameters, forms, conditions = dict(own.parameters), dict(own.forms), list(own.conditions)
    for part, name in paths:
        if part == "conditions":
            conditions = [each for each in conditions if each.key != name]
            conditions += [each for each in reference.conditions if each.key == name]
            continue
        if part == "parameters":
            _put_back(parameters, reference.parameters, str(name))
        else:
            _put_back(forms, reference.forms, str(name))
    changes = {"parameters": parameters, "forms": forms, "conditions": tuple(conditions)}
    return Rules(own.model_copy(update=changes))


def _put_back(mine: dict[str, Entry], theirs: Mapping[str, Entry], name: str) -> None:
    mine.pop(name, None)
    if name in theirs:
        mine[name] = theirs[name]


def _said(document: Document, path: Path) -> Text:
    """Where a part stands in the document: its own entry, else that it comes from its origin."""
    part, name = path
    if part == "conditions":
        found = [index for index, each in enumerate(conditions_of(document.adapted)) if each.get("key") == name]
        if found:
            return document.places.problem(Mistake(("conditions", found[0]), Text(str(name), str(name)))).text
    elif name in entries_of(document.adapted, str(part)):
        return document.places.problem(Mistake((part, name), Text(str(name), str(name)))).text
    return Text(f"{name} (aus der Herkunft)", f"{name} (from its origin)")


def _placed(document: Document, failed: FailedSentence) -> FailedSentence:
    index = next(index for index, each in enumerate(document.tests.sentences) if each.name == failed.name)
    path: Path = ("tests", "sentences", index)
    said = document.places.problem(Mistake(path, Text("dieser Satz", "this sentence"))).text
    return replace(failed, because=((".".join(map(str, path)), said),))


def _one(rules: Rules, base: Written, sentence: LawTest) -> FailedSentence | None:
    try:
        facts = read(json.dumps(over(base, sentence.facts), default=str))
    except Invalid as error:
        wrong: dict[str, tuple[object, object]] = {each.field: (None, each.text.en) for each in error.problems}
        return FailedSentence(sentence.name, sentence.basis, wrong)
    decision = evaluate(facts, rules).as_json()
    asked = [each["rule"] for each in decision["reasons"] if each["result"] == "question"]
    printed: Written = decision
    differences: dict[str, tuple[object, object]] = {}
    for key, wanted in json.loads(json.dumps(sentence.expected, default=str)).items():
        if key == "asks":
            if wanted not in asked:
                differences[key] = (wanted, asked)
        elif key not in printed or printed[key] != wanted:
            differences[key] = (wanted, printed.get(key))
    return FailedSentence(sentence.name, sentence.basis, differences) if differences else None

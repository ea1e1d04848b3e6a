"""What engines do otherwise is one table: the law asks it by name, compares no number, and says nothing of its own."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from eligibility.rules import engines
from eligibility.rules.engines import ENGINE, FIRST, NEWS, Differences, differences, is_newest

SOURCES = Path(engines.__file__).parents[1]
RULES = SOURCES / "rules"
TABLE = RULES / "engines.py"
BESIDE = ("evaluate.py", "both_homes.py", "open_facts.py", "partly_known.py", "rule_set/own_conditions.py")
"""Rules that lie beside the law, and put its answers together."""
LAW = [*sorted((RULES / "law").glob("*.py")), *(RULES / each for each in BESIDE)]
"""What a lawyer reads: not the texts, and not how it was read before."""
SENTENCE = re.compile(r"[a-zäöüß]{2,}[,:;.?!]? [A-Za-zÄÖÜäöüß{]|[äöüßÄÖÜ]")
"""Two words beside one another, or a letter that only German has. A paragraph is neither: § 24 VwVfG NRW."""
NAMES = [each.name for each in fields(Differences)]


def named(file: Path) -> str:
    return file.relative_to(SOURCES).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def speaks_of_engine(node: ast.expr, words: frozenset[str] = frozenset({"engine", "ENGINE", "FIRST"})) -> bool:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    attributes = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return bool(words & (names | attributes))


def comparisons(module: ast.Module) -> Iterator[int]:
    """Lines on which an engine is compared with anything, or looked up by its number."""
    for node in ast.walk(module):
        compared = isinstance(node, ast.Compare) and any(map(speaks_of_engine, (node.left, *node.comparators)))
        matched = isinstance(node, ast.Match) and speaks_of_engine(node.subject)
        looked_up = isinstance(node, ast.Subscript) and speaks_of_engine(node.slice, frozenset({"engine"}))
        if compared or matched or looked_up:
            yield getattr(node, "lineno", 0)


def sentences(module: ast.Module) -> Iterator[str]:
    """Literals that a reader of a decision would read; what explains the code to its readers is none."""
    explaining = {
        id(node.value)
        for parent in ast.walk(module)
        for node in ast.iter_child_nodes(parent)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in explaining:
            continue
        if SENTENCE.search(node.value):
            yield node.value


def test_no_engine_is_compared_but_in_the_table() -> None:
    """Give the difference a name in rules/engines.py, and ask `law.does` for it."""
    files = [each for each in SOURCES.rglob("*.py") if each != TABLE and "engine" in each.read_text(encoding="utf-8")]
    assert [f"{named(file)}:{line}" for file in files for line in comparisons(tree(file))] == []


@pytest.mark.parametrize("file", LAW, ids=named)
def test_the_law_holds_no_sentence(file: Path) -> None:
    assert list(sentences(tree(file))) == [], "it belongs to rules/law/texts, or as it was before to rules/law/before"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("law.engine > 3", 1),
        ("3 < law.engine <= ENGINE", 1),
        ("OLD[law.engine]", 1),
        ("match engine:\n    case 1: pass", 1),
        ("law.does.know_branches", 0),
        ("f(engine=law.engine)", 0),
    ],
)
def test_comparisons_are_found(code: str, found: int) -> None:
    assert len(list(comparisons(ast.parse(code)))) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('"Welche Schule?"', 1),
        ('f"Die Klasse {grade}"', 1),
        ('"für"', 1),
        ('met("x", basis, "in time", say.X)', 1),
        ('def one():\n    """Which way to school."""', 0),
        ('MOST = 3\n"""Children of a family."""', 0),
        ('BASIS = "§ 24 VwVfG NRW"', 0),
        ('law.basis("cost.as_at_nearest")', 0),
        ('f"{law.basis(MONTHS)}, {law.basis(HOLIDAYS)}"', 0),
    ],
)
def test_sentences_are_found(code: str, found: int) -> None:
    assert len(list(sentences(ast.parse(f"x = {code}" if code[0] in "\"'f" else code)))) == found


@pytest.mark.parametrize("difference", fields(Differences), ids=lambda each: each.name)
def test_each_difference_says_since_when_and_what_was_before(difference: object) -> None:
    told = difference.metadata  # type: ignore[attr-defined]
    assert FIRST < told["since"] <= ENGINE
    assert told["before"].endswith(".") and told["before"][0].isupper()


def test_the_table_goes_by_engines_and_each_later_one_has_a_difference() -> None:
    since = [each.metadata["since"] for each in fields(Differences)]
    assert since == sorted(since)
    assert set(since) == set(NEWS) - {FIRST}


def test_each_difference_is_asked_for_somewhere() -> None:
    asked = {
        node.attr
        for file in RULES.rglob("*.py")
        if file != TABLE
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute)
    }
    assert [each for each in NAMES if each not in asked] == []


@pytest.mark.parametrize("engine", NEWS)
def test_an_engine_does_what_came_until_then(engine: int) -> None:
    does = differences(engine)
    assert {each for each in NAMES if getattr(does, each)} == {
        each.name for each in fields(Differences) if each.metadata["since"] <= engine
    }
    assert is_newest(engine) == all(getattr(does, each) for each in NAMES)


def test_the_newest_engine_is_the_last_of_the_table() -> None:
    assert list(NEWS) == list(range(FIRST, ENGINE + 1))
    with pytest.raises(KeyError):
        differences(ENGINE + 1)

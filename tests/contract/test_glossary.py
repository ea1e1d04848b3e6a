"""docs/glossary.md binds the code: its code words are names there, and no name uses a word that it forbids."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
GLOSSARY = (PROJECT / "docs/glossary.md").read_text(encoding="utf-8")
SOURCES = (*PROJECT.glob("services/*/src"), PROJECT / "shared/src", PROJECT / "deploy/local/src")
WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def section(title: str) -> str:
    return GLOSSARY.partition(f"## {title}\n")[2].partition("\n## ")[0]


def cells(title: str, column: int) -> list[str]:
    """What stands in backticks in one column of a section's table."""
    rows = [row for row in section(title).splitlines() if row.startswith("| ") and "---" not in row]
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[column + 1])]


FORBIDDEN = cells("Words that names do not use", 0)
OUTER = set(cells("Outer names", 0))
CODE_WORDS = [
    word
    for title in ("People and bodies", "Applying", "Deciding", "Places", "Tickets", "Mechanisms")
    for word in cells(title, 2)
]


def parts(name: str) -> list[str]:
    """`StatusListV2` and `status_list_v2` have the same ones."""
    return [word.lower() for word in WORD.findall(name)]


def uses(name: str, word: str) -> bool:
    """Whether the parts of `word` stand in `name`, one after the other."""
    of_name, of_word = parts(name), parts(word)
    return any(of_name[start : start + len(of_word)] == of_word for start in range(len(of_name)))


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names that this source gives: classes, functions, arguments; and fields, which are names of their class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg)
            yield from ((node.lineno, each.arg) for each in every if each is not None)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.lineno, node.target.id


@cache
def named() -> tuple[tuple[str, str], ...]:
    """Each name of the product, with its place. Migrations are history and keep theirs."""
    found = []
    for root in SOURCES:
        for file in sorted(root.rglob("*.py")):
            place = file.relative_to(PROJECT).as_posix()
            if "/migrations/" in place:
                continue
            found += [(place, file.parent.name), (place, file.stem)]
            found += [(f"{place}:{line}", name) for line, name in names_in(ast.parse(file.read_text(encoding="utf-8")))]
    return tuple(found)


def test_the_tables_are_read() -> None:
    assert len(CODE_WORDS) > 70
    assert len(FORBIDDEN) > 30


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_name_uses_a_forbidden_word(word: str) -> None:
    found = [f"{place} {name}" for place, name in named() if uses(name, word) and name not in OUTER]
    assert found == [], f"docs/glossary.md says what to write in place of {word}"


@pytest.mark.parametrize("word", CODE_WORDS)
def test_every_code_word_of_the_glossary_is_a_name_in_the_code(word: str) -> None:
    assert any(uses(name, word) for _, name in named())


def test_what_is_on_its_way_out_still_stands_somewhere() -> None:
    """Whoever renames the last one moves its line among the forbidden words."""
    gone = [word for word in cells("Words on their way out", 0) if not any(uses(name, word) for _, name in named())]
    assert gone == []


def test_outer_names_are_names_that_need_the_exemption() -> None:
    every = {name for _, name in named()}
    needless = {name for name in OUTER if name not in every or not any(uses(name, word) for word in FORBIDDEN)}
    assert needless == set()

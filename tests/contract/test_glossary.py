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


def column(title: str, number: int) -> list[str]:
    """What stands in one column of a section's table, under its head."""
    rows = [row for row in section(title).splitlines() if row.startswith("| ") and "---" not in row]
    return [row.split("|")[number + 1].strip() for row in rows[1:]]


def cells(title: str, column: int) -> list[str]:
    """What stands in backticks in one column of a section's table."""
    rows = [row for row in section(title).splitlines() if row.startswith("| ") and "---" not in row]
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[column + 1])]


FORBIDDEN = cells("Words that names do not use", 0)
OUTER = list(zip(cells("Outer names", 0), column("Outer names", 1), strict=True))
"""A name, and the folder or file in which it stays."""
PARTICIPLES = frozenset(
    [
        "found",
        "told",
        "known",
        "shown",
        "due",
        "made",
        "kept",
        "sent",
        "asked",
        "wanted",
        "seen",
        "taken",
        "given",
        "written",
        "heard",
        "held",
        "said",
        "lost",
        "gone",
        "begun",
        "done",
        "chosen",
        "built",
        "borne",
        "met",
        "driven",
        "drawn",
        "hung",
        "another",
        "anew",
        "again",
        "later",
        "left",
    ]
)
NO_PARTICIPLE = dict(
    zip(cells("Names that are no noun and no verb", 0), column("Names that are no noun and no verb", 1), strict=True)
)
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


def is_outer(place: str, name: str) -> bool:
    return any(uses(name, outer) and place.startswith(where) for outer, where in OUTER)


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
    found = [f"{place} {name}" for place, name in named() if uses(name, word) and not is_outer(place, name)]
    assert found == [], f"docs/glossary.md says what to write in place of {word}"


@pytest.mark.parametrize("word", CODE_WORDS)
def test_every_code_word_of_the_glossary_is_a_name_in_the_code(word: str) -> None:
    assert any(uses(name, word) for _, name in named())


def test_outer_names_are_names_that_need_the_exemption() -> None:
    needed = {
        (name, where)
        for name, where in OUTER
        for place, each in named()
        if uses(each, name) and place.startswith(where) and any(uses(name, word) for word in FORBIDDEN)
    }
    assert set(OUTER) - needed == set()


def is_participle(name: str) -> bool:
    return name in PARTICIPLES or bool(re.fullmatch(r"[a-z]+(ed|ing)", name))


def test_no_function_of_a_module_is_named_by_a_participle_alone() -> None:
    found = {(name, place) for place, name in functions() if is_participle(name)}
    assert sorted(found - set(NO_PARTICIPLE.items())) == [], "a function says what it does, and to what"
    assert set(NO_PARTICIPLE.items()) <= found


@pytest.mark.parametrize("name", ["found", "kept", "asked", "rounded", "listing", "anew"])
def test_a_participle_is_recognised(name: str) -> None:
    assert is_participle(name)


def functions() -> Iterator[tuple[str, str]]:
    """Public functions of modules, each with its file. Methods have the noun before the dot."""
    for root in SOURCES:
        for file in sorted(root.rglob("*.py")):
            place = file.relative_to(PROJECT).as_posix()
            if "/migrations/" not in place:
                for node in ast.parse(file.read_text(encoding="utf-8")).body:
                    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                        yield place, node.name

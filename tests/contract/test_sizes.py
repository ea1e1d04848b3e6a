"""What does not fit on a page is cut: files of 300 lines (tests: 400), functions of 40 beneath their docstring."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PRODUCT, TESTS = ("services", "shared", "deploy"), ("tests",)
LINES_OF_FILES = {**dict.fromkeys(PRODUCT, 300), "tests": 400}
LINES_OF_FUNCTIONS = 40
LONGER = {
    "services/eligibility/src/geography/routing/kernels/paths.py:shortest": "compiled; cut, the search takes twice as long",
}


def long_functions(source: str) -> Iterator[str]:
    """Names of those with more lines than a page, without the lines of their docstrings."""
    for each in ast.walk(ast.parse(source)):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            assert each.end_lineno is not None
            told = each.body[0] if ast.get_docstring(each) is not None else None
            saved = 0 if told is None or told.end_lineno is None else told.end_lineno - told.lineno + 1
            if each.end_lineno - each.lineno + 1 - saved > LINES_OF_FUNCTIONS:
                yield each.name


def files() -> Iterator[tuple[str, Path]]:
    for root in (*PRODUCT, *TESTS):
        yield from ((root, each) for each in sorted((PROJECT / root).rglob("*.py")) if "node_modules" not in each.parts)


def test_no_file_and_no_function_is_longer_than_can_be_overlooked() -> None:
    found = []
    for root, path in files():
        source, name = path.read_text(encoding="utf-8"), str(path.relative_to(PROJECT))
        if source.count("\n") > LINES_OF_FILES[root]:
            found.append(name)
        found += [f"{name}:{each}" for each in long_functions(source)]
    assert found == list(LONGER), "cut along what it does (CONTRIBUTING.md)"


@pytest.mark.parametrize(("lines", "is_long"), [(39, False), (40, True)])
def test_the_lines_of_a_function_are_counted_without_its_docstring(lines: int, is_long: bool) -> None:
    source = 'def one() -> None:\n    """Two\n\n    lines."""\n' + "    print()\n" * lines
    assert list(long_functions(source)) == (["one"] if is_long else [])

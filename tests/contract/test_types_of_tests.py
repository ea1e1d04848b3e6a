"""Tests say what they pass on: `Any` would let a test go on by a name that no service has any more."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


def names_any(source: str) -> bool:
    """Whether it takes `Any` from `typing`, by whichever way of importing."""
    nodes = list(ast.walk(ast.parse(source)))
    imported = {name.name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names}
    return "Any" in imported or any(isinstance(node, ast.Attribute) and node.attr == "Any" for node in nodes)


def test_no_test_and_no_support_of_tests_has_a_type_that_may_be_anything() -> None:
    """JSON is read by support/json.py, records are made by support/making.py."""
    found = [each for each in TESTS.rglob("*.py") if names_any(each.read_text(encoding="utf-8"))]
    assert [str(each.relative_to(TESTS)) for each in found] == []


@pytest.mark.parametrize("planted", ["from typing import Any, cast\n", "import typing\n\nrow: typing.Any = None\n"])
def test_such_a_type_is_found(planted: str) -> None:
    assert names_any(planted)

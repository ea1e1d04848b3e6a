"""Docstrings of public functions have one form: a sentence, then Args, Returns, Raises and Source, in this order; and a
number of the kernels, codecs, rules and ports says its unit."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PRODUCT = ("services", "shared", "deploy")
SECTIONS = ("Attributes:", "Args:", "Returns:", "Raises:", "Source:")
EXACT = (
    "eligibility/rules/",
    "geography/",
    "issuance/barcode/",
    "issuance/verification/",
    "issuance/lists/",
    "ports.py",
)
"""Where a number without its unit is a mistake that nobody sees."""
NUMBER = re.compile(r"\b(int|float|Decimal|NDArray|Ints|Floats|Lengths)\b")
TOLD_BY_NAME = re.compile(
    r"(^|_)(m|mm|cm|km|s|ms|cents|bytes|bits|deg|days|day|minutes|seconds|hours|metres|weeks|years|year|month|months|count|"
    r"number|numbers|index|limit|most|size|lat|lon|x|y|seed|length|lengths|offset|node|nodes|edge|edges|start|end|rank|"
    r"step|grade|kilometres|id)\d?$"
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module | ast.ClassDef) -> Iterator[Function]:
    """Of a module and its classes; not those inside a function, such as the routes of a router."""
    for each in tree.body:
        if isinstance(each, ast.ClassDef):
            yield from functions(each)
        elif isinstance(each, Function) and not each.name.startswith("_"):
            yield each


def names_of(function: Function) -> list[ast.arg]:
    arguments = function.args
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [*found, *(each for each in (arguments.vararg, arguments.kwarg) if each is not None)]


def faults_of(source: str, *, exact: bool) -> list[str]:
    """Line and fault of each public function that has another form."""
    found = []
    for function in functions(ast.parse(source)):
        text = ast.get_docstring(function) or ""
        found += [f"{function.lineno} {function.name}: {each}" for each in _faults(function, text, exact=exact)]
    return found


def _faults(function: Function, text: str, *, exact: bool) -> Iterator[str]:
    arguments = names_of(function)
    lines = text.splitlines()
    heads = [line for line in lines if line in SECTIONS]
    if heads != sorted(heads, key=SECTIONS.index) or len(heads) != len(set(heads)):
        yield f"sections in another order: {heads}"
    running = " ".join(lines[: lines.index(heads[0])] if heads else lines)
    for said in re.findall(r"(?<=[.!?] )(Raises [A-Z]\w+|`\w+`: )", running):
        if said.startswith("Raises") or said[1:-3] in {each.arg for each in arguments}:
            yield f"{said!r} in the running text: it has a section"
    if exact:
        yield from (
            f"{each.arg}: in what unit, or of what?"
            for each in arguments
            if each.annotation is not None
            and NUMBER.search(ast.unparse(each.annotation))
            and "Callable" not in ast.unparse(each.annotation)
            and not TOLD_BY_NAME.search(each.arg)
            and not re.search(rf"\b{re.escape(each.arg)}\b", text)
        )


def test_every_docstring_has_the_form_and_every_number_its_unit() -> None:
    found = []
    for place in sorted(file for name in PRODUCT for file in (PROJECT / name).rglob("*.py")):
        path = str(place.relative_to(PROJECT))
        if "/migrations/" not in path:
            exact = any(each in path for each in EXACT)
            found += [f"{path}:{each}" for each in faults_of(place.read_text(encoding="utf-8"), exact=exact)]
    assert found == [], "see CONTRIBUTING.md"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Measure. Raises ValueError.", "'Raises ValueError' in the running text"),
        ("Measure. `far`: metres.", "'`far`: ' in the running text"),
        ("Measure.\n\n    Raises:\n        ValueError.\n\n    Args:\n        far: metres.\n    ", "another order"),
        ("Measure.", "far: in what unit"),
    ],
)
def test_another_form_is_found(text: str, fault: str) -> None:
    [found] = faults_of(f'def measure(far: float) -> None:\n    """{text}"""\n', exact="unit" in fault)
    assert fault in found


def test_what_has_the_form_is_let_pass() -> None:
    text = "Measure.\n\n    Args:\n        far: metres.\n\n    Raises:\n        ValueError: where it is too far.\n    "
    assert faults_of(f'def measure(far: float) -> None:\n    """{text}"""\n', exact=True) == []

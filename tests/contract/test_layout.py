"""Tests lie as the sources lie, and what several of them use lies in `tests/support`."""

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PROJECT = TESTS.parent
SOURCES = {
    "shared": PROJECT / "shared/src",
    "local": PROJECT / "deploy/local/src",
    "support": TESTS,
    "chaos": TESTS,
    **{service.name: service / "src" for service in (PROJECT / "services").iterdir() if service.is_dir()},
}
"""Of each folder of `tests/unit`: where the packages lie that it tests."""
UNITS = sorted(folder for folder in (TESTS / "unit").iterdir() if folder.is_dir() and any(folder.rglob("test_*.py")))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_folder_of_unit_tests_is_a_folder_of_the_sources(unit: Path) -> None:
    assert unit.name in SOURCES, f"{unit} tests nothing that is here"
    roots = [SOURCES[unit.name], SOURCES[unit.name] / unit.name.replace("-", "_")]
    folders = {test.parent.relative_to(unit) for test in unit.rglob("test_*.py")}
    lost = [str(folder) for folder in folders if not any((root / folder).is_dir() for root in roots)]
    assert lost == [], "move these tests as their sources were moved"


def test_no_test_takes_anything_from_another_test() -> None:
    """Whoever moves or drops one would break the other: it goes to `tests/support`."""
    names = "spec_from_file" + "_location", "from tests" + ".", "import tests" + "."
    files = [file for file in TESTS.rglob("*.py") if any(name in file.read_text(encoding="utf-8") for name in names)]
    assert files == []


def test_the_projects_folder_holds_only_what_is_read_as_text() -> None:
    """A picture that a command left there goes along with the next `git add`, and stays in every clone for ever."""
    files = [file for file in PROJECT.iterdir() if file.is_file() and not file.name.startswith(".")]
    assert [file.name for file in files if b"\0" in file.read_bytes()] == []

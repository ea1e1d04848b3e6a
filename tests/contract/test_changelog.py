"""CHANGELOG.md names the versions that the program has: of engine, presets, map, notices and schemas."""

import re
from pathlib import Path

import pytest
from eligibility.notice.content import LAYOUT
from eligibility.presets import PRESETS, preset
from eligibility.rules.engines import NEWS
from geography.network.walking_rules import RULES_VERSION

PROJECT = Path(__file__).resolve().parents[2]
CHANGELOG = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in row.split("|")[1:-1]] for row in CHANGELOG.splitlines() if row.startswith("| ")]
FOLDERS = [row[2].strip("`") for row in ROWS if len(row) == 3 and row[0].startswith("schema of ")]


def row(first: str) -> list[str]:
    [found] = [each for each in ROWS if each[0] == first]
    return found


def test_each_engine_has_its_row_and_says_what_the_code_says() -> None:
    assert [(int(each[0]), each[1]) for each in ROWS if each[0].isdigit()] == list(NEWS.items())


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_has_its_version(name: str) -> None:
    assert row(f"preset `{name}`")[1] == preset(name).rule_set.version


def test_map_and_notice_have_their_versions() -> None:
    assert row("reading of the map")[1] == f"`{RULES_VERSION}`"
    assert row("layout of notices")[1].startswith(f"`{LAYOUT}`;")


def test_each_database_has_its_schema() -> None:
    migrations = {
        file.parent.relative_to(PROJECT).as_posix() for file in PROJECT.glob("services/*/src/**/versions/0*.py")
    }
    assert set(FOLDERS) == migrations


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_schema_has_the_version_of_its_newest_migration(folder: str) -> None:
    [told] = [each[1] for each in ROWS if each[-1] == f"`{folder}`"]
    assert told == max(re.findall(r"^\d+", file.name)[0] for file in (PROJECT / folder).glob("0*.py"))

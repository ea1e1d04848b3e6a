"""docs/data-protection.md and the families' page say what the job's tables say."""

import re
from pathlib import Path

import pytest
from support.data_protection import PROJECT, own_rules, written
from support.data_protection_risks import RISKS
from support.retention import PROCESSES


@pytest.mark.parametrize("path", written(), ids=lambda path: path.name)
def test_each_file_is_as_the_tables_say(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == written()[path], "run .venv/bin/python tests/data_protection.py"


def test_the_document_names_every_table_once_a_service() -> None:
    (text,) = (text for path, text in written().items() if path.suffix == ".md")
    for process in PROCESSES:
        for rule in own_rules(process):
            assert all(f"`{name}`" in text for name in rule.tables)


def test_each_measure_names_a_test_that_is_there() -> None:
    for _, _, shown in RISKS:
        (path,) = re.findall(r"`([^`]+)`", shown)
        assert (PROJECT / path).exists(), path

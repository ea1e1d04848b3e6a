"""SECURITY.md says what stops whom, and which test shows it: every test, file and decision that it names exists."""

import re
from pathlib import Path

from support.decisions import numbers

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
TESTS = re.findall(r"`(tests/[\w./-]+\.py)`(?:: `(\w+)`)?", DOCUMENT)
ROW = re.compile(r"^\| (?!against|---)(.+) \| (.+) \| (.+) \|$", re.MULTILINE)
PARTS = ("application", "eligibility", "signer", "inspection", "scanner", "wallet-pass", "bus", "Databases", "desk")


def test_every_test_that_it_names_exists() -> None:
    lost = []
    for path, name in TESTS:
        file = PROJECT / path
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        if not text or (name and not re.search(rf"^(async )?def {name}\(", text, re.MULTILINE)):
            lost.append(f"{path}::{name}")
    assert lost == [], "SECURITY.md leans on tests that are not there"


def test_each_protection_names_the_test_that_shows_it() -> None:
    rows = ROW.findall(DOCUMENT)
    assert len(rows) > 50
    assert [against for against, _, shown in rows if not re.search(r"`tests/[^`]+`", shown)] == []
    assert len(set(TESTS)) == len(TESTS) == len(rows) + 1, "one test for each row, and this one"


def test_every_decision_that_it_names_exists() -> None:
    decisions = {str(number) for number in numbers()}
    named = {each for found in re.findall(r"\((\d+(?:, \d+)*)\)", DOCUMENT) for each in found.split(", ")}
    assert named
    assert named <= decisions


def test_every_part_has_its_section_and_says_what_is_not_stopped() -> None:
    sections = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", DOCUMENT, re.MULTILINE))
    for part in PARTS:
        found = [text for title, text in sections.items() if part in title]
        assert found, part
        assert all("Assets:" in text and "Attackers:" in text and "**Not stopped.**" in text for text in found), part
    assert {"Reporting a weakness", "Supported versions", "Open"} <= set(sections)

"""The decisions that the project has, by their numbers."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "decisions"
ONE_FILE = PROJECT / "DECISIONS.md"


def numbers() -> set[int]:
    """From the files of docs/decisions, whose names begin with them, and from DECISIONS.md as long as it is there."""
    found = {int(file.name[:4]) for file in FOLDER.glob("[0-9][0-9][0-9][0-9]-*.md")}
    if ONE_FILE.exists():
        found |= {int(number) for number in re.findall(r"^## (\d+)\. ", ONE_FILE.read_text("utf-8"), re.MULTILINE)}
    return found

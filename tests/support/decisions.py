"""The decisions that the project has, by their numbers."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"


def numbers() -> set[int]:
    """From the files of docs/decisions, whose names begin with them."""
    return {int(file.name[:4]) for file in FOLDER.glob("[0-9][0-9][0-9][0-9]-*.md")}

"""Whether a restore was cut off. Whoever starts the system asks this too, and must not load how one is put back."""

from pathlib import Path


def unfinished_mark(system: Path) -> Path:
    """It is there while a restore has begun to move databases and has not ended: some are old, some new, or missing."""
    return system / "data" / ".restore-unfinished"

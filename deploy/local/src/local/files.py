"""Where things lie in a working copy, and how secrets are written."""

import hashlib
from pathlib import Path

from shared.durable_files import OWNER, write_durably

PROJECT = Path(__file__).resolve().parents[4]
"""The working copy: deploy/local/src/local/files.py is four folders down."""
VAR = PROJECT / "var"
"""Everything that was made by running; ignored by git."""


def write_secret(path: Path, text: str) -> None:
    """Write a file that only this user can read, from its first byte on, and whole on the disk or not at all."""
    write_durably(path, text, mode=OWNER)


def digest(*files: Path) -> str:
    """A name for the contents of `files`, 16 hex digits of SHA-256."""
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            total.update(hashlib.file_digest(content, "sha256").digest())
    return total.hexdigest()[:16]

"""Registers that an office exports as a table: UTF-8 with semicolons, the columns named in the first line."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


class RegisterUnusable(Exception):
    """The file is missing or has not the layout. The message says what to do; a register holds no personal data."""


@dataclass(frozen=True)
class Row:
    """One entry of a register."""

    line: int
    """Of the file, from 1; the last one of an entry that fills several."""
    fields: dict[str, str]
    """Column -> what stands there, without blanks around; "" where the row ends before it."""
    is_complete: bool
    """False where the row ends before one of the columns."""


def read_rows(path: Path, columns: Sequence[str], remedy: str) -> Iterator[Row]:
    """Every row, with these columns of it. Passes over a byte order mark and a first line `sep=;`.

    Args:
        remedy: which file to give instead, for who reads the error.

    Raises:
        RegisterUnusable.
    """
    if not path.is_file():
        raise RegisterUnusable(f"There is no file {path}. {remedy}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            before = 1 if file.readline().startswith("sep=") else 0
            if not before:
                file.seek(0)
            rows = csv.DictReader(file, delimiter=";")
            missing = [name for name in columns if name not in (rows.fieldnames or ())]
            if missing:
                raise RegisterUnusable(f"{path.name} lacks the columns {', '.join(missing)}. {remedy}")
            for row in rows:
                fields = {name: (row[name] or "").strip() for name in columns}
                yield Row(before + rows.line_num, fields, all(row[name] is not None for name in columns))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegisterUnusable(f"{path.name} cannot be read as UTF-8 CSV ({error}). {remedy}") from error

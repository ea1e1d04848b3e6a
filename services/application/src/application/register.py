"""The state's register of schools, as its school software exports it (SVWS: Schulen.csv, Schultraeger.csv)."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from application.checks import SchoolKeys
from application.domain import Authority, School

SCHOOL_COLUMNS = (
    "SchulNr", "ABez1", "ABez2", "ABez3", "PLZ", "Ort", "Strasse", "SF", "SchBetrSchl", "SchBetrSchlDatum",
    "SchultraegerNr",
)  # fmt: skip
AUTHORITY_COLUMNS = ("SchulNr", "ABez1", "ABez2", "ABez3")


class UnreadableRegister(Exception):
    """The file is not what it should be. The text says why; a register holds no personal data."""


@dataclass(frozen=True)
class Refusal:
    """A line that was left out."""

    line: int
    reason: str


def read_schools(path: Path, keys: SchoolKeys) -> Iterator[School | Refusal]:
    """The schools of Schulen.csv, or why a line was refused. Their authorities have neither name nor part yet.

    Raises UnreadableRegister for a file of another layout.
    """
    seen: set[str] = set()
    for line, row in _rows(path, SCHOOL_COLUMNS):
        reason = _refusal(row, seen, keys)
        if reason:
            yield Refusal(line, reason)
            continue
        seen.add(row["SchulNr"])
        yield School(
            number=row["SchulNr"],
            name=_name(row),
            form=keys.form_of_register(row["SF"]) or "",
            city=row["Ort"],
            street=row["Strasse"],
            postal_code=row["PLZ"],
            authority=Authority(row["SchultraegerNr"], "", takes_part=False),
            operation=row["SchBetrSchl"],
            operation_since=_day(row["SchBetrSchlDatum"]),
        )


def read_authorities(path: Path) -> dict[str, str]:
    """Number -> name, from Schultraeger.csv. Raises UnreadableRegister."""
    return {row["SchulNr"]: _name(row) for _, row in _rows(path, AUTHORITY_COLUMNS) if row["SchulNr"]}


def _refusal(row: dict[str, str], seen: set[str], keys: SchoolKeys) -> str | None:
    if not re.fullmatch(r"\d{6}", row["SchulNr"], re.ASCII):
        return "the school number is not six digits"
    if row["SchulNr"] in seen:
        return f"school {row['SchulNr']} stands in the file twice"
    if keys.form_of_register(row["SF"]) is None:
        return f"school {row['SchulNr']}: the key {row['SF']!r} is no school form"
    if not re.fullmatch(r"[0-9A-Za-z_-]{1,32}", row["SchultraegerNr"]):
        return f"school {row['SchulNr']} has no authority"
    if not _name(row):
        return f"school {row['SchulNr']} has no name"
    if not re.fullmatch(r"\d", row["SchBetrSchl"], re.ASCII):
        return f"school {row['SchulNr']}: the key of operation is not one digit"
    return None


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and stripped fields of each row. Takes a byte order mark and a first line `sep=;`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            start = 1 if file.readline().startswith("sep=") else 0
            file.seek(0)
            for _ in range(start):
                file.readline()
            reader = csv.DictReader(file, delimiter=";", restval="")
            missing = [column for column in needed if column not in (reader.fieldnames or ())]
            if missing:
                raise UnreadableRegister(f"{path.name} lacks the columns {', '.join(missing)}")
            for row in reader:
                yield reader.line_num + start, {column: (row[column] or "").strip() for column in needed}
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableRegister(f"{path.name} cannot be read as UTF-8 with semicolons: {error}") from error


def _name(row: dict[str, str]) -> str:
    return " ".join(part for part in (row["ABez1"], row["ABez2"], row["ABez3"]) if part)


def _day(text: str) -> date | None:
    """`19740801`; a day that does not exist is left out."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  # a day, without a time
    except ValueError:
        return None

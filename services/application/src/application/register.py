"""The state's register of schools, as its school software exports it (SVWS: Schulen.csv, Schultraeger.csv)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from shared.registers import read_rows

from application.checks import SchoolKeys
from application.domain.school import Authority, School

SCHOOL_COLUMNS = (
    "SchulNr", "ABez1", "ABez2", "ABez3", "PLZ", "Ort", "Strasse", "SF", "SchBetrSchl", "SchBetrSchlDatum",
    "SchultraegerNr",
)  # fmt: skip
AUTHORITY_COLUMNS = ("SchulNr", "ABez1", "ABez2", "ABez3")


@dataclass(frozen=True)
class Refusal:
    """A line that was left out."""

    line: int
    reason: str


def read_schools(path: Path, keys: SchoolKeys) -> Iterator[School | Refusal]:
    """The schools of Schulen.csv, or why a line was refused. Their authorities have neither name nor part yet.

    Raises:
        RegisterUnusable.
    """
    seen: set[str] = set()
    for each in read_rows(path, SCHOOL_COLUMNS, "Give Schulen.csv of the school software."):
        row = each.fields
        reason = _refusal(row, seen, keys)
        if reason:
            yield Refusal(each.line, reason)
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
    """Number -> name, from Schultraeger.csv.

    Raises:
        RegisterUnusable.
    """
    rows = read_rows(path, AUTHORITY_COLUMNS, "Give Schultraeger.csv of the school software.")
    return {row.fields["SchulNr"]: _name(row.fields) for row in rows if row.fields["SchulNr"]}


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


def _name(row: dict[str, str]) -> str:
    return " ".join(part for part in (row["ABez1"], row["ABez2"], row["ABez3"]) if part)


def _day(text: str) -> date | None:
    """`19740801`; a day that does not exist is left out."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  # a day, without a time
    except ValueError:
        return None

"""Reader of the ministry's open data: `schuldaten.csv`. It has no kind of school: what the state's register
(`Schulen.csv`) knew of a school's kind stays (see the import)."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from geography.model.records import ReadReport, School
from geography.registers.schools import FORMS, RegisterUnusable, joined_name, register_point

COLUMNS: Final = (
    "Schulnummer",
    "Schulform",
    "Schulbezeichnung_1",
    "Schulbezeichnung_2",
    "Schulbezeichnung_3",
    "Kurzbezeichnung",
    "PLZ",
    "Ort",
    "Strasse",
    "Rechtsform",
    "Traegernummer",
    "Gemeindeschluessel",
    "Schulbetriebsschluessel",
    "Schulbetriebsdatum",
    "EPSG",
    "UTMRechtswert",
    "UTMHochwert",
)
_SYSTEMS = {"", "null", "25832", "4647", "EPSG:25832", "EPSG:4647"}
"""`null` stands for 25832 (domain-nrw.md 4.1)."""
_OFFICES = "0A"
"""Offices of the school administration have a row, but no pupils."""


def read_schuldaten(path: Path, report: ReadReport) -> Iterator[School]:
    """Every school, whether it is open or not. Raises RegisterUnusable."""
    if not path.is_file():
        raise RegisterUnusable(f"There is no file {path}. Give the ministry's schuldaten.csv.")
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            if not first.startswith("sep="):
                file.seek(0)
            rows = csv.DictReader(file, delimiter=";")
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise RegisterUnusable(
                    f"{path.name} lacks the columns {', '.join(missing)}. Give the ministry's schuldaten.csv."
                )
            for row in rows:
                school = _school(row, f"line {rows.line_num + 1}", seen, report)
                if school is not None:
                    report.taken += 1
                    yield school
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegisterUnusable(f"{path.name} cannot be read as UTF-8 CSV ({error}).") from error


def _school(row: dict[str, str], place: str, seen: set[str], report: ReadReport) -> School | None:
    reason = _unusable(row, seen)
    if reason:
        report.refuse(place, reason)
        return None
    value = {name: row[name].strip() for name in COLUMNS}
    seen.add(value["Schulnummer"])
    return School(
        number=value["Schulnummer"],
        name=joined_name(value["Schulbezeichnung_1"], value["Schulbezeichnung_2"], value["Schulbezeichnung_3"]),
        short_name=value["Kurzbezeichnung"],
        form=FORMS[value["Schulform"]],
        form_number=value["Schulform"],
        kind=None,
        private=value["Rechtsform"] == "2",
        municipality=value["Gemeindeschluessel"],
        authority_number=value["Traegernummer"],
        postal_code=value["PLZ"],
        city=value["Ort"],
        street=value["Strasse"],
        point=register_point(value["UTMRechtswert"], value["UTMHochwert"], place, report),
        opening_key=value["Schulbetriebsschluessel"],
        opening_date=_date(value["Schulbetriebsdatum"]),
        tracks="",
    )


def _unusable(row: dict[str, str], seen: set[str]) -> str:
    """Why a row is not taken, or ""."""
    if any(row.get(name) is None for name in COLUMNS):
        return "too few columns"
    number = row["Schulnummer"].strip()
    if len(number) != 6 or not number.isdecimal():
        return "school number is not six digits"
    if number in seen:
        return "school number appears twice"
    if row["Schulform"].strip() == _OFFICES:
        return "an office, not a school"
    if row["Schulform"].strip() not in FORMS:
        return "unknown school form"
    return "" if row["EPSG"].strip() in _SYSTEMS else "coordinates in an unknown system"


def _date(written: str) -> str:
    """`01.01.1974` -> `1974-01-01`; anything else -> ""."""
    parts = written.split(".")
    if len(parts) == 3 and all(part.isdecimal() for part in parts) and len(written) == 10:
        return f"{parts[2]}-{parts[1]}-{parts[0]}"
    return ""

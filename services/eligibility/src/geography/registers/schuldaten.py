"""Reader of the ministry's open data: `schuldaten.csv`. It has no kind of school: what the state's register
(`Schulen.csv`) knew of a school's kind stays (see the import)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.registers import Row, read_rows

from geography.model.records import ReadReport, School
from geography.registers.schools import FORMS, joined_name, register_point

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
"""`null` stands for 25832 (docs/sources/ozg.md)."""
_OFFICES = "0A"
"""Offices of the school administration have a row, but no pupils."""


def read_schuldaten(path: Path, report: ReadReport) -> Iterator[School]:
    """Every school, whether it is open or not.

    Raises:
        RegisterUnusable.
    """
    seen: set[str] = set()
    for row in read_rows(path, COLUMNS, "Give the ministry's schuldaten.csv."):
        school = _school(row, seen, report)
        if school is not None:
            report.taken += 1
            yield school


def _school(row: Row, seen: set[str], report: ReadReport) -> School | None:
    place, value = f"line {row.line}", row.fields
    reason = _unusable(row, seen)
    if reason:
        report.refuse(place, reason)
        return None
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


def _unusable(row: Row, seen: set[str]) -> str:
    """Why a row is not taken, or ""."""
    value = row.fields
    if not row.is_complete:
        return "too few columns"
    if len(value["Schulnummer"]) != 6 or not value["Schulnummer"].isdecimal():
        return "school number is not six digits"
    if value["Schulnummer"] in seen:
        return "school number appears twice"
    if value["Schulform"] == _OFFICES:
        return "an office, not a school"
    if value["Schulform"] not in FORMS:
        return "unknown school form"
    return "" if value["EPSG"] in _SYSTEMS else "coordinates in an unknown system"


def _date(written: str) -> str:
    """`01.01.1974` -> `1974-01-01`; anything else -> ""."""
    parts = written.split(".")
    if len(parts) == 3 and all(part.isdecimal() for part in parts) and len(written) == 10:
        return f"{parts[2]}-{parts[1]}-{parts[0]}"
    return ""

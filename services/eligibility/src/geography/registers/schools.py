"""Reader of the school register in the layout of the state's school software (`Schulen.csv`, SVWS)."""

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from shared.registers import Row, read_rows

from geography.model.ellipsoid import degrees_from_utm32
from geography.model.records import ReadReport, School
from geography.model.types import Point

FORMS: Final = MappingProxyType(
    {
        "02": "G",
        "04": "H",
        "06": "V",
        "08": "S",
        "10": "R",
        "13": "PS",
        "14": "SK",
        "15": "GE",
        "16": "GM",
        "17": "FW",
        "18": "HI",
        "19": "WF",
        "20": "GY",
        "25": "WB",
        "30": "BK",
        "81": "SL",
        "83": "KS",
        "85": "SR",
        "87": "SG",
        "88": "SB",
    }
)
"""Number -> short key. Source: SVWS-Server, Schulform.json (BSD 3-Clause); 81 is no school form there."""
KINDS: Final = frozenset({"GMS", "RKB", "EVB", "JUB", "WAS", "ROB", "MEB"})
"""Schulart of primary schools and Hauptschulen; at other forms the column holds something else."""
COLUMNS: Final = (
    "SchulNr",
    "RegSchl",
    "KoRe",
    "KoHo",
    "ABez1",
    "ABez2",
    "ABez3",
    "PLZ",
    "Ort",
    "Strasse",
    "SF",
    "OeffPri",
    "KurzBez",
    "SchBetrSchl",
    "SchBetrSchlDatum",
    "SchultraegerNr",
    "Schulgliederung",
    "Schulart",
)
_EAST, _NORTH = (270_000, 540_000), (5_560_000, 5_830_000)
"""Box of the state in UTM 32 metres, some kilometres wide of it."""


def read_schools(path: Path, report: ReadReport) -> Iterator[School]:
    """Every school of the register, whether it is open or not. Rows that cannot be used are counted in `report`.

    A school without usable coordinates is yielded without a point and reported.

    Raises:
        RegisterUnusable.
    """
    seen: set[str] = set()
    for row in read_rows(path, COLUMNS, "Give the school register Schulen.csv of the SVWS server."):
        school = _school(row, seen, report)
        if school is not None:
            report.taken += 1
            yield school


def _school(row: Row, seen: set[str], report: ReadReport) -> School | None:
    place, value = f"line {row.line}", row.fields
    number = value["SchulNr"]
    reason = _unusable(row, seen)
    if reason:
        report.refuse(place, reason)
        return None
    seen.add(number)
    return School(
        number=number,
        name=joined_name(value["ABez1"], value["ABez2"], value["ABez3"]),
        short_name=value["KurzBez"],
        form=FORMS[value["SF"]],
        form_number=value["SF"],
        kind=value["Schulart"] if value["Schulart"] in KINDS else None,
        private=value["OeffPri"] == "2",
        municipality=f"05{value['RegSchl']}",
        authority_number=value["SchultraegerNr"],
        postal_code=value["PLZ"],
        city=value["Ort"],
        street=value["Strasse"],
        point=register_point(value["KoRe"], value["KoHo"], place, report),
        opening_key=value["SchBetrSchl"],
        opening_date=_date(value["SchBetrSchlDatum"]),
        tracks=value["Schulgliederung"],
    )


def _unusable(row: Row, seen: set[str]) -> str:
    """Why a row is not taken, or ""."""
    number = row.fields["SchulNr"]
    if not row.is_complete:
        return "too few columns"
    if len(number) != 6 or not number.isdecimal():
        return "school number is not six digits"
    if number in seen:
        return "school number appears twice"
    return "" if row.fields["SF"] in FORMS else "unknown school form"


def joined_name(*parts: str) -> str:
    """The register cuts long names into three; a hyphen before the cut belongs to the cut word."""
    name = ""
    for part in parts:
        if name.endswith("-") and part[:1].islower():
            name = name[:-1] + part
        elif part:
            name = f"{name} {part}".strip()
    return name


def register_point(east: str, north: str, place: str, report: ReadReport) -> Point | None:
    """Degrees from UTM 32; None (reported, the school is kept) outside the state."""
    try:
        x, y = float(east.replace(",", ".")), float(north.replace(",", "."))
    except ValueError:
        x = y = 0.0
    plain = x - 32_000_000 if x > 10_000_000 else x
    if not (_EAST[0] <= plain <= _EAST[1] and _NORTH[0] <= y <= _NORTH[1]):
        report.refuse(place, "coordinates missing or outside the state (school kept without a point)")
        return None
    return Point(*degrees_from_utm32(x, y))


def _date(written: str) -> str:
    """`19730801` -> `1973-08-01`; anything else -> ""."""
    if len(written) == 8 and written.isdecimal():
        return f"{written[:4]}-{written[4:6]}-{written[6:]}"
    return ""

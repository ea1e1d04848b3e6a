"""The ministry's open data (`schuldaten.csv`, what people find first) as the school software's `Schulen.csv`.

https://www.schulministerium.nrw.de/BiPo/OpenData/Schuldaten/schuldaten.csv (dl-de/by-2-0). It has neither the kind of a
school (Schulart) nor its branches: the rules ask where they decide.
"""

import csv
import re
from pathlib import Path

from shared.registers import read_rows

NAMES = {
    "SchulNr": "Schulnummer", "KoRe": "UTMRechtswert", "KoHo": "UTMHochwert", "ABez1": "Schulbezeichnung_1",
    "ABez2": "Schulbezeichnung_2", "ABez3": "Schulbezeichnung_3", "PLZ": "PLZ", "Ort": "Ort", "Strasse": "Strasse",
    "SF": "Schulform", "OeffPri": "Rechtsform", "KurzBez": "Kurzbezeichnung", "SchBetrSchl": "Schulbetriebsschluessel",
    "SchultraegerNr": "Traegernummer",
}  # fmt: skip
MUNICIPALITY, OPENED = "Gemeindeschluessel", "Schulbetriebsdatum"
UNKNOWN = ("Schulgliederung", "Schulart")
OFFICES = "0A"
"""Offices of the school administration have a row, but no pupils."""


def is_schuldaten(register: Path) -> bool:
    """By its head: a first line `sep=;`, or columns with these names."""
    with register.open(encoding="utf-8-sig", errors="replace") as file:
        return "Schulbetriebsschluessel" in file.readline(10_000) + file.readline(10_000)


def convert(register: Path, into: Path) -> Path:
    """Raises RegisterUnusable."""
    with into.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [*NAMES, "RegSchl", "SchBetrSchlDatum", *UNKNOWN], delimiter=";")
        table.writeheader()
        for row in read_rows(register, (*NAMES.values(), MUNICIPALITY, OPENED), "Give schuldaten.csv or Schulen.csv."):
            said = row.fields
            if said["Schulform"] == OFFICES:
                continue
            known = {name: said[there] for name, there in NAMES.items()}
            day = re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{4})", said[OPENED])
            opened = f"{day[3]}{day[2]}{day[1]}" if day else ""
            table.writerow({**known, "RegSchl": said[MUNICIPALITY][-6:], "SchBetrSchlDatum": opened})
    return into

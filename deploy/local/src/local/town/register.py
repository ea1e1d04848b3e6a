"""Writes schools and authorities in the layout of the state's school register (SVWS: Schulen.csv, Schultraeger.csv).

UTF-8, semicolons, no quotes, UTM zone 32 coordinates in whole metres (KoRe easting, KoHo northing).
"""

from pathlib import Path

from local.town.geometry import Point
from local.town.plan import (
    AUTHORITY_NUMBER,
    MUNICIPALITY_KEY,
    ORIGIN_EASTING_M,
    ORIGIN_NORTHING_M,
    POSTAL_CODE,
    TOWN,
    School,
)

SCHOOL_HEADER = (
    "SchulNr;RegSchl;KoRe;KoHo;ABez1;ABez2;ABez3;PLZ;Ort;Strasse;TelVorw;Telefon;FaxVorw;Fax;ModemVorw;Modem;SF;OeffPri;"
    "KurzBez;SchBetrSchl;SchBetrSchlDatum;ArtDerTraegerschaft;SchultraegerNr;Schulgliederung;Schulart;Ganztagsbetrieb;"
    "FSP;Verbund;Bus;Fachberater;FachberHauptamtl;TelNrDBSalt;RP;Email;URL;CD;Stift;OGTS;SELB;Internat;InternatPlaetze;"
    "SMail;SportImAbi;Tal;KonKop;gueltigVon;gueltigBis"
)
AUTHORITY_HEADER = (
    "SchulNr;RegSchl;KoRe;KoHo;ABez1;ABez2;ABez3;PLZ;Ort;Strasse;TelVorw;Telefon;SF;OeffPri;KurzBez;SchBetrSchl;"
    "SchBetrSchlDatum;ArtDerTraegerschaft;SchultraegerNr;Schulgliederung;Ganztagsbetrieb;Aktiv;gueltigVon;gueltigBis"
)
ZEROS = ("Verbund", "Bus", "CD", "Stift", "OGTS", "SELB", "Internat", "InternatPlaetze", "SportImAbi", "Tal", "KonKop")
PUBLIC, IN_OPERATION, SINCE, CITY_AS_BEARER = "1", "1", "19730801", "03"


def write_schools(path: Path, schools: list[tuple[School, Point]]) -> None:
    """`schools` with the place that the register states, on the drawing board."""
    _write(path, SCHOOL_HEADER, [_school(school, place) for school, place in schools])


def write_authorities(path: Path, town_hall: Point) -> None:
    """The one authority of the town, in the form of the state's register."""
    _write(path, AUTHORITY_HEADER, [_authority(town_hall)])


def _school(school: School, place: Point) -> dict[str, str]:
    first, second, third = school.name.split("|")
    return {
        **dict.fromkeys(ZEROS, "0"),
        **_place(place),
        "SchulNr": school.number,
        "ABez1": first,
        "ABez2": second,
        "ABez3": third,
        "Strasse": f"{school.street} {school.house_number}",
        "SF": school.form,
        "KurzBez": f"{TOWN}, {school.short_name}",
        "SchultraegerNr": AUTHORITY_NUMBER,
        "Schulart": school.kind,
        "Ganztagsbetrieb": "0",
        "Email": f"{school.number}@schule.example",
    }


def _authority(town_hall: Point) -> dict[str, str]:
    return {
        **_place(town_hall),
        "SchulNr": AUTHORITY_NUMBER,
        "ABez1": f"Stadt {TOWN}",
        "Strasse": "Hauptstraße 100",
        "SF": "00",
        "KurzBez": f"Stadt {TOWN}",
        "SchultraegerNr": "0",
        "Ganztagsbetrieb": "0",
        "Aktiv": "1",
    }


def _place(point: Point) -> dict[str, str]:
    return {
        "RegSchl": MUNICIPALITY_KEY,
        "KoRe": str(round(ORIGIN_EASTING_M + point.x)),
        "KoHo": str(round(ORIGIN_NORTHING_M + point.y)),
        "PLZ": POSTAL_CODE,
        "Ort": TOWN,
        "OeffPri": PUBLIC,
        "SchBetrSchl": IN_OPERATION,
        "SchBetrSchlDatum": SINCE,
        "ArtDerTraegerschaft": CITY_AS_BEARER,
    }


def _write(path: Path, header: str, rows: list[dict[str, str]]) -> None:
    columns = header.split(";")
    lines = [header, *(";".join(row.get(column, "") for column in columns) for row in rows)]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")

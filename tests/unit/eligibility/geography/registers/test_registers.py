"""The state's house coordinates and the ministry's schools, as they come."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from geography import Address, ReadReport, RegisterUnusable, School
from geography.registers.gebref import read_gebref
from geography.registers.schuldaten import COLUMNS, read_schuldaten

NEW = (
    "N;DENWAL0A001;{qua};05;Nordrhein-Westfalen;7;Detmold;74;Paderborn;032;Paderborn;0000;;12741;"
    "{street};{hnr};{adz};32;{east};{north};2026-01-01"
)
OLD = "N;DENW000002207504;{qua};05;7;74;032;0000;12741;{hnr};{adz};{east};{north};{street};2022-01-01"
NAMES = "L;05;Nordrhein-Westfalen\nR;05;7;Detmold\nK;05;7;74;Paderborn\nG;05;7;74;032;Paderborn\n"
ROW = {"qua": "A", "street": "Kirchstraße", "hnr": "5", "adz": "a", "east": "482000,123", "north": "5729000,456"}


def read(path: Path, names: Path | None = None) -> tuple[list[Address], ReadReport]:
    report = ReadReport()
    return list(read_gebref(path, report, names)), report


Gebref = Callable[..., tuple[list[Address], ReadReport]]
Schuldaten = Callable[..., tuple[list[School], ReadReport]]


@pytest.fixture
def gebref(tmp_path: Path) -> Gebref:
    def write(
        line: str = NEW, encoding: str = "utf-8", end: str = "\n", **changes: str
    ) -> tuple[list[Address], ReadReport]:
        path, names = tmp_path / "gebref.txt", tmp_path / "gebref_schluessel.txt"
        path.write_bytes((line.format(**(ROW | changes)) + end).encode(encoding))
        names.write_text(NAMES, encoding="utf-8")
        return read(path, names if line.startswith(OLD[:20]) else None)

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", ";\r\n"])
@pytest.mark.parametrize(("east", "north"), [("482000,123", "5729000,456"), ("32482000.123", "5729000.456")])
@pytest.mark.parametrize("line", [NEW, OLD])
def test_both_layouts_are_read_however_they_are_written(
    gebref: Gebref, line: str, encoding: str, end: str, east: str, north: str
) -> None:
    (found,), report = gebref(line, encoding, end, east=east, north=north)
    assert (found.street, found.house_number, found.city) == ("Kirchstraße", "5a", "Paderborn")
    assert found.city_key == "kirchstr|5a|paderborn"
    assert (found.point.lat, found.point.lon) == pytest.approx((51.7112, 8.7395), abs=1e-3)
    assert (found.origin, report.taken, report.refused) == ("house_coordinate", 1, 0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"qua": "C"}, "quality C"),
        ({"hnr": ""}, "missing"),
        ({"hnr": "", "adz": ""}, "missing"),
        ({"street": " "}, "missing"),
        ({"east": "5729000", "north": "482000"}, "outside the state"),
        ({"east": "fünf"}, "outside the state"),
        ({"street": "Kirch;straße"}, "columns"),
    ],
)
def test_a_line_that_cannot_be_used_is_counted_with_its_reason(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    path = tmp_path / "gebref.txt"
    path.write_text(NEW.format(**ROW) + "\n" + NEW.format(**(ROW | changes)) + "\n", encoding="utf-8")
    found, report = read(path)
    assert (len(found), report.refused) == (1, 1)
    assert [reason in each for each in report.reasons] == [True]


def test_the_zip_is_read_as_it_is_downloaded(tmp_path: Path) -> None:
    path = tmp_path / "gebref_EPSG25832_ASCII.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("gebref_schluessel.txt", NAMES)
        archive.writestr("gebref.txt", NEW.format(**ROW) + "\r\n")
    assert len(read(path)[0]) == 1


@pytest.mark.parametrize("content", ["", "a;b;c\n"])
def test_a_foreign_file_is_refused_with_words(tmp_path: Path, content: str) -> None:
    path = tmp_path / "gebref.txt"
    path.write_text(content)
    if content:
        with pytest.raises(RegisterUnusable, match="columns"):
            read(path)
    else:
        assert read(path)[0] == []
    with pytest.raises(RegisterUnusable, match="There is no file"):
        read(tmp_path / "none.txt")


def test_the_old_layout_asks_for_the_names_of_the_municipalities(tmp_path: Path) -> None:
    path = tmp_path / "gebref.txt"
    path.write_text(OLD.format(**ROW))
    with pytest.raises(RegisterUnusable, match="gebref_schluessel"):
        read(path)


SCHOOL = {
    "Schulnummer": "165256", "Schulform": "10", "Schulbezeichnung_1": "Realschule", "Schulbezeichnung_2": "Eschen-",
    "Schulbezeichnung_3": "born", "Kurzbezeichnung": "RS", "PLZ": "33100", "Ort": "Paderborn", "Strasse": "Weg 1",
    "Rechtsform": "1", "Traegernummer": "10261", "Gemeindeschluessel": "05774032", "Schulbetriebsschluessel": "1",
    "Schulbetriebsdatum": "01.08.1974", "EPSG": "25832", "UTMRechtswert": "482000", "UTMHochwert": "5729000",
}  # fmt: skip


@pytest.fixture
def schuldaten(tmp_path: Path) -> Schuldaten:
    def write(*rows: dict[str, str]) -> tuple[list[School], ReadReport]:
        lines = ["sep=;", ";".join(COLUMNS) + ";"]
        lines += [";".join(f'"{(SCHOOL | row)[name]}"' for name in COLUMNS) + ";" for row in rows]
        path, report = tmp_path / "schuldaten.csv", ReadReport()
        path.write_text("\n".join(lines), encoding="utf-8")
        return list(read_schuldaten(path, report)), report

    return write


def test_a_school_of_the_ministry_is_read(schuldaten: Schuldaten) -> None:
    (school,), _ = schuldaten({})
    assert (school.number, school.form, school.name) == ("165256", "R", "Realschule Eschenborn")
    assert (school.opening_date, school.municipality, school.private) == ("1974-08-01", "05774032", False)
    assert school.point is not None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Schulform": "0A"}, "office"),
        ({"Schulform": "99"}, "form"),
        ({"Schulnummer": "12"}, "six digits"),
        ({"EPSG": "31466"}, "system"),
    ],
)
def test_a_row_that_cannot_be_used_is_counted(schuldaten: Schuldaten, change: dict[str, str], reason: str) -> None:
    found, report = schuldaten({"Schulnummer": "100000"}, change)
    assert len(found) == 1
    assert [reason in each for each in report.reasons] == [True]


def test_the_missing_system_is_the_states_own(schuldaten: Schuldaten) -> None:
    assert schuldaten({"EPSG": "null"})[0][0].point is not None


@pytest.mark.real_data
def test_the_ministrys_whole_file_is_read(real_data: Path) -> None:
    report = ReadReport()
    schools = list(read_schuldaten(real_data / "nrw" / "schuldaten.csv", report))
    assert 5300 < len(schools) < 5510
    assert sum(school.point is None for school in schools) < 10
    assert set(report.reasons) <= {
        "an office, not a school", "coordinates missing or outside the state (school kept without a point)",
    }  # fmt: skip

"""Files that people give for a real region: taken as the ministry or the school software writes them, or named in one
sentence what they are not."""

import os
from pathlib import Path

import pytest
from application.checks.key_tables import school_keys
from application.domain.school import School
from application.register import read_schools as read_for_application
from geography.model.records import ReadReport
from geography.registers.schools import read_schools
from local import demo
from local.foreground import alone
from local.report import Report
from local.system.inputs import WrongFile, real
from shared.registers import RegisterUnusable

SCHULDATEN = """sep=;
Schulnummer;Schulform;Schulbezeichnung_1;Schulbezeichnung_2;Schulbezeichnung_3;Kurzbezeichnung;PLZ;Ort;Strasse;Telefonvorwahl;Telefon;Faxvorwahl;Fax;E-Mail;Homepage;Rechtsform;Traegernummer;Gemeindeschluessel;Schulbetriebsschluessel;Schulbetriebsdatum;EPSG;UTMRechtswert;UTMHochwert;
"100000";"20";"Gymnasium";"am Markt";"";"Köln, Gym";"50667";"Köln";"Markt 1";"0221";"1";"";"";"a@b.de";"";"1";"10100";"05315000";"1";"01.08.1974";"null";"356000";"5645000"
"100001";"0A";"Schulamt";"";"";"Köln, Amt";"50667";"Köln";"Markt 2";"";"";"";"";"";"";"1";"10100";"05315000";"1";"";"null";"";""
"""
MAP = "<?xml version='1.0'?><osm version='0.6'></osm>"


def files(folder: Path, streets: str, schools: str, name: str = "region.osm") -> tuple[Path, Path]:
    for each, content in ((name, streets), ("schools.csv", schools)):
        (folder / each).write_text(content, encoding="utf-8")
    return folder / name, folder / "schools.csv"


def test_the_ministrys_open_data_is_taken_for_the_school_register(tmp_path: Path) -> None:
    inputs = real(*files(tmp_path, MAP, SCHULDATEN), tmp_path / "given")
    report = ReadReport()
    (school,) = read_schools(inputs.schools, report)
    assert (school.number, school.name, school.municipality) == ("100000", "Gymnasium am Markt", "05315000")
    assert school.point is not None and school.opening_date == "1974-08-01" and report.refused == 0
    (known,) = read_for_application(inputs.schools, school_keys())
    assert isinstance(known, School) and (known.form, known.authority.id, known.operation) == ("GY", "10100", "1")


@pytest.mark.parametrize(
    ("name", "streets", "schools", "said"),
    [
        ("region.osm.pbf", "SchulNr;KoRe\n", SCHULDATEN, "region.osm.pbf is no OpenStreetMap extract"),
        ("Schulen.csv", "SchulNr;KoRe\n", SCHULDATEN, "Schulen.csv is no OpenStreetMap extract"),
        ("region.osm", '{"elements": []}', SCHULDATEN, "region.osm is no OpenStreetMap extract"),
        ("region.osm", "", SCHULDATEN, "region.osm is empty"),
        ("region.osm", MAP, "", "schools.csv is empty"),
        ("region.osm", MAP, "Schulbetriebsschluessel;PLZ\n1;2\n", "lacks the columns Schulnummer"),
    ],
)
def test_a_wrong_file_is_named_in_one_sentence(
    tmp_path: Path, name: str, streets: str, schools: str, said: str
) -> None:
    with pytest.raises((WrongFile, RegisterUnusable), match=r"Give|empty") as raised:
        real(*files(tmp_path, streets, schools, name), tmp_path / "given")
    assert said in str(raised.value) and "\n" not in str(raised.value)


def test_a_missing_file_is_named_with_the_word_of_the_command(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match=r"SCHOOLS: .*no\.csv is not there"):
        real(files(tmp_path, MAP, SCHULDATEN)[0], tmp_path / "no.csv", tmp_path)


def test_of_failed_demos_only_the_newest_stays_and_none_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path)
    for age, name in enumerate(("demo-c", "demo-b", "demo-a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".lock").touch()
        os.utime(tmp_path / name / ".lock", (1000 - age, 1000 - age))
    mine = tmp_path / "demo-mine"
    mine.mkdir()
    with alone(mine), alone(tmp_path / "demo-a"):
        os.utime(tmp_path / "demo-a" / ".lock", (1, 1))
        demo._clear_away(mine)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["demo-a", "demo-c", "demo-mine"]


def test_a_demo_beside_a_running_copy_leaves_its_files_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "RUN", tmp_path)
    assert demo._nobody_runs()
    with alone(tmp_path):
        assert not demo._nobody_runs()


def test_what_is_broken_off_is_said_to_be_interrupted_and_not_failed(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.interrupted = True
    with pytest.raises(RuntimeError), report.step("Something"):
        raise RuntimeError
    told = capsys.readouterr().out
    assert "interrupted" in told and "✗" not in told


def test_a_folder_is_told_to_be_one(tmp_path: Path) -> None:
    streets, _ = files(tmp_path, MAP, SCHULDATEN)
    with pytest.raises(WrongFile, match=r"SCHOOLS: .* is a folder: name the file in it"):
        real(streets, tmp_path, tmp_path / "made")

"""The directory: the register comes in, families search it."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from application.checks import SchoolKeys
from application.checks.key_tables import school_keys
from application.commands import app
from application.domain.school import School
from application.register import Refusal, read_authorities, read_schools
from shared.registers import RegisterUnusable
from typer.testing import CliRunner

HEADER = "SchulNr;ABez1;ABez2;ABez3;PLZ;Ort;Strasse;SF;SchBetrSchl;SchBetrSchlDatum;SchultraegerNr;Extra"
LINES = [
    "168890;Gymnasium;am Markt;;33602;Bielefeld;Am Markt 1;20;1;19740801;10261;x",
    "100001;Grundschule Süd;;;33602;Bielefeld;Südstr. 1;02;3;20270801;10261;x",
    "100002;Gesamtschule Düsseldorf-Straße;;;40210;Düsseldorf;Weg 1;15;1;;10500;x",
]
BAD = [
    "10000;zu kurz;;;1;x;y;20;1;;10261;x",
    "168890;doppelt;;;1;x;y;20;1;;10261;x",
    "100027;Lernort;;;1;x;y;81;1;;10261;x",
    "100028;ohne Träger;;;1;x;y;20;1;;;x",
    "100029;;;;1;x;y;20;1;;10261;x",
    "100030;ohne Betrieb;;;1;x;y;20;;;10261;x",
    "100031",
]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "Schulen.csv"
    path.write_text("\n".join([HEADER, *LINES, *BAD]) + "\n", "utf-8-sig")
    return path


@pytest.fixture
def run(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    path = tmp_path / "command.db"
    path.write_bytes(migrated_file.read_bytes())
    monkeypatch.setenv("APPLICATION_DATABASE_URL", f"sqlite:///{path}")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(arguments))
        return result.exit_code, result.output

    return run


def test_good_lines_are_read_and_bad_ones_say_why(register: Path, keys: SchoolKeys) -> None:
    lines = list(read_schools(register, keys))
    schools = [line for line in lines if isinstance(line, School)]
    refusals = [line for line in lines if isinstance(line, Refusal)]
    assert [(each.number, each.form, each.name) for each in schools[:2]] == [
        ("168890", "GY", "Gymnasium am Markt"), ("100001", "G", "Grundschule Süd"),
    ]  # fmt: skip
    assert len(schools) == len(LINES) and len(refusals) == len(BAD)
    assert [refusal.line for refusal in refusals] == list(range(5, 12))


def test_another_file_is_refused_with_the_columns_it_lacks(tmp_path: Path, keys: SchoolKeys) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a;b\n1;2\n")
    with pytest.raises(RegisterUnusable, match="SchulNr"):
        list(read_schools(other, keys))
    other.write_bytes(b"SchulNr;\xff\xfe\n")
    with pytest.raises(RegisterUnusable, match="UTF-8"):
        read_authorities(other)


def test_a_first_line_that_names_the_separator_is_passed_over(tmp_path: Path, keys: SchoolKeys) -> None:
    path = tmp_path / "open-data.csv"
    path.write_text("\n".join(["sep=;", HEADER, LINES[0], BAD[0]]))
    first, refusal = read_schools(path, keys)
    assert isinstance(first, School)
    assert isinstance(refusal, Refusal) and refusal.line == 4


def test_the_same_import_again_changes_nothing(run: Callable[..., tuple[int, str]], register: Path) -> None:
    code, output = run("import", "schools", str(register), "--authority", "10261")
    assert code == 0
    assert "schools: 3 new, 0 changed, 0 unchanged" in output
    assert "refused: 7 lines" in output and "line 5" in output
    code, output = run("import", "schools", str(register))
    assert "schools: 0 new, 0 changed, 3 unchanged" in output
    assert "authorities: 0 new, 0 changed, 2 unchanged" in output


def test_a_changed_register_changes_and_drops_on_demand(run: Callable[..., tuple[int, str]], register: Path) -> None:
    run("import", "schools", str(register), "--all")
    register.write_text("\n".join([HEADER, LINES[0].replace(";1;1974", ";2;1974")]))
    code, output = run("import", "schools", str(register), "--replace")
    assert code == 0
    assert "schools: 0 new, 1 changed, 0 unchanged" in output
    assert "dropped: 2 schools" in output


def test_an_authority_without_schools_is_refused(run: Callable[..., tuple[int, str]], register: Path) -> None:
    code, output = run("import", "schools", str(register), "--authority", "99999")
    assert code == 2
    assert "99999" in output
    assert run("authority", "set", "99999", "--takes-part")[0] == 2
    run("import", "schools", str(register))
    assert run("authority", "set", "10261", "--takes-part") == (0, "authority 10261 takes part\n")


async def test_schools_are_found_by_words_and_without_umlauts(http: httpx.AsyncClient) -> None:
    async def names(search: str) -> list[str]:
        answer = await http.get("/v1/schools", params={"search": search})
        return [item["name"] for item in answer.json()["items"]]

    assert await names("GYMNASIUM bielefeld") != []
    assert await names("sued") == await names("süd") == await names("Sud") == ["Grundschule Süd"]
    assert await names("168890") == ["Gymnasium am Alten Markt"]
    assert await names("gymnasium köln") == []
    assert await names("100%") == await names("__") == []
    assert (
        await names("grundshule südd") == await names("Gundschule") == await names("Grunsdchule") == ["Grundschule Süd"]
    )
    assert await names("grundschule 33602") == await names("grund 336") == ["Grundschule Süd"]
    assert await names("Grxndschxle") == await names("grundschule 33603") == []
    assert (await http.get("/v1/schools", params={"search": "a"})).status_code == 422
    assert (await http.get("/v1/schools")).status_code == 422


async def test_schools_whose_authority_takes_part_come_first(http: httpx.AsyncClient) -> None:
    items = (await http.get("/v1/schools", params={"search": "bielefeld"})).json()["items"]
    parts = [item["takes_part"] for item in items]
    assert parts == sorted(parts, reverse=True) and parts[-1] is False


async def test_a_school_tells_its_grades_and_whether_its_authority_takes_part(http: httpx.AsyncClient) -> None:
    shown = (await http.get("/v1/schools/100002")).json()
    assert shown["form_name"] == {"de": "Berufskolleg", "en": "vocational college"}
    assert shown["grades"] == ["01", "02", "03", "04", "05", "06"]
    assert shown["courses"] == ["A", "B", "C", "D", "E"] and shown["tracks"] == []
    assert shown["takes_part"] is True and shown["open"] is True
    assert (await http.get("/v1/schools/100004")).json()["open"] is False
    assert (await http.get("/v1/schools/999999")).status_code == 404
    assert (await http.get("/v1/schools/%00%ff")).status_code == 404


@pytest.mark.real_data
def test_the_real_register_comes_in_whole_but_for_two_places_that_are_no_schools(real_data: Path) -> None:
    folder = real_data / "nrw"
    lines = list(read_schools(folder / "Schulen.csv", school_keys()))
    refusals = [line.reason for line in lines if isinstance(line, Refusal)]
    assert len(lines) == 5425
    assert len(refusals) == 2 and all("'81'" in reason for reason in refusals)
    assert read_authorities(folder / "Schultraeger.csv")["10261"] == "Stadt Bielefeld"


@pytest.mark.real_data
def test_the_key_table_says_what_the_state_s_catalogues_say(keys: SchoolKeys, real_data: Path) -> None:
    folder = real_data / "nrw"

    def current(name: str) -> list[dict[str, object]]:
        entries = json.loads((folder / name).read_text("utf-8"))["daten"]
        return [each for entry in entries for each in entry["historie"] if each["gueltigBis"] is None]

    forms = {str(each["kuerzel"]): str(each["schluessel"]) for each in current("Schulform.json")}
    assert {key: form.register_key for key, form in keys.forms.items() if form.ended is None} == forms
    grades: dict[str, set[str]] = {}
    for each in current("Jahrgaenge.json"):
        for form in each["schulformen"]:  # type: ignore[attr-defined]
            grades.setdefault(form, set()).add(str(each["kuerzel"]))
    assert {key: set(form.grades) for key, form in keys.forms.items() if form.ended is None} == grades
    tracks = {
        str(e["kuerzel"]): e["schulformen"] for e in current("Schulgliederung.json") if e["kuerzel"] in ("GY8", "GY9")
    }
    for track, of_forms in tracks.items():
        assert {key for key, form in keys.forms.items() if track in form.tracks} == set(of_forms)  # type: ignore[call-overload]

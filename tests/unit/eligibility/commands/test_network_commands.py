"""`eligibility network build` and `eligibility distance`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from eligibility.commands.geography import add_to, import_commands
from geography import ReadReport
from geography.model.records import Address, School
from support.town import Place, Town
from typer.testing import CliRunner, Result

RUNNER = CliRunner()


class KeptRecords:
    """Keeps what an import gives, as the store would."""

    def __init__(self) -> None:
        self.schools: list[School] = []
        self.addresses: list[Address] = []

    def replace_schools(self, schools: Iterator[School], *, even_most: bool) -> None:
        self.schools = list(schools)

    def replace_addresses(self, addresses: Iterator[Address], source: str, *, even_most: bool) -> None:
        self.addresses, self.source = list(addresses), source

    def record(self, kind: str, file: str, report: ReadReport, difference: object) -> None:
        self.recorded = kind, file, report.taken


@pytest.fixture
def importer() -> KeptRecords:
    return KeptRecords()


@pytest.fixture
def app(importer: KeptRecords) -> typer.Typer:
    @contextmanager
    def open_importer() -> Iterator[KeptRecords]:
        yield importer

    app = typer.Typer()
    add_to(app)
    app.add_typer(import_commands(open_importer), name="import")
    return app


@pytest.fixture
def network(app: typer.Typer, grid: Town, tmp_path: Path) -> Path:
    target = tmp_path / "town.network"
    result = RUNNER.invoke(app, ["network", "build", str(grid.write()), "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert "OpenStreetMap" in result.stdout
    return target


def text(point: tuple[float, float]) -> str:
    return f"{point[0]:.7f},{point[1]:.7f}"


def ask(app: typer.Typer, network: Path, home: str, to: str) -> Result:
    return RUNNER.invoke(app, ["distance", "--network", str(network), "--from", home, "--to", to, "--json"])


def test_the_distance_is_printed_as_agreed(app: typer.Typer, network: Path, place: Place) -> None:
    home, school = place(100, 20), place(370, 300)
    result = ask(app, network, text(home), text(school))
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert {"metres", "connector_from_m", "connector_to_m", "geometry", "network", "flags"} <= set(answer)
    assert answer["metres"] == pytest.approx(20 + 300 + 300 + 30, abs=0.5)
    assert answer["geometry"]["type"] == "LineString"
    assert answer["geometry"]["coordinates"][0] == pytest.approx([home.lon, home.lat])
    assert answer["geometry"]["coordinates"][-1] == pytest.approx([school.lon, school.lat])
    assert answer["network"]["rules"] == "walking-nrw/3"
    assert isinstance(answer["flags"], list)


def test_without_json_a_person_can_read_it(app: typer.Typer, network: Path, place: Place) -> None:
    result = RUNNER.invoke(
        app, ["distance", "--network", str(network), "--from", text(place(0, 0)), "--to", text(place(400, 0))]
    )
    assert result.exit_code == 0
    assert "Südstraße" in result.stdout
    assert "OpenStreetMap" in result.stdout


def test_several_entrances_may_be_given(app: typer.Typer, network: Path, place: Place) -> None:
    arguments = ["distance", "--network", str(network), "--from", text(place(0, 0)), "--json"]
    result = RUNNER.invoke(app, [*arguments, "--to", text(place(400, 400)), "--to", text(place(200, 0))])
    assert json.loads(result.stdout)["metres"] == pytest.approx(200, abs=0.5)


def test_no_way_exits_with_3_and_says_why(app: typer.Typer, network: Path, place: Place) -> None:
    result = ask(app, network, text(place(-260, 0)), text(place(0, 0)))
    assert result.exit_code == 3
    answer = json.loads(result.stdout)
    assert set(answer) >= {"error", "reason"}
    assert answer["error"] == "no_way"


@pytest.mark.parametrize(
    ("home", "said"),
    [
        ("8.7,51.7", "swapped"),
        ("48.1,11.5", "outside"),
        ("479000,5728000", "degrees"),
        ("51.7", "LAT,LON"),
        ("51,7,8,7", "LAT,LON"),
        ("here,there", "LAT,LON"),
        ("nan,8.7", "degrees"),
    ],
)
def test_unusable_points_exit_with_2_and_say_what_to_do(
    app: typer.Typer, network: Path, place: Place, home: str, said: str
) -> None:
    result = ask(app, network, home, text(place(0, 0)))
    assert result.exit_code == 2
    assert said in result.stderr


def test_an_unusable_network_exits_with_2(app: typer.Typer, network: Path, place: Place, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"something else")
    (tmp_path / "damaged").write_bytes(network.read_bytes()[:-500])
    for path, said in [("other", "not a walking network"), ("damaged", "damaged"), ("none", "There is no file")]:
        result = ask(app, tmp_path / path, text(place(0, 0)), text(place(0, 200)))
        assert result.exit_code == 2
        assert said in result.stderr
        assert "eligibility network build" in result.stderr


def test_an_unusable_extract_exits_with_2(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "x.osm.pbf").write_text("no")
    result = RUNNER.invoke(app, ["network", "build", str(tmp_path / "x.osm.pbf"), "-o", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "extract" in result.stderr


def test_an_extract_that_this_user_may_not_read_is_named_and_not_the_output(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator's file in a home, read by the service's user: root reads all, so the system's refusal is made up."""
    region = Town(tmp_path).node("a", 0, 0).write()

    def refused(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("geography.build", refused)
    result = RUNNER.invoke(app, ["network", "build", str(region), "-o", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert f"{region} cannot be read by this user: Permission denied." in result.output


def test_imports_hand_records_over_and_print_what_was_refused(
    app: typer.Typer, importer: KeptRecords, town: Town, tmp_path: Path
) -> None:
    town.node("n", 0, 0, addr_housenumber="5", addr_street="A", addr_city="N").node("m", 0, 0, addr_housenumber="5")
    result = RUNNER.invoke(app, ["import", "addresses", str(town.write())])
    assert result.exit_code == 0
    assert "1 addresses taken, 1 records refused" in result.stdout
    assert [row.street for row in importer.addresses] == ["A"]
    (tmp_path / "bad.csv").write_text("a;b\n")
    assert RUNNER.invoke(app, ["import", "schools", str(tmp_path / "bad.csv")]).exit_code == 2


def test_the_second_distance_is_measured_with_a_file_of_hazards_and_drawn(
    app: typer.Typer, network: Path, place: Place, tmp_path: Path
) -> None:
    from geography.drawing.picture import svg

    def write(**told: str) -> str:
        line = [[one.lon, one.lat] for one in (place(50, 0), place(150, 0))]
        feature = {"geometry": {"type": "LineString", "coordinates": line}, "properties": told}
        (tmp_path / "h.geojson").write_text(json.dumps({"features": [feature]}))
        return str(tmp_path / "h.geojson")

    arguments = ["distance", "--network", str(network), "--from", text(place(0, 0)), "--to", text(place(400, 0))]
    file = write(reason="Kein Gehweg", decided_on="2026-03-01")
    result = RUNNER.invoke(app, [*arguments, "--hazards", file, "--json"])
    answer = json.loads(result.stdout)
    assert answer["without_hazards"]["metres"] == pytest.approx(800, abs=1)
    assert "Kein Gehweg" in (svg(answer) or "")
    assert "without the hazards 80" in RUNNER.invoke(app, [*arguments, "--hazards", file]).stdout
    refused = RUNNER.invoke(app, [*arguments, "--hazards", write(reason="Kein Gehweg")])
    assert refused.exit_code == 2
    assert "decided_on" in refused.stderr

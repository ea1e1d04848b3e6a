"""Tables, imports and look-ups."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from eligibility.commands import app
from eligibility.store import Row, Store
from eligibility.store.places.importer import PlaceImporter
from eligibility.store.tables import ADDRESS, SCHOOL
from geography.model import Entrance, Point
from support.eligibility import small_place as make
from support.eligibility.world import World
from support.json import text
from typer.testing import CliRunner


def count(world: World, table: sa.Table) -> int:
    return len(world.database.read_now(lambda store: store.rows(sa.select(table))))


def test_the_migration_makes_the_tables_that_the_code_expects(world: World) -> None:
    def differences(store: Store) -> list[object]:
        context = MigrationContext.configure(store.session.connection())
        names = set(Row.metadata.tables)
        return [each for each in compare_metadata(context, Row.metadata) if not _is_shared(each, names)]

    assert world.database.read_now(differences) == []


def _is_shared(difference: object, own: set[str]) -> bool:
    """Tables and indexes of outbox, inbox and dead letters, and Alembic's own table, are not this service's."""
    if not isinstance(difference, tuple):
        return False
    kind, thing, *_ = difference
    table = getattr(getattr(thing, "table", thing), "name", "")
    return text(kind).startswith("remove") and table not in own


def test_an_import_again_changes_nothing_and_a_smaller_one_takes_away(world: World) -> None:
    before = count(world, SCHOOL)
    schools = [make.school("100001"), make.school("100002", name="Neu")]
    PlaceImporter(world.database).replace_schools(iter(schools))
    PlaceImporter(world.database).replace_schools(iter(schools))
    assert (before, count(world, SCHOOL)) == (6, 2)
    school = world.database.read_now(lambda store: store.school("100002"))
    assert school is not None and school.name == "Neu"


def test_a_school_comes_back_as_it_was_imported(world: World) -> None:
    there = make.school("200001", kind=None, private=True, point=None, tracks="TM1")
    PlaceImporter(world.database).replace_schools(iter([there, there]))
    assert world.database.read_now(lambda store: store.school("200001")) == there


@pytest.mark.parametrize(
    ("street", "number", "code", "city", "found"),
    [
        ("Kirchstraße", "5a", "33100", "Eschenborn", True),
        ("KIRCHSTR.", "5 A", "33100", "anders", True),
        ("Kirchstraße", "5a", "", "Eschenborn", True),
        ("Kirchstraße", "5a", "33199", "Eschenborn", False),
        ("Kirchstraße", "5", "33100", "Eschenborn", False),
        ("Doppelweg", "1", "33100", "Eschenborn", False),
        ("", "", "", "", False),
    ],
)
def test_a_home_is_found_in_all_spellings_but_never_guessed(
    world: World, street: str, number: str, code: str, city: str, found: bool
) -> None:
    home = world.database.read_now(lambda store: store.home(street, number, code, city))
    assert (home is not None) == found
    assert count(world, ADDRESS) == 3


def test_schools_alike_are_public_operating_and_inside_the_box(world: World) -> None:
    asked = make.school("1")
    others = [
        make.school("2"),
        make.school("3", private=True),
        make.school("4", opening_key="3"),
        make.school("5", point=Point(52.5, 8.76)),
        make.school("6", form="R"),
        make.school("7", kind="RKB"),
        make.school("8", point=None),
    ]
    PlaceImporter(world.database).replace_schools(iter([asked, *others]))

    def alike(*, same_kind: bool) -> list[str]:
        found = world.database.read_now(
            lambda store: store.alike(asked, same_kind=same_kind, around=Point(51.71, 8.75), radius_m=3000.0)
        )
        return [each.number for each in found]

    assert alike(same_kind=True) == ["2"]
    assert alike(same_kind=False) == ["2", "7"]


def test_entrances_of_the_map_are_replaced_and_those_set_by_a_person_stay(world: World) -> None:
    importer, school = PlaceImporter(world.database), make.school("100001")
    by_hand, mapped = Entrance(Point(51.1, 8.1), "set_by_person"), Entrance(Point(51.2, 8.2), "openstreetmap")
    assert importer.replace_entrances([("100001", by_hand)], "set_by_person").added == 1
    for _ in range(2):
        importer.replace_entrances([("100001", mapped)], "openstreetmap")

    def known(store: Store) -> Mapping[str, Sequence[Entrance]]:
        return store.entrances([school, make.school("100003")])

    found = world.database.read_now(known)
    assert set(found["100001"]) == {by_hand, mapped}
    assert len(found["100001"]) == 2
    assert [each.origin for each in found["100003"]] == ["school_point"]


AUTHORITY = """
id: "54321"
name: Kreis Beispiel
letterhead: [Der Landrat, Kreisstraße 1, 33100 Beispiel]
place: Beispiel
contact: {office: Schulamt}
court: {name: Verwaltungsgericht Minden, address: "Königswall 8, 32423 Minden"}
data_protection_url: https://www.example.org
"""


def test_an_authority_is_set_up_from_a_file_and_a_person_releases_everything_by_default(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", world.database.url)
    path = tmp_path / "authority.yaml"
    path.write_text(AUTHORITY, encoding="utf-8")
    assert CliRunner().invoke(app, ["authority", "set", str(path)]).exit_code == 0
    found = world.database.read_now(lambda store: store.authority("54321"))
    assert found is not None
    assert (found.release_by_person, found.review_band_m, found.rules) == ("everything", 50.0, "nrw")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("release_by_person: sometimes", "release_by_person"),
        ("review_band_m: -1", "review_band_m"),
        ("letter: []", "letter"),
        ("rules: bavaria", "rule set"),
    ],
)
def test_a_wrong_setting_is_named(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, field: str
) -> None:
    monkeypatch.setenv("ELIGIBILITY_DATABASE_URL", world.database.url)
    path = tmp_path / "authority.yaml"
    path.write_text(AUTHORITY + line, encoding="utf-8")
    answer = CliRunner().invoke(app, ["authority", "set", str(path)])
    assert answer.exit_code == 2
    assert field in answer.stderr


def test_a_missing_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ELIGIBILITY_DATABASE_URL", raising=False)
    path = tmp_path / "authority.yaml"
    path.write_text(AUTHORITY, encoding="utf-8")
    answer = CliRunner().invoke(app, ["authority", "set", str(path)])
    assert answer.exit_code == 2
    assert "ELIGIBILITY_DATABASE_URL" in answer.stderr

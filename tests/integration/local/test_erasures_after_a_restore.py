"""What was erased stays erased when an older copy is put back: by a list beside the copies, and by what others know."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from local.backup.command import show_restore
from local.backup.copies import ORDER, Copier
from local.backup.erased import LIST, erased_by_list
from shared.bus import erasures
from shared.bus.tables import metadata
from shared.database import Database
from support.bus import Store

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def opened(system: Path, name: str) -> Database[Store]:
    return Database(f"sqlite:///{system / 'data' / name}.sqlite", Store)


@pytest.fixture
def system(tmp_path: Path) -> Path:
    folder = tmp_path / "system"
    (folder / "data").mkdir(parents=True)
    for name in ORDER:
        database = opened(folder, name)
        database.write_now(lambda store: metadata.create_all(store.session.connection()))
        database.close()
    return folder


def erase(system: Path, application_id: UUID, *names: str) -> None:
    for name in names:
        database = opened(system, name)
        database.write_now(lambda store: erasures.note(store.session, application_id, "99001", NOW))
        database.close()


def copy(system: Path, folder: Path) -> None:
    with closing(Copier(system, folder)) as copier:
        copier.make()


def due(system: Path) -> Mapping[str, set[UUID]]:
    found = {}
    for name in ORDER:
        database = opened(system, name)
        rows = database.read_now(lambda store: erasures.list_due(store.session, 100))
        assert all(each.authority_id == "99001" and each.erased_at == NOW for each in rows)
        found[name] = {each.application_id for each in rows}
        database.close()
    return found


def test_what_was_erased_since_the_copy_is_to_go_once_more_in_each_database_that_was_put_back(
    system: Path, tmp_path: Path
) -> None:
    copies, before, since = tmp_path / "copies", uuid4(), uuid4()
    erase(system, before, *ORDER)
    copy(system, copies)
    erase(system, since, "application", "eligibility")
    said: list[str] = []
    assert show_restore(said.append, system, copies, None) == 0
    assert due(system) == {name: {since} for name in ORDER}
    assert sum("families erased since then, which go once more at its start: 1" in each for each in said) == len(ORDER)


def test_the_list_beside_the_copies_knows_it_where_the_whole_disk_is_lost(system: Path, tmp_path: Path) -> None:
    copies, gone = tmp_path / "copies", uuid4()
    copy(system, copies)
    first = min(each for each in copies.iterdir() if each.is_dir())
    erase(system, gone, "application")
    copy(system, copies)
    assert set(erased_by_list(copies)) == {gone} and (copies / LIST).stat().st_mode & 0o777 == 0o600
    for each in (system / "data").glob("*.sqlite*"):
        each.unlink()
    for name in ORDER:  # as set up anew, empty
        database = opened(system, name)
        database.write_now(lambda store: metadata.create_all(store.session.connection()))
        database.close()
    assert show_restore(lambda _: None, system, first, "application") == 0
    assert due(system)["application"] == {gone}


def test_the_list_says_nothing_of_anybody_and_only_grows(system: Path, tmp_path: Path) -> None:
    copies, ids = tmp_path / "copies", [uuid4(), uuid4()]
    for each in ids:
        erase(system, each, "application")
        copy(system, copies)
    with closing(sqlite3.connect(system / "data" / "application.sqlite")) as database:
        database.execute("DELETE FROM erased_application")
        database.commit()
    copy(system, copies)
    assert set(erased_by_list(copies)) == set(ids)

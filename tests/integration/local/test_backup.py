"""Copies of databases in use, and what is put back of them: real files, no services."""

import fcntl
import os
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from local.backup.command import show_backup, show_restore
from local.backup.copies import DAILY, HOURLY, NEWEST, ORDER, STAMP, Backup, Copier, backups, kept_of, prune
from local.backup.erased import LIST
from local.backup.key_copy import STORE
from local.backup.restore import while_stopped
from local.backup.unfinished import unfinished_mark
from local.system import running_system
from local.system.places import kept_installation
from local.system.setup import StepFailed
from shared.bus import epochs
from shared.bus.tables import metadata
from shared.database import Database, installation
from support.bus import Store

KEYS = ("keys/issuance/keys/numbers.key", "keys/wallet-pass/links.key", "keys/eligibility-digests.key")


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """The folder of a system with five databases and its keys."""
    folder = tmp_path / "system"
    (folder / "data").mkdir(parents=True)
    for name in ORDER:
        database = Database(f"sqlite:///{folder / 'data' / name}.sqlite", Store)
        database.write_now(lambda store: metadata.create_all(store.session.connection()))
        database.close()
        write(folder, name, "CREATE TABLE kept (value TEXT)")
    for each in KEYS:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_bytes(each.encode())
    return folder


def write(system: Path, name: str, *statements: str) -> None:
    with closing(sqlite3.connect(system / "data" / f"{name}.sqlite")) as database:
        for each in statements:
            database.execute(each)
        database.commit()


def kept(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [value for (value,) in database.execute("SELECT value FROM kept ORDER BY value")]


def epoch(system: Path, name: str) -> tuple[int, bool]:
    database = Database(f"sqlite:///{system / 'data' / name}.sqlite", Store)
    found = database.read_now(lambda store: (epochs.epoch_of(store.session), epochs.is_behind(store.session)))
    database.close()
    return found


def make(system: Path, folder: Path) -> Backup:
    with closing(Copier(system, folder)) as copier:
        return copier.make()


def test_a_copy_has_all_that_was_committed_and_nothing_else(system: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(system / "data" / "signer.sqlite")) as writer:
        writer.execute("INSERT INTO kept VALUES ('committed')")
        writer.commit()
        writer.execute("INSERT INTO kept VALUES ('not committed')")
        made = make(system, tmp_path / "copies")
    assert kept(made.database("signer")) == ["committed"]
    assert [made.database(name).stat().st_mode & 0o777 for name in ORDER] == [0o600] * 5
    assert [each.stat().st_mode & 0o777 for each in (made.folder, made.folder.parent)] == [0o700] * 2
    assert not any(each.suffix == ".key" for each in made.folder.rglob("*"))
    times = [made.copied_at(name) for name in ORDER]
    assert times == sorted(times)


def test_what_has_not_changed_is_linked_and_what_has_is_copied(system: Path, tmp_path: Path) -> None:
    with closing(Copier(system, tmp_path / "copies")) as copier:
        first = copier.make()
        write(system, "application", "INSERT INTO kept VALUES ('new')")
        second = copier.make()
    same = [name for name in ORDER if first.database(name).stat().st_ino == second.database(name).stat().st_ino]
    assert same == [name for name in ORDER if name != "application"]
    assert (kept(first.database("application")), kept(second.database("application"))) == ([], ["new"])


def test_a_copy_that_was_cut_off_is_none(system: Path, tmp_path: Path) -> None:
    made = make(system, tmp_path / "copies")
    (tmp_path / "copies" / ".making-1").mkdir()
    (tmp_path / "copies" / datetime.now(UTC).strftime(STAMP)).mkdir()
    assert backups(tmp_path / "copies") == [made]


def test_kept_are_the_newest_one_an_hour_and_one_a_day() -> None:
    now = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
    times = [now - timedelta(minutes=5 * number) for number in range(30 * 24 * 12)]
    every = [Backup(Path(each.strftime(STAMP))) for each in reversed(times)]
    left = kept_of(every)
    assert every[-NEWEST:] == left[-NEWEST:]
    assert NEWEST + HOURLY + DAILY - 4 <= len(left) <= NEWEST + HOURLY + DAILY
    assert now - left[0].made_at >= timedelta(days=DAILY - 2)
    # to go by the rule again and again leaves what it leaves
    assert kept_of(left) == left


def test_old_copies_go(system: Path, tmp_path: Path) -> None:
    folder, made = tmp_path / "copies", make(system, tmp_path / "copies")
    for number in range(40):
        older = folder / (made.made_at - timedelta(seconds=number + 1)).strftime(STAMP)
        older.mkdir()
        os.link(made.folder / "backup.json", older / "backup.json")
    prune(folder)
    assert len(backups(folder)) in (NEWEST, NEWEST + 1) and backups(folder)[-1] == made


def test_all_is_put_back_in_the_next_epoch_and_keys_stay(system: Path, tmp_path: Path) -> None:
    write(system, "signer", "INSERT INTO kept VALUES ('before')")
    assert show_backup(print, system, tmp_path / "copies", None) == 0
    write(system, "signer", "INSERT INTO kept VALUES ('after')")
    streams = system / "nats" / "store" / "jetstream" / "BUS" / "streams"
    (streams / "TICKET" / "obs" / "wallet-pass").mkdir(parents=True)
    keys = [(system / each).read_bytes() for each in KEYS]
    said: list[str] = []
    assert show_restore(said.append, system, tmp_path / "copies", None) == 0
    assert kept(system / "data" / "signer.sqlite") == ["before"]
    assert all(epoch(system, name)[0] > 1 for name in ORDER)
    assert [epoch(system, name)[1] for name in ORDER] == [False, True, True, False, False]
    assert "issuance recover" in "\n".join(said) and "reconcile" in "\n".join(said)
    assert list((streams / "TICKET" / "obs").iterdir()) == []
    (aside,) = (system / "data").glob("before-restore-*")
    assert kept(aside / "signer.sqlite") == ["after", "before"]
    assert keys == [(system / each).read_bytes() for each in KEYS]


def test_a_copy_that_is_put_back_twice_never_uses_an_epoch_again(system: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    make(system, copies)
    before = [1] * 5
    for _ in range(3):
        assert show_restore(print, system, copies, None) == 0
        after = [epoch(system, name)[0] for name in ORDER]
        assert all(one < other for one, other in zip(before, after, strict=True))
        before = after
    # also where its own file is gone, and only the others have heard of it: by a clock that was ahead then
    highest = 2**33
    heard = f"INSERT INTO sender_state (sender, epoch) VALUES ('signer', {highest})"
    write(system, "issuance", heard)
    for each in (system / "data").rglob("signer.sqlite"):
        each.unlink()
    assert show_restore(print, system, copies, "signer") == 0
    assert epoch(system, "signer")[0] == highest + 1


def test_copies_that_are_made_again_and_again_are_of_what_was_put_back(system: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    with closing(Copier(system, copies)) as copier:
        copier.make()
        write(system, "signer", "INSERT INTO kept VALUES ('lost')")
        assert show_restore(print, system, copies, None) == 0
        write(system, "signer", "INSERT INTO kept VALUES ('new')")
        made = copier.make()
    assert kept(made.database("signer")) == ["new"]


def test_nothing_is_put_back_while_a_copy_is_made_and_none_is_made_meanwhile(system: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    make(system, copies)
    with (system / ".copies.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        make(system, copies)
        assert show_restore(print, system, copies, None) == 1
    with while_stopped(system):
        assert show_backup(print, system, copies, None) != 0
    assert len(backups(copies)) == 2 and epoch(system, "signer")[0] == 1
    assert {each.name for each in copies.iterdir()} == {LIST, *(each.folder.name for each in backups(copies))}


def test_a_copy_that_fails_or_was_killed_leaves_nothing_on_the_disk(system: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    (copies / ".making-99999999").mkdir(parents=True)
    (system / "data" / "issuance.sqlite").rename(tmp_path / "gone")
    assert show_backup(print, system, copies, None) != 0
    assert list(copies.iterdir()) == []


def test_a_restore_that_was_cut_off_is_done_again_before_anything_starts(
    system: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(system, tmp_path / "copies")
    for name in ORDER:
        write(system, name, "INSERT INTO kept VALUES ('after')")
    rename = Path.rename

    def cut_off(self: Path, target: Path) -> Path:
        if self.name == ".signer.restored":
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", cut_off)
        with pytest.raises(KeyboardInterrupt):
            show_restore(print, system, tmp_path / "copies", None)
    assert unfinished_mark(system).exists() and not (system / "data" / "signer.sqlite").exists()
    with pytest.raises(StepFailed, match="cut off"), running_system(system):
        pass
    assert show_restore(print, system, tmp_path / "copies", None) == 0
    assert not unfinished_mark(system).exists()
    assert not any(kept(system / "data" / f"{name}.sqlite") for name in ORDER)
    assert all(epoch(system, name)[0] > 1 for name in ORDER)


def test_one_service_alone_is_put_back(system: Path, tmp_path: Path) -> None:
    make(system, tmp_path / "copies")
    for name in ORDER:
        write(system, name, "INSERT INTO kept VALUES ('after')")
    assert show_restore(print, system, tmp_path / "copies", "eligibility") == 0
    assert [name for name in ORDER if not kept(system / "data" / f"{name}.sqlite")] == ["eligibility"]
    assert [epoch(system, name)[0] > 1 for name in ORDER] == [False, True, False, False, False]
    assert show_restore(print, system, tmp_path / "copies", "desk") == 2


def test_nothing_is_changed_where_it_runs_or_the_copy_is_no_good(system: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    made = make(system, copies)
    write(system, "signer", "INSERT INTO kept VALUES ('after')")

    def is_refused() -> bool:
        assert show_restore(print, system, copies, None) == 1
        return kept(system / "data" / "signer.sqlite") == ["after"] and epoch(system, "application")[0] == 1

    # 1. Something listens.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        (system / "ports").write_text(str(listener.getsockname()[1]))
        assert is_refused()
    (system / "ports").unlink()
    # 2. Other keys.
    right = (system / KEYS[0]).read_bytes()
    (system / KEYS[0]).write_bytes(b"another key")
    assert is_refused()
    (system / KEYS[0]).write_bytes(right)
    # 3. A copy that is broken, or missing.
    database = made.database("issuance")
    database.write_bytes(database.read_bytes()[:5000])
    assert is_refused()
    database.unlink()
    assert is_refused()
    (made.folder / "backup.json").unlink()
    assert is_refused()


def keys_of(system: Path, *ids: str) -> None:
    """The key store of a system, with these keys alone."""
    with closing(sqlite3.connect(system / STORE)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS data_key (id TEXT)")
        store.execute("DELETE FROM data_key")
        store.executemany("INSERT INTO data_key VALUES (?)", [(each,) for each in ids])
        store.commit()


def test_of_the_keys_of_families_there_is_the_newest_copy_alone_and_apart(
    system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies, apart = tmp_path / "copies", tmp_path / "apart"
    keys_of(system, "one", "other")
    assert show_backup(print, system, copies, None, apart) == 0
    keys_of(system, "other")  # the first was destroyed
    assert show_backup(print, system, copies, None, apart) == 0
    assert [each.name for each in apart.iterdir()] == [STORE.name]
    assert (apart / STORE.name).stat().st_mode & 0o777 == 0o600
    assert b"one" not in (apart / STORE.name).read_bytes()
    assert not list(copies.rglob(STORE.name))
    # no restore touches the key store, however old the copy is
    assert show_restore(print, system, backups(copies)[0].folder, None) == 0
    with closing(sqlite3.connect(system / STORE)) as store:
        assert store.execute("SELECT id FROM data_key").fetchall() == [("other",)]
    capsys.readouterr()
    assert show_backup(print, system, copies, None) == 0
    assert "keep the newest copy of them apart" in capsys.readouterr().out


@pytest.mark.parametrize("where", ["copies", "copies/keys", "system/data", "."])
def test_keys_do_not_go_where_the_copies_are(system: Path, tmp_path: Path, where: str) -> None:
    keys_of(system, "one")
    said: list[str] = []
    assert show_backup(said.append, system, tmp_path / "copies", None, tmp_path / where) == os.EX_USAGE
    assert "is not apart from" in said[0] and not (tmp_path / "copies").exists()


def test_a_copy_of_another_installation_is_refused_and_nothing_is_changed(
    system: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of all its databases, of one alone, and of one copy that another installation's stands among."""
    own = kept_installation(system)
    installation.bind(f"sqlite:///{system / 'data' / 'signer.sqlite'}", "another")
    make(system, tmp_path / "copies")
    before = {name: (system / "data" / f"{name}.sqlite").read_bytes() for name in ORDER}
    for only in (None, "signer"):
        assert show_restore(print, system, tmp_path / "copies", only) == 2
        said = capsys.readouterr().out
        assert "signer.sqlite is a copy of the installation another" in said and own in said
    assert {name: (system / "data" / f"{name}.sqlite").read_bytes() for name in ORDER} == before
    assert not unfinished_mark(system).exists()
    assert show_restore(print, system, tmp_path / "copies", "application") == 0


def test_a_system_that_moved_with_its_folder_takes_its_own_copies(system: Path, tmp_path: Path) -> None:
    own = kept_installation(system)
    for name in ORDER:
        installation.bind(f"sqlite:///{system / 'data' / name}.sqlite", own)
    make(system, tmp_path / "copies")
    moved = system.rename(tmp_path / "new machine")
    assert kept_installation(moved) == own
    assert show_restore(print, moved, tmp_path / "copies", None) == 0

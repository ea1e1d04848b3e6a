"""What set-up and ceremonies write is on the disk when they say that it is written: every file, and every name of one."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import typer
from eligibility.commands import digest_keys
from geography.network.files import write_network
from issuance.signer import ceremony
from issuance.signer.keys import open_numbering
from issuance.signer.keys.files import make_passphrase
from local import broker
from local.files import write_secret
from local.ports import kept_ports
from local.system import users
from local.system.places import installation_in, kept_installation
from shared.durable_files import write_durably, write_once
from typer.testing import CliRunner
from wallet_pass.certificates import hold_ceremony

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
State = tuple[int, int, int]


def state(found: os.stat_result) -> State:
    """Of a file: what it is and holds. Of a folder: when a name in it changed last."""
    return found.st_ino, found.st_mtime_ns, found.st_size if stat.S_ISREG(found.st_mode) else 0


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[State]]:
    """Everything that was synced, as it was then."""
    seen: set[State] = set()
    sync = os.fsync

    def watched(descriptor: int) -> None:
        sync(descriptor)
        seen.add(state(os.fstat(descriptor)))

    monkeypatch.setattr(os, "fsync", watched)
    yield seen


def make_pki(folder: Path) -> None:
    make_passphrase(folder / "passphrase")
    ceremony.save(ceremony.make(ceremony.Period.around(NOW.date()), NOW), folder / "keys", folder / "passphrase")
    open_numbering(folder / "keys" / ceremony.KEYS)


def make_digest_keys(folder: Path) -> None:
    app = typer.Typer()
    digest_keys.add_to(app)
    assert CliRunner().invoke(app, [str(folder / "keys" / "digests.key")]).exit_code == 0


WRITERS: dict[str, Callable[[Path], object]] = {
    "the broker's configuration and seeds": lambda folder: broker.prepare(broker.Broker(folder / "nats", 4222, 8222)),
    "keys and certificates of issuance": make_pki,
    "certificates of passes": lambda folder: hold_ceremony(folder / "wallet", NOW),
    "keys of digests": make_digest_keys,
    "the sign-in's users": lambda folder: users.write_settings(
        folder / "settings.json", issuer="http://127.0.0.1:1", key_file=folder / "key.pem", authority="1"
    ),
    "a secret": lambda folder: write_secret(folder / "secret", "x"),
    "the ports": lambda folder: kept_ports(folder / "ports", 3),
    "the name of the installation": kept_installation,
    "the walking network": lambda folder: write_network(folder / "n.network", {}, {"a": np.zeros(3)}),
}


@pytest.mark.parametrize("what", WRITERS)
def test_what_is_written_is_on_the_disk_with_its_name(what: str, tmp_path: Path, synced: set[State]) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    WRITERS[what](folder)
    made = [path for path in (folder, *folder.rglob("*")) if path.is_file() or any(path.iterdir())]
    assert len(made) > 1
    assert [str(path.relative_to(tmp_path)) for path in made if state(path.stat()) not in synced] == []


def test_what_is_there_is_never_written_over_where_it_must_not(tmp_path: Path) -> None:
    write_once(tmp_path / "key", b"first")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_system_whose_name_was_emptied_has_one_again_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "installation").touch()
    assert installation_in(tmp_path) is None
    name = kept_installation(tmp_path)
    assert re.fullmatch(r"local-[0-9a-f]{16}", name)
    assert kept_installation(tmp_path) == installation_in(tmp_path) == name


def test_of_two_that_draw_a_name_at_once_one_does(tmp_path: Path) -> None:
    drawn = "from pathlib import Path; from local.system.places import kept_installation as kept; print(kept(Path(%r)))"
    program = [sys.executable, "-c", drawn % str(tmp_path)]
    both = [subprocess.Popen(program, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert {each.communicate()[0] for each in both} == {f"{installation_in(tmp_path)}\n"}


def _what_it_is(place: Path) -> tuple[int, ...]:
    """Nothing that looking at it changes: the second of the last access would be another one, seldom."""
    found = place.lstat()
    return found.st_ino, found.st_mode, found.st_uid, found.st_gid, found.st_size, found.st_mtime_ns


def test_what_is_no_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(os.devnull)
    for place in (tmp_path / "pipe", tmp_path / "link", tmp_path):
        before = _what_it_is(place)
        with pytest.raises(OSError, match="this is no file"):
            write_durably(place, "a key")
        assert _what_it_is(place) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "pipe"]

"""`application keys …`, and a start with keys that cannot be used."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess
from uuid import uuid4

import pytest
from application.domain.draft import Draft
from application.domain.ids import DraftId
from application.main import open_database
from shared.encryption.wrapping_keys import read_wrapping_keys
from support.application.keys import key_settings, keys_in
from support.commands import run_here

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run(migrated_file: Path, tmp_path: Path) -> Run:
    path = tmp_path / "command.db"
    path.write_bytes(migrated_file.read_bytes())
    environment = key_settings(tmp_path) | {"APPLICATION_DATABASE_URL": f"sqlite:///{path}"}

    def run(*arguments: str | Path) -> CompletedProcess[str]:
        return run_here("application", *arguments, environment=environment, folder=tmp_path)

    return run


@pytest.mark.parametrize("options", [(), ("--rotate",)])
def test_a_pipe_or_device_is_left_alone_and_named(run: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = run("keys", "wrapping-key", tmp_path / "pipe", *options)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert (tmp_path / "pipe").is_fifo()


def test_a_wrapping_key_that_is_there_stays_unless_it_is_to_be_changed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "other.key"
    assert "a new key" in run("keys", "wrapping-key", file).stdout
    [first] = read_wrapping_keys(file)
    assert "is there already" in run("keys", "wrapping-key", file).stdout
    assert read_wrapping_keys(file) == (first,)
    run("keys", "wrapping-key", file, "--rotate")
    assert read_wrapping_keys(file)[1] == first


def test_the_wrapping_key_is_changed_by_two_commands(run: Run, tmp_path: Path) -> None:
    keys_in(tmp_path).new()
    file = Path(key_settings(tmp_path)["APPLICATION_KEYS_FILE"])
    run("keys", "wrapping-key", file, "--rotate")
    done = run("keys", "rewrap", "--drop-earlier")
    assert (
        "32 keys wrapped anew" in done.stdout and "1 earlier wrapping keys" in done.stdout and "32 of 32" in done.stderr
    )
    assert len(read_wrapping_keys(file)) == 1
    assert "0 keys wrapped anew" in run("keys", "rewrap").stdout


def test_the_program_of_before_comes_back_once_all_is_decrypted(run: Run, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'command.db'}", keys_in(tmp_path))
    draft = Draft(DraftId(uuid4()), None, b"digest", NOW, NOW, 1, '{"grade": "05"}', {})
    database.write_now(lambda store: store.add_draft(draft))
    refused = run("migrate", "--back-to", "0013")
    assert (refused.returncode, "decrypt-rows" in refused.stderr) == (2, True), refused
    assert "1 values changed" in run("keys", "decrypt-rows").stdout
    assert "1 values changed" in run("keys", "encrypt-rows").stdout
    assert "1 values changed" in run("keys", "decrypt-rows").stdout
    assert run("migrate", "--back-to", "0013").returncode == 0
    assert run("migrate").returncode == 0
    assert database.read_now(lambda store: store.find_draft(draft.id)) == draft
    database.close()


@pytest.mark.parametrize("broken", ["missing", "another"])
def test_with_a_wrong_wrapping_key_it_does_not_start_and_says_what_to_do(
    run: Run, tmp_path: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_in(tmp_path).new()
    file = Path(key_settings(tmp_path)["APPLICATION_KEYS_FILE"])
    file.unlink()
    if broken == "another":
        run("keys", "wrapping-key", file)
    own = {"PORT": "4712", "PUBLIC_URL": "https://a.example", "ISSUER": "https://i.example", "NATS_URL": "nats://x",
           "NATS_MONITOR_URL": "http://x", "NATS_SEED_FILE": os.devnull}  # fmt: skip
    for name, value in own.items():
        monkeypatch.setenv(f"APPLICATION_{name}", value)
    for command in (("serve",), ("keys", "rewrap"), ("rights", "export", "--authority", "1")):
        ended = run(*command)
        assert ended.returncode == 2, ended
        assert "application: " in ended.stderr and "Traceback" not in ended.stderr
        assert ("keys wrapping-key" if broken == "missing" else "put that line back") in ended.stderr

"""The key file: written once, readable by its owner alone; a new key goes before the others."""

import os
from pathlib import Path

import pytest
from eligibility.commands import app
from eligibility.domain.keys import parse_keys
from eligibility.main import load_keys
from typer.testing import CliRunner


def run(*arguments: str) -> None:
    answer = CliRunner().invoke(app, ["digest-keys", *arguments])
    assert answer.exit_code == 0, answer.output


def test_a_file_that_is_there_stays_and_rotation_puts_a_new_key_first(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "digests.key"
    run(str(file))
    first = parse_keys(file.read_text())
    assert file.stat().st_mode & 0o777 == 0o600
    run(str(file))
    assert load_keys(file) == first and first.earlier == ()
    run(str(file), "--rotate")
    rotated = load_keys(file)
    assert rotated.newest != first.newest and rotated.earlier == (first.newest,)
    assert file.stat().st_mode & 0o777 == 0o600 and [each.name for each in file.parent.iterdir()] == ["digests.key"]


@pytest.mark.parametrize("content", [None, "", "geheim-geheim"])
def test_without_keys_the_service_does_not_start_and_quotes_nothing(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "digests.key"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SystemExit, match="ELIGIBILITY_DIGEST_KEYS_FILE") as refused:
        load_keys(file)
    assert "geheim" not in str(refused.value)


def test_a_pipe_or_device_is_left_alone_and_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    answer = CliRunner().invoke(app, ["digest-keys", str(tmp_path / "pipe")])
    assert answer.exit_code == 2 and "is no file" in " ".join(answer.output.replace("│", "").split())
    assert (tmp_path / "pipe").is_fifo()

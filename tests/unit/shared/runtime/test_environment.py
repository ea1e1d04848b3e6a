"""What is wrong with a process's environment is named by its variable, and no value is repeated."""

from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from shared.runtime.environment import look_at_environment, unknown_variables, unreadable_files, wrong_settings


class PlantedSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PLANTED_THING_")
    made_at_first: ClassVar = frozenset({"made_file"})

    port: int
    nats_seed_file: Path
    made_file: Path | None = None


class PlantedCommand(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PLANTED_THING_")

    days: int = 3


def test_what_is_missing_or_cannot_be_taken_is_named_by_its_whole_name_without_its_value() -> None:
    with pytest.raises(ValidationError) as raised:
        PlantedSettings(port="a secret typed at the wrong place")
    said = list(wrong_settings("planted-thing", raised.value))
    assert [each.partition(":")[0] for each in said] == [
        "setting PLANTED_THING_PORT",
        "setting PLANTED_THING_NATS_SEED_FILE",
    ]
    assert "secret" not in "".join(said)


def test_a_variable_that_nothing_reads_is_named_with_the_nearest_that_is_read() -> None:
    environment = {
        "PLANTED_THING_PROT": "1",
        "PLANTED_THING_SERVICE_HOST": "10.0.0.1",
        "PLANTED_THING_DAYS": "3",
        "OTHER_THING_PORT": "1",
    }
    assert unknown_variables("planted-thing", environment) == {
        "PLANTED_THING_PROT": "PLANTED_THING_PORT",
        "PLANTED_THING_SERVICE_HOST": None,
    }


def test_a_file_that_cannot_be_read_ends_the_start_and_one_that_is_made_later_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = PlantedSettings(port=1, nats_seed_file=tmp_path / "seed", made_file=tmp_path / "made")
    assert list(unreadable_files("planted-thing", settings)) == [
        f"setting PLANTED_THING_NATS_SEED_FILE: {tmp_path / 'seed'}: No such file or directory"
    ]
    with pytest.raises(SystemExit) as ended:
        look_at_environment("planted-thing", settings)
    assert ended.value.code == 2
    assert "PLANTED_THING_NATS_SEED_FILE" in capsys.readouterr().err
    (tmp_path / "seed").write_text("x")
    look_at_environment("planted-thing", settings)


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    """As Docker makes it of a bind mount whose file is missing."""
    [said] = unreadable_files("planted-thing", PlantedSettings(port=1, nats_seed_file=tmp_path))
    assert said.endswith("Is a directory")

"""The program of before: found in the history, and refused where that is not there."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from chaos import earlier
from local.files import PROJECT


def test_a_clone_without_history_is_refused_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["git", "clone", "--quiet", "--depth=1", f"file://{PROJECT}", str(tmp_path / "clone")]
    subprocess.run(command, check=True)
    monkeypatch.setattr(earlier, "PROJECT", tmp_path / "clone")

    with pytest.raises(SystemExit, match="--unshallow"):
        earlier.earlier_program()


def test_a_commit_that_is_none_is_refused() -> None:
    with pytest.raises(SystemExit, match="history"):
        earlier.earlier_program("no-such-commit")


@pytest.mark.parametrize("paths", [(earlier.MIGRATIONS,), earlier.STARTS_ON[1:]], ids=["versions", "policies"])
def test_a_program_of_other_tables_or_policies_is_refused(paths: Sequence[str]) -> None:
    command = ["git", "log", "-1", "--format=%H", "--", *paths]
    last = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip()

    with pytest.raises(SystemExit, match=r"tables|libraries|history"):
        earlier.earlier_program(f"{last}^")


def test_a_process_of_before_takes_its_code_from_there(tmp_path: Path) -> None:
    for source in ("services/application/src/application", "shared/src/shared"):
        (tmp_path / source).mkdir(parents=True)
        (tmp_path / source / "__init__.py").touch()
    command = [sys.executable, "-c", "import application, shared; print(application.__file__, shared.__file__)"]

    environment = earlier.Earlier("abc", tmp_path).environment()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert all(each.startswith(str(tmp_path)) for each in done.stdout.split())

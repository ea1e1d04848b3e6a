"""What a command loads when it is called, it loads first of all: a circle between two modules ends some commands with a
traceback and others not, by who comes first."""

import re
import subprocess
import sys
from pathlib import Path

import local.commands
import pytest

LOADED_LATE = re.compile(r"^ +from (local\.[\w.]+) import", re.MULTILINE)
MODULES = sorted(set(LOADED_LATE.findall(Path(local.commands.__file__).read_text(encoding="utf-8"))))


def test_there_are_modules_that_a_command_loads_when_it_is_called() -> None:
    assert "local.backup.command" in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_what_a_command_loads_can_be_loaded_first(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""Commands of this installation in the test's own process, which has loaded what they need: as processes each would load
it anew, for seconds. That they work as processes is seen wherever a system is set up (`deploy/local`)."""

import io
import os
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from importlib.metadata import entry_points
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch


def run_here(
    program: str, *arguments: str | Path, environment: Mapping[str, str], folder: Path
) -> CompletedProcess[str]:
    """As `subprocess.run` of the console script, from the main thread alone. `environment`: besides what there is."""
    (entry,) = entry_points(group="console_scripts", name=program)
    command = [program, *map(str, arguments)]
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        chdir(folder),
        patch.dict(os.environ, environment),
        patch.object(sys, "argv", command),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            entry.load()()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return CompletedProcess(command, code, out.getvalue(), err.getvalue())

"""How much CPU the start of each process costs, until it is ready; beside it the floor: its libraries alone.

    .venv/bin/python tests/bench/starts.py [--times 3]

Starts the whole system. Each process is killed and started again, and its CPU is read as soon as it says that it is
ready. The floor is a Python that imports what the process has imported of others (the standard library, too) and ends:
what no code of ours can be faster than, short of other libraries. Of several times the least counts, as others on the
machine only add. Nothing here is a test. The last line is one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from journey_places import cpu_of
from local.report import Report
from local.system import System, running_system
from local.system.plan import SERVICES, plain_environment
from rich.console import Console
from rich.table import Table
from support.json import text

OURS = "application", "eligibility", "geography", "issuance", "wallet_pass", "shared", "local"
BEGIN = (
    "from shared.runtime.beginning import load_libraries_alone, search_seldom; search_seldom(); load_libraries_alone()"
)
MODULES = {"identity": "local.identity.provider", "mails": "local.mails.server"}
"""Of the processes that are no service's."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--times", type=int, default=3)
    times = arguments.parse_args().times
    with tempfile.TemporaryDirectory() as folder, running_system(Path(folder), report=Report()) as system:
        names = (*system.plan.serving, *MODULES)
        starts = {name: min(_start(system, name) for _ in range(times)) for name in names}
    floors = {name: min(_floor(name, libraries) for _ in range(times)) for name, libraries in _libraries(names).items()}
    table = Table("process", "start", "libraries alone", "times the floor", box=None)
    for name in names:
        table.add_row(name, f"{starts[name]:.2f} s", f"{floors[name]:.2f} s", f"{starts[name] / floors[name]:.2f}")
    Console().print(table)
    print(json.dumps({"start_cpu_s": _rounded(starts), "floor_cpu_s": _rounded(floors)}))


def _rounded(seconds: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in seconds.items()}


def _start(system: System, name: str) -> float:
    """Seconds of CPU, user and system, from its start until it is ready."""
    system.restart(name)
    return cpu_of(system.process(name).pid)


def _libraries(names: tuple[str, ...]) -> dict[str, list[str]]:
    """What each has imported that is not ours, in that order."""
    return {name: _imported(name) for name in names}


def _begin(name: str) -> str:
    """What the process does before it imports anything."""
    return "" if name in MODULES else BEGIN


def _imported(name: str) -> list[str]:
    module = MODULES.get(name) or f"{SERVICES[name].program.replace('-', '_')}.main"
    look = f"import json, sys, {module}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(_python(f"{_begin(name)}\n{look}"), env=plain_environment(), capture_output=True, check=True)
    found = [text(each) for each in json.loads(done.stdout)]
    return [each for each in found if each.partition(".")[0] not in (*OURS, "__main__")]


def _floor(name: str, libraries: list[str]) -> float:
    """CPU seconds of a Python that imports these and ends. Some are made by what imports them, and no files."""
    code = (
        f"{_begin(name)}\nimport contextlib, importlib\n"
        f"for each in {libraries!r}:\n    with contextlib.suppress(ImportError): importlib.import_module(each)"
    )
    process = subprocess.Popen(_python(code), env=plain_environment())
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_utime + used.ru_stime


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


if __name__ == "__main__":
    main()

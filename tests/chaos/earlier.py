"""The program of before, out of the clone's history, as an upgrade finds it in the other copies."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.files import PROJECT, VAR

MIGRATIONS = ":(glob)services/*/src/**/versions/*.py"
STARTS_ON = (
    MIGRATIONS,
    ":(glob)services/*/src/**/row_security.py",
    "shared/src/shared/row_security/access.py",
    "shared/src/shared/row_security/own_tables.py",
    "shared/src/shared/row_security/policies.py",
)
"""What a program compares with the database at its start: the version of its tables, and their policies."""
TABLES = (
    *STARTS_ON,
    ":(glob)shared/src/shared/**/tables.py",
    "shared/src/shared/events",
    "shared/src/shared/bus/topology.py",
)
"""What two programs have in common that run at one time: tables, and what they tell one another."""
SHORT = 12
IN_COPIES = "45e5070a"
"""The first program that may run in several copies (decision 119): those before are not upgraded under load."""
EARLIER = "CHAOS_EARLIER"
"""The commit that was found before the first fault."""
LOCKS = ("requirements.lock",)
FOLDER = VAR / "earlier"
NO_HISTORY = (
    "mixed-versions needs the program of before, out of this clone's history, which is not there "
    "(`git fetch --unshallow` brings it). Or leave the fault out: FAULTS=any-killed,quorum-lost,…"
)


@dataclass(frozen=True)
class Earlier:
    """A program that lies beside this one, for the same virtual environment."""

    commit: str
    folder: Path

    def environment(self) -> dict[str, str]:
        """For a process that shall run it: Python looks there before it looks among what is installed."""
        sources = [*sorted(self.folder.glob("services/*/src")), self.folder / "shared" / "src"]
        return {
            "PYTHONPATH": os.pathsep.join([*map(str, sources), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        }


def earlier_program(asked: str = "") -> Earlier:
    """The commit before the last change of tables or events, where a program of it starts on today's tables; else that
    change itself, which is the earliest that does. Never one that could not run in copies yet.

    Ends the program with the remedy where the history is not there, or what it needs is not installed.
    """
    asked = asked or os.environ.get(EARLIER, "")
    commit = (
        _git("rev-parse", f"--short={SHORT}", "--verify", f"{asked}^{{commit}}") if asked else _before_last_change()
    )
    if _changed(commit, *LOCKS):
        sys.exit(f"mixed-versions: {commit} needs other libraries than are installed; name another by EARLIER=COMMIT")
    if _changed(commit, *STARTS_ON):
        sys.exit(f"mixed-versions: the program of {commit} does not start on today's tables; name a later one")
    folder = FOLDER / commit
    if not (folder / "whole").exists():
        _lay_down(commit, folder)
    return Earlier(commit, folder)


def _before_last_change() -> str:
    last = _git("log", "-1", "--format=%h", f"--abbrev={SHORT}", "--", *TABLES)
    before = _git("rev-parse", f"--short={SHORT}", "--verify", f"{last}^")
    found = last if _changed(before, *STARTS_ON) else before
    first = _git("rev-parse", f"--short={SHORT}", "--verify", IN_COPIES)
    return first if _is_ancestor(found, first) else found


def _lay_down(commit: str, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    content = subprocess.run(
        ["git", "archive", commit, "services", "shared"], cwd=PROJECT, capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=content.stdout, check=True)
    # what `make setup` brings to the pages is no part of the history
    for vendor in PROJECT.glob("services/*/src/*/web/static/vendor"):
        shutil.copytree(vendor, folder / vendor.relative_to(PROJECT), dirs_exist_ok=True)
    (folder / "whole").touch()


def _changed(since: str, *paths: str) -> bool:
    return (
        subprocess.run(["git", "diff", "--quiet", since, "HEAD", "--", *paths], cwd=PROJECT, check=False).returncode
        != 0
    )


def _is_ancestor(commit: str, of: str) -> bool:
    command = ["git", "merge-base", "--is-ancestor", commit, of]
    return subprocess.run(command, cwd=PROJECT, check=False).returncode == 0


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not done.stdout.strip():
        sys.exit(NO_HISTORY)
    return done.stdout.strip()

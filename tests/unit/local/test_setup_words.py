"""`make setup` where something is in its way: in one sentence what, with an exit code, and the next try works. Without a
network: a program in place of Python says and does what the case needs."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import needs

PROJECT = Path(__file__).parents[3]
TOOLS = ("bash", "sh", "make", "env", "awk", "grep", "mkdir", "touch", "cat", "rm", "sleep", "flock")
TOO_OLD = (
    'case "$2" in *version_info*) exec {python} -c "import sys; sys.exit(\'Schulticket needs Python 3.11\')";; esac'
)
INSTALLS = """case "$2" in
  venv) mkdir -p .venv/bin; cp "$0" .venv/bin/python;;
  pip) {pip};;
esac"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy with all that the first steps read."""
    made = tmp_path / "project"
    for name in ("Makefile", "requirements.lock", "deploy/local/requirements-build.lock"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, made / name)
    for member in (
        "shared",
        *(f"services/{each}" for each in ("application", "eligibility", "issuance", "wallet-pass")),
    ):
        (made / member).mkdir(parents=True)
        shutil.copy(PROJECT / member / "pyproject.toml", made / member)
    shutil.copy(PROJECT / "deploy/local/pyproject.toml", made / "deploy/local")
    return made


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """All that a bare machine has, and no Python."""
    made = tmp_path / "bin"
    made.mkdir()
    for name in (*TOOLS, "cp"):
        found = shutil.which(name)
        assert found or name == "flock", name
        if found:
            (made / name).symlink_to(found)
    return made


def put_python(tools: Path, text: str) -> None:
    (tools / "python3").write_text(f"#!/bin/bash\n{text.replace('{python}', sys.executable)}\n", encoding="utf-8")
    (tools / "python3").chmod(0o755)


def start(folder: Path, tools: Path, *by: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*by, "make", "setup"], cwd=folder, env={"PATH": str(tools), "HOME": str(folder)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=hear_interrupts,  # noqa: PLW1509  # one thread
    )  # fmt: skip


def hear_interrupts() -> None:
    """Whoever runs the tests in the background may have had this signal ignored, and a shell then cannot trap it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def set_up(folder: Path, tools: Path, *by: str) -> tuple[int, str]:
    process = start(folder, tools, *by)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def test_without_python_it_says_what_to_install_or_to_name(folder: Path, tools: Path) -> None:
    code, said = set_up(folder, tools)
    assert code == 2 and "No python3: install Python 3.11 or newer" in said and "make PYTHON=python3.12" in said
    assert not (folder / ".venv").exists()


def test_an_older_python_is_told_so_before_anything_is_made(folder: Path, tools: Path) -> None:
    put_python(tools, TOO_OLD)
    code, said = set_up(folder, tools)
    assert code == 2 and "Schulticket needs Python 3.11" in said
    assert not (folder / ".venv").exists()


def test_without_a_network_it_says_what_can_be_set_and_the_next_try_goes_on(folder: Path, tools: Path) -> None:
    put_python(tools, INSTALLS.replace("{pip}", "exit 1"))
    for _ in range(2):
        code, said = set_up(folder, tools)
        assert code == 2 and "Nothing could be fetched" in said
        assert all(each in said for each in ("HTTPS_PROXY", "SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX"))
        assert not (folder / ".venv" / "locked").exists()
    put_python(tools, INSTALLS.replace("{pip}", "echo the second try came to the download; exit 1"))
    (folder / ".venv" / "bin" / "python").unlink()
    assert "the second try came to the download" in set_up(folder, tools)[1]


def test_what_is_interrupted_is_said_to_be_that_and_not_to_lack_a_network(folder: Path, tools: Path) -> None:
    """pip answers Ctrl-C by itself, with 1."""
    put_python(tools, INSTALLS.replace("{pip}", "trap 'kill $!; exit 1' INT; sleep 30 >&- 2>&- & touch begun; wait"))
    process = start(folder, tools)
    until = time.monotonic() + 30
    while not (folder / "begun").exists() and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Interrupted: what is installed stays" in said and "Nothing could be fetched" not in said
    assert not (folder / ".venv" / "locked").exists()


@needs.program("flock", package="util-linux")
def test_a_second_set_up_of_a_folder_waits_and_says_so(folder: Path, tools: Path) -> None:
    put_python(
        tools, INSTALLS.replace("{pip}", "test -e begun && echo together; touch begun; sleep 1; rm begun; exit 1")
    )
    first = start(folder, tools)
    until = time.monotonic() + 30
    while not (folder / "begun").exists() and time.monotonic() < until:
        time.sleep(0.05)
    code, said = set_up(folder, tools)
    assert code == 2 and "Another set-up of this folder is running: waiting for it" in said
    assert "together" not in said + first.communicate(timeout=30)[0]


@pytest.mark.parametrize("made", ["", "var", ".venv", "node_modules"])
def test_what_cannot_be_written_is_named(folder: Path, tools: Path, made: str) -> None:
    closed = folder / made
    closed.mkdir(exist_ok=True)
    closed.chmod(0o555)
    # an administrator may write everywhere; the test gives that right up with setpriv, which every Debian has
    if os.access(closed, os.W_OK) and not shutil.which("setpriv"):
        pytest.skip(needs.missing("setpriv to give up an administrator's rights", "apt-get install util-linux"))
    lesser = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.access(closed, os.W_OK) else ()
    for name in lesser[:1]:
        (tools / name).symlink_to(str(shutil.which(name)))
    code, said = set_up(folder, tools, *lesser)
    closed.chmod(0o755)
    assert code == 2
    assert ("This folder cannot be written" if not made else f"{made} is another user's") in said

"""Commands of a program that is loaded once: each ends as it would have ended by itself."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from local.shell import Shell, ShellEnded, open_shell
from local.system.plan import BIN, plain_environment

SECONDS = 60


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    with open_shell("wallet-pass", plain_environment()) as opened:
        yield opened


def typed(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [BIN / "wallet-pass", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments", [["--help"], ["certificates"], ["no-such-command"], ["migrate"], ["outbox", "purge"]]
)
def test_a_command_ends_and_says_what_it_does_when_it_is_typed(shell: Shell, arguments: list[str]) -> None:
    """Also one whose settings are missing, which exits with 2."""
    environment = plain_environment()
    done = shell.run(environment, arguments, SECONDS)
    assert (done.returncode, done.stdout, done.stderr) == typed(environment, *arguments)


def test_each_command_has_its_own_settings_and_what_it_does_stays(shell: Shell, tmp_path: Path) -> None:
    for name in ("one", "two"):
        place = tmp_path / f"{name}.db"
        environment = plain_environment() | {
            "WALLET_PASS_DATABASE_URL": f"sqlite:///{place}",
            "WALLET_PASS_CERTIFICATES": str(tmp_path),
            "WALLET_PASS_NATS_SEED_FILE": str(tmp_path / "seed"),
            "WALLET_PASS_PUBLIC_URL": "http://127.0.0.1:1",
            "WALLET_PASS_PORT": "1",
            "WALLET_PASS_NATS_URL": "nats://127.0.0.1:1",
            "WALLET_PASS_NATS_MONITOR_URL": "http://127.0.0.1:1",
            "WALLET_PASS_ISSUER": "http://127.0.0.1:1",
        }
        done = shell.run(environment, ["migrate"], SECONDS)
        assert done.returncode == 0, done.stderr
        assert place.is_file()
    assert "WALLET_PASS_DATABASE_URL" not in os.environ


def test_a_command_that_hangs_is_killed_and_that_is_said(shell: Shell) -> None:
    """A database that takes connections and is silent."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://one@127.0.0.1:{silent.getsockname()[1]}/one"
        done = shell.run(plain_environment() | {"WALLET_PASS_DATABASE_URL": url}, ["migrate"], 1)
    assert done.returncode == -signal.SIGALRM
    assert done.stderr.endswith("killed: it was not done within 1 s\n")


def test_a_shell_that_was_killed_says_which_command_was_not_run() -> None:
    with open_shell("no-such-program", plain_environment()) as opened, pytest.raises(ShellEnded, match="migrate"):
        opened.run(plain_environment(), ["migrate"], SECONDS)

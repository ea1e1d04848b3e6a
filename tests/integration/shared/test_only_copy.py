"""At SQLite one process serves, and a second one says so; whoever ends, however, leaves the database to the next."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from shared.copies.only_copy import OtherCopy, only_copy
from shared.runtime.start import alone_at_sqlite

SERVES = """
import sys
from shared.copies.only_copy import only_copy

with only_copy(sys.argv[1], patience_seconds=0):
    print("serves", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another(url: str) -> Iterator[int]:
    """A process that serves with this database; its id."""
    command = [sys.executable, "-c", SERVES, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == "serves\n"
            yield process.pid
        finally:
            process.kill()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'Anträge.db'}"


def test_a_second_process_is_told_which_way_leads_on(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with another(url):
        with pytest.raises(OtherCopy), only_copy(url, patience_seconds=0.2):
            pytest.fail("two serve")
        with pytest.raises(SystemExit) as ended, alone_at_sqlite("wallet-pass", url):
            pytest.fail("two serve")
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "another process serves with this SQLite database" in said and "WALLET_PASS_DATABASE_URL" in said


def test_whoever_is_killed_has_it_no_more_and_whoever_is_paused_has_it(url: str) -> None:
    with another(url) as process:
        os.kill(process, signal.SIGSTOP)
        with pytest.raises(OtherCopy), only_copy(url, patience_seconds=0.2):
            pytest.fail("it goes on later")
        os.kill(process, signal.SIGKILL)
        with only_copy(url):
            pass


def test_one_that_is_about_to_end_is_waited_for(url: str) -> None:
    with another(url) as process:
        later = threading.Timer(0.5, os.kill, (process, signal.SIGTERM))
        began = time.monotonic()
        later.start()
        with only_copy(url):
            assert time.monotonic() - began >= 0.4
        later.join()


def test_copies_of_two_databases_and_all_at_postgresql_are_not_in_each_other_s_way(
    url: str, tmp_path: Path, postgresql: Callable[[], str]
) -> None:
    served = postgresql()
    with only_copy(url), only_copy(f"sqlite:///{tmp_path / 'eligibility.db'}"):
        pass
    with only_copy(served, patience_seconds=0), only_copy(served, patience_seconds=0):
        pass
    with only_copy(url, patience_seconds=0):
        pass


def test_a_folder_that_cannot_be_written_is_named_by_its_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, alone_at_sqlite("issuance", f"sqlite:///{tmp_path / 'none' / 'x.db'}"):
        pytest.fail("it cannot be held")
    assert ended.value.code == 1
    assert capsys.readouterr().err == "issuance: nothing can be written beside the database (FileNotFoundError)\n"

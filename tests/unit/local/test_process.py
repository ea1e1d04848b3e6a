"""Processes are started on a leash and stopped, all of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from local.ports import free_ports
from local.process import DidNotStart, Process, stop_all

SERVER = """
import http.server, signal, sys
if sys.argv[2] == "deaf": signal.signal(signal.SIGTERM, signal.SIG_IGN)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def server(tmp_path: Path, kind: str = "polite") -> Process:
    [port] = free_ports(1)
    command = [sys.executable, "-c", SERVER, str(port), kind]
    return Process(kind, command, dict(os.environ), tmp_path / f"{kind}.log", f"http://127.0.0.1:{port}/")


def test_what_runs_is_not_started_beside_itself(tmp_path: Path) -> None:
    process = server(tmp_path)
    try:
        process.start()
        first = process.pid
        with pytest.raises(RuntimeError, match=f"polite runs already, as process {first}"):
            process.start()
        assert process.alive and process.pid == first
    finally:
        process.kill()


def test_a_process_gets_ready_is_killed_and_starts_again(tmp_path: Path) -> None:
    process = server(tmp_path)
    try:
        process.start()
        process.wait_ready(10)
        first = process.pid
        process.kill()
        assert not process.alive
        process.start()
        process.wait_ready(10)
        assert process.pid != first
    finally:
        assert stop_all([process]) == []
    assert not process.alive


def test_one_that_does_not_listen_to_sigterm_is_killed_and_named(tmp_path: Path) -> None:
    process = server(tmp_path, "deaf")
    process.start()
    process.wait_ready(10)
    assert stop_all([process], grace=0.2) == ["deaf"]
    assert not process.alive


def test_one_that_ends_at_once_is_reported_with_its_log(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('setting PORT: missing')"]
    process = Process("broken", command, dict(os.environ), tmp_path / "log", "http://127.0.0.1:9/")
    process.start()
    with pytest.raises(DidNotStart, match="setting PORT: missing"):
        process.wait_ready(10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux sends a process a signal when its parent dies")
def test_nothing_is_left_when_the_starter_is_killed(tmp_path: Path) -> None:
    code = f"""
import os, sys
from pathlib import Path
from local.process import Process
process = Process("sleeper", ["sleep", "60"], dict(os.environ), Path({str(tmp_path)!r}) / "log", "")
process.start()
print(process.pid, flush=True)
sys.stdin.read()
"""
    starter = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert starter.stdout is not None
    sleeper = int(starter.stdout.readline())
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{sleeper}/status").exists() and "zombie" not in Path(f"/proc/{sleeper}/status").read_text():
        assert time.monotonic() < deadline, "the sleeper outlived its starter"
        time.sleep(0.01)

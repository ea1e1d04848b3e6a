"""Ports for what starts soon: free, and drawn by nobody else meanwhile."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from local import ports as ports_of_this_process
from local.ports import free_ports, kept_ports
from local.process import DidNotStart

ANOTHER = """
import sys
from local import ports
ports.PORTS = range(int(sys.argv[1]), int(sys.argv[2]))
print(*ports.free_ports(int(sys.argv[3])), flush=True)
sys.stdin.read()
"""


def test_ports_are_all_different_and_below_the_range_of_outgoing_connections() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert max(ports) < 32_768


def test_two_processes_that_draw_at_one_time_draw_no_port_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    start = free_ports(1)[0]
    few = range(start + 1, start + 200)
    monkeypatch.setattr(ports_of_this_process, "PORTS", few)
    pipe, drawing = subprocess.PIPE, [sys.executable, "-c", ANOTHER, str(few.start), str(few.stop), "50"]
    with subprocess.Popen(drawing, stdin=pipe, stdout=pipe, text=True) as another:
        assert another.stdout and another.stdin
        theirs = {int(port) for port in another.stdout.readline().split()}
        ours = set(free_ports(50))
        assert len(theirs) == len(ours) == 50 and not theirs & ours
        with pytest.raises(DidNotStart, match="fewer than 100 free ports"):
            free_ports(100)  # the rest is fewer, though nobody listens on any
        another.stdin.close()
    monkeypatch.setattr(ports_of_this_process, "PORTS", range(min(theirs), max(theirs) + 1))
    assert free_ports(1)  # it has ended


def test_a_second_start_has_the_same_ports_unless_one_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "ports"
    first = kept_ports(file, 3)
    assert kept_ports(file, 3) == first
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", first[1]))
        somebody.listen()
        others = kept_ports(file, 3)
    assert first[1] not in others
    assert kept_ports(file, 3) == others
    file.write_text("999999 x")
    assert len(kept_ports(file, 3)) == 3


def test_remembered_ports_are_drawn_by_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ports"
    [port] = free_ports(1)
    file.write_text(str(port + 1))
    [kept] = kept_ports(file, 1)
    monkeypatch.setattr(ports_of_this_process, "PORTS", range(kept, kept + 1))
    with pytest.raises(DidNotStart):
        free_ports(1)

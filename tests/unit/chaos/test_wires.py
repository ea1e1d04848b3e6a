"""Wires between processes: cut, made slow, and led elsewhere."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest
from chaos.wires import Wire, Wires
from local.ports import free_ports

NAME = "postgresql"
SOON = 5.0


@contextmanager
def _server(word: bytes) -> Iterator[int]:
    """Answers each line with its word."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer(one: socket.socket) -> None:
        with closing(one), one.makefile("rb") as lines:
            for _ in lines:
                one.sendall(word)

    def serve() -> None:
        while True:
            try:
                one, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(one,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    with closing(listening):
        yield listening.getsockname()[1]


@contextmanager
def _wire(target: int) -> Iterator[tuple[Wires, socket.socket]]:
    wires = Wires()
    wire = Wire(free_ports(1)[0], target)
    wires.wires[NAME] = wire
    wires.string(NAME)
    with closing(socket.create_connection(("127.0.0.1", wire.port), timeout=SOON)) as client:
        yield wires, client


def test_a_wire_carries_both_ways() -> None:
    with _server(b"one") as port, _wire(port) as (_, client):
        client.sendall(b"?\n")
        assert client.recv(9) == b"one"


def test_what_was_sent_into_a_cut_wire_arrives_when_it_is_whole() -> None:
    with _server(b"one") as port, _wire(port) as (wires, client):
        client.sendall(b"?\n")
        assert client.recv(9) == b"one"
        wires.cut(NAME)
        time.sleep(0.1)
        client.sendall(b"?\n")
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(9)
        wires.mend(NAME)
        client.settimeout(SOON)
        assert client.recv(9) == b"one"


def test_who_is_connected_hears_that_a_wire_leads_elsewhere() -> None:
    with _server(b"one") as first, _server(b"two") as second, _wire(first) as (wires, client):
        client.sendall(b"?\n")
        assert client.recv(9) == b"one"
        wires.lead_to(second, NAME)
        with suppress(ConnectionResetError):
            assert client.recv(9) == b""
        port = wires.wires[NAME].port
        with closing(socket.create_connection(("127.0.0.1", port), timeout=SOON)) as again:
            again.sendall(b"?\n")
            assert again.recv(9) == b"two"

"""A real NATS server for one test. Every run imports this file: what takes long to import is imported where it is used."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nkeys

if TYPE_CHECKING:
    from shared.events import Event


@dataclass(frozen=True)
class Broker:
    """On loopback, with one user, who may do everything."""

    url: str
    monitor_url: str
    seed_file: Path
    folder: Path
    process: subprocess.Popen[bytes]

    def say(self, *events: "Event") -> None:
        """Publish as the relay does: a message that comes twice is known by its id."""
        import nats

        async def publish() -> None:
            client = await nats.connect(self.url, nkeys_seed=str(self.seed_file))
            for event in events:
                identified = {"Nats-Msg-Id": str(event.event_id)}
                await client.jetstream().publish(event.subject, event.model_dump_json().encode(), headers=identified)
            await client.close()

        asyncio.run(publish())


@contextmanager
def running_broker(folder: Path, *, sync: str = "always") -> Iterator[Broker]:
    """With every stream and durable. `sync`: empty as NATS comes, which acknowledges before it has written."""
    from shared.bus import admin

    broker = start_broker(folder, sync=sync)
    try:
        asyncio.run(admin.create(broker.url, str(broker.seed_file)))
        yield broker
    finally:
        broker.process.kill()
        broker.process.wait()


def start_broker(folder: Path, *, sync: str = "always") -> Broker:
    """Start a server, without streams, and wait until it listens."""
    folder.mkdir(parents=True, exist_ok=True)
    seed_file = folder / "user.nk"
    if not seed_file.exists():
        seed_file.write_bytes(bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)))
    public = nkeys.from_seed(seed_file.read_bytes()).public_key.decode()
    port, monitor = free_port(), free_port()
    sync_line = f"sync_interval: {sync}," if sync else ""
    (folder / "nats.conf").write_text(
        f"""
        listen: "127.0.0.1:{port}"
        http: "127.0.0.1:{monitor}"
        jetstream {{ {sync_line} store_dir: "{folder / "store"}" }}
        authorization {{ users: [ {{ nkey: {public} }} ] }}
        """
    )
    broker = Broker(f"nats://127.0.0.1:{port}", f"http://127.0.0.1:{monitor}", seed_file, folder, _serve(folder))
    _wait_until_it_listens(broker)
    return broker


def started_again(broker: Broker) -> Broker:
    """The broker that was stopped, on the same ports."""
    again = replace(broker, process=_serve(broker.folder))
    _wait_until_it_listens(again)
    return again


def _wait_until_it_listens(broker: Broker) -> None:
    port, deadline = urlsplit(broker.url).port or 0, time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)


@contextmanager
def restarting(broker: Broker) -> Iterator[Callable[[], None]]:
    """What kills the broker with -9 and starts it again on the same port and store."""
    started: list[subprocess.Popen[bytes]] = []

    def kill_and_start() -> None:
        broker.process.kill()
        broker.process.wait()
        time.sleep(0.5)
        started.append(_serve(broker.folder))

    yield kill_and_start
    for process in started:
        process.kill()
        process.wait()


def _serve(folder: Path) -> subprocess.Popen[bytes]:
    server = Path(sys.executable).with_name("nats-server")
    with (folder / "nats.log").open("ab") as log:
        return subprocess.Popen([server, "-c", folder / "nats.conf"], stdout=subprocess.DEVNULL, stderr=log)


def free_port() -> int:
    """A port that nobody listens on just now, nor is about to in another process of tests."""
    from local.ports import free_ports

    return free_ports(1)[0]

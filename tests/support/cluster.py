"""A real NATS cluster of three for one test, with one user who may do everything."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import nkeys
from shared.bus.rights import HOW_IT_IS_SET
from support.broker import free_port

SERVERS = 3
READY_SECONDS = 30.0


@dataclass
class Server:
    """One of the cluster, which can be killed, paused and started again on its ports and store."""

    port: int
    monitor: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        """Where it says how it is set."""
        return f"http://127.0.0.1:{self.monitor}"

    def start(self) -> None:
        """Start it, and wait until it says that it is healthy."""
        program = Path(sys.executable).with_name("nats-server")
        with (self.folder / "nats.log").open("ab") as log:
            command = [str(program), "-c", str(self.folder / "nats.conf")]
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)

    def kill(self) -> None:
        """As a machine does that goes."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """It keeps its connections and says nothing any more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def is_healthy(self) -> bool:
        """Whether it has caught up with the others."""
        try:
            return httpx.get(f"{self.monitor_url}/healthz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False


@dataclass(frozen=True)
class Cluster:
    servers: Sequence[Server]
    seed_file: Path

    @property
    def url(self) -> str:
        """All addresses, as a service is told them."""
        return ",".join(each.url for each in self.servers)

    @property
    def monitor_url(self) -> str:
        """All monitoring pages."""
        return ",".join(each.monitor_url for each in self.servers)

    def wait(self, servers: Sequence[Server] | None = None) -> None:
        """Until these, or all, are healthy."""
        deadline = time.monotonic() + READY_SECONDS
        while not all(each.is_healthy() for each in servers or self.servers):
            assert all(each.process and each.process.poll() is None for each in servers or self.servers), "it has ended"
            assert time.monotonic() < deadline, "the cluster does not come up"
            time.sleep(0.05)


@contextmanager
def running_cluster(folder: Path, *, lazy: Sequence[int] = ()) -> Iterator[Cluster]:
    """Three servers, without streams. `lazy`: those, by number, that acknowledge before they have written to disk."""
    folder.mkdir(parents=True)
    seed_file = folder / "user.nk"
    seed_file.write_bytes(bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER)))
    public = nkeys.from_seed(seed_file.read_bytes()).public_key.decode()
    routes = [free_port() for _ in range(SERVERS)]
    servers = [Server(free_port(), free_port(), folder / f"n{number}") for number in range(SERVERS)]
    for number, server in enumerate(servers):
        server.folder.mkdir()
        others = ", ".join(f"nats://127.0.0.1:{port}" for port in routes)
        sync = "" if number in lazy else "sync_interval: always,"
        (server.folder / "nats.conf").write_text(
            f"""
            server_name: n{number}
            listen: "127.0.0.1:{server.port}"
            http: "127.0.0.1:{server.monitor}"
            jetstream {{ {sync} store_dir: "{server.folder / "store"}" }}
            accounts {{
              SYS: {{ exports: [ {{ service: "{HOW_IT_IS_SET}", response_type: stream }} ] }}
              ALL: {{
                jetstream: enabled
                users: [ {{ nkey: {public} }} ]
                imports: [ {{ service: {{ account: SYS, subject: "{HOW_IT_IS_SET}" }} }} ]
              }}
            }}
            system_account: SYS
            cluster {{ name: c, listen: "127.0.0.1:{routes[number]}", routes: [ {others} ] }}
            """
        )
    cluster = Cluster(servers, seed_file)
    try:
        for server in servers:
            server.start()
        cluster.wait()
        yield cluster
    finally:
        for server in servers:
            if server.process is not None:
                server.kill()

"""`deploy/nats/cluster.conf` on three servers: they find one another, keep each message twice, and let nobody else in."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import nats
import pytest
from local.broker import MONITOR, write_users
from local.files import PROJECT
from nats.js.api import StreamInfo
from shared.bus import admin
from shared.bus.connection import BusSettings, connect, tls_options
from shared.bus.topology import STREAMS
from support.broker import free_port
from support.installed.certificates import CertificateAuthority
from support.processes import BIN, wait_for

pytestmark = pytest.mark.timeout(180)
CONFIGURATIONS = PROJECT / "deploy" / "nats"
ROUTE_PORT = "6222"
NAMES = ("nats-0", "nats-1", "nats-2")


@dataclass
class Server:
    """One of the three, with ports of its own in place of those that three machines share."""

    folder: Path
    name: str
    client: int = field(default_factory=free_port)
    route: int = field(default_factory=free_port)
    monitor: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def prepare(self, users: Path) -> None:
        shutil.copytree(users, self.folder)
        for name in ("nats.conf", "cluster.conf", "tls.conf"):
            text = (CONFIGURATIONS / name).read_text(encoding="utf-8")
            text = text.replace(MONITOR, f"127.0.0.1:{self.monitor}").replace(
                f"port: {ROUTE_PORT}", f"port: {self.route}"
            )
            (self.folder / name).write_text(text, encoding="utf-8")

    def start(self, routes: list[int], authority: CertificateAuthority) -> None:
        certificate, key = authority.sign(self.name)
        environment = {
            "NATS_HOST": "127.0.0.1",
            "NATS_PORT": str(self.client),
            "NATS_STORE": f'"{self.folder / "store"}"',
            "NATS_NAME": self.name,
            "NATS_ROUTES": "[" + ", ".join(f'"tls://127.0.0.1:{port}"' for port in routes) + "]",
            "NATS_CERTIFICATE": f'"{certificate}"',
            "NATS_KEY": f'"{key}"',
            "NATS_CA": f'"{authority.certificate}"',
        }
        log = (self.folder / "log").open("ab")
        command = [str(BIN / "nats-server"), "-a", "127.0.0.1", "-c", str(self.folder / "cluster.conf")]
        self.process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def neighbours(self) -> int:
        return int(httpx.get(f"http://127.0.0.1:{self.monitor}/routez", timeout=2).json()["num_routes"])

    def is_well(self) -> bool:
        return httpx.get(f"http://127.0.0.1:{self.monitor}/healthz", timeout=2).status_code == 200


@dataclass(frozen=True)
class Cluster:
    servers: tuple[Server, ...]
    authority: CertificateAuthority
    users: Path

    @property
    def url(self) -> str:
        return f"tls://127.0.0.1:{self.servers[0].client}"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    users, authority = folder / "users", CertificateAuthority(folder / "authority")
    write_users(users)
    servers = tuple(Server(folder / name, name) for name in NAMES)
    with ExitStack() as stack:
        for server in servers:
            server.prepare(users)
            stack.callback(server.stop)
            server.start([each.route for each in servers], authority)
        wait_for(lambda: all(each.is_well() for each in servers))
        yield Cluster(servers, authority, users)


async def streams(cluster: Cluster, url: str) -> list[StreamInfo]:
    options = tls_options(url, cluster.authority.certificate)
    client = await nats.connect(
        url, nkeys_seed=str(cluster.users / "admin.nk"), inbox_prefix=b"_INBOX_admin", **options
    )
    try:
        return [await client.jetstream(timeout=5).stream_info(each.name) for each in STREAMS]
    finally:
        await client.close()


def test_each_message_is_kept_by_three_and_one_of_them_may_be_away(cluster: Cluster) -> None:
    seed, ca = str(cluster.users / "admin.nk"), cluster.authority.certificate

    def are_made() -> bool:  # a cluster chooses its leader in the first seconds
        try:
            asyncio.run(admin.create(cluster.url, seed, 3, ca))
        except (nats.errors.Error, nats.js.errors.APIError):
            return False
        return True

    wait_for(are_made)
    made = asyncio.run(streams(cluster, cluster.url))
    assert [each.config.num_replicas for each in made] == [3] * len(STREAMS)
    assert all(each.cluster is not None and len(each.cluster.replicas or []) == 2 for each in made)
    cluster.servers[2].stop()
    bus = BusSettings(cluster.url, None, cluster.users / "application.nk", ca)
    published = asyncio.run(publish(bus))
    assert published > 0
    cluster.servers[2].start([each.route for each in cluster.servers], cluster.authority)
    wait_for(cluster.servers[2].is_well)


async def publish(bus: BusSettings) -> int:
    """The stream's sequence of one message, by a service that has checked the broker first."""
    connection = await asyncio.wait_for(connect("application", bus), 30)
    try:
        answer = await connection.jetstream.publish("application.submitted.v1", b"{}", timeout=15)
        return answer.seq
    finally:
        await connection.client.close()


def test_a_server_with_another_authoritys_certificate_is_not_let_in(cluster: Cluster, tmp_path: Path) -> None:
    stranger = Server(tmp_path / "stranger", "stranger")
    stranger.prepare(cluster.users)
    wait_for(lambda: all(each.neighbours() > 0 for each in cluster.servers))
    before = [each.neighbours() for each in cluster.servers]
    stranger.start([each.route for each in cluster.servers], CertificateAuthority(tmp_path / "another"))
    try:
        log = stranger.folder / "log"
        wait_for(lambda: "TLS route handshake error" in log.read_text(encoding="utf-8", errors="replace"))
        time.sleep(1)
        assert stranger.neighbours() == 0
        assert [each.neighbours() for each in cluster.servers] == before
    finally:
        stranger.stop()
